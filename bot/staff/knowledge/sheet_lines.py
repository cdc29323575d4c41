"""A spreadsheet that was sent in, line by line, as it waits for somebody to take or refuse each line."""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.staff.forms import Upload
from bot.staff.knowledge.fields import FORMS
from knowledge.drafting import DraftProblem, Overtaken, code_of, save_draft, send_in
from knowledge.editing_tables import sheet_upload
from knowledge.entries import LocalOverlay, Phrases
from knowledge.importing.harvest import Harvest, gather
from knowledge.importing.local import Addition, form_of, key_of, plan_additions
from knowledge.importing.preview import RowPreview, RowState, previewed
from knowledge.importing.reading import ImportProblem
from knowledge.serialising import Written, to_json
from knowledge.store import calendar_day
from knowledge.tables import Kind
from knowledge.versions import own_draft, published, read_body

TAKEN_ENDINGS = (".xlsx", ".csv", ".tsv", ".docx", ".jsonl")
LARGEST = 10 * 1024 * 1024
MOST_LINES = 20_000
NO_FILE = "Hãy chọn tệp."
ENDING = "Chỉ nhận tệp .xlsx, .csv, .tsv, .docx hoặc .jsonl."
NOT_HERE = "loại dữ liệu này không nạp qua trang cán bộ; nhờ người vận hành nạp bằng lệnh motcua import"
BEING_WRITTEN = "mục này đang có bản nháp"
TOO_MANY = f"Tệp có quá {MOST_LINES} dòng; hãy chia nhỏ."
Added = Mapping[tuple[str, str], Addition]
_KINDS = {form: kind for kind, form in FORMS.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. key: its place in the file; changes: label, before, after; body: JSON of the entry, "" if refused."""

    key: str
    sheet: str
    row: int
    form: str
    code: str
    name: str
    state: str
    changes: Sequence[tuple[str, str, str]] = ()
    reason: str = ""
    body: str = ""


@dataclass(slots=True)
class Sent:
    """A file that was sent in. decided: key of a line to "taken", "refused" or why it could not be taken."""

    id: int
    at: datetime
    by: str
    name: str
    lines: Sequence[Line]
    decided: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> list[Line]:
        """Lines that somebody has to decide on."""
        return [line for line in self.lines if line.body and self.decided.get(line.key) not in ("taken", "refused")]

    def many(self, state: str) -> int:
        """How many lines came to this."""
        return sum(word == state for word in self.decided.values())


async def read_upload(sessions: async_sessionmaker[AsyncSession], upload: Upload | None) -> tuple[list[Line], int]:
    """The lines that say something new or are refused, and how many say nothing new. Raises ImportProblem."""
    if upload is None:
        raise ImportProblem(NO_FILE)
    ending = PurePosixPath(upload.name).suffix.lower()
    if ending not in TAKEN_ENDINGS:
        raise ImportProblem(ENDING)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bang{ending}"
        path.write_bytes(upload.content)
        try:
            harvest = await asyncio.to_thread(gather, path, None, None)
        except ImportProblem as problem:
            raise ImportProblem(str(problem).replace(path.name, upload.name)) from None
    rows = await previewed(sessions, harvest, publish=True)
    async with sessions() as session:
        # What the office has added already stays where the file does not speak of it.
        made = await plan_additions(session, harvest.additions, harvest.fields.get("overlay"))
    added = {(form_of(one), key_of(one)): one for one in (*made.new, *made.changed)}
    if len(rows) > MOST_LINES:
        raise ImportProblem(TOO_MANY)
    unchanged = sum(row.state is RowState.UNCHANGED for row in rows)
    return [_line(harvest, added, row) for row in rows if row.state is not RowState.UNCHANGED], unchanged


async def keep(session: AsyncSession, name: str, lines: Sequence[Line], *, by: str, now: datetime) -> int:
    """Keeps what was read; returns its number."""
    values = {
        "at": now,
        "by": by,
        "name": name[:200],
        "lines": json.dumps([asdict(line) for line in lines], ensure_ascii=False),
        "decided": "{}",
    }
    made = await session.execute(insert(sheet_upload).values(values).returning(sheet_upload.c.id))
    return int(made.scalar_one())


async def sent(session: AsyncSession, number: int) -> Sent | None:
    """What was sent in under a number."""
    query = select(sheet_upload).where(sheet_upload.c.id == number)
    row = (await session.execute(query)).mappings().one_or_none()
    return _sent(row) if row else None


async def all_sent(session: AsyncSession, limit: int) -> list[Mapping[str, Any]]:
    """The newest files: number, moment, person and name."""
    columns = (sheet_upload.c.id, sheet_upload.c.at, sheet_upload.c.by, sheet_upload.c.name)
    rows = await session.execute(select(*columns).order_by(sheet_upload.c.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def take(session: AsyncSession, told: Sent, lines: Sequence[Line], *, by: str, now: datetime) -> int:
    """Sends lines to the approvers as drafts; those that cannot be taken keep the reason. Returns how many were."""
    taken = 0
    for line in lines:
        kind = _KINDS[line.form]
        shall = read_body(kind, line.body)
        code, why = code_of(shall), f"Nạp từ {told.name}, dòng {line.row}"
        if await own_draft(session, kind, code):
            told.decided[line.key] = BEING_WRITTEN
            continue
        base = await published(session, kind, code, calendar_day(now))
        try:
            number = await save_draft(
                session, kind, shall, by=by, why=why, now=now, seen_draft=0, seen_base=base.number,
                origin=f"sheet:{told.id}",
            )  # fmt: skip
        except (DraftProblem, Overtaken) as problem:
            told.decided[line.key] = str(problem) if isinstance(problem, DraftProblem) else BEING_WRITTEN
            continue
        await send_in(session, kind, code, number, by=by, now=now)
        told.decided[line.key] = "taken"
        taken += 1
    await _decide(session, told)
    return taken


async def refuse(session: AsyncSession, told: Sent, lines: Sequence[Line]) -> None:
    """Notes that lines are not wanted."""
    told.decided |= {line.key: "refused" for line in lines}
    await _decide(session, told)


async def _decide(session: AsyncSession, told: Sent) -> None:
    decided = json.dumps(told.decided, ensure_ascii=False)
    await session.execute(update(sheet_upload).where(sheet_upload.c.id == told.id).values(decided=decided))


def _line(harvest: Harvest, added: Added, row: RowPreview) -> Line:
    shall = _shall(harvest, added, row)
    reason = f"{row.field}: {row.reason}" if row.field else row.reason
    if row.state is not RowState.REFUSED and shall is None:
        reason = NOT_HERE
    return Line(
        key=f"{row.sheet}:{row.row}",
        sheet=row.sheet,
        row=row.row,
        form=row.form,
        code=row.code,
        name=row.name,
        state=row.state.value if not reason else RowState.REFUSED.value,
        changes=[(row.label(change), change.old, change.new) for change in row.changes],
        reason=reason,
        body="" if reason or shall is None else to_json(shall).decode(),
    )


def _shall(harvest: Harvest, added: Added, row: RowPreview) -> Written | None:
    kind = _KINDS.get(row.form)
    if row.state is RowState.REFUSED or kind is None:
        return None
    if kind in (Kind.FAQ, Kind.PROCEDURE):
        return harvest.entries[kind][row.code]
    found = added.get((row.form, row.code))
    return found if isinstance(found, LocalOverlay | Phrases) else None


def _sent(row: Mapping[Any, Any]) -> Sent:
    lines = [Line(**line) for line in json.loads(row["lines"])]
    return Sent(row["id"], row["at"], row["by"], row["name"], lines, json.loads(row["decided"]))
