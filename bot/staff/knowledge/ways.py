"""How the office works: with editors and approvers, or small, with one officer and a leader."""

from functools import partial

from starlette.responses import Response

from bot.staff.page import ADMINISTRATORS, HOME, Page, Section
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.office_settings import ON, SMALL_OFFICE, is_small_office, put

ADDRESS = f"{HOME}/cach-lam"


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=ADMINISTRATORS, menu="Cách làm việc"),
            Page(address=ADDRESS, answer=partial(change, room), roles=ADMINISTRATORS, method="POST"),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """How it is set."""
    async with room.sessions() as session:
        return visit.page("knowledge_ways.html", small=await is_small_office(session))


async def change(room: Room, visit: Visit) -> Response:
    """Sets it."""
    value = ON if visit.form.text("co_quan_nho") else ""
    async with room.sessions.begin() as session:
        await put(session, SMALL_OFFICE, value, by=visit.me.name, now=visit.now)
        await note(session, visit.deed("office.set", SMALL_OFFICE, {"value": value or "off"}), visit.now)
    return visit.go(ADDRESS, "da-luu")
