"""Talks between citizens and the office's people in the database: who waits, who has taken it, what was said."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.gathering import Together
from bot.storage.audit import Deed, note
from bot.storage.engine import without_transaction
from bot.storage.handover_tables import UNDER_WAY
from bot.storage.handover_tables import handover as talks
from bot.storage.handover_tables import handover_line as lines
from handlers.messages import Citizen

CITIZEN, STAFF, DESK, NOTE = "citizen", "staff", "desk", "note"
"""Who speaks; DESK: the machine tells the citizen something; NOTE: the machine tells staff only."""


class State(StrEnum):
    """How far a talk is."""

    WAITING = "waiting"
    TAKEN = "taken"
    ENDED = "ended"


class EndedBy(StrEnum):
    """Why a talk is over; HOURS: the office has closed before anybody came."""

    CITIZEN = "citizen"
    STAFF = "staff"
    IDLE = "idle"
    HOURS = "hours"


class Delivery(StrEnum):
    """How far something said to the citizen is. UNKNOWN: it went out, whether it arrived is not known."""

    NONE = ""
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    UNKNOWN = "unknown"


NOT_ARRIVED = (Delivery.UNREACHABLE, Delivery.FAILED, Delivery.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One talk. ahead: others who wait before it; the rest as the columns of the table say."""

    id: int
    citizen: Citizen
    state: State
    asked: bool
    urgent: bool
    unit: str
    taken_by: str
    opened_at: datetime
    taken_at: datetime | None
    told_at: datetime
    heard_at: datetime
    said_at: datetime | None
    active_at: datetime
    ended_at: datetime | None
    ended_by: str
    ahead: int = 0

    @property
    def unanswered(self) -> bool:
        """True when the citizen has said something since the office's last word."""
        return self.said_at is None or self.heard_at > self.said_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """One line of a talk, as the columns of the table say."""

    id: int
    handover_id: int
    speaker: str
    by: str
    body: str
    at: datetime
    delivery: Delivery
    reason: str


