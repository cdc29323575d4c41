"""The messages a second that all replicas together may send with one token of a platform."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Interval, bindparam, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.gathering import Together
from bot.storage.campaign_tables import send_slot, send_token
from bot.storage.engine import without_transaction
from knowledge.tables import Moment

HELD = timedelta(seconds=40)
"""How long who sends may hold a slot, longer than any sending; after a crash the slot is free again."""
SECOND = 1.0
LOOK_EVERY = timedelta(seconds=0.5)
"""Without a limit it is looked this often whether the platform has asked for a pause."""
LONGEST_LOOK = 0.25
"""Seconds after which it is looked again for a slot that another replica gives back."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What may be sent at once. slots: to be given back, none where there is no limit; wait: seconds until it is worth
    asking again, 0 where something may be sent; stopped: the platform has asked for a pause."""

    count: int
    slots: tuple[int, ...] = ()
    wait: float = 0.0
    stopped: bool = False


class Budget:
    """The budget of one token, held in the database by its own clock.

    A message holds a slot from before it goes out until a second after the platform has answered. It reaches the
    platform somewhere in between, so that the message which has the slot next reaches it at least a second later: in
    no second do more messages arrive than there are slots, however slow or uneven network and replicas are.
    """

    def __init__(self, engine: AsyncEngine, token: str, per_second: int, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        self._token = token
        self._per_second = per_second
        self._now = now
        self._clock_is_ours = engine.dialect.name != "postgresql"
        self._insert = sqlite.insert if self._clock_is_ours else postgresql.insert
        self._looked: datetime | None = None
        self._prepared = False
        self._giving: Together[int, None] = Together(self._give_back)

    async def prepare(self) -> None:
        """Makes the rows of this token, once in the life of this process."""
        if self._prepared:
            return
        first = literal(self._now(), Moment)
        async with self._engine.begin() as connection:
            await connection.execute(self._insert(send_token).values(token=self._token).on_conflict_do_nothing())
            for number in range(self._per_second):
                slot = {"token": self._token, "number": number, "free_at": first}
                await connection.execute(self._insert(send_slot).values(slot).on_conflict_do_nothing())
        self._prepared = True

    async def take(self, most: int) -> Taken:
        """Up to so many messages may go out now."""
        stopped = exists().where(send_token.c.token == self._token, send_token.c.stopped_until > self._clock())
        if not self._per_second:
            return await self._unlimited(most)
        mine = send_slot.c.token == self._token, send_slot.c.number < self._per_second
        free = (
            select(send_slot.c.number)
            .where(*mine, send_slot.c.free_at <= self._clock(), ~stopped)
            .order_by(send_slot.c.free_at)
            .limit(most)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        taking = update(send_slot).where(
            send_slot.c.token == self._token, send_slot.c.number.in_(select(free.c.number))
        )
        held = taking.values(free_at=self._clock(HELD))
        async with self._alone.begin() as connection:
            slots = tuple((await connection.execute(held.returning(send_slot.c.number))).scalars())
            if slots:
                return Taken(len(slots), slots)
            pause = await self._until(connection, send_token.c.stopped_until)
            if pause > 0:
                return Taken(0, wait=pause, stopped=True)
            return Taken(0, wait=min(LONGEST_LOOK, max(0.001, await self._until(connection, send_slot.c.free_at))))

    async def _unlimited(self, most: int) -> Taken:
        """Only a pause holds up, which other replicas see a moment later."""
        if self._looked is None or not self._looked <= self._now() < self._looked + LOOK_EVERY:
            async with self._alone.begin() as connection:
                wait = await self._until(connection, send_token.c.stopped_until)
            if wait > 0:
                return Taken(0, wait=wait, stopped=True)
            self._looked = self._now()
        return Taken(most)

    async def give_back(self, slots: Sequence[int]) -> None:
        """What went out with these slots has been answered: they are free in a second."""
        for slot in slots:
            await self._giving(slot)

    async def unused(self, slots: Sequence[int]) -> None:
        """Nothing went out with these slots."""
        if slots:
            await self._free(slots, 0.0)

    async def stop(self, seconds: float) -> None:
        """Nobody sends anything with this token for so long; a longer pause stays."""
        self._looked = None
        until = self._clock(timedelta(seconds=seconds))
        longer = send_token.c.token == self._token, func.coalesce(send_token.c.stopped_until, until) <= until
        async with self._engine.begin() as connection:
            await connection.execute(update(send_token).where(*longer).values(stopped_until=until))

    async def _give_back(self, slots: Sequence[int]) -> Sequence[None]:
        await self._free(slots, SECOND)
        return [None] * len(slots)

    async def _free(self, slots: Sequence[int], seconds: float) -> None:
        values = {"free_at": self._clock(timedelta(seconds=seconds))}
        mine = send_slot.c.token == self._token, send_slot.c.number.in_(slots)
        async with self._alone.begin() as connection:
            await connection.execute(update(send_slot).where(*mine).values(values))

    async def _until(self, connection: Any, column: Any) -> float:
        """Seconds until the earliest moment of a column; 0 where there is none to come."""
        table = column.table
        mine = [table.c.token == self._token]
        if table is send_slot:
            mine.append(table.c.number < self._per_second)
        found = (await connection.execute(select(func.min(column), self._clock()).where(*mine))).one()
        if found[0] is None:
            return 0.0
        return max(0.0, float((found[0] - found[1]).total_seconds()))

    def _clock(self, later: timedelta = timedelta()) -> Any:
        """The database's own time where it has one that all replicas share, and is precise."""
        if self._clock_is_ours:
            return literal(self._now() + later, Moment)
        return func.clock_timestamp(type_=Moment) + bindparam(None, later, Interval)
