"""Whom the desk has met on each platform, and whether it may write to them."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.gathering import Together
from bot.storage.tables import subscriber
from handlers.messages import Citizen

MOST_REMEMBERED = 20_000
"""Citizens known to have been greeted, so that most messages ask the database nothing; about 4 MB."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a citizen may be written to. reason: why not, "" = they may."""

    reachable: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _First:
    citizen: Citizen
    message_id: str
    at: datetime


class StoredSubscribers:
    """The subscriber table. Every method raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._greeted: OrderedDict[Citizen, str] = OrderedDict()
        self._greeting: Together[_First, str] = Together(self._greet_all)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def greet(self, citizen: Citizen, message_id: str, at: datetime) -> bool:
        """True when this citizen is to be told who answers here: the first time, and again for the same message."""
        if citizen not in self._greeted:
            self._remember(citizen, await self._greeting(_First(citizen, message_id, at.astimezone(UTC))))
        return self._greeted[citizen] == message_id

    async def reached(self, citizen: Citizen, at: datetime) -> None:
        """They can be written to (again)."""
        await self._set(citizen, Standing(True), at)

    async def lost(self, citizen: Citizen, reason: str, at: datetime) -> None:
        """They cannot be written to any more. reason: a short word."""
        await self._set(citizen, Standing(False, reason[:40]), at)

    async def standing(self, citizen: Citizen) -> Standing | None:
        """Whether they may be written to; None for somebody never met."""
        query = select(subscriber.c.reachable, subscriber.c.reason).where(_is(citizen))
        async with self._connection() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Standing(row.reachable, row.reason) if row else None

    async def forget(self, citizen: Citizen) -> None:
        """They asked that nothing be kept: they are strangers again, greeted anew, and nobody writes to them first."""
        self._greeted.pop(citizen, None)
        async with self._connection() as connection:
            await connection.execute(delete(subscriber).where(_is(citizen)))

    async def _greet_all(self, firsts: Sequence[_First]) -> Sequence[str]:
        """For each, the message that its citizen was greeted at; of two at once the first counts."""
        new = {
            (one.citizen.channel, one.citizen.id): {
                "channel": one.citizen.channel,
                "citizen": one.citizen.id,
                "greeted_by": one.message_id,
                "reachable": True,
                "changed_at": one.at,
            }
            for one in reversed(firsts)
        }
        query = select(subscriber.c.channel, subscriber.c.citizen, subscriber.c.greeted_by).where(
            subscriber.c.channel.in_({channel for channel, _ in new}),
            subscriber.c.citizen.in_({citizen for _, citizen in new}),
            subscriber.c.greeted_by != "",
        )
        adding = self._insert(subscriber)
        first = adding.on_conflict_do_update(
            index_elements=["channel", "citizen"],
            set_={"greeted_by": adding.excluded.greeted_by, "reachable": True, "reason": ""},
            where=subscriber.c.greeted_by == "",
        )
        async with self._connection() as connection:
            known = _by_citizen(await connection.execute(query))
            strangers = [new[key] for key in sorted(new) if key not in known]
            if strangers:
                await connection.execute(first, strangers)
                known = _by_citizen(await connection.execute(query))
        return [known[one.citizen.channel, one.citizen.id] for one in firsts]

    async def _set(self, citizen: Citizen, standing: Standing, at: datetime) -> None:
        changed = {"reachable": standing.reachable, "reason": standing.reason, "changed_at": at.astimezone(UTC)}
        new = {"channel": citizen.channel, "citizen": citizen.id, "greeted_by": "", **changed}
        both = self._insert(subscriber).values(new)
        async with self._connection() as connection:
            await connection.execute(both.on_conflict_do_update(index_elements=["channel", "citizen"], set_=changed))

    def _remember(self, citizen: Citizen, message_id: str) -> None:
        self._greeted[citizen] = message_id
        while len(self._greeted) > MOST_REMEMBERED:
            self._greeted.popitem(last=False)


def _is(citizen: Citizen) -> ColumnElement[bool]:
    return and_(subscriber.c.channel == citizen.channel, subscriber.c.citizen == citizen.id)


def _by_citizen(rows: Iterable[Row[str, str, str]]) -> dict[tuple[str, str], str]:
    return {(row.channel, row.citizen): row.greeted_by for row in rows}
