"""Events of the platforms between their receipt and their answer: stored once, claimed by one worker at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.events import Event
from bot.storage.engine import without_transaction
from bot.storage.tables import inbox

FORGOTTEN = "-"


class State(StrEnum):
    """How far an event is. ignored: it wanted no answer; given_up: no answer could be delivered."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    IGNORED = "ignored"
    GIVEN_UP = "given_up"


_OPEN: list[ColumnElement[str]] = [literal_column(f"'{state.value}'") for state in (State.WAITING, State.WORKING)]
"""Written out, not bound: only then do both databases see that the partial indexes hold what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an event ended. outcome, error: short words for the record, never a citizen's text."""

    event: Event
    state: State
    outcome: str
    at: datetime
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How one channel's inbox is. failed: given up; last_*: None where nothing has happened."""

    waiting: int = 0
    oldest_waiting: datetime | None = None
    last_event: datetime | None = None
    last_answer: datetime | None = None
    failed: int = 0
    last_error: str = ""


class StoredInbox:
    """The inbox table of all channels and replicas. Every method raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    @asynccontextmanager
    async def _connection(self, *, alone: bool = False) -> AsyncIterator[AsyncConnection]:
        try:
            async with (self._alone if alone else self._engine).begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def put(self, events: Sequence[Event]) -> list[bool]:
        """Keeps events, in one commit; for each, whether it was not known yet."""
        rows = {
            (event.channel, event.id): {
                "channel": event.channel,
                "event_id": event.id,
                "conversation": event.conversation,
                "payload": event.payload,
                "received_at": _utc(event.received_at),
                "state": State.WAITING.value,
            }
            for event in reversed(events)
        }
        new = self._insert(inbox).on_conflict_do_nothing().returning(inbox.c.channel, inbox.c.event_id)
        async with self._connection(alone=True) as connection:  # done in part, it may be done again
            stored = await connection.execute(new, list(reversed(rows.values())))
            fresh = {(row.channel, row.event_id) for row in stored}
        return [_taken_from(fresh, (event.channel, event.id)) for event in events]

    async def claim(self, channels: Sequence[str], limit: int, now: datetime, until: datetime) -> list[Event]:
        """Takes up to `limit` events that are due, the oldest first, never two of one conversation, until a moment.

        What was taken by somebody who did not end it in time is due again.
        """
        earlier = inbox.alias("earlier")
        due = (
            select(inbox.c.id)
            .where(
                inbox.c.state.in_(_OPEN),
                inbox.c.channel.in_(channels),
                _due(_utc(now)),
                ~exists().where(
                    earlier.c.channel == inbox.c.channel,
                    earlier.c.conversation == inbox.c.conversation,
                    earlier.c.state.in_(_OPEN),
                    earlier.c.id < inbox.c.id,
                ),
            )
            .order_by(inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=inbox)
            .cte("due")
        )
        taken = (
            update(inbox)
            .where(inbox.c.id.in_(select(due.c.id)))
            .values(state=State.WORKING.value, claimed_until=_utc(until), attempts=inbox.c.attempts + 1)
            .returning(inbox)
        )
        async with self._connection(alone=True) as connection:
            rows = (await connection.execute(taken)).all()
        return [_event(row) for row in sorted(rows, key=lambda row: row.id)]

    async def end(self, endings: Sequence[Ending]) -> list[None]:
        """Ends events, in one commit: what came is deleted; ids, outcome and the kind of error stay."""
        alike: dict[tuple[str, str, str, str], list[Ending]] = {}
        for ending in endings:
            key = (ending.event.channel, ending.state.value, ending.outcome[:40], ending.error[:100])
            alike.setdefault(key, []).append(ending)
        async with self._connection(alone=len(alike) == 1) as connection:
            for (channel, state, outcome, error), group in alike.items():
                ended = update(inbox).where(
                    inbox.c.channel == channel,
                    inbox.c.event_id.in_([ending.event.id for ending in group]),
                    inbox.c.state.in_(_OPEN),
                )
                values = {
                    "state": state,
                    "outcome": outcome,
                    "error": error,
                    "ended_at": _utc(max(ending.at for ending in group)),
                    "payload": "",
                    "claimed_until": None,
                }
                await connection.execute(ended.values(values))
        return [None] * len(endings)

    async def put_off(self, event: Event, not_before: datetime, sent: int, error: str) -> None:
        """Gives an event back until a moment; those after it in its conversation wait with it."""
        values = {
            "state": State.WAITING.value,
            "not_before": _utc(not_before),
            "claimed_until": None,
            "sent": sent,
            "error": error[:100],
        }
        mine = (inbox.c.state == State.WORKING.value, inbox.c.attempts == event.attempt)
        async with self._connection() as connection:
            await connection.execute(update(inbox).where(*_is(event), *mine).values(values))

    async def figures(self, channel: str) -> Figures:
        """How this channel's inbox is now."""
        waiting = inbox.c.state.in_(_OPEN)
        failed = inbox.c.state == State.GIVEN_UP.value
        query = select(
            func.count(case((waiting, 1))),
            func.min(case((waiting, inbox.c.received_at))),
            func.max(inbox.c.received_at),
            func.max(case((inbox.c.state == State.DONE.value, inbox.c.ended_at))),
            func.count(case((failed, 1))),
        ).where(inbox.c.channel == channel)
        error = (
            select(inbox.c.error)
            .where(inbox.c.channel == channel, inbox.c.error != "")
            .order_by(inbox.c.id.desc())
            .limit(1)
        )
        async with self._connection() as connection:
            row = (await connection.execute(query)).one()
            last = (await connection.execute(error)).scalar_one_or_none()
        return Figures(
            waiting=row[0],
            oldest_waiting=_aware(row[1]),
            last_event=_aware(row[2]),
            last_answer=_aware(row[3]),
            failed=row[4],
            last_error=last or "",
        )

    async def forget(self, channel: str, conversation: str) -> None:
        """Takes the citizen out of what has ended; the ids stay, so that a repeated event is still known."""
        theirs = (inbox.c.channel == channel, inbox.c.conversation == conversation, inbox.c.state.notin_(_OPEN))
        async with self._connection() as connection:
            await connection.execute(update(inbox).where(*theirs).values(conversation=FORGOTTEN))

    async def purge(self, before: datetime) -> int:
        """Deletes what ended before a moment; returns how much."""
        old = delete(inbox).where(inbox.c.state.notin_(_OPEN), inbox.c.ended_at < _utc(before))
        async with self._connection() as connection:
            return (await connection.execute(old)).rowcount


def _due(now: datetime) -> ColumnElement[bool]:
    waiting = and_(inbox.c.state == State.WAITING.value, or_(inbox.c.not_before.is_(None), inbox.c.not_before <= now))
    return or_(waiting, and_(inbox.c.state == State.WORKING.value, inbox.c.claimed_until <= now))


def _taken_from(fresh: set[tuple[str, str]], key: tuple[str, str]) -> bool:
    """Whether the key was in the set, from which it is taken: of two equal events only the first is new."""
    if key not in fresh:
        return False
    fresh.remove(key)
    return True


def _is(event: Event) -> tuple[ColumnElement[bool], ...]:
    return inbox.c.channel == event.channel, inbox.c.event_id == event.id, inbox.c.state.in_(_OPEN)


def _event(row: Row[Any]) -> Event:
    return Event(
        channel=row.channel,
        id=row.event_id,
        conversation=row.conversation,
        payload=row.payload,
        received_at=_aware(row.received_at) or row.received_at,
        sent=row.sent,
        attempt=row.attempts,
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
