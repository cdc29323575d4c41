"""One task of a plan: corrected, given further days, closed with evidence, posted by hand."""

from dataclasses import replace
from functools import partial
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.campaigns.by_hand import HAND_CHANNELS, HandChannel, ready_texts
from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.kept import STATE_NAMES, Evidence, KeptPlan, KeptTask
from bot.campaigns.plans.storing import StoredPlans
from bot.campaigns.plans.tasks import AUDIENCE_NAMES, PlanProblem
from bot.staff.forms import whole
from bot.staff.page import ANY_ROLE, HOME, Page, Section, roles
from bot.staff.plan_forms import PERIODS, days_text, evidence_of, task_of
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.staff import Role
from knowledge.store import calendar_day

ADDRESS = f"{HOME}/viec"
WRITERS = roles(Role.EDITOR, Role.APPROVER)
DOERS = roles(Role.EDITOR, Role.APPROVER, Role.OPERATOR)
LARGEST_FILE = 10_000_000
LONGEST_TEXT = 20_000
NO_DAY = "Chọn một ngày."
HAS_DAY = "Việc đã có hạn ngày này."
NO_CHANNEL = "Chọn kênh đã đăng."
NO_LINK = "Ghi đường dẫn, hoặc nơi đã niêm yết, giờ đã phát."


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=one, answer=partial(show, room), roles=ANY_ROLE),
            Page(address=one, answer=partial(change, room), roles=WRITERS, method="POST"),
            Page(address=one + "/bo", answer=partial(leave_out, room), roles=WRITERS, method="POST"),
            Page(address=one + "/them-han", answer=partial(add_due, room), roles=WRITERS, method="POST"),
            Page(address=one + "/xong", answer=partial(close, room), roles=DOERS, method="POST", largest=LARGEST_FILE),
            Page(address=one + "/dang-tay", answer=partial(by_hand, room), roles=DOERS),
            Page(address=one + "/dang-tay", answer=partial(write_by_hand, room), roles=DOERS, method="POST"),
            Page(address=one + "/da-dang", answer=partial(register, room), roles=DOERS, method="POST"),
            Page(address=HOME + "/minh-chung/{number}", answer=partial(file, room), roles=ANY_ROLE),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """The task with its days and what was done."""
    return await _one(room, visit, *await _task(room, visit))


async def change(room: Room, visit: Visit) -> Response:
    """Corrects it; a changed time is read anew."""
    task, plan = await _task(room, visit)
    try:
        changed = task_of(visit.form)
        await StoredPlans(room.engine).change(task, changed, year=plan.year, by=visit.deed(""), now=visit.now)
    except PlanProblem as problem:
        return await _one(room, visit, task, plan, str(problem))
    return visit.go(f"{ADDRESS}/{task.id}", "da-luu")


async def leave_out(room: Room, visit: Visit) -> Response:
    """Takes it out of the plan."""
    task, plan = await _task(room, visit)
    try:
        await StoredPlans(room.engine).leave_out(task, by=visit.deed(""), now=visit.now)
    except PlanProblem as problem:
        return await _one(room, visit, task, plan, str(problem))
    return visit.go(f"{HOME}/ke-hoach/{plan.id}", "bo-viec")


async def add_due(room: Room, visit: Visit) -> Response:
    """One more day on which it is due."""
    task, plan = await _task(room, visit)
    day = day_of(visit.form.text("ngay_han"))
    if day is None:
        return await _one(room, visit, task, plan, NO_DAY)
    if not await StoredPlans(room.engine).add_due(task, day, by=visit.deed(""), now=visit.now):
        return await _one(room, visit, task, plan, HAS_DAY)
    return visit.go(f"{ADDRESS}/{task.id}", "da-luu")


async def close(room: Room, visit: Visit) -> Response:
    """Keeps what was done; it closes a due day where one is chosen."""
    task, plan = await _task(room, visit)
    try:
        shown = replace(evidence_of(visit.form, unit=task.lead), channel="")
        await _keep(room, visit, task, shown)
    except PlanProblem as problem:
        return await _one(room, visit, task, plan, str(problem))
    return visit.go(f"{ADDRESS}/{task.id}", "co-ket-qua")


