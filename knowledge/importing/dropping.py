"""Takes in files that people put into a folder by hand, and leaves a report beside each."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.faults import why
from knowledge.importing import ImportProblem, ImportReport, import_file
from knowledge.store import VIETNAM

DONE, FAILED = "done", "failed"
ENDINGS = (".jsonl", ".jsonl.gz")
_UNREADABLE = "Không đọc được thư mục nhận tệp {folder}: {why}."

Sessions = async_sessionmaker[AsyncSession]


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that was taken in, or not. place: where it is now; problem: why not, "" when it was."""

    name: str
    place: Path
    problem: str


@dataclass(slots=True)
class DropFolder:
    """A folder that is looked at again and again. A file is taken when two looks in turn see the same of it.

    Only files that end as data do; those still being copied, hidden ones and links are left alone.
    """

    folder: Path
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict, init=False)

    async def look(
        self, sessions: Sessions, *, now: Callable[[], datetime], trusted: frozenset[str] = frozenset()
    ) -> list[Taken]:
        """Takes in what has come to rest, as drafts (trusted: parts whose change alone is published at once).

        Raises ImportProblem if the folder itself cannot be used.
        """
        try:
            still = dict(self._files())
            settled = sorted(name for name, state in still.items() if self._seen.get(name) == state)
            self._seen = still
            taken = [await self._take(sessions, self.folder / name, now, trusted) for name in settled]
        except OSError as error:
            raise ImportProblem(_UNREADABLE.format(folder=self.folder, why=why(error))) from error
        return [one for one in taken if one is not None]

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in self.folder.iterdir():
            if path.name.startswith(".") or not path.name.lower().endswith(ENDINGS):
                continue
            if path.is_file() and not path.is_symlink():
                state = path.stat()
                yield path.name, (state.st_size, state.st_mtime_ns)

    async def _take(
        self, sessions: Sessions, path: Path, now: Callable[[], datetime], trusted: frozenset[str]
    ) -> Taken | None:
        report, problem = None, ""
        try:
            report = await import_file(sessions, path, publish=False, dry_run=False, now=now(), trusted=trusted)
        except ImportProblem as error:
            problem = str(error)
        self._seen.pop(path.name, None)
        place = self._place(path, FAILED if problem else DONE, now())
        if not _moved(path, place):
            return None
        _write_report(place, report, problem)
        return Taken(path.name, place, problem)

    def _place(self, path: Path, outcome: str, now: datetime) -> Path:
        folder = self.folder / outcome
        folder.mkdir(exist_ok=True)
        stamp = f"{now.astimezone(VIETNAM):%Y%m%d-%H%M%S}"
        place = folder / f"{stamp}-{path.name}"
        number = 1
        while place.exists():
            number += 1
            place = folder / f"{stamp}-{number}-{path.name}"
        return place


def _moved(path: Path, place: Path) -> bool:
    """False if another replica over the same folder was quicker; importing twice changes nothing."""
    try:
        path.replace(place)
    except FileNotFoundError:
        return False
    return True


def _write_report(place: Path, report: ImportReport | None, problem: str) -> None:
    lines = [problem] if report is None else _told(report)
    beside = place.with_name(place.name + ".txt")
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if report is not None and report.refused:
        rows = (
            json.dumps({"row": r.row, "code": r.code, "field": r.field, "reason": r.reason}, ensure_ascii=False)
            for r in report.refused
        )
        place.with_name(place.name + ".refused.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _told(report: ImportReport) -> list[str]:
    lines = [
        f"Mới: {report.new}. Thay đổi: {report.changed} (công bố ngay: {report.at_once}). "
        f"Không đổi: {report.unchanged}. Bị từ chối: {len(report.refused)}.",
    ]
    if report.new + report.changed > report.at_once:
        lines.append("Phần chưa công bố đang chờ duyệt dưới dạng bản nháp.")
    lines += [f"Dòng {row.row}: {row.field}: {row.reason}" for row in report.refused]
    return lines
