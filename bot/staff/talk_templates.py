"""Ready-made answers for talks with citizens: written, mended and removed by those who talk."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.handover.post import LONGEST
from bot.staff.forms import whole
from bot.staff.page import HOME, Page, Section
from bot.staff.room import Room
from bot.staff.talks import WHO
from bot.staff.visit import Visit
from bot.storage.handover_templates import StoredTemplates, Template, TitleTaken

ADDRESS = f"{HOME}/mau-tra-loi"
LONGEST_TITLE = 100
WRONG = f"Tên mẫu có từ 1 đến {LONGEST_TITLE} ký tự, nội dung từ 1 đến {LONGEST} ký tự."
TAKEN = "Đã có mẫu tên này. Hãy đặt tên khác."


def section(room: Room) -> Section:
    """The pages, where citizens are handed over."""
    if room.talks is None:
        return Section(pages=())
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=WHO, menu="Mẫu trả lời"),
            Page(address=ADDRESS, answer=partial(add, room), roles=WHO, method="POST"),
            Page(address=one, answer=partial(show, room), roles=WHO),
            Page(address=one, answer=partial(change, room), roles=WHO, method="POST"),
            Page(address=one + "/xoa", answer=partial(remove, room), roles=WHO, method="POST"),
        )
    )


async def show_all(room: Room, visit: Visit) -> Response:
    """Every template, and the form of a new one."""
    return await _list(room, visit)


async def add(room: Room, visit: Visit) -> Response:
    """A new template."""
    title, body = visit.form.text("ten_mau"), visit.form.text("noi_dung")
    if not _fits(title, body):
        return await _list(room, visit, WRONG)
    try:
        await StoredTemplates(room.engine).add(title, body, visit.deed("template.add"), visit.now)
    except TitleTaken:
        return await _list(room, visit, TAKEN)
    return visit.go(ADDRESS, "da-luu")


async def show(room: Room, visit: Visit) -> Response:
    """One template."""
    found = await _template(room, visit)
    return _one(visit, found, found.title, found.body)


async def change(room: Room, visit: Visit) -> Response:
    """Other words."""
    found, title, body = await _template(room, visit), visit.form.text("ten_mau"), visit.form.text("noi_dung")
    if not _fits(title, body):
        return _one(visit, found, title, body, WRONG)
    deed = visit.deed("template.change", f"template:{found.id}")
    try:
        await StoredTemplates(room.engine).change(found.id, title, body, deed, visit.now)
    except TitleTaken:
        return _one(visit, found, title, body, TAKEN)
    return visit.go(ADDRESS, "da-luu")


async def remove(room: Room, visit: Visit) -> Response:
    """Away with it."""
    found = await _template(room, visit)
    deed = visit.deed("template.remove", f"template:{found.id}")
    await StoredTemplates(room.engine).remove(found.id, deed, visit.now)
    return visit.go(ADDRESS, "da-xoa")


def _fits(title: str, body: str) -> bool:
    return 0 < len(title) <= LONGEST_TITLE and 0 < len(body) <= LONGEST


async def _template(room: Room, visit: Visit) -> Template:
    number = whole(visit.part("number"))
    found = await StoredTemplates(room.engine).get(number) if number is not None else None
    if found is None:
        raise HTTPException(404)
    return found


async def _list(room: Room, visit: Visit, problem: str = "") -> Response:
    return visit.page(
        "talk_templates.html",
        status=422 if problem else 200,
        problem=problem,
        templates=await StoredTemplates(room.engine).all(),
        title=visit.form.text("ten_mau"),
        body=visit.form.text("noi_dung"),
        longest=LONGEST,
    )


def _one(visit: Visit, found: Template, title: str, body: str, problem: str = "") -> Response:
    status = 422 if problem else 200
    values = {"one": found, "title": title, "body": body, "longest": LONGEST}
    return visit.page("talk_template.html", status=status, problem=problem, **values)
