"""Every entry that there is, in force, waiting or ended, to be searched by words and filtered."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.staff.room import Room
from knowledge.aging import stale_procedures
from knowledge.base import KnowledgeBase
from knowledge.entries import FAQ_PREFIX, Level
from knowledge.staleness import confirmed_on
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, version
from knowledge.text import fold
from knowledge.versions import WAITING, ref_of

_HEAD = 1200
_TITLE = re.compile(r'"(?:name|question)":("(?:[^"\\]|\\.)*")')
_FIELD = re.compile(r'"(?:field|topic)":("(?:[^"\\]|\\.)*")')
_LEVEL = re.compile(r'"level":"([a-z]+)"')


class State(StrEnum):
    """What can be said of an entry; several may be true."""

    PUBLISHED = "dang-dung"
    DRAFT = "nhap"
    REVIEW = "cho-duyet"
    SCHEDULED = "hen-ngay"
    ENDED = "het"
    STALE = "cu"
    NO_SOURCE = "khong-nguon"


STATE_NAMES = {
    State.PUBLISHED: "Đang dùng",
    State.DRAFT: "Có bản nháp",
    State.REVIEW: "Chờ duyệt",
    State.SCHEDULED: "Đã duyệt, chờ ngày",
    State.ENDED: "Hết hiệu lực",
    State.STALE: "Lâu chưa xác nhận",
    State.NO_SOURCE: "Không có nguồn",
}
KINDS = {"thu-tuc": Kind.PROCEDURE, "hoi-dap": Kind.FAQ}
KIND_WORDS = {"thu-tuc": "Thủ tục", "hoi-dap": "Hỏi đáp"}
LEVEL_NAMES = {Level.COMMUNE: "Cấp xã", Level.PROVINCE: "Cấp tỉnh", Level.MINISTRY: "Cấp bộ"}


@dataclass(slots=True)
class Row:
    """One entry. ref: a procedure's code or "faq:ID"; area: its field, of a question its topic."""

    ref: str
    title: str
    kind: Kind
    level: Level = Level.UNKNOWN
    area: str = ""
    folded: str = field(default="", repr=False)
    states: frozenset[State] = frozenset()

    @property
    def level_name(self) -> str:
        """The level as people read it; "" where it is not known."""
        return LEVEL_NAMES.get(self.level, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; an empty part says nothing."""

    words: str = ""
    kind: Kind | None = None
    level: str = ""
    field: str = ""
    state: State | None = None


@dataclass(slots=True)
class Catalogue:
    """The entries over one room; what does not change with a draft is read once for each revision and day."""

    room: Room
    _read: tuple[tuple[int, date], dict[str, Row], list[str]] | None = field(default=None, init=False)

    async def rows(self, session: AsyncSession, wanted: Wanted) -> list[Row]:
        """The entries that are wanted, those that carry the words first in their order in the base."""
        known, _ = await self._known(session)
        moving = await _moving(session, calendar_day(self.room.now()))
        if wanted.state in (State.DRAFT, State.REVIEW, State.SCHEDULED, State.ENDED):
            pool: Iterable[Row] = [row for ref in moving if (row := _of(ref, known, moving))]
        else:
            extra = [row for ref in moving if ref not in known and (row := _of(ref, known, moving))]
            pool = [*known.values(), *extra]
        words = fold(wanted.words).split()
        found = [row for row in pool if _fits(row, wanted, words)]
        if words and not found and wanted.state in (None, State.PUBLISHED):
            hits = (known.get(hit.ref) for hit in self.room.base().find(wanted.words).hits)
            found = [row for row in hits if row and _fits(row, wanted, [])]
        exact = wanted.words.strip().lower()
        return sorted(found, key=lambda row: row.ref.lower() not in (exact, FAQ_PREFIX + exact)) if exact else found

    async def with_states(self, session: AsyncSession, rows: Iterable[Row]) -> list[Row]:
        """Some rows with everything that can be said of them now."""
        moving = await _moving(session, calendar_day(self.room.now()))
        told = []
        for row in rows:
            states = row.states | (moving[row.ref].states if row.ref in moving else frozenset())
            if State.PUBLISHED in states:
                states -= {State.ENDED}
            told.append(Row(row.ref, row.title, row.kind, row.level, row.area, row.folded, states))
        return told

    async def fields(self, session: AsyncSession) -> list[str]:
        """The names of all fields and topics."""
        return (await self._known(session))[1]

    async def _known(self, session: AsyncSession) -> tuple[dict[str, Row], list[str]]:
        base, today = self.room.base(), calendar_day(self.room.now())
        key = (base.revision, today)
        if self._read is None or self._read[0] != key:
            stale = {code for code, _ in await stale_procedures(session, today, self.room.profile.confirm_days)}
            rows = await asyncio.to_thread(_in_force, base, stale, today, self.room.profile.confirm_days)
            self._read = key, rows, sorted({row.area for row in rows.values() if row.area})
        return self._read[1], self._read[2]


def _in_force(base: KnowledgeBase, stale: set[str], today: date, confirm_days: int) -> dict[str, Row]:
    facts = base.facts
    faqs = {FAQ_PREFIX + faq.id: faq for faq in base.faqs()}
    rows = {}
    for ref, title, level, area in zip(facts.ref, facts.title, facts.level, facts.field, strict=True):
        states = {State.PUBLISHED}
        faq = faqs.get(ref)
        if ref in stale:
            states.add(State.STALE)
        if faq is not None:
            day = confirmed_on(faq)
            if confirm_days and day is not None and (today - day).days > confirm_days:
                states.add(State.STALE)
            if not faq.sources:
                states.add(State.NO_SOURCE)
        kind = Kind.FAQ if faq is not None else Kind.PROCEDURE
        folded = f"{fold(title)} {ref.lower()}"
        about = faq.topic if faq is not None else area
        rows[ref] = Row(ref, title, kind, level, " ".join(about.split()), folded, frozenset(states))
    return rows


async def _moving(session: AsyncSession, today: date) -> dict[str, Row]:
    """The entries that are written, wait for a day or have ended; their titles as far as the base lacks them."""
    over = version.c.effective_to < today
    later = version.c.effective_from > today
    moving = or_(
        version.c.status.in_((*WAITING, Status.EXPIRED)),
        and_(version.c.status == Status.PUBLISHED, or_(over, later)),
    )
    query = (
        select(
            entry.c.kind,
            entry.c.code,
            version.c.status,
            version.c.effective_from,
            func.substr(version.c.body, 1, _HEAD).label("head"),
        )
        .join_from(version, entry)
        .where(moving, entry.c.kind.in_((Kind.FAQ, Kind.PROCEDURE, Kind.OVERLAY, Kind.PHRASES)))
        .order_by(version.c.id)
    )
    found: dict[str, Row] = {}
    states: dict[str, set[State]] = defaultdict(set)
    for kind, code, status, first, head in await session.execute(query):
        ref = ref_of(Kind(kind), code)
        states[ref].add(_state(Status(status), first, today))
        if kind in (Kind.FAQ, Kind.PROCEDURE):
            found[ref] = Row(ref, head, Kind(kind))
        else:
            found.setdefault(ref, Row(ref, "", Kind.FAQ if ref.startswith(FAQ_PREFIX) else Kind.PROCEDURE))
    for ref, row in found.items():
        row.states = frozenset(states[ref])
    return found


def _state(status: Status, first: date | None, today: date) -> State:
    if status in WAITING:
        return State.DRAFT if status is Status.DRAFT else State.REVIEW
    return State.SCHEDULED if first is not None and first > today and status is Status.PUBLISHED else State.ENDED


def _of(ref: str, known: Mapping[str, Row], moving: Mapping[str, Row]) -> Row | None:
    now = moving[ref]
    if (row := known.get(ref)) is not None:
        return Row(ref, row.title, row.kind, row.level, row.area, row.folded, row.states | now.states - {State.ENDED})
    title = _part(_TITLE, now.title) or ref
    level = _LEVEL.search(now.title)
    area = _part(_FIELD, now.title)
    folded = f"{fold(title)} {ref.lower()}"
    return Row(ref, title, now.kind, Level(level[1]) if level else Level.UNKNOWN, area, folded, now.states)


def _part(pattern: re.Pattern[str], head: str) -> str:
    match = pattern.search(head)
    return str(json.loads(match[1])) if match else ""


def _fits(row: Row, wanted: Wanted, words: list[str]) -> bool:
    return (
        (wanted.kind is None or row.kind is wanted.kind)
        and (not wanted.level or row.level == wanted.level)
        and (not wanted.field or row.area == wanted.field)
        and (wanted.state is None or wanted.state in row.states)
        and all(word in row.folded for word in words)
    )
