"""The record of who did what, when and from where: looked through, proven whole, and taken away by inspectors."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from starlette.responses import Response

from bot.staff.deeds import ACTIONS, action_name, detail_text, subject_text
from bot.staff.page import HOME, Page, Section, roles
from bot.staff.room import Room
from bot.staff.sheets import sheet_file
from bot.staff.shown import moment
from bot.staff.visit import Visit
from bot.storage.audit import AuditFilter, Verdict
from bot.storage.staff import Role
from knowledge.store import VIETNAM

ADDRESS = f"{HOME}/nhat-ky"
WHO = roles(Role.ADMINISTRATOR, Role.APPROVER)
PAGE = 50
WHOLE = ADDRESS + "/nguyen-ven"
AT_A_GLANCE = 5000
"""Lines that are read in about a tenth of a second."""
HEADINGS = ("Số", "Lúc", "Người", "Việc", "Mã việc", "Đối tượng", "Chi tiết", "Từ địa chỉ", "Dấu niêm phong")
BROKEN = "Nhật ký không còn nguyên vẹn: bắt đầu từ dòng {line} có dòng bị sửa, thêm hoặc mất. Báo ngay người phụ trách."


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=WHO, menu="Nhật ký việc làm"),
            Page(address=WHOLE, answer=partial(prove, room), roles=WHO),
            Page(address=WHOLE, answer=partial(prove_all, room), roles=WHO, method="POST"),
            Page(address=ADDRESS + "/xuat", answer=partial(export, room), roles=WHO, method="POST"),
        ),
    )


async def show(room: Room, visit: Visit) -> Response:
    """The newest lines that are wanted, page by page."""
    wanted, page = wanted_of(visit.query), max(1, visit.number("trang"))
    entries, total = await room.audit.page(wanted, limit=PAGE, offset=(page - 1) * PAGE)
    return visit.page(
        "trail.html",
        entries=entries,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        actors=[("", "Mọi người"), *((name, name or "(chưa đăng nhập)") for name in await room.audit.actors() if name)],
        actions=[("", "Mọi việc"), *ACTIONS.items()],
        asked={name: visit.query(name) for name in ("nguoi", "viec", "doi_tuong", "tu", "den")},
        action_name=action_name,
        detail_text=detail_text,
        subject_text=subject_text,
    )


async def prove(room: Room, visit: Visit) -> Response:
    """Reads the newest lines and says whether they are whole, with the seal to write down."""
    return _told(visit, await room.audit.verify(AT_A_GLANCE))


async def prove_all(room: Room, visit: Visit) -> Response:
    """Reads the whole record, which may take seconds; that it was asked for is recorded."""
    verdict = await room.audit.verify()
    await room.audit.add(visit.deed("audit.verify", "", {"lines": verdict.lines}), visit.now)
    return _told(visit, verdict)


def _told(visit: Visit, verdict: Verdict) -> Response:
    problem = "" if verdict.whole else BROKEN.format(line=verdict.broken)
    newest = visit.request.method != "POST" and verdict.lines >= AT_A_GLANCE
    return visit.page("whole.html", verdict=verdict, problem=problem, newest=newest)


async def export(room: Room, visit: Visit) -> Response:
    """The wanted lines as a file; that it was taken is recorded as well."""
    form = "csv" if visit.form.text("dang") == "csv" else "xlsx"
    entries = [entry async for entry in room.audit.all(wanted_of(visit.form.text))]
    rows = [
        (
            entry.number,
            moment(entry.at),
            entry.actor,
            action_name(entry.action),
            entry.action,
            subject_text(entry.subject),
            detail_text(entry),
            entry.place,
            entry.hash,
        )
        for entry in entries
    ]
    await room.audit.add(visit.deed("audit.export", "", {"lines": len(rows), "form": form}), visit.now)
    name = f"nhat-ky-{visit.now.astimezone(VIETNAM):%Y-%m-%d}"
    return await sheet_file(form, name, "Nhật ký", HEADINGS, rows)


def wanted_of(value: Callable[[str], str]) -> AuditFilter:
    """The filter that a query or a form asks for; days are those of Viet Nam, both included."""
    return AuditFilter(
        actor=value("nguoi"),
        action=value("viec"),
        subject=value("doi_tuong"),
        since=_start(day_of(value("tu"))),
        until=_start(day_of(value("den")), later=1),
    )


def day_of(text: str) -> date | None:
    """The day that a date field holds; None for anything else."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _start(day: date | None, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(), VIETNAM) if day and day.year < 9999 else None
