"""What an import would do, row by row: for whoever decides before anything is written."""

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.differences import Change, difference
from knowledge.entries import Faq, LegalDocument, LocalOverlay, Phrases
from knowledge.faults import message_of
from knowledge.importing.harvest import Harvest, gather
from knowledge.importing.local import Addition, CodeAlias, form_of, key_of, plan_additions
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.columns import TITLES, sheets
from knowledge.importing.sheets.csv_file import guarded
from knowledge.importing.sheets.rows import headings
from knowledge.importing.standing import FORMS, keep_the_rest, standing
from knowledge.revising import plan
from knowledge.serialising import Entry


class RowState(StrEnum):
    """What an import would make of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


STATE_WORDS = {
    RowState.NEW: "mới",
    RowState.CHANGED: "thay đổi",
    RowState.UNCHANGED: "không đổi",
    RowState.REFUSED: "từ chối",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPreview:
    """One row. sheet: "" for files without; row: as the spreadsheet program counts; form: what it is, "" if refused.

    changes: field by field, for CHANGED; field and reason: for REFUSED, Vietnamese.
    """

    row: int
    state: RowState
    sheet: str = ""
    form: str = ""
    code: str = ""
    name: str = ""
    changes: tuple[Change, ...] = ()
    field: str = ""
    reason: str = ""

    def label(self, change: Change) -> str:
        """The heading of a field that changed."""
        sheet = sheets().get(self.form)
        return headings(sheet).get(change.field, change.label) if sheet else change.label


async def preview(
    sessions: async_sessionmaker[AsyncSession], path: Path, *, kind: str | None = None, publish: bool
) -> list[RowPreview]:
    """Every row of a file in its order, compared with what is published (or, without `publish`, with drafts too).

    Raises ImportProblem if the file cannot be taken at all; writes nothing.
    """
    return await previewed(sessions, await asyncio.to_thread(gather, path, kind, None), publish=publish)


async def previewed(sessions: async_sessionmaker[AsyncSession], harvest: Harvest, *, publish: bool) -> list[RowPreview]:
    """The same of a file that was read; its entries are completed with what the base holds. Raises ImportProblem."""
    try:
        async with sessions() as session:
            await keep_the_rest(session, harvest, drafts=not publish)
            rows = [*_refused(harvest), *await _entries(session, harvest, publish), *await _additions(session, harvest)]
    except SQLAlchemyError as error:
        raise ImportProblem(message_of(error)) from error
    order = {name: place for place, name in enumerate(dict.fromkeys(sheet for sheet, _ in harvest.places.values()))}
    return sorted(rows, key=lambda row: (order.get(row.sheet, len(order)), row.row))


def write_preview(rows: list[RowPreview], path: Path) -> None:
    """Writes a preview as CSV that spreadsheet programs open, one line for each row or changed field."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Bảng", "Dòng", "Loại", "Mã", "Tên", "Trạng thái", "Cột", "Trước", "Sau", "Lý do"))
        for row in rows:
            head = (row.sheet, str(row.row), TITLES.get(row.form, row.form), row.code, row.name, STATE_WORDS[row.state])
            for change in row.changes or (None,):
                about = (row.label(change), change.old, change.new) if change else (row.field, "", "")
                writer.writerow([guarded(cell) for cell in (*head, *about, row.reason)])


def _refused(harvest: Harvest) -> Iterator[RowPreview]:
    for row in harvest.refused:
        yield RowPreview(
            row=row.row, state=RowState.REFUSED, sheet=row.sheet, code=row.code, field=row.field, reason=row.reason
        )


async def _entries(session: AsyncSession, harvest: Harvest, publish: bool) -> list[RowPreview]:
    rows = []
    for kind, found in harvest.entries.items():
        form = harvest.form if harvest.form == "snapshot" else FORMS[kind]
        made = await plan(session, kind, list(harvest.proposals[kind].values()), publish=publish)
        new, changed = {p.code for p in made.new}, {p.code for p in made.changed}
        now = await standing(session, kind, sorted(changed), drafts=not publish)
        for code, item in found.items():
            sheet, number = harvest.places[form, code]
            state = RowState.NEW if code in new else RowState.CHANGED if code in changed else RowState.UNCHANGED
            changes = tuple(difference(now[code], item)) if code in now else ()
            rows.append(
                RowPreview(
                    row=number, state=state, sheet=sheet, form=form, code=code, name=_name(item), changes=changes
                )
            )
    return rows


async def _additions(session: AsyncSession, harvest: Harvest) -> list[RowPreview]:
    if not harvest.additions:
        return []
    made = await plan_additions(session, harvest.additions, harvest.fields.get("overlay"))
    shall = {(form_of(addition), key_of(addition)): addition for addition in (*made.new, *made.changed)}
    rows = []
    for place in ((form, key) for form, found in harvest.additions.items() for key in found):
        now, later = made.held.get(place), shall.get(place)
        state = RowState.UNCHANGED if later is None else RowState.CHANGED if now else RowState.NEW
        changes = _changes(now, later) if now and later else ()
        sheet, number = harvest.places[place]
        rows.append(RowPreview(row=number, state=state, sheet=sheet, form=place[0], code=place[1], changes=changes))
    return rows


def _changes(now: Addition, shall: Addition) -> tuple[Change, ...]:
    if isinstance(now, LocalOverlay) and isinstance(shall, LocalOverlay):
        return tuple(difference(now, shall))
    if isinstance(now, CodeAlias) and isinstance(shall, CodeAlias):
        return (Change("new_code", now.new_code, shall.new_code),)
    if isinstance(now, Phrases) and isinstance(shall, Phrases):
        return (Change("phrases", "\n".join(now.phrases), "\n".join(shall.phrases)),)
    return ()


def _name(item: Entry) -> str:
    if isinstance(item, Faq):
        return item.question
    return item.title if isinstance(item, LegalDocument) else item.name
