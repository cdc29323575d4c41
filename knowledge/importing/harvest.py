"""Everything good in one file, by kind of entry, and every row that was refused."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.entries import Faq, Procedure
from knowledge.importing import entries, local, snapshot
from knowledge.importing.local import Addition
from knowledge.importing.office_files import is_office_file, read_office_file
from knowledge.importing.reading import ImportProblem, Refusal, Row, named, read_rows
from knowledge.importing.report import RefusedRow
from knowledge.importing.sheets.parts import Part
from knowledge.revising import Proposal
from knowledge.serialising import Entry, content_hash, to_json
from knowledge.tables import Kind

FORMS = ("snapshot", "procedures", "faq", "offices", "legal-documents")
"""What a file may hold; all but the first are our own shapes."""
EVERYTHING = "everything"
"""A file of which each line names its own form, as an export writes it."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Harvest:
    """The good rows of one file and the refused ones.

    additions: by form and key; places: sheet ("" for files without) and row of each entry or addition;
    fields: where a file has columns for some parts only, these parts; notes: what was not used, Vietnamese.
    """

    file: str
    form: str
    entries: dict[Kind, dict[str, Entry]] = field(default_factory=dict)
    proposals: dict[Kind, dict[str, Proposal]] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)
    additions: dict[str, dict[str, Addition]] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    fields: dict[str, frozenset[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """True if there was no good row."""
        return not self.entries and not self.additions


def gather(path: Path, form: str | None, progress: Progress | None) -> Harvest:
    """Reads a whole file; form None = told from the content. Raises ImportProblem.

    Takes seconds for the whole country: run it in a thread.
    """
    parts = read_office_file(path, form) if is_office_file(path) else [_lines(path, form)]
    harvest = Harvest(path.name, parts[0].form)
    total, before = sum(len(part.rows) for part in parts), 0
    step = max(1, total // 100)
    for part in parts:
        harvest.notes += part.notes
        if part.fields is not None:
            form = part.form
            harvest.fields[form] = harvest.fields.get(form, part.fields) & part.fields
        for done, row in enumerate(part.rows, start=before + 1):
            try:
                _take(harvest, part, row, _data_date(path.name))
            except Refusal as refusal:
                harvest.refused.append(_refused(path.name, part, row, refusal))
            if progress and (done % step == 0 or done == total):
                progress(done, total)
        before += len(part.rows)
    return harvest


def _lines(path: Path, form: str | None) -> Part:
    rows = read_rows(path)
    form = form or _recognised(path.name, rows)
    if form not in (*FORMS, *local.FORMS, EVERYTHING):
        raise ImportProblem(f"Không biết loại dữ liệu “{form}”; chọn snapshot, procedures hoặc faq.")
    return Part(form=form, rows=rows)


def _refused(file: str, part: Part, row: Row, refusal: Refusal) -> RefusedRow:
    code = row.content.get("code", row.content.get("id", "")) if isinstance(row.content, dict) else ""
    return RefusedRow(
        file=file,
        row=row.number,
        code=named(code) if isinstance(code, str) else "",
        field=part.headings.get(refusal.field.split(".")[0], refusal.field),
        reason=refusal.reason,
        sheet=part.sheet,
    )


def _take(harvest: Harvest, part: Part, row: Row, data_date: date | None) -> None:
    if isinstance(row.content, Refusal):
        raise row.content
    form, content = (part.form, row.content) if part.form != EVERYTHING else _opened(row.content)
    if form in local.FORMS:
        addition = local.addition_of(form, content)
        key = local.key_of(addition)
        known: dict[str, Any] = harvest.additions.setdefault(form, {})
        item: Any = addition
    else:
        kind, item = _read(form, content, data_date)
        key = entries.code_of(item)
        known = harvest.entries.setdefault(kind, {})
    if key in known:
        raise Refusal(local.KEYS.get(form, "id"), "trùng với một dòng trước trong cùng tệp")
    known[key] = item
    harvest.places[form, key] = (part.sheet, row.number)
    if form not in local.FORMS:
        harvest.proposals.setdefault(kind, {})[key] = proposal_of(key, item)


def _opened(content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The form that a line of an export names, and the entry inside it."""
    form, inside = content.get("kind"), content.get("entry")
    if form not in (*FORMS[1:], *local.FORMS):
        raise Refusal("kind", "loại dữ liệu không biết")
    if not isinstance(inside, dict):
        raise Refusal("entry", "phải là một đối tượng { … }")
    return form, inside


def _read(form: str, row: Mapping[str, Any], data_date: date | None) -> tuple[Kind, Entry]:
    if form == "snapshot":
        return Kind.PROCEDURE, snapshot.procedure_of(row, data_date)
    if form == "procedures":
        return Kind.PROCEDURE, entries.procedure_of(row)
    if form == "faq":
        return Kind.FAQ, entries.faq_of(row)
    if form == "offices":
        return Kind.OFFICE, entries.office_of(row)
    return Kind.LEGAL_DOCUMENT, entries.legal_document_of(row)


def _recognised(name: str, rows: Sequence[Row]) -> str:
    for row in rows:
        if isinstance(row.content, dict):
            if {"kind", "entry"} <= row.content.keys():
                return EVERYTHING
            if "question" in row.content and "answer" in row.content:
                return "faq"
            if snapshot.looks_like(row.content):
                return "snapshot"
            if "code" in row.content and "name" in row.content:
                return "procedures"
    raise ImportProblem(
        f"Không nhận ra nội dung của tệp {name}: cần mỗi dòng một đối tượng JSON. "
        "Nếu chắc chắn tệp đúng, hãy ghi rõ loại bằng --as snapshot, --as procedures hoặc --as faq."
    )


def _data_date(name: str) -> date | None:
    """The last day of the month that a file's name tells ("procedures-2026-07"); None if it tells none."""
    if found := re.search(r"(20\d\d)-(0[1-9]|1[0-2])(?!\d)(?:-(\d\d)(?!\d))?", name):
        year, month = int(found[1]), int(found[2])
        last = monthrange(year, month)[1]
        return date(year, month, min(int(found[3]), last) if found[3] and int(found[3]) else last)
    return None


def proposal_of(code: str, item: Entry) -> Proposal:
    """An entry ready to be stored."""
    return Proposal(
        code=code,
        body=to_json(item).decode(),
        content_hash=content_hash(item),
        effective_from=item.effective_from if isinstance(item, Procedure | Faq) else None,
        effective_to=item.effective_to if isinstance(item, Procedure | Faq) else None,
        decision=item.decision_number if isinstance(item, Procedure) else "",
    )
