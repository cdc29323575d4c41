"""The internal process of a procedure ("quy trình nội bộ"): steps, units, hours; shown to staff only."""

import re
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.page import ANY_ROLE, HOME, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.processes import ProcessStep, StoredProcesses
from bot.storage.staff import Role
from knowledge.entries import Procedure, TimeUnit

ADDRESS = f"{HOME}/quy-trinh"
MOST_STEPS = 60
MOST_FOUND = 20
HOURS_OF_A_DAY = 8
BAD_LINE = (
    "Dòng {line}: ghi “Công việc | Đơn vị, người thực hiện | Số giờ”, ví dụ: Thẩm định hồ sơ | Phòng chuyên môn | 16."
)
TOO_MANY = f"Nhiều nhất {MOST_STEPS} bước."
_HOURS = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(giờ(?: làm việc)?|ngày(?: làm việc)?|h)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Desk:
    room: Room
    stored: StoredProcesses


def section(room: Room) -> Section:
    """The pages."""
    desk, writers = _Desk(room, StoredProcesses(room.engine)), roles(Role.EDITOR, Role.APPROVER)
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, desk), roles=ANY_ROLE, menu="Quy trình nội bộ"),
            Page(address=ADDRESS, answer=partial(save, desk), roles=writers, method="POST"),
        )
    )


async def show(desk: _Desk, visit: Visit) -> Response:
    """The process of the procedure asked for (`ma`), or those there are and a search."""
    code = visit.query("ma")
    if code:
        return await _one(desk, visit, code)
    asked, base = visit.query("q"), desk.room.base()
    hits = [hit for hit in base.find(asked).hits if not hit.is_faq][:MOST_FOUND] if asked else []
    names = dict(zip(base.facts.ref, base.facts.title, strict=True))
    return visit.page("processes.html", asked=asked, hits=hits, processes=await desk.stored.all(), names=names)


async def save(desk: _Desk, visit: Visit) -> Response:
    """Writes a new version of a process."""
    code = visit.form.text("ma")
    if desk.room.base().procedure(code) is None:
        raise HTTPException(404)
    try:
        steps = steps_of(visit.form.text("buoc"))
    except ValueError as problem:
        return await _one(desk, visit, code, str(problem))
    await desk.stored.save(code, steps, visit.form.text("can_cu"), by=visit.deed("process.save"), now=visit.now)
    return visit.go(ADDRESS, "da-luu", ma=code)


def steps_of(text: str) -> list[ProcessStep]:
    """The steps, one a line. Raises ValueError in Vietnamese."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_STEPS:
        raise ValueError(TOO_MANY)
    return [_step(number, line) for number, line in enumerate(lines, start=1)]


def _step(number: int, line: str) -> ProcessStep:
    parts = [" ".join(part.split()) for part in re.split(r"\||\t", line)]
    hours = _HOURS.fullmatch(parts[2]) if len(parts) == 3 else None
    if len(parts) not in (2, 3) or not parts[0] or (len(parts) == 3 and parts[2] and hours is None):
        raise ValueError(BAD_LINE.format(line=number))
    length = float(hours[1].replace(",", ".")) if hours else 0.0
    days = bool(hours and hours[2] and hours[2].lower().startswith("ngày"))
    return ProcessStep(parts[0][:500], parts[1][:200], length * HOURS_OF_A_DAY if days else length)


async def _one(desk: _Desk, visit: Visit, code: str, problem: str = "") -> Response:
    procedure = desk.room.base().procedure(code)
    versions = await desk.stored.versions(procedure.code if procedure else code)
    if procedure is None and not versions:
        raise HTTPException(404)
    newest = versions[0] if versions else None
    lines = [f"{one.step} | {one.unit} | {one.hours:g}" for one in newest.steps] if newest else []
    return visit.page(
        "process.html",
        status=422 if problem else 200,
        problem=problem,
        code=code,
        name=procedure.name if procedure else code,
        newest=newest,
        versions=versions,
        typed=visit.form.text("buoc") or "\n".join(lines),
        source=visit.form.text("can_cu") or (newest.source if newest else ""),
        allowed=working_hours(procedure) if procedure else None,
        may_write=visit.may(Role.EDITOR, Role.APPROVER),
    )


def working_hours(procedure: Procedure) -> float | None:
    """The shortest published time limit in working hours; None where none is given in days or hours of work."""
    limits = [method.time for method in procedure.methods if method.time and method.time.amount]
    hours = {TimeUnit.WORKING_DAY: HOURS_OF_A_DAY, TimeUnit.HOUR: 1}
    found = [limit.amount * hours[limit.unit] for limit in limits if limit.amount and limit.unit in hours]
    return min(found) if found else None
