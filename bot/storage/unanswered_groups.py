"""Questions answered badly, put together by likeness: groups that stay, what was decided about each, and when."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.storage.unanswered import TALK, drop_empty
from bot.storage.unanswered_tables import unanswered, unanswered_group
from handlers.shortcomings import LONGEST_KEPT, Reason
from knowledge.learning import Wording
from knowledge.likeness import grouped, prepared

AT_ONCE = 50
"""Questions grouped in one step; reading one takes about 10 ms."""
MOST_COMPARED = 2_000
"""Questions, the newest ones, with which a new one is compared."""
REOPENS_AFTER = timedelta(days=7)
"""How long what was decided may take until people notice; asked badly again after that, a group is open again."""
SHOWN_OF_EACH = 3
_ONE_AT_A_TIME = 5_101_976
"""Key of the advisory lock under which one replica groups."""

Worded = Callable[[str], Wording | None]


class How(StrEnum):
    """What was decided about a group."""

    OPEN = ""
    POINTED = "pointed"
    WRITTEN = "written"
    OUT_OF_SCOPE = "out_of_scope"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that ask for the same.

    asked: how often; people: how many different; since: asked again after it was settled; questions: some of them, the
    first one first; wording: the office's own words once it is settled; reasons: how often for which reason.
    """

    id: int
    how: How
    ref: str
    wording: str
    settled_at: datetime | None
    settled_by: str
    asked: int
    people: int
    since: int
    first_at: datetime | None
    last_at: datetime | None
    questions: tuple[str, ...] = ()
    reasons: tuple[tuple[Reason, int], ...] = ()

    @property
    def name(self) -> str:
        """How it is called: the office's words, else the first question still kept."""
        return self.wording or (self.questions[0] if self.questions else "")


class StoredGroups:
    """The groups of one desk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def gather(self, now: datetime, worded: Worded) -> int:
        """Puts the newest questions into groups; returns how many. worded: KnowledgeBase.worded; runs in a thread."""
        async with self._engine.begin() as connection:
            if not await _alone(connection):
                return 0
            new = await _ungrouped(connection, now)
            if new:
                known = await _known(connection)
                wordings, groups = await asyncio.to_thread(_assigned, new, known, worded)
                await _write(connection, new, wordings, groups, now)
            await drop_empty(connection)
        return len(new)

    async def listed(self, *, settled: bool, reason: Reason | None, limit: int, offset: int) -> tuple[list[Group], int]:
        """A page of the groups, the most asked first (settled ones: the last settled first), and how many there are."""
        asked = (
            select(unanswered.c.group_id, func.count().label("asked"))
            .where(unanswered.c.group_id.is_not(None))
            .group_by(unanswered.c.group_id)
            .subquery()
        )
        # Open groups whose questions have all been deleted are dropped at the next gathering.
        query: Select[Any] = select(unanswered_group.c.id).join(
            asked, asked.c.group_id == unanswered_group.c.id, isouter=settled
        )
        query = query.where(unanswered_group.c.how != "" if settled else unanswered_group.c.how == "")
        if reason is not None:
            of_reason = select(unanswered.c.group_id).where(unanswered.c.reason == reason.value)
            query = query.where(unanswered_group.c.id.in_(of_reason))
        first = unanswered_group.c.settled_at.desc() if settled else asked.c.asked.desc()
        async with self._engine.connect() as connection:
            total = int((await connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one())
            ordered = query.order_by(first, unanswered_group.c.id.desc()).limit(limit).offset(offset)
            numbers = list((await connection.execute(ordered)).scalars())
            rows = (await connection.execute(_counted().where(unanswered_group.c.id.in_(numbers)))).all()
            found = {group.id: group for group in await _with_questions(connection, rows)}
        return [found[number] for number in numbers if number in found], total

    async def group(self, number: int) -> Group | None:
        """One group; None if there is none."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_counted().where(unanswered_group.c.id == number))).all()
            found = await _with_questions(connection, rows)
        return found[0] if found else None

    async def open_count(self) -> int:
        """How many groups wait for somebody."""
        query = select(func.count()).select_from(unanswered_group).where(unanswered_group.c.how == "")
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def settle(
        self,
        session: AsyncSession | AsyncConnection,
        number: int,
        how: How,
        *,
        ref: str = "",
        wording: str = "",
        by: str,
        now: datetime,
    ) -> bool:
        """Decides about an open group; False if somebody has done so already. Commits nothing."""
        changed = await session.execute(
            update(unanswered_group)
            .where(unanswered_group.c.id == number, unanswered_group.c.how == "")
            .values(how=how.value, ref=ref, wording=wording[:LONGEST_KEPT], settled_at=now, settled_by=by)
            .returning(unanswered_group.c.id)
        )
        return changed.first() is not None

    async def reopen(self, session: AsyncSession | AsyncConnection, number: int) -> bool:
        """Opens a settled group again; False if it is open. Commits nothing."""
        return await _reopened(session, unanswered_group.c.id == number)

    async def move_out(self, session: AsyncSession, number: int, case: int, now: datetime) -> int | None:
        """Gives a question a group of its own; returns it, None where it stands alone or is not in this group."""
        others = select(func.count()).select_from(unanswered).where(unanswered.c.group_id == number)
        if int((await session.execute(others)).scalar_one()) < 2:
            return None
        own = await _new_group(session, now)
        moved = await session.execute(
            update(unanswered)
            .where(unanswered.c.id == case, unanswered.c.group_id == number)
            .values(group_id=own)
            .returning(unanswered.c.id)
        )
        return own if moved.first() is not None else None


