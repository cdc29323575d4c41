"""The calendar of the plans by month, what is overdue, targets, whom to remind, and the calendar to take away."""

import asyncio
import re
from datetime import date
from functools import partial

from starlette.responses import Response

from bot.campaigns.plans.calendar import PlanCalendar, by_unit, period_of
from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.exporting import HEADINGS, ics_of, rows_of
from bot.campaigns.plans.kept import STATE_NAMES, DueState
from bot.campaigns.plans.reminding import StoredUnits
from bot.campaigns.plans.tasks import PlanProblem
from bot.staff.page import ANY_ROLE, HOME, Page, Section, roles
from bot.staff.room import Room
from bot.staff.sheets import sheet_file
from bot.staff.visit import Visit
from bot.storage.staff import Role
from knowledge.store import calendar_day
from knowledge.text import clean

ADDRESS = f"{HOME}/lich"
UNITS = f"{HOME}/nhac-viec"
WRITERS = roles(Role.EDITOR, Role.APPROVER, Role.OPERATOR)
SHOWN_OVERDUE = 100
FIRST_YEAR, LAST_YEAR = 2000, 2100


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=ANY_ROLE, menu="Lịch công việc"),
            Page(address=ADDRESS + "/xuat", answer=partial(export, room), roles=ANY_ROLE),
            Page(address=UNITS, answer=partial(show_units, room), roles=WRITERS, menu="Nhắc việc"),
            Page(address=UNITS, answer=partial(put_unit, room), roles=WRITERS, method="POST"),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """One month, with everything overdue below."""
    today = calendar_day(visit.now)
    month = month_of(visit.query("thang"), today)
    first, last = period_of(month, 1)
    calendar, unit = PlanCalendar(room.engine, room.news), visit.query("don_vi")
    lines = await calendar.between(first, last, unit)
    shown = await StoredEvidence(room.engine).of_dues(first, last)
    overdue = await calendar.overdue(today)
    if unit:
        overdue = [line for line in overdue if line.lead == unit]
    return visit.page(
        "plan_calendar.html",
        month=month,
        before=shifted(month, -1),
        after=shifted(month, 1),
        lines=[(line, line.due.state(today), shown.get(line.due.id, ())) for line in lines],
        counts=by_unit(lines, today),
        targets=await calendar.targets(month if month.month != today.month or month.year != today.year else today),
        overdue=overdue[:SHOWN_OVERDUE],
        overdue_total=len(overdue),
        names=STATE_NAMES,
        bad={DueState.OVERDUE, DueState.DONE_LATE},
        units=[("", "Mọi đơn vị"), *((one, one) for one in await calendar.units())],
        unit=unit,
        today=today,
    )


async def export(room: Room, visit: Visit) -> Response:
    """A year as a table or as iCalendar."""
    today = calendar_day(visit.now)
    year = visit.number("nam", today.year)
    year = year if FIRST_YEAR <= year <= LAST_YEAR else today.year
    first, last, unit = date(year, 1, 1), date(year, 12, 31), visit.query("don_vi")
    lines = await PlanCalendar(room.engine).between(first, last, unit)
    if visit.query("dang") == "ics":
        name = f"Kế hoạch {year}" + (f" – {unit}" if unit else "")
        content = await asyncio.to_thread(ics_of, lines, name=name, now=visit.now, today=today)
        headers = {"Content-Disposition": f'attachment; filename="lich-{year}.ics"'}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
    shown = await StoredEvidence(room.engine).of_dues(first, last)
    form = "csv" if visit.query("dang") == "csv" else "xlsx"
    return await sheet_file(form, f"lich-{year}", "Lịch", HEADINGS, rows_of(lines, shown, today))


async def show_units(room: Room, visit: Visit) -> Response:
    """The units that lead tasks, each with its address."""
    return await _units(room, visit)


async def put_unit(room: Room, visit: Visit) -> Response:
    """Sets or takes away an address."""
    unit, address = clean(visit.form.text("don_vi")), visit.form.text("thu").lower()
    try:
        await StoredUnits(room.engine).put(unit, address, by=visit.deed(""), now=visit.now)
    except PlanProblem as problem:
        return await _units(room, visit, str(problem))
    return visit.go(UNITS, "da-luu")


async def _units(room: Room, visit: Visit, problem: str = "") -> Response:
    known = await StoredUnits(room.engine).all()
    leading = await PlanCalendar(room.engine).units()
    return visit.page(
        "plan_units.html",
        status=422 if problem else 200,
        problem=problem,
        units=[(unit, known.get(unit, "")) for unit in sorted({*leading, *known})],
        typed=visit.form,
    )


def month_of(text: str, today: date) -> date:
    """The first day of the month that "2026-11" names; this month for anything else."""
    found = re.fullmatch(r"(20\d\d|2100)-(0?[1-9]|1[0-2])", text, re.ASCII)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def shifted(month: date, by: int) -> date:
    """The first day of a month so many months later."""
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
