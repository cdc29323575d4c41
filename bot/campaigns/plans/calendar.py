"""The calendar of all accepted plans: what is planned, done and late, by whom, and whether targets are met."""

import json
from calendar import monthrange
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.kept import CalendarLine, Due, DueState
from bot.campaigns.plans.storing import kept_task
from bot.campaigns.plans.tasks import Audience, Target
from bot.storage.plan_tables import plan, plan_due, plan_task
from knowledge.text import fold

NewsCount = Callable[[date, date], Awaitable[int]]
"""How many news items were published on these days, both included."""
_COLUMNS = (
    plan_due.c.id.label("due_id"),
    plan_due.c.due_on,
    plan_due.c.done_on,
    plan_task.c.id.label("task_id"),
    *(plan_task.c[name] for name in ("key", "content", "lead", "support", "product", "audience", "plan_id")),
    plan.c.title,
)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """How one lead unit stands; "" where the plan names none."""

    unit: str
    counts: dict[DueState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCount:
    """A target and how far it is met in the period from first to last."""

    task_id: int
    content: str
    lead: str
    target: Target
    first: date
    last: date
    counted: int

    @property
    def met(self) -> bool:
        """True once the least is reached."""
        return self.counted >= self.target.least


class PlanCalendar:
    """The due days of accepted plans. news: counts published news for targets about them, None = nobody does."""

    def __init__(self, engine: AsyncEngine, news: NewsCount | None = None) -> None:
        self._engine = engine
        self._news = news

    async def between(self, first: date, last: date, unit: str = "") -> list[CalendarLine]:
        """What is due on these days, both included. unit: only what it leads."""
        query = _lines().where(plan_due.c.due_on.between(first, last))
        return await self._read(query.where(plan_task.c.lead == unit) if unit else query)

    async def overdue(self, today: date, limit: int = 500) -> list[CalendarLine]:
        """What is open and was due before this day, the oldest first."""
        open_before = (plan_due.c.done_on.is_(None), plan_due.c.due_on < today)
        return await self._read(_lines().where(*open_before).limit(limit))

    async def count_overdue(self, today: date) -> int:
        """How many due days are open and past."""
        query = (
            select(func.count())
            .select_from(plan_due.join(plan_task).join(plan))
            .where(plan.c.accepted_at.is_not(None), plan_due.c.done_on.is_(None), plan_due.c.due_on < today)
        )
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def units(self) -> list[str]:
        """Every unit that leads a task of an accepted plan."""
        query = select(plan_task.c.lead).join(plan).where(plan.c.accepted_at.is_not(None), plan_task.c.lead != "")
        async with self._engine.connect() as connection:
            return list((await connection.execute(query.distinct().order_by(plan_task.c.lead))).scalars())

    async def targets(self, day: date) -> list[TargetCount]:
        """The targets whose period holds this day. News that were registered as evidence and news of the desk add up
        only where a target is about news."""
        query = (
            select(plan_task, plan.c.year)
            .join(plan)
            .where(plan.c.accepted_at.is_not(None), plan_task.c.target_least > 0, plan.c.year == day.year)
            .order_by(plan_task.c.id)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        done = StoredEvidence(self._engine)
        found = []
        for row in rows:
            task = kept_task(row)
            if task.target is None:
                continue
            first, last = period_of(day, task.target.months)
            counted = (await done.amounts(first, last)).get(task.id, 0)
            if self._news is not None and _about_news(task.target):
                counted += await self._news(first, last)
            found.append(
                TargetCount(
                    task_id=task.id,
                    content=task.content,
                    lead=task.lead,
                    target=task.target,
                    first=first,
                    last=last,
                    counted=counted,
                )
            )
        return found

    async def _read(self, query: Any) -> list[CalendarLine]:
        async with self._engine.connect() as connection:
            return [_line(row) for row in (await connection.execute(query)).mappings()]


def by_unit(lines: Sequence[CalendarLine], today: date) -> list[UnitCount]:
    """The lines counted by lead unit and state."""
    counts: dict[str, dict[DueState, int]] = {}
    for line in lines:
        mine = counts.setdefault(line.lead, dict.fromkeys(DueState, 0))
        mine[line.due.state(today)] += 1
    return [UnitCount(unit, found) for unit, found in sorted(counts.items())]


def period_of(day: date, months: int) -> tuple[date, date]:
    """First and last day of the month, quarter or year that a day lies in."""
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    return date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1])


def _lines() -> Any:
    joined = select(*_COLUMNS).select_from(plan_due.join(plan_task).join(plan))
    return joined.where(plan.c.accepted_at.is_not(None)).order_by(plan_due.c.due_on, plan_task.c.id)


def _line(row: Any) -> CalendarLine:
    return CalendarLine(
        due=Due(row["due_id"], row["due_on"], row["done_on"]),
        task_id=row["task_id"],
        key=row["key"],
        content=row["content"],
        lead=row["lead"],
        support=tuple(json.loads(row["support"])),
        product=row["product"],
        audience=Audience(row["audience"]),
        plan_id=row["plan_id"],
        plan=row["title"],
    )


def _about_news(target: Target) -> bool:
    return {"tin", "bai"} & set(fold(target.what).replace(",", " ").split()) != set()