async def _alone(connection: AsyncConnection) -> bool:
    """False while another replica is at it; SQLite has only one."""
    if connection.dialect.name != "postgresql":
        return True
    taken = await connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    return bool(taken.scalar_one())


async def _ungrouped(connection: AsyncConnection, now: datetime) -> Sequence[Row[Any]]:
    """What asks to be grouped; of what was asked back only when no answer has come of it for long."""
    ripe = or_(unanswered.c.reason != Reason.ASKED_BACK.value, unanswered.c.at < now - TALK)
    query: Select[Any] = select(unanswered.c.id, unanswered.c.question, unanswered.c.at)
    query = query.where(unanswered.c.group_id.is_(None), ripe)
    rows: Sequence[Row[Any]] = (await connection.execute(query.order_by(unanswered.c.id).limit(AT_ONCE))).all()
    return rows


async def _known(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Words and group of what was grouped before, and the office's own words for what was settled."""
    newest = unanswered.c.group_id.is_not(None), unanswered.c.wording != ""
    asked = select(unanswered.c.wording, unanswered.c.group_id).where(*newest).order_by(unanswered.c.id.desc())
    decided = (
        select(unanswered_group.c.wording, unanswered_group.c.id)
        .where(unanswered_group.c.wording != "")
        .order_by(unanswered_group.c.id.desc())
    )
    rows = [
        *(await connection.execute(asked.limit(MOST_COMPARED))).all(),
        *(await connection.execute(decided.limit(MOST_COMPARED))).all(),
    ]
    return [(words, number) for words, number in rows]


def _assigned(new: Sequence[Row[Any]], known: Sequence[tuple[str, int]], worded: Worded) -> tuple[list[str], list[int]]:
    wordings = []
    for row in new:
        found = worded(row.question)
        wordings.append((found.text if found else row.question)[:LONGEST_KEPT])
    before = prepared([words for words, _ in known])
    return wordings, grouped(prepared(wordings), before, [number for _, number in known])


async def _write(
    connection: AsyncConnection, new: Sequence[Row[Any]], wordings: list[str], groups: list[int], now: datetime
) -> None:
    made = {number: await _new_group(connection, now) for number in sorted({g for g in groups if g < 0}, reverse=True)}
    for row, words, number in zip(new, wordings, groups, strict=True):
        group = made.get(number, number)
        changed = {"wording": words, "group_id": group}
        await connection.execute(update(unanswered).where(unanswered.c.id == row.id).values(changed))
        lasting = unanswered_group.c.how.not_in((How.OUT_OF_SCOPE.value, How.DISMISSED.value))
        long_ago = unanswered_group.c.settled_at < row.at - REOPENS_AFTER
        await _reopened(connection, and_(unanswered_group.c.id == group, lasting, long_ago))


async def _new_group(session: AsyncSession | AsyncConnection, now: datetime) -> int:
    added = await session.execute(insert(unanswered_group).values(opened_at=now).returning(unanswered_group.c.id))
    number: int = added.scalar_one()
    return number


async def _reopened(session: AsyncSession | AsyncConnection, which: ColumnElement[bool]) -> bool:
    changed = await session.execute(
        update(unanswered_group)
        .where(which, unanswered_group.c.how != "")
        .values(how="", settled_at=None, settled_by="", ref="")
        .returning(unanswered_group.c.id)
    )
    return changed.first() is not None


def _counted() -> Select[Any]:
    again = and_(unanswered_group.c.settled_at.is_not(None), unanswered.c.at > unanswered_group.c.settled_at)
    return (
        select(
            unanswered_group,
            func.count(unanswered.c.id).label("asked"),
            func.count(unanswered.c.conversation_id.distinct()).label("people"),
            func.count(unanswered.c.id).filter(again).label("since"),
            func.min(unanswered.c.at).label("first_at"),
            func.max(unanswered.c.at).label("last_at"),
        )
        .join_from(unanswered_group, unanswered, isouter=True)
        .group_by(unanswered_group.c.id)
    )


async def _with_questions(connection: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Group]:
    numbers = [row.id for row in rows]
    place = func.row_number().over(partition_by=unanswered.c.group_id, order_by=unanswered.c.id).label("place")
    first = (
        select(unanswered.c.group_id, unanswered.c.question, place).where(unanswered.c.group_id.in_(numbers)).subquery()
    )
    some = select(first.c.group_id, first.c.question).where(first.c.place <= 4 * SHOWN_OF_EACH).order_by(first.c.place)
    why = (
        select(unanswered.c.group_id, unanswered.c.reason, func.count())
        .where(unanswered.c.group_id.in_(numbers))
        .group_by(unanswered.c.group_id, unanswered.c.reason)
        .order_by(func.count().desc())
    )
    questions: dict[int, dict[str, None]] = defaultdict(dict)
    reasons: dict[int, list[tuple[Reason, int]]] = defaultdict(list)
    for number, question in await connection.execute(some):
        questions[number].setdefault(question)
    for number, reason, count in await connection.execute(why):
        reasons[number].append((Reason(reason), count))
    return [
        Group(
            id=row.id,
            how=How(row.how),
            ref=row.ref,
            wording=row.wording,
            settled_at=row.settled_at,
            settled_by=row.settled_by,
            asked=row.asked,
            people=row.people,
            since=row.since,
            first_at=row.first_at,
            last_at=row.last_at,
            questions=tuple(questions[row.id])[:SHOWN_OF_EACH],
            reasons=tuple(reasons[row.id]),
        )
        for row in rows
    ]
