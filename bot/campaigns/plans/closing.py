"""What was done for a task: evidence with date, unit, product, people reached and cost, which closes a due day."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.plans.kept import Due, Evidence, KeptTask
from bot.campaigns.plans.tasks import PlanProblem
from bot.storage.audit import Deed, note
from bot.storage.plan_tables import plan_due, plan_evidence, plan_file

MOST_PEOPLE = 100_000_000
MOST_COST = 2_000_000_000
"""Thousand đồng."""
MOST_AMOUNT = 1000
IN_FUTURE = "Ngày thực hiện chưa tới; chỉ ghi việc đã làm."
TOO_OLD = "Ngày thực hiện không đúng."
NOTHING_SHOWN = "Cần ít nhất một minh chứng: sản phẩm, đường dẫn hoặc tệp."
BAD_LINK = "Đường dẫn phải bắt đầu bằng https:// hoặc http://, không có dấu cách."
BAD_NUMBER = "Số lượng, số người hoặc kinh phí không đúng."
NO_SUCH_DUE = "Hạn này không thuộc việc đang ghi, hoặc đã xong."
_LINK = re.compile(r"https?://[^\s<>\"]+")


class StoredEvidence:
    """The evidence, over one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, task: KeptTask, shown: Evidence, *, today: date, by: Deed, now: datetime) -> int:
        """Keeps what was done, and closes the due day that it names, if any; returns its id. Raises PlanProblem.

        What was done for a task that has no day yet makes that day one, so that the calendar shows it.
        """
        _check(shown, today)
        if shown.due_id is not None and not _open(task, shown.due_id):
            raise PlanProblem(NO_SUCH_DUE)
        names = ("due_id", "done_on", "unit", "channel", "product", "link", "file_name", "amount", "people", "cost")
        values: dict[str, Any] = {name: getattr(shown, name) for name in names}
        values |= {"task_id": task.id, "created_at": now, "created_by": by.actor}
        async with self._engine.begin() as connection:
            if shown.due_id is not None:
                # Asked again in the statement: two people may close the same day at once.
                still_open = (plan_due.c.id == shown.due_id, plan_due.c.done_on.is_(None))
                closed = await connection.execute(update(plan_due).where(*still_open).values(done_on=shown.done_on))
                if not closed.rowcount:
                    raise PlanProblem(NO_SUCH_DUE)
            elif not task.dues:
                met = {"task_id": task.id, "due_on": shown.done_on, "done_on": shown.done_on}
                new = insert(plan_due).values(met).returning(plan_due.c.id)
                values["due_id"] = (await connection.execute(new)).scalar_one()
            made = insert(plan_evidence).values(values).returning(plan_evidence.c.id)
            number: int = (await connection.execute(made)).scalar_one()
            if shown.file:
                await connection.execute(insert(plan_file).values(evidence_id=number, content=shown.file))
            detail = {"on": shown.done_on.isoformat()}
            deed = Deed(actor=by.actor, place=by.place, action="plan.done", subject=f"task:{task.id}", detail=detail)
            await note(connection, deed, now)
        return number

    async def of(self, task: int) -> list[Evidence]:
        """What was done for a task, the newest first; without the files' contents."""
        query = (
            select(plan_evidence)
            .where(plan_evidence.c.task_id == task)
            .order_by(plan_evidence.c.done_on.desc(), plan_evidence.c.id.desc())
        )
        async with self._engine.connect() as connection:
            return [_evidence(row) for row in (await connection.execute(query)).mappings()]

    async def file(self, number: int) -> tuple[str, bytes] | None:
        """Name and content of the file of a piece of evidence; None where there is none."""
        query = select(plan_evidence.c.file_name, plan_file.c.content).join(plan_file)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query.where(plan_evidence.c.id == number))).one_or_none()
        return (row.file_name, row.content) if row else None

    async def of_dues(self, first: date, last: date) -> dict[int, list[Evidence]]:
        """What closed the days due between these, both included, by due day."""
        query = (
            select(plan_evidence)
            .join(plan_due, plan_due.c.id == plan_evidence.c.due_id)
            .where(plan_due.c.due_on.between(first, last))
            .order_by(plan_evidence.c.id)
        )
        found: dict[int, list[Evidence]] = {}
        async with self._engine.connect() as connection:
            for row in (await connection.execute(query)).mappings():
                found.setdefault(row["due_id"], []).append(_evidence(row))
        return found

    async def amounts(self, first: date, last: date) -> dict[int, int]:
        """How many of what a target counts were done on these days, both included, by task."""
        query = (
            select(plan_evidence.c.task_id, func.sum(plan_evidence.c.amount))
            .where(plan_evidence.c.done_on.between(first, last))
            .group_by(plan_evidence.c.task_id)
        )
        async with self._engine.connect() as connection:
            return {task: int(amount) for task, amount in await connection.execute(query)}


def _check(shown: Evidence, today: date) -> None:
    if shown.done_on > today:
        raise PlanProblem(IN_FUTURE)
    if shown.done_on.year < today.year - 20:
        raise PlanProblem(TOO_OLD)
    if shown.link and not _LINK.fullmatch(shown.link):
        raise PlanProblem(BAD_LINK)
    if not (shown.product or shown.link or shown.file):
        raise PlanProblem(NOTHING_SHOWN)
    numbers = ((shown.amount, MOST_AMOUNT), (shown.people or 0, MOST_PEOPLE), (shown.cost or 0, MOST_COST))
    if shown.amount < 1 or any(not 0 <= value <= most for value, most in numbers):
        raise PlanProblem(BAD_NUMBER)


def _open(task: KeptTask, due: int) -> Due | None:
    return next((one for one in task.dues if one.id == due and one.done_on is None), None)


def _evidence(row: Mapping[Any, Any]) -> Evidence:
    names = ("id", "due_id", "done_on", "unit", "channel", "product", "link", "file_name", "amount", "people", "cost")
    return Evidence(**{name: row[name] for name in names}, created_by=row["created_by"])
