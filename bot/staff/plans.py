"""Plans of the department: read from a file or from pasted text, looked through, and taken into the calendar."""

import asyncio
from dataclasses import replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.campaigns.plans.calendar import PlanCalendar
from bot.campaigns.plans.kept import KeptPlan, KeptTask
from bot.campaigns.plans.reading import LARGEST, read_plan_text, read_plan_upload
from bot.campaigns.plans.storing import StoredPlans
from bot.campaigns.plans.tasks import AUDIENCE_NAMES, PlanProblem
from bot.campaigns.plans.times import with_year
from bot.staff.forms import whole
from bot.staff.page import ANY_ROLE, HOME, Attention, Page, Section, roles
from bot.staff.plan_forms import days_text, task_of
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.staff import Role
from knowledge.store import calendar_day
from knowledge.text import clean

ADDRESS = f"{HOME}/ke-hoach"
WRITERS = roles(Role.EDITOR, Role.APPROVER)
NOTHING = "Chọn một tệp, hoặc dán nội dung kế hoạch."
BAD_HEAD = "Tên kế hoạch không được để trống; năm từ 2000 đến 2100."
NO_UNIT = "Ghi tên đơn vị chủ trì."
PASTED = "nội dung dán"


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=WRITERS, menu="Kế hoạch"),
            Page(address=ADDRESS, answer=partial(read, room), roles=WRITERS, method="POST", largest=LARGEST),
            Page(address=one, answer=partial(show, room), roles=ANY_ROLE),
            Page(address=one, answer=partial(describe, room), roles=WRITERS, method="POST"),
            Page(address=one + "/dua-vao-lich", answer=partial(accept, room), roles=WRITERS, method="POST"),
            Page(address=one + "/sua-nam", answer=partial(mend_years, room), roles=WRITERS, method="POST"),
            Page(address=one + "/chu-tri", answer=partial(set_lead, room), roles=WRITERS, method="POST"),
            Page(address=one + "/them-viec", answer=partial(add_task, room), roles=WRITERS, method="POST"),
            Page(address=one + "/xoa", answer=partial(remove, room), roles=WRITERS, method="POST"),
        ),
        attention=partial(waiting, room),
    )


async def show_all(room: Room, visit: Visit) -> Response:
    """Every plan, and where a new one is given."""
    return await _list(room, visit)


async def read(room: Room, visit: Visit) -> Response:
    """Reads a plan and keeps it as a draft to be looked through."""
    upload, text = visit.form.file("tep"), visit.form.text("noi_dung")
    today = calendar_day(visit.now)
    try:
        if upload is not None:
            plan = await asyncio.to_thread(read_plan_upload, upload.name, upload.content, today)
        elif text:
            plan = await asyncio.to_thread(read_plan_text, visit.form.raw("noi_dung"), today)
        else:
            return await _list(room, visit, NOTHING)
    except PlanProblem as problem:
        return await _list(room, visit, str(problem))
    source = upload.name if upload is not None else PASTED
    number = await StoredPlans(room.engine).add(plan, source=source, by=visit.deed(""), now=visit.now)
    return visit.go(f"{ADDRESS}/{number}", "da-doc")


async def show(room: Room, visit: Visit) -> Response:
    """One plan as it was understood."""
    plan, tasks = await _plan(room, visit)
    return _one(visit, plan, tasks)


async def describe(room: Room, visit: Visit) -> Response:
    """Corrects the head."""
    plan, tasks = await _plan(room, visit)
    form = visit.form
    title, year, issued_on = form.text("ten"), form.number("nam"), day_of(form.text("ngay"))
    if not title or year is None or not 2000 <= year <= 2100:
        typed = replace(plan, title=title, number=form.text("so"), issued_on=issued_on)
        return _one(visit, typed, tasks, BAD_HEAD)
    await StoredPlans(room.engine).describe(
        plan.id,
        title=title,
        sign=form.text("so"),
        issued_on=issued_on,
        year=year,
        by=visit.deed(""),
        now=visit.now,
    )
    return visit.go(f"{ADDRESS}/{plan.id}", "da-luu")


