"""What became of an import: counts, refused rows and what staff should look at."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.differences import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not taken. row counts from 1; code is "" where the row has none; reason is Vietnamese.

    sheet: the sheet of a workbook, "" for files that have none.
    """

    file: str
    row: int
    code: str
    field: str
    reason: str
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForReview:
    """A new or changed entry with a reason to doubt it."""

    code: str
    name: str
    reasons: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """Counts of entries, and the revision afterwards.

    at_once: how many of the changed were published because the office trusts what changed; differences: by code,
    against what is published, for what is not published as a whole. gone: codes in force that came from an earlier
    snapshot or reading and are not in this one; they stay in force until somebody looks. notes: what was read but not
    used, Vietnamese.
    """

    source: str
    published: bool
    dry_run: bool
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    revision: int = 0
    at_once: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    review: list[ForReview] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    differences: dict[str, list[Change]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows that were looked at."""
        return self.new + self.changed + self.unchanged + len(self.refused)


def write_refused(report: ImportReport, folder: Path) -> Path | None:
    """Writes the refused rows as JSON lines into `folder`; returns the file, None when nothing was refused."""
    if not report.refused:
        return None
    path = folder / f"{report.source}.refused.jsonl"
    lines = [
        json.dumps(
            {"row": r.row, "code": r.code, "field": r.field, "reason": r.reason, "file": r.file}
            | ({"sheet": r.sheet} if r.sheet else {}),
            ensure_ascii=False,
        )
        for r in report.refused
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
