"""Spreadsheets sent in: what each line would change, taken or refused line by line."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.knowledge import sheet_lines
from bot.staff.knowledge.sheet_lines import LARGEST, TAKEN_ENDINGS, Sent
from bot.staff.page import HOME, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.staff import Role
from knowledge.importing.preview import STATE_WORDS
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.columns import TITLES
from knowledge.revising import claim

ADDRESS = f"{HOME}/nap"
WHO = roles(Role.EDITOR)
PAGE = 50
RECENT = 20
AT_ONCE = 500
"""Lines taken with one press: each is a draft of its own."""
NOTHING_CHOSEN = "Hãy đánh dấu ít nhất một dòng."
NOTHING_NEW = "Mọi dòng của tệp ({number} dòng) đều giống nội dung đang công bố."


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=WHO, menu="Nạp bảng tính"),
            Page(address=ADDRESS, answer=partial(send, room), roles=WHO, method="POST", largest=LARGEST),
            Page(address=one, answer=partial(show, room), roles=WHO),
            Page(address=one, answer=partial(decide, room), roles=WHO, method="POST"),
        )
    )


async def show_all(room: Room, visit: Visit) -> Response:
    """The form, and the files of late."""
    return await _all(room, visit)


async def send(room: Room, visit: Visit) -> Response:
    """Reads a file; nothing of it is published or drafted yet."""
    upload = visit.form.file("tep")
    try:
        lines, unchanged = await sheet_lines.read_upload(room.sessions, upload)
    except ImportProblem as problem:
        return await _all(room, visit, str(problem))
    if not lines or upload is None:
        return await _all(room, visit, NOTHING_NEW.format(number=unchanged))
    async with room.sessions.begin() as session:
        number = await sheet_lines.keep(session, upload.name, lines, by=visit.me.name, now=visit.now)
        await note(session, visit.deed("sheet.upload", f"sheet:{number}", {"lines": len(lines)}), visit.now)
    return visit.go(f"{ADDRESS}/{number}")


async def show(room: Room, visit: Visit) -> Response:
    """The lines of one file."""
    async with room.sessions() as session:
        told = await sheet_lines.sent(session, whole(visit.part("number")) or 0)
    if told is None:
        raise HTTPException(404)
    return _one(visit, told)


async def decide(room: Room, visit: Visit) -> Response:
    """Takes or refuses the lines that are ticked, or takes all that are open."""
    chosen, does = set(visit.form.all("dong")), visit.form.text("viec")
    number = whole(visit.part("number")) or 0
    async with room.sessions.begin() as session:
        await claim(session)
        told = await sheet_lines.sent(session, number)
        if told is None:
            raise HTTPException(404)
        lines = told.open if does == "het" else [line for line in told.open if line.key in chosen]
        if lines and does == "tu-choi":
            await sheet_lines.refuse(session, told, lines)
        elif lines:
            await sheet_lines.take(session, told, lines[:AT_ONCE], by=visit.me.name, now=visit.now)
        if lines:
            detail = {"taken": told.many("taken"), "refused": told.many("refused")}
            await note(session, visit.deed("sheet.decide", f"sheet:{number}", detail), visit.now)
    if not lines:
        return _one(visit, told, NOTHING_CHOSEN)
    return visit.go(f"{ADDRESS}/{number}", "da-luu")


async def _all(room: Room, visit: Visit, problem: str = "") -> Response:
    async with room.sessions() as session:
        files = await sheet_lines.all_sent(session, RECENT)
    return visit.page(
        "knowledge_uploads.html",
        status=422 if problem else 200,
        problem=problem,
        files=files,
        endings=",".join(TAKEN_ENDINGS),
        largest=LARGEST // (1024 * 1024),
    )


def _one(visit: Visit, told: Sent, problem: str = "") -> Response:
    page = max(1, visit.number("trang"))
    return visit.page(
        "knowledge_upload.html",
        status=422 if problem else 200,
        problem=problem,
        sent=told,
        lines=told.lines[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=max(1, -(-len(told.lines) // PAGE)),
        state_words={state.value: word for state, word in STATE_WORDS.items()},
        titles=TITLES,
        here=f"{ADDRESS}/{told.id}",
    )
