"""The office's own test questions: listed, added, read from files, retired."""

import asyncio
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.page import HOME, Page, Section, roles
from bot.staff.queue import titles
from bot.staff.room import Room
from bot.staff.sheets import sheet_file
from bot.staff.test_sheets import EXPECTED, HEADINGS, SHEET, Read, RowProblem, question_of, read_file, written
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.staff import Role
from bot.storage.test_questions import MOST_ASKED, Origin, StoredTestQuestions, TestQuestion, add
from knowledge.importing.reading import ImportProblem

ADDRESS = f"{HOME}/cau-kiem-tra"
WHO = roles(Role.EDITOR, Role.APPROVER)
ON_A_PAGE = 50
LARGEST_FILE = 5_000_000
"""Bytes."""
ORIGINS = {Origin.QUEUE: "câu hỏi của dân", Origin.IMPORT: "từ tệp", Origin.HAND: "thêm tay"}
NO_FILE = "Hãy chọn tệp .xlsx, .csv hoặc .jsonl."
FULL = "Đã có 2.000 câu kiểm tra, mức nhiều nhất. Hãy bỏ bớt câu cũ trước."
KNOWN = "Câu này đã có rồi."
ALL_REFUSED = "Không nhận được dòng nào; lý do ở dưới."
NOTHING = Read()


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=WHO, menu="Câu kiểm tra"),
            Page(address=ADDRESS, answer=partial(add_one, room), roles=WHO, method="POST"),
            Page(address=ADDRESS + "/tai", answer=partial(take_away, room), roles=WHO, method="POST"),
            Page(
                address=ADDRESS + "/nap",
                answer=partial(read_in, room),
                roles=WHO,
                method="POST",
                largest=LARGEST_FILE,
            ),
            Page(address=ADDRESS + "/{number}/bo", answer=partial(retire, room), roles=WHO, method="POST"),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """The questions, with the forms to add some."""
    return await _page(room, visit)


async def add_one(room: Room, visit: Visit) -> Response:
    """One question, typed."""
    form = visit.form
    fields = {"text": "cau", "expect": "mong_doi", "refs": "muc", "contains": "phai_co"}
    try:
        wanted = question_of({name: form.text(typed) for name, typed in fields.items()}, partial(_known, room))
    except RowProblem as problem:
        reason = str(problem)
        return await _page(room, visit, reason[:1].upper() + reason[1:] + ".")
    if await _room_left(room) < 1:
        return await _page(room, visit, FULL)
    if not await _added(room, visit, [wanted], Origin.HAND):
        return await _page(room, visit, KNOWN)
    return visit.go(ADDRESS, "da-them-cau")


async def read_in(room: Room, visit: Visit) -> Response:
    """The questions of a file; rows that are refused are told."""
    file = visit.form.file("tep")
    if file is None:
        return await _page(room, visit, NO_FILE)
    try:
        read = await asyncio.to_thread(read_file, file.name, file.content, partial(_known, room))
    except ImportProblem as problem:
        return await _page(room, visit, str(problem))
    if await _room_left(room) < len(read.questions):
        return await _page(room, visit, FULL)
    added = await _added(room, visit, read.questions, Origin.IMPORT) if read.questions else 0
    if read.refused:
        return await _page(room, visit, "" if read.questions else ALL_REFUSED, read, added)
    return visit.go(ADDRESS, "da-nap-cau")


async def take_away(room: Room, visit: Visit) -> Response:
    """Every question that is asked, as a sheet that can be read in again; also the template."""
    rows = [written(one) for one in await StoredTestQuestions(room.engine).active()]
    return await sheet_file("xlsx", "cau-kiem-tra", SHEET.title, HEADINGS, rows)


async def retire(room: Room, visit: Visit) -> Response:
    """Asks it no longer."""
    number = whole(visit.part("number"))
    async with room.sessions.begin() as session:
        stored = StoredTestQuestions(room.engine)
        if not number or not await stored.retire(session, number, by=visit.me.name, now=visit.now):
            await session.rollback()
            raise HTTPException(404)
        await note(session, visit.deed("test.retire", f"test:{number}"), visit.now)
    return visit.go(ADDRESS, "da-bo-cau")


async def _added(room: Room, visit: Visit, wanted: list[TestQuestion], origin: Origin) -> int:
    async with room.sessions.begin() as session:
        added = await add(session, wanted, origin=origin, by=visit.me.name, now=visit.now)
        if added:
            await note(session, visit.deed("test.add", "", {"lines": added, "form": origin.value}), visit.now)
    return added


async def _room_left(room: Room) -> int:
    return MOST_ASKED - await StoredTestQuestions(room.engine).count()


def _known(room: Room, ref: str) -> bool:
    return room.base().version_of(ref) is not None


async def _page(room: Room, visit: Visit, problem: str = "", read: Read = NOTHING, added: int = 0) -> Response:
    words, retired, page = visit.query("tim"), visit.query("xem") == "da-bo", max(visit.number("trang"), 1)
    found, total = await StoredTestQuestions(room.engine).listed(
        words, retired=retired, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE
    )
    return visit.page(
        "test_questions.html",
        status=422 if problem else 200,
        problem=problem,
        questions=found,
        total=total,
        page=page,
        pages=-(-total // ON_A_PAGE),
        words=words,
        retired=retired,
        expected=EXPECTED,
        origins=ORIGINS,
        titles=titles(room, [ref for one in found for ref in one.refs]),
        typed=visit.form,
        read=read,
        added=added,
        headings=HEADINGS,
    )