class StoredHandovers:
    """The talks of all channels and replicas. Every method raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._finding: Together[Citizen, Handover | None] = Together(self._find_all)

    @asynccontextmanager
    async def begin(self, *, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction for several steps; alone: for one statement."""
        try:
            async with (self._alone if alone else self._engine).begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def under_way(self, citizen: Citizen) -> Handover | None:
        """The citizen's talk that is not over."""
        return await self._finding(citizen)

    async def _find_all(self, citizens: Sequence[Citizen]) -> Sequence[Handover | None]:
        query = select(talks).where(
            UNDER_WAY,
            talks.c.channel.in_({one.channel for one in citizens}),
            talks.c.citizen.in_({one.id for one in citizens}),
        )
        async with self.begin(alone=True) as connection:
            found = {(row["channel"], row["citizen"]): row for row in (await connection.execute(query)).mappings()}
        rows = [found.get((one.channel, one.id)) for one in citizens]
        return [_handover(row) if row else None for row in rows]

    async def open(self, citizen: Citizen, at: datetime, *, asked: bool) -> Handover:
        """The citizen's talk, begun now where there is none."""
        values = {
            "channel": citizen.channel,
            "citizen": citizen.id,
            "state": State.WAITING.value,
            "asked": asked,
            **dict.fromkeys(("opened_at", "told_at", "heard_at", "active_at"), at),
        }
        async with self.begin() as connection:
            await connection.execute(self._insert(talks).values(values).on_conflict_do_nothing())
            if asked:
                await connection.execute(update(talks).where(*_theirs(citizen)).values(asked=True))
            row = (await connection.execute(select(talks).where(*_theirs(citizen)))).mappings().one()
        return _handover(row)

    async def ahead(self, talk: Handover) -> int:
        """How many others wait before this one."""
        query = select(func.count()).where(talks.c.state == State.WAITING.value, talks.c.id < talk.id)
        async with self.begin(alone=True) as connection:
            return int((await connection.execute(query)).scalar_one())

    async def told(self, talk: Handover, at: datetime) -> None:
        """The citizen has been told again that they wait."""
        async with self.begin() as connection:
            await connection.execute(update(talks).where(talks.c.id == talk.id).values(told_at=at))

    async def hear(
        self, talk: Handover, body: str, at: datetime, *, message_id: str, speaker: str = CITIZEN, urgent: bool = False
    ) -> bool:
        """Adds what a citizen said; False for a message that is here already."""
        values = {"handover_id": talk.id, "message_id": message_id, "speaker": speaker, "body": body, "at": at}
        new = self._insert(lines).values(**values).on_conflict_do_nothing().returning(lines.c.id)
        changed: dict[str, Any] = {"heard_at": at, "active_at": at, **({"urgent": True} if urgent else {})}
        async with self.begin() as connection:
            if (await connection.execute(new)).one_or_none() is None:
                return False
            await connection.execute(update(talks).where(talks.c.id == talk.id).values(changed))
        return True

    async def take(self, number: int, by: Deed, at: datetime, words: str, *, over: bool = False) -> bool:
        """Somebody begins to answer; False when another did. over: in place of whoever has it."""
        free = UNDER_WAY if over else talks.c.state == State.WAITING.value
        values = {"state": State.TAKEN.value, "taken_by": by.actor, "taken_at": at, "active_at": at}
        return await self._change(number, free, values, by, at, words)

    async def release(self, number: int, by: Deed, at: datetime, words: str) -> bool:
        """Puts it back among those who wait; False where it was not theirs."""
        mine = and_(talks.c.state == State.TAKEN.value, talks.c.taken_by == by.actor)
        values = {"state": State.WAITING.value, "taken_by": "", "told_at": at, "active_at": at}
        return await self._change(number, mine, {**values, "asked": True}, by, at, words)

    async def assign(self, number: int, unit: str, by: Deed, at: datetime) -> bool:
        """Makes it the work of a unit, "" = of anybody."""
        return await self._change(number, UNDER_WAY, {"unit": unit, "active_at": at}, by, at)

    async def say(self, number: int, body: str, by: Deed, at: datetime) -> bool:
        """Queues words of staff for the citizen; False where the talk is not theirs (any more)."""
        mine = and_(talks.c.state == State.TAKEN.value, talks.c.taken_by == by.actor)
        return await self._change(number, mine, {"said_at": at, "active_at": at}, by, at, body, STAFF)

    async def end(self, number: int, by: Deed, at: datetime, words: str) -> bool:
        """Gives the citizen back to the machine; False when it was over already."""
        values = {"state": State.ENDED.value, "ended_at": at, "ended_by": EndedBy.STAFF.value}
        return await self._change(number, UNDER_WAY, values, by, at, words)

    async def again(self, number: int, line: int, by: Deed, at: datetime) -> bool:
        """Queues once more what did not arrive; False where there is no such line."""
        mine = lines.c.id == line, lines.c.handover_id == number, lines.c.delivery.in_(NOT_ARRIVED)
        queued = {"delivery": Delivery.QUEUED.value, "attempts": 0, "reason": "", "not_before": None, "at": at}
        async with self.begin() as connection:
            done = await connection.execute(update(lines).where(*mine).values(queued).returning(lines.c.id))
            if done.one_or_none() is None:
                return False
            await note(connection, by, at)
        return True

    async def _change(
        self,
        number: int,
        where: Any,
        values: Mapping[str, Any],
        by: Deed,
        at: datetime,
        words: str = "",
        speaker: str = DESK,
    ) -> bool:
        """Changes a talk, queues words for the citizen and writes the record, all or nothing."""
        async with self.begin() as connection:
            changed = update(talks).where(talks.c.id == number, where).values(**values).returning(talks.c.id)
            if (await connection.execute(changed)).one_or_none() is None:
                return False
            if words:
                await _queue(connection, [number], speaker, words, at, by.actor)
            await note(connection, by, at)
        return True

    async def end_by_citizen(self, citizen: Citizen, at: datetime) -> bool:
        """They want the machine again."""
        values = {"state": State.ENDED.value, "ended_at": at, "ended_by": EndedBy.CITIZEN.value}
        async with self.begin() as connection:
            ended = update(talks).where(*_theirs(citizen)).values(**values).returning(talks.c.id)
            return (await connection.execute(ended)).one_or_none() is not None

    async def end_idle(self, before: datetime, at: datetime, words: str, unanswered: str) -> int:
        """Ends talks in which nothing was said since a moment, and tells the citizens; unanswered: where they spoke
        last."""
        owed = or_(talks.c.said_at.is_(None), talks.c.heard_at > talks.c.said_at)
        idle = talks.c.state == State.TAKEN.value, talks.c.active_at < before
        done = await self._end_all((*idle, owed), EndedBy.IDLE, at, unanswered)
        return done + await self._end_all((*idle, ~owed), EndedBy.IDLE, at, words)

    async def end_waiting(self, opened_before: datetime, at: datetime, words: str) -> int:
        """Ends what waits since before a moment, because the office has closed; tells the citizens."""
        waiting = talks.c.state == State.WAITING.value, talks.c.opened_at < opened_before
        return await self._end_all(waiting, EndedBy.HOURS, at, words)

    async def _end_all(self, where: Sequence[ColumnElement[bool]], by: EndedBy, at: datetime, words: str) -> int:
        values = {"state": State.ENDED.value, "ended_at": at, "ended_by": by.value}
        async with self.begin() as connection:
            ended = update(talks).where(*where).values(**values).returning(talks.c.id)
            numbers = list((await connection.execute(ended)).scalars())
            if numbers:
                await _queue(connection, numbers, DESK, words, at)
        return len(numbers)

    async def get(self, number: int) -> Handover | None:
        """One talk."""
        async with self.begin(alone=True) as connection:
            row = (await connection.execute(select(talks).where(talks.c.id == number))).mappings().one_or_none()
        return _handover(row) if row else None

    async def lines(self, number: int, limit: int = 200) -> list[TalkLine]:
        """The newest lines of a talk, oldest first."""
        query = select(lines).where(lines.c.handover_id == number).order_by(lines.c.id.desc()).limit(limit)
        async with self.begin(alone=True) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [talk_line(row) for row in reversed(rows)]

    async def open_ones(self) -> list[Handover]:
        """What is not over: the urgent first, then who waits longest."""
        order = (talks.c.urgent.desc(), case((talks.c.state == State.WAITING.value, 0), else_=1), talks.c.id)
        async with self.begin(alone=True) as connection:
            rows = (await connection.execute(select(talks).where(UNDER_WAY).order_by(*order))).mappings().all()
        return [_handover(row) for row in rows]

    async def ended_ones(self, limit: int, offset: int) -> tuple[list[Handover], int]:
        """What is over, the newest first; and how many there are."""
        over = talks.c.state == State.ENDED.value
        query = select(talks).where(over).order_by(talks.c.id.desc()).limit(limit).offset(offset)
        async with self.begin() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = await connection.execute(select(func.count()).select_from(talks).where(over))
        return [_handover(row) for row in rows], int(total.scalar_one())

    async def not_arrived(self, since: datetime) -> dict[int, int]:
        """How many lines of each talk have not reached their citizen, of those said since a moment."""
        query = (
            select(lines.c.handover_id, func.count())
            .where(lines.c.delivery.in_(NOT_ARRIVED), lines.c.at >= since)
            .group_by(lines.c.handover_id)
        )
        async with self.begin(alone=True) as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def purge(self, before: datetime) -> int:
        """Deletes talks, with their lines, in which nothing was said since a moment."""
        async with self.begin() as connection:
            return (await connection.execute(delete(talks).where(talks.c.active_at < before))).rowcount


def _theirs(citizen: Citizen) -> tuple[Any, ...]:
    return UNDER_WAY, talks.c.channel == citizen.channel, talks.c.citizen == citizen.id


async def _queue(
    connection: AsyncConnection, numbers: Sequence[int], speaker: str, words: str, at: datetime, by: str = ""
) -> None:
    rows = [
        {
            "handover_id": number,
            "speaker": speaker,
            "by": by,
            "body": words,
            "at": at,
            "delivery": Delivery.QUEUED.value,
        }
        for number in numbers
    ]
    await connection.execute(insert(lines), rows)


def _handover(row: Mapping[Any, Any]) -> Handover:
    kept = {name: row[name] for name in Handover.__dataclass_fields__ if name not in ("citizen", "ahead")}
    return Handover(**kept | {"state": State(row["state"]), "citizen": Citizen(row["channel"], row["citizen"])})


def talk_line(row: Mapping[Any, Any]) -> TalkLine:
    """A line from its row."""
    kept = {name: row[name] for name in TalkLine.__dataclass_fields__}
    return TalkLine(**kept | {"delivery": Delivery(row["delivery"])})
