"""Everyday words that citizens have confirmed by their buttons, for staff to take over or to reject."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.page import HOME, Attention, Page, Section
from bot.staff.queue import WHO, titles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage import test_questions
from bot.storage.audit import note
from bot.storage.suggestions import Suggestion
from bot.storage.test_questions import Expect, Origin, TestQuestion
from knowledge.drafting import LONGEST_WAY, DraftProblem, draft_more_ways
from knowledge.personal import masked
from knowledge.text import clean

ADDRESS = f"{HOME}/cach-noi"
UNDERSTOOD = 0.8
"""Confidence from which the desk needs no further words for this question."""
WHY = "Người dân xác nhận bằng nút bấm"
BAD_WORDS = "Hãy ghi cách hỏi, từ 2 đến 200 ký tự."


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=WHO, menu="Cách nói của người dân"),
            Page(address=ADDRESS + "/{id}/nhan", answer=partial(accept, room), roles=WHO, method="POST"),
            Page(address=ADDRESS + "/{id}/bo", answer=partial(reject, room), roles=WHO, method="POST"),
        ),
        attention=partial(waiting, room),
    )


async def waiting(room: Room) -> list[Attention]:
    """Words that nobody has decided about."""
    return [Attention(len(await _pending(room)), "cách nói của người dân chờ duyệt", ADDRESS, WHO)]


async def show(room: Room, visit: Visit) -> Response:
    """The words with their evidence, and what the desk makes of them today."""
    return await _page(room, visit)


async def accept(room: Room, visit: Visit) -> Response:
    """Another way to ask for the entry: a draft for the approvers, and a test question."""
    found, words = await _one(room, visit), masked(clean(visit.form.text("cach_hoi")))
    if not 2 <= len(words) <= LONGEST_WAY:
        return await _page(room, visit, BAD_WORDS)
    me = visit.me.name
    try:
        async with room.sessions.begin() as session:
            origin = f"suggestion:{found.id}"
            await draft_more_ways(session, found.ref, [words], by=me, why=WHY, now=visit.now, origin=origin, send=True)
            await room.suggestions.decide(session, found, accepted=True, by=me, now=visit.now)
            wanted = TestQuestion(text=words, expect=Expect.ANSWER, refs=(found.ref,))
            await test_questions.add(session, [wanted], origin=Origin.QUEUE, by=me, now=visit.now)
            await note(session, visit.deed("suggestion.accept", found.ref), visit.now)
    except DraftProblem as problem:
        return await _page(room, visit, str(problem))
    return visit.go(ADDRESS, "da-gui-duyet")


async def reject(room: Room, visit: Visit) -> Response:
    """These words are not for this entry; they do not come again."""
    found = await _one(room, visit)
    async with room.sessions.begin() as session:
        await room.suggestions.decide(session, found, accepted=False, by=visit.me.name, now=visit.now)
        await note(session, visit.deed("suggestion.reject", found.ref), visit.now)
    return visit.go(ADDRESS, "da-bo-cach-noi")


async def _pending(room: Room) -> list[Suggestion]:
    """What enough citizens agree on, of entries in force, and the desk does not understand yet."""
    if not room.agreement:
        return []
    found, base = [], room.base()
    for one in await room.suggestions.pending(room.agreement):
        if base.version_of(one.ref) is None:
            continue
        today = base.find(one.wording)
        if not (today.hits and today.hits[0].ref == one.ref and today.confidence >= UNDERSTOOD):
            found.append(one)
    return found


async def _one(room: Room, visit: Visit) -> Suggestion:
    wanted = visit.part("id")
    found = next((one for one in await _pending(room) if one.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


async def _page(room: Room, visit: Visit, problem: str = "") -> Response:
    pending = await _pending(room)
    understood = {}
    for one in pending:
        today = room.base().find(one.wording)
        understood[one.id] = today.hits[0].title if today.hits else ""
    return visit.page(
        "suggested.html",
        status=422 if problem else 200,
        problem=problem,
        pending=pending,
        titles=titles(room, [one.ref for one in pending]),
        understood=understood,
        least=room.agreement,
    )
