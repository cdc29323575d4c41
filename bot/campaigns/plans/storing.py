"""The plans of one desk: looked through as drafts, corrected task by task, then taken into the calendar."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.plans.kept import Due, KeptPlan, KeptTask, TaskChange
from bot.campaigns.plans.tasks import (
    Audience,
    Doubt,
    Part,
    PlanProblem,
    ReadPlan,
    ReadTask,
    SourceLine,
    Target,
    Unused,
)
from bot.campaigns.plans.times import TimeKind, understood, with_year
from bot.storage.audit import Deed, note
from bot.storage.plan_tables import plan, plan_due, plan_task

NO_CONTENT = "Việc phải có nội dung."
NO_TASKS = "Kế hoạch chưa có việc nào, chưa đưa vào lịch được."
DONE_ALREADY = "Việc đã có kết quả, không bỏ được."
LEFT_OUT = "bỏ khi rà soát"
LONGEST = {"key": 40, "lead": 300, "number": 60, "place": 80, "source": 200, "what": 60}


class StoredPlans:
    """The plans and their tasks. Every change is recorded in its transaction; `by` is whose deed it is."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, read: ReadPlan, *, source: str, by: Deed, now: datetime) -> int:
        """Keeps a plan as it was understood, to be looked through; returns its id. source: a file's name."""
        values = {
            "title": read.title,
            "number": read.number[: LONGEST["number"]],
            "issued_on": read.issued_on,
            "place": read.place[: LONGEST["place"]],
            "year": read.year,
            "basis": _json(read.basis),
            "headings": _json([line.place, line.text] for line in read.headings),
            "unused": _json([one.place, one.text, one.reason] for one in read.unused),
            "doubts": _json(read.doubts),
            "source": source[: LONGEST["source"]],
            "created_at": now,
            "created_by": by.actor,
        }
        async with self._engine.begin() as connection:
            number: int = (await connection.execute(insert(plan).values(values).returning(plan.c.id))).scalar_one()
            for position, task in enumerate(read.tasks, start=1):
                await _add_task(connection, number, position, task)
            await _note(connection, by, "plan.read", f"plan:{number}", {"tasks": len(read.tasks)}, now)
        return number

    async def all(self) -> list[KeptPlan]:
        """Every plan, those to be looked through first, then the newest."""
        count = func.count(plan_task.c.id)
        unsure = func.count(plan_task.c.id).filter(plan_task.c.doubts != "[]")
        query = (
            select(plan, count.label("tasks"), unsure.label("unsure"))
            .outerjoin(plan_task)
            .group_by(*plan.c)
            .order_by(plan.c.accepted_at.is_not(None), plan.c.year.desc(), plan.c.id.desc())
        )
        async with self._engine.connect() as connection:
            return [_plan(row) for row in (await connection.execute(query)).mappings()]

    async def drafts(self) -> int:
        """How many plans wait to be looked through."""
        query = select(func.count()).select_from(plan).where(plan.c.accepted_at.is_(None))
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def get(self, number: int) -> tuple[KeptPlan, list[KeptTask]] | None:
        """One plan with its tasks; None for none of this number."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(plan).where(plan.c.id == number))).mappings().one_or_none()
            if row is None:
                return None
            tasks = await _tasks(connection, plan_task.c.plan_id == number)
        unsure = sum(1 for one in tasks if one.doubts)
        return replace(_plan(row), tasks=len(tasks), unsure=unsure), tasks

    async def task(self, number: int) -> KeptTask | None:
        """One task with its due days; None for none of this number."""
        async with self._engine.connect() as connection:
            found = await _tasks(connection, plan_task.c.id == number)
        return found[0] if found else None

    async def describe(
        self, number: int, *, title: str, sign: str, issued_on: date | None, year: int, by: Deed, now: datetime
    ) -> None:
        """Corrects a plan's head. sign: its number. Due days of tasks are left as they are."""
        values = {"title": title, "number": sign[: LONGEST["number"]], "issued_on": issued_on, "year": year}
        async with self._engine.begin() as connection:
            await connection.execute(update(plan).where(plan.c.id == number).values(**values, doubts="[]"))
            await _note(connection, by, "plan.describe", f"plan:{number}", {}, now)

    async def change(self, task: KeptTask, change: TaskChange, *, year: int, by: Deed, now: datetime) -> None:
        """Corrects a task. Where the time was changed its open days are made anew; closed ones stay. Raises
        PlanProblem."""
        if not change.content:
            raise PlanProblem(NO_CONTENT)
        doubts = [] if change.sure else [one for one in task.doubts if not _settled(one, task, change)]
        values = _described(change)
        async with self._engine.begin() as connection:
            if change.time_words != task.time_words:
                read = understood(change.time_words, year)
                doubts = [one for one in doubts if one.part is not Part.TIME]
                doubts += [Doubt(Part.TIME, read.doubt)] if read.doubt and not change.sure else []
                values |= {"time_kind": read.kind.value, "rule": read.rule, "first": read.first}
                await _renew_days(connection, task.id, read.days)
            values["doubts"] = _json([one.part.value, one.reason] for one in doubts)
            await connection.execute(update(plan_task).where(plan_task.c.id == task.id).values(values))
            await _note(connection, by, "plan.task", f"task:{task.id}", {}, now)

    async def mend_years(self, number: int, *, by: Deed, now: datetime) -> int:
        """Reads the times that name another year as if they named the plan's; returns how many tasks it was."""
        found = await self.get(number)
        mended = 0
        for task in found[1] if found else ():
            doubt = next((one.reason for one in task.doubts if one.part is Part.TIME), "")
            words = with_year(task.time_words, doubt, found[0].year) if found else task.time_words
            if found and words != task.time_words:
                change = replace(as_change(task), time_words=words)
                await self.change(task, change, year=found[0].year, by=by, now=now)
                mended += 1
        return mended

    async def set_lead(self, number: int, unit: str, *, by: Deed, now: datetime) -> int:
        """Gives every task that names no lead unit this one; returns how many it was."""
        found = await self.get(number)
        without = [task for task in found[1] if not task.lead] if found and unit else []
        for task in without:
            change = replace(as_change(task), lead=unit[: LONGEST["lead"]])
            await self.change(task, change, year=found[0].year if found else now.year, by=by, now=now)
        return len(without)

    async def add_task(self, number: int, change: TaskChange, *, year: int, by: Deed, now: datetime) -> int:
        """Adds a task that the reading has missed; returns its id. Raises PlanProblem."""
        if not change.content:
            raise PlanProblem(NO_CONTENT)
        read = ReadTask(
            key="",
            content=change.content,
            time=understood(change.time_words, year),
            lead=change.lead,
            support=change.support,
            product=change.product,
            audience=change.audience,
            target=change.target,
            note=change.note,
        )
        async with self._engine.begin() as connection:
            query = select(func.max(plan_task.c.position)).where(plan_task.c.plan_id == number)
            last = (await connection.execute(query)).scalar_one() or 0
            made = await _add_task(connection, number, last + 1, read)
            await _note(connection, by, "plan.task_add", f"task:{made}", {}, now)
        return made

    async def leave_out(self, task: KeptTask, *, by: Deed, now: datetime) -> None:
        """Takes a task out; its lines are listed as not used from then on. Raises PlanProblem once it has results."""
        if any(due.done_on for due in task.dues):
            raise PlanProblem(DONE_ALREADY)
        async with self._engine.begin() as connection:
            query = select(plan.c.unused).where(plan.c.id == task.plan_id)
            unused = json.loads((await connection.execute(query)).scalar_one())
            unused.append([", ".join(task.places), task.content, LEFT_OUT])
            await connection.execute(update(plan).where(plan.c.id == task.plan_id).values(unused=_json(unused)))
            await connection.execute(delete(plan_task).where(plan_task.c.id == task.id))
            await _note(connection, by, "plan.task_leave", f"plan:{task.plan_id}", {"task": task.id}, now)

    async def add_due(self, task: KeptTask, on: date, *, by: Deed, now: datetime) -> bool:
        """Sets one more day, as when the awaited event has come; False if the task has this day already."""
        if any(due.due_on == on for due in task.dues):
            return False
        async with self._engine.begin() as connection:
            await connection.execute(insert(plan_due).values(task_id=task.id, due_on=on))
            await _note(connection, by, "plan.due_add", f"task:{task.id}", {"on": on.isoformat()}, now)
        return True

    async def accept(self, number: int, *, by: Deed, now: datetime, since: date | None = None) -> None:
        """Takes a plan into the calendar. since: open days before it are left out, None = they are overdue. Raises
        PlanProblem for a plan without tasks."""
        async with self._engine.begin() as connection:
            query = select(func.count()).select_from(plan_task).where(plan_task.c.plan_id == number)
            tasks = (await connection.execute(query)).scalar_one()
            if not tasks:
                raise PlanProblem(NO_TASKS)
            if since is not None:
                mine = select(plan_task.c.id).where(plan_task.c.plan_id == number)
                past = (plan_due.c.task_id.in_(mine), plan_due.c.done_on.is_(None), plan_due.c.due_on < since)
                await connection.execute(delete(plan_due).where(*past))
            accepted = {"accepted_at": now, "accepted_by": by.actor}
            await connection.execute(update(plan).where(plan.c.id == number).values(accepted))
            await _note(connection, by, "plan.accept", f"plan:{number}", {"tasks": tasks}, now)

    async def remove(self, number: int, *, by: Deed, now: datetime) -> None:
        """Deletes a plan with everything that hangs on it."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(plan).where(plan.c.id == number))
            await _note(connection, by, "plan.remove", f"plan:{number}", {}, now)


def kept_task(row: Mapping[Any, Any], dues: Iterable[Due] = ()) -> KeptTask:
    """A row of the table as a task."""
    target = Target(row["target_least"], row["target_what"], row["target_months"]) if row["target_least"] else None
    return KeptTask(
        **{name: row[name] for name in ("id", "plan_id", "key", "content", "said_time", "time_words", "rule", "first")},
        **{name: row[name] for name in ("lead", "product", "note")},
        time_kind=TimeKind(row["time_kind"]),
        support=tuple(json.loads(row["support"])),
        audience=Audience(row["audience"]),
        target=target,
        places=tuple(json.loads(row["places"])),
        doubts=tuple(Doubt(Part(part), reason) for part, reason in json.loads(row["doubts"])),
        dues=tuple(dues),
    )


def as_change(task: KeptTask) -> TaskChange:
    """A task as it is, to change a part of it."""
    return TaskChange(
        content=task.content,
        time_words=task.time_words,
        lead=task.lead,
        support=task.support,
        product=task.product,
        audience=task.audience,
        target=task.target,
        note=task.note,
    )


async def _tasks(connection: AsyncConnection, wanted: Any) -> list[KeptTask]:
    query = select(plan_task).where(wanted).order_by(plan_task.c.position, plan_task.c.id)
    rows = (await connection.execute(query)).mappings().all()
    days: dict[int, list[Due]] = {row["id"]: [] for row in rows}
    found = select(plan_due).join(plan_task).where(wanted).order_by(plan_due.c.due_on)
    for due in (await connection.execute(found)).mappings():
        days[due["task_id"]].append(Due(due["id"], due["due_on"], due["done_on"]))
    return [kept_task(row, days[row["id"]]) for row in rows]


async def _add_task(connection: AsyncConnection, number: int, position: int, task: ReadTask) -> int:
    doubts = [*([Doubt(Part.TIME, task.time.doubt)] if task.time.doubt else []), *task.doubts]
    lead, cut = task.lead[: LONGEST["lead"]], task.lead[LONGEST["lead"] :]
    values = {
        "plan_id": number,
        "position": position,
        "key": task.key[: LONGEST["key"]],
        "said_time": task.time.words,
        "time_kind": task.time.kind.value,
        "rule": task.time.rule,
        "first": task.time.first,
        "places": _json(task.places),
        "doubts": _json([one.part.value, one.reason] for one in doubts),
        **_described(
            TaskChange(
                content=task.content,
                time_words=task.time.words,
                lead=lead,
                support=task.support,
                product=task.product,
                audience=task.audience,
                target=task.target,
                note="; ".join(part for part in (task.note, cut) if part),
            )
        ),
    }
    made: int = (await connection.execute(insert(plan_task).values(values).returning(plan_task.c.id))).scalar_one()
    if task.time.days:
        days = [{"task_id": made, "due_on": day} for day in task.time.days]
        await connection.execute(insert(plan_due), days)
    return made


async def _renew_days(connection: AsyncConnection, task: int, days: Collection[date]) -> None:
    mine = plan_due.c.task_id == task
    await connection.execute(delete(plan_due).where(mine, plan_due.c.done_on.is_(None)))
    closed = set((await connection.execute(select(plan_due.c.due_on).where(mine))).scalars())
    if new := [{"task_id": task, "due_on": day} for day in days if day not in closed]:
        await connection.execute(insert(plan_due), new)


def _described(change: TaskChange) -> dict[str, Any]:
    target = change.target or Target(0, "", 1)
    return {
        "content": change.content,
        "time_words": change.time_words,
        "lead": change.lead[: LONGEST["lead"]],
        "support": _json(change.support),
        "product": change.product,
        "audience": change.audience.value,
        "target_least": target.least,
        "target_what": target.what[: LONGEST["what"]],
        "target_months": target.months,
        "note": change.note,
    }


def _settled(doubt: Doubt, task: KeptTask, change: TaskChange) -> bool:
    """True if what a doubt is about was corrected."""
    return {
        Part.CONTENT: task.content != change.content,
        Part.TIME: False,
        Part.LEAD: task.lead != change.lead,
        Part.AUDIENCE: task.audience != change.audience,
    }[doubt.part]


def _plan(row: Mapping[Any, Any]) -> KeptPlan:
    plain = ("id", "title", "number", "issued_on", "place", "year", "source", "created_at", "created_by")
    return KeptPlan(
        **{name: row[name] for name in plain},
        accepted_at=row["accepted_at"],
        accepted_by=row["accepted_by"],
        basis=tuple(json.loads(row["basis"])),
        headings=tuple(SourceLine(place, text) for place, text in json.loads(row["headings"])),
        unused=tuple(Unused(*one) for one in json.loads(row["unused"])),
        doubts=tuple(json.loads(row["doubts"])),
        tasks=row.get("tasks", 0),
        unsure=row.get("unsure", 0),
    )


def _json(values: Iterable[Any]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


async def _note(
    connection: AsyncConnection, by: Deed, action: str, subject: str, detail: Mapping[str, str | int], now: datetime
) -> None:
    await note(connection, replace(by, action=action, subject=subject, detail=dict(detail)), now)