async def accept(room: Room, visit: Visit) -> Response:
    """Takes the plan into the calendar."""
    plan, tasks = await _plan(room, visit)
    try:
        # Only at the first time: later on, what is overdue stays overdue.
        from_today = visit.form.text("tu_nay") == "1" and plan.accepted_at is None
        since = calendar_day(visit.now) if from_today else None
        await StoredPlans(room.engine).accept(plan.id, by=visit.deed(""), now=visit.now, since=since)
    except PlanProblem as problem:
        return _one(visit, plan, tasks, str(problem))
    return visit.go(f"{ADDRESS}/{plan.id}", "vao-lich")


async def mend_years(room: Room, visit: Visit) -> Response:
    """Takes years that differ from the plan's for misprints."""
    plan, _ = await _plan(room, visit)
    await StoredPlans(room.engine).mend_years(plan.id, by=visit.deed(""), now=visit.now)
    return visit.go(f"{ADDRESS}/{plan.id}", "da-luu")


async def set_lead(room: Room, visit: Visit) -> Response:
    """One lead unit for all tasks that name none."""
    plan, tasks = await _plan(room, visit)
    unit = clean(visit.form.text("don_vi_chu_tri"))
    if not unit:
        return _one(visit, plan, tasks, NO_UNIT)
    await StoredPlans(room.engine).set_lead(plan.id, unit, by=visit.deed(""), now=visit.now)
    return visit.go(f"{ADDRESS}/{plan.id}", "da-luu")


async def add_task(room: Room, visit: Visit) -> Response:
    """Adds a task that was missed."""
    plan, tasks = await _plan(room, visit)
    try:
        change = task_of(visit.form)
        number = await StoredPlans(room.engine).add_task(
            plan.id, change, year=plan.year, by=visit.deed(""), now=visit.now
        )
    except PlanProblem as problem:
        return _one(visit, plan, tasks, str(problem))
    return visit.go(f"{HOME}/viec/{number}", "da-luu")


async def remove(room: Room, visit: Visit) -> Response:
    """Deletes the plan with its tasks."""
    plan, _ = await _plan(room, visit)
    await StoredPlans(room.engine).remove(plan.id, by=visit.deed(""), now=visit.now)
    return visit.go(ADDRESS, "da-xoa")


async def waiting(room: Room) -> list[Attention]:
    """Drafts that wait, and what is overdue."""
    today = calendar_day(room.now())
    overdue = await PlanCalendar(room.engine).count_overdue(today)
    drafts = await StoredPlans(room.engine).drafts()
    return [
        Attention(overdue, "việc theo kế hoạch quá hạn", f"{HOME}/lich#qua-han", ANY_ROLE, urgent=True),
        Attention(drafts, "kế hoạch chờ rà soát", ADDRESS, WRITERS),
    ]


async def _plan(room: Room, visit: Visit) -> tuple[KeptPlan, list[KeptTask]]:
    number = whole(visit.part("number"))
    found = await StoredPlans(room.engine).get(number) if number is not None else None
    if found is None:
        raise HTTPException(404)
    return found


async def _list(room: Room, visit: Visit, problem: str = "") -> Response:
    return visit.page(
        "plans.html",
        status=422 if problem else 200,
        problem=problem,
        plans=await StoredPlans(room.engine).all(),
        typed=visit.form.text("noi_dung"),
    )


def _one(visit: Visit, plan: KeptPlan, tasks: list[KeptTask], problem: str = "") -> Response:
    return visit.page(
        "plan.html",
        status=422 if problem else 200,
        problem=problem,
        plan=plan,
        tasks=tasks,
        audiences=AUDIENCE_NAMES,
        days_text=days_text,
        past=sum(due.done_on is None and due.due_on < calendar_day(visit.now) for task in tasks for due in task.dues),
        leaderless=sum(not task.lead for task in tasks),
        misprinted=sum(
            any(with_year(task.time_words, one.reason, plan.year) != task.time_words for one in task.doubts)
            for task in tasks
        ),
        writer=visit.may(Role.EDITOR, Role.APPROVER),
        typed=visit.form,
    )