async def by_hand(room: Room, visit: Visit) -> Response:
    """Where the texts to post by hand are made."""
    task, plan = await _task(room, visit)
    return _texts(room, visit, task, plan)


async def write_by_hand(room: Room, visit: Visit) -> Response:
    """Shows the ready texts; nothing is kept."""
    task, plan = await _task(room, visit)
    return _texts(room, visit, task, plan)


async def register(room: Room, visit: Visit) -> Response:
    """Keeps where something was posted by hand."""
    task, plan = await _task(room, visit)
    channel = visit.form.text("kenh")
    try:
        if channel not in list(HandChannel):
            raise PlanProblem(NO_CHANNEL)
        shown = evidence_of(visit.form, unit=task.lead)
        if not (shown.link or shown.product):
            raise PlanProblem(NO_LINK)
        await _keep(room, visit, task, shown)
    except PlanProblem as problem:
        return _texts(room, visit, task, plan, str(problem))
    return visit.go(f"{ADDRESS}/{task.id}", "da-dang")


async def file(room: Room, visit: Visit) -> Response:
    """The file of a piece of evidence, always as a download: nobody knows what is in it."""
    number = whole(visit.part("number"))
    found = await StoredEvidence(room.engine).file(number) if number is not None else None
    if found is None:
        raise HTTPException(404)
    name, content = found
    disposition = f"attachment; filename*=UTF-8''{quote(name or 'minh-chung', safe='')}"
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


async def _keep(room: Room, visit: Visit, task: KeptTask, shown: Evidence) -> None:
    today = calendar_day(visit.now)
    await StoredEvidence(room.engine).add(task, shown, today=today, by=visit.deed(""), now=visit.now)


async def _task(room: Room, visit: Visit) -> tuple[KeptTask, KeptPlan]:
    number, plans = whole(visit.part("number")), StoredPlans(room.engine)
    task = await plans.task(number) if number is not None else None
    found = await plans.get(task.plan_id) if task is not None else None
    if task is None or found is None:
        raise HTTPException(404)
    return task, found[0]


async def _one(room: Room, visit: Visit, task: KeptTask, plan: KeptPlan, problem: str = "") -> Response:
    today = calendar_day(visit.now)
    return visit.page(
        "plan_task.html",
        status=422 if problem else 200,
        problem=problem,
        task=task,
        plan=plan,
        evidence=await StoredEvidence(room.engine).of(task.id),
        open_dues=[(str(due.id), f"{due.due_on:%d/%m/%Y}") for due in task.dues if due.done_on is None],
        states=[(due, due.state(today), STATE_NAMES[due.state(today)]) for due in task.dues],
        audiences=list(AUDIENCE_NAMES.items()),
        audience_names=AUDIENCE_NAMES,
        channels={channel.value: name for channel, name in HAND_CHANNELS.items()},
        periods=PERIODS,
        days_text=days_text,
        today=today,
        typed=visit.form,
        writer=visit.may(Role.EDITOR, Role.APPROVER),
        doer=visit.may(*DOERS),
    )


def _texts(room: Room, visit: Visit, task: KeptTask, plan: KeptPlan, problem: str = "") -> Response:
    form = visit.form
    title, text = form.text("tieu_de"), form.text("bai")[:LONGEST_TEXT]
    links = form.text("duong_dan_kem").split()
    made = ready_texts(title, text, links, room.profile.name) if title and text else []
    return visit.page(
        "by_hand.html",
        status=422 if problem else 200,
        problem=problem,
        task=task,
        plan=plan,
        made=made,
        names=HAND_CHANNELS,
        channels=[(channel.value, name) for channel, name in HAND_CHANNELS.items()],
        open_dues=[(str(due.id), f"{due.due_on:%d/%m/%Y}") for due in task.dues if due.done_on is None],
        typed=form,
        today=calendar_day(visit.now),
    )
