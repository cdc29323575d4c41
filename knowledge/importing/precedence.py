"""Which word counts when two sources speak of one entry: people's before a machine's, the newer before the older."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.entries import Level, Method, Procedure
from knowledge.importing.harvest import proposal_of
from knowledge.revising import Proposal
from knowledge.serialising import Entry, procedure_from_json
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, import_run, version

STARTER = "starter"
PORTAL = "portal"
SNAPSHOT = "snapshot"
_AT_ONCE = 500
_NEVER_FILLED = frozenset({"code", "name", "level", "effective_from", "effective_to", "data_date", "province"})
"""Parts in which "empty" is itself a statement, or that never are empty."""

Entries = dict[Kind, dict[str, Entry]]
Proposals = dict[Kind, dict[str, Proposal]]


@dataclass(slots=True)
class Settled:
    """What an import leaves as it is. left: entries not taken in; kept: code -> parts taken from the former words."""

    left: int = 0
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is published of an entry, and what people last wrote of it (None: nobody did)."""

    source: str
    body: str
    written: str | None
    written_on: date | None


async def settle(session: AsyncSession, entries: Entries, proposals: Proposals, form: str) -> Settled:
    """Takes out of an import what would put worse words in place of better ones; other imports pass untouched.

    The national sources (snapshot, portal) leave what people wrote from the same or newer data, and fill with it
    what they themselves do not record; the starter leaves what the office wrote, and what is newer.
    """
    settled = Settled()
    if form not in (STARTER, SNAPSHOT, PORTAL):
        return settled
    machines = {PORTAL, *await session.scalars(select(import_run.c.source).where(import_run.c.kind == SNAPSHOT))}
    for kind, found in entries.items():
        if form != STARTER and kind is not Kind.PROCEDURE:
            continue
        for code, held in (await _held(session, kind, found, machines)).items():
            if form == STARTER:
                if _stays(held, found[code], machines):
                    del found[code], proposals[kind][code]
                    settled.left += 1
            else:
                _against_people(settled, held, code, found, proposals[kind])
    _tell(settled, form)
    return settled


def _stays(held: _Held, item: Entry, machines: Collection[str]) -> bool:
    """True where the starter may not speak: the office's own words, or a national source's newer data."""
    if held.source == STARTER:
        return False
    if held.source not in machines:
        return True
    return isinstance(item, Procedure) and _newer(procedure_from_json(held.body).data_date, item.data_date)


def _against_people(
    settled: Settled, held: _Held, code: str, found: dict[str, Entry], proposals: dict[str, Proposal]
) -> None:
    item = found[code]
    if held.written is None or not isinstance(item, Procedure):
        return
    written = procedure_from_json(held.written)
    day = written.data_date or held.written_on
    if held.body == held.written and not _newer(item.data_date, day):
        del found[code], proposals[code]
        settled.left += 1
        return
    whole, parts = filled(item, written)
    if parts:
        found[code], proposals[code] = whole, proposal_of(code, whole)
        settled.kept[code] = parts


def filled(item: Procedure, written: Procedure) -> tuple[Procedure, tuple[str, ...]]:
    """The procedure with what it does not record taken from the words that people wrote, and the parts so taken."""
    changes: dict[str, Any] = {
        name: old
        for name in Procedure.__dataclass_fields__
        if name not in _NEVER_FILLED and (old := getattr(written, name)) and not getattr(item, name)
    }
    if item.level is Level.UNKNOWN and written.level is not Level.UNKNOWN:
        changes["level"] = written.level
    if item.methods and (methods := tuple(_method(method, written.methods) for method in item.methods)) != item.methods:
        changes["methods"] = methods
    return replace(item, **changes), tuple(changes)


def _method(method: Method, written: Iterable[Method]) -> Method:
    """Fees and time of the same channel, where this one has none; not where people told several cases apart."""
    same = [other for other in written if other.channel is method.channel]
    if len(same) != 1:
        return method
    silent = method.time is None or (method.time.amount is None and not method.time.text)
    return replace(
        method, fees=method.fees or same[0].fees, time=same[0].time if silent and same[0].time else method.time
    )


def _newer(day: date | None, than: date | None) -> bool:
    return day is not None and (than is None or day > than)


async def _held(session: AsyncSession, kind: Kind, codes: Iterable[str], machines: Collection[str]) -> dict[str, _Held]:
    """By code: the version in force, with the newest that was in force and that people wrote."""
    names = list(codes)
    held: dict[str, tuple[str, str]] = {}
    written: dict[str, tuple[str, date]] = {}
    for start in range(0, len(names), _AT_ONCE):
        rows = await session.execute(
            select(entry.c.code, version.c.status, version.c.source, version.c.body, version.c.created_at)
            .join_from(version, entry)
            .where(
                entry.c.kind == kind,
                version.c.published_at.is_not(None),
                entry.c.code.in_(names[start : start + _AT_ONCE]),
            )
            .order_by(version.c.number)
        )
        for row in rows:
            if row.source not in machines:
                written[row.code] = row.body, calendar_day(row.created_at)
            if row.status == Status.PUBLISHED:
                held[row.code] = (row.source, row.body)
    return {code: _Held(source, body, *written.get(code, (None, None))) for code, (source, body) in held.items()}


def _tell(settled: Settled, form: str) -> None:
    if settled.left:
        why = (
            "cơ quan đã tự sửa hoặc dữ liệu đang công bố mới hơn"
            if form == STARTER
            else "bản đang công bố do người viết từ dữ liệu cùng ngày hoặc mới hơn"
        )
        settled.notes.append(f"{settled.left} mục giữ nguyên: {why}.")
    if settled.kept:
        settled.notes.append(
            f"{len(settled.kept)} thủ tục: phần nguồn để trống được giữ theo bản do người viết "
            f"({', '.join(list(settled.kept)[:3])}{'…' if len(settled.kept) > 3 else ''})."
        )
