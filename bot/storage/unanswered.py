"""Questions answered badly, as they come in: kept with the conversation, taken back when an answer came after all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.tables import conversation, line
from bot.storage.unanswered_tables import unanswered, unanswered_group
from handlers.messages import Citizen
from handlers.shortcomings import Cleared, Reason, Shortcoming

TALK = timedelta(minutes=30)
"""How long what was asked back may still come to an answer, and what a complaint casts its shadow on."""
MOST_OF_ONE = 50
"""Questions kept of one conversation: nobody fills the queue alone."""
_COMPLAINT = '"outcome":"complaint"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question of one citizen. answered_at: when a person wrote to them, None = nobody did."""

    id: int
    group: int
    citizen: Citizen
    question: str
    wording: str
    reason: Reason
    ref: str
    at: datetime
    answered_at: datetime | None
    answered_by: str
    delivery: str


class StoredUnanswered:
    """The questions of one desk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, told: Shortcoming | Cleared) -> None:
        """Keeps a question, or takes back what has been cleared since."""
        async with self._engine.begin() as connection:
            number = await _conversation(connection, told.citizen)
            if number is None:
                return
            if isinstance(told, Cleared):
                await _clear(connection, number, told)
            elif not await _closed(connection, number, told.at):
                await connection.execute(
                    insert(unanswered).values(
                        conversation_id=number,
                        question=told.question,
                        reason=told.reason.value,
                        ref=told.ref[:70],
                        at=told.at,
                    )
                )

    async def cases(self, group: int, limit: int = 100) -> list[Case]:
        """The questions of a group, the newest first."""
        return await self._cases(unanswered.c.group_id == group, limit)

    async def case(self, group: int, number: int) -> Case | None:
        """One question of a group; None if it is not in it."""
        found = await self._cases((unanswered.c.group_id == group) & (unanswered.c.id == number), 1)
        return found[0] if found else None

    async def claim_answer(self, case: Case, by: str, now: datetime) -> bool:
        """Makes this person the one who answers; False if somebody else has done so."""
        mine = (
            update(unanswered)
            .where(unanswered.c.id == case.id, unanswered.c.answered_at.is_(None))
            .values(answered_at=now, answered_by=by, delivery="")
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(mine)).rowcount == 1

    async def answered(self, connection: AsyncConnection, case: Case, delivery: str) -> None:
        """What became of the answer."""
        await connection.execute(update(unanswered).where(unanswered.c.id == case.id).values(delivery=delivery[:60]))

    async def not_answered(self, connection: AsyncConnection, case: Case, delivery: str) -> None:
        """The answer has not gone out; somebody may try again. delivery: why not."""
        back = {"answered_at": None, "answered_by": "", "delivery": delivery[:60]}
        await connection.execute(update(unanswered).where(unanswered.c.id == case.id).values(back))

    async def purge(self, before: datetime) -> int:
        """Deletes questions older than a moment, and open groups of which nothing is left; returns how many."""
        async with self._engine.begin() as connection:
            deleted = (await connection.execute(delete(unanswered).where(unanswered.c.at < before))).rowcount
            await drop_empty(connection)
        return deleted

    async def _cases(self, condition: ColumnElement[bool], limit: int) -> list[Case]:
        query = (
            select(unanswered, conversation.c.channel, conversation.c.citizen)
            .join_from(unanswered, conversation)
            .where(condition)
            .order_by(unanswered.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [
            Case(
                id=row.id,
                group=row.group_id,
                citizen=Citizen(row.channel, row.citizen),
                question=row.question,
                wording=row.wording,
                reason=Reason(row.reason),
                ref=row.ref,
                at=row.at,
                answered_at=row.answered_at,
                answered_by=row.answered_by,
                delivery=row.delivery,
            )
            for row in rows
        ]


async def drop_empty(connection: AsyncConnection) -> None:
    """Deletes groups whose questions have all gone, unless the office has put its own words to them."""
    held = select(unanswered.c.id).where(unanswered.c.group_id == unanswered_group.c.id).exists()
    without_words = or_(unanswered_group.c.how == "", unanswered_group.c.wording == "")
    await connection.execute(delete(unanswered_group).where(without_words, ~held))


async def _conversation(connection: AsyncConnection, citizen: Citizen) -> int | None:
    query = select(conversation.c.id).where(
        conversation.c.channel == citizen.channel, conversation.c.citizen == citizen.id
    )
    number: int | None = (await connection.execute(query)).scalar_one_or_none()
    return number


async def _clear(connection: AsyncConnection, number: int, told: Cleared) -> None:
    recent = unanswered.c.at >= told.at - TALK
    gone = delete(unanswered).where(unanswered.c.conversation_id == number, recent)
    if not told.withdrawn:
        gone = gone.where(unanswered.c.reason == Reason.ASKED_BACK.value)
    await connection.execute(gone)


async def _closed(connection: AsyncConnection, number: int, at: datetime) -> bool:
    """Whether nothing more is kept of this talk: it was a complaint just now, or there is too much of it already."""
    complaint = (
        select(line.c.id)
        .where(
            line.c.conversation_id == number,
            line.c.at >= (at - TALK).astimezone(UTC),
            line.c.body.contains(_COMPLAINT, autoescape=True),
        )
        .limit(1)
    )
    if (await connection.execute(complaint)).first() is not None:
        return True
    kept = select(func.count()).select_from(unanswered).where(unanswered.c.conversation_id == number)
    return int((await connection.execute(kept)).scalar_one()) >= MOST_OF_ONE
