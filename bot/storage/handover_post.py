"""What staff have said and the citizens have not got yet: claimed by one sender at a time, with how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.handover_tables import UNSENT
from bot.storage.handover_tables import handover as talks
from bot.storage.handover_tables import handover_line as lines
from bot.storage.handovers import STAFF, Delivery
from handlers.messages import Citizen
from knowledge.personal import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One line on its way. spoken: by a person; attempts: from 1 on."""

    id: int
    citizen: Citizen
    body: str
    spoken: bool
    at: datetime
    attempts: int


class StoredPost:
    """The unsent lines of all talks. Every method raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, now: datetime, until: datetime, limit: int, talk: int | None = None) -> list[Letter]:
        """Takes up to `limit` lines that are due, of each talk the oldest only, until a moment; talk: of this one."""
        earlier = lines.alias("earlier")
        due = (
            select(lines.c.id)
            .where(
                UNSENT,
                lines.c.delivery == Delivery.QUEUED.value,
                or_(lines.c.not_before.is_(None), lines.c.not_before <= now),
                ~exists().where(
                    earlier.c.handover_id == lines.c.handover_id,
                    earlier.c.delivery.in_((Delivery.QUEUED.value, Delivery.SENDING.value)),
                    earlier.c.id < lines.c.id,
                ),
                *([] if talk is None else [lines.c.handover_id == talk]),
            )
            .order_by(lines.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=lines)
            .cte("due")
        )
        taken = (
            update(lines)
            .where(lines.c.id.in_(select(due.c.id)))
            .values(delivery=Delivery.SENDING.value, not_before=until, attempts=lines.c.attempts + 1)
            .returning(lines.c.id)
        )
        try:
            async with self._engine.begin() as connection:
                numbers = list((await connection.execute(taken)).scalars())
                query = (
                    select(lines, talks.c.channel, talks.c.citizen)
                    .join(talks, talks.c.id == lines.c.handover_id)
                    .where(lines.c.id.in_(numbers))
                    .order_by(lines.c.id)
                )
                rows = (await connection.execute(query)).all() if numbers else []
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
        return [
            Letter(
                id=row.id,
                citizen=Citizen(row.channel, row.citizen),
                body=row.body,
                spoken=row.speaker == STAFF,
                at=row.at,
                attempts=row.attempts,
            )
            for row in rows
        ]

    async def end(self, letter: Letter, delivery: Delivery, reason: str = "") -> None:
        """How a line ended; what has arrived keeps no personal number."""
        body = {"body": masked(letter.body)} if delivery is Delivery.SENT else {}
        await self._set([letter.id], delivery, reason, None, body)

    async def put_off(self, letter: Letter, not_before: datetime, reason: str) -> None:
        """To be tried again at a moment."""
        await self._set([letter.id], Delivery.QUEUED, reason, not_before, {})

    async def give_up_lost(self, now: datetime) -> int:
        """Marks what a sender took and never ended: whether it arrived nobody knows."""
        lost = lines.c.delivery == Delivery.SENDING.value, lines.c.not_before < now
        values = {"delivery": Delivery.UNKNOWN.value, "reason": "stopped", "not_before": None}
        try:
            async with self._engine.begin() as connection:
                return (await connection.execute(update(lines).where(UNSENT, *lost).values(values))).rowcount
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def _set(
        self,
        numbers: Sequence[int],
        delivery: Delivery,
        reason: str,
        not_before: datetime | None,
        more: dict[str, str],
    ) -> None:
        values = {"delivery": delivery.value, "reason": reason[:60], "not_before": not_before, **more}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(update(lines).where(lines.c.id.in_(numbers)).values(values))
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
