"""Everyday words that citizens have confirmed by their buttons, for staff to take over or to reject."""

from dataclasses import dataclass, field
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
from knowledge.entries import Found
from knowledge.personal import masked
from knowledge.text import clean

ADDRESS = f"{HOME}/cach-noi"
UNDERSTOOD = 0.8
"""Confidence from which the desk needs no further words for this question."""
MOST_SHOWN = 100
WHY = "Người dân xác nhận bằng nút bấm"
BAD_WORDS = "Hãy ghi cách hỏi, từ 2 đến 200 ký tự."


@dataclass(slots=True)
class Understanding:
    """What the base makes of words, remembered until another base is published: the front page asks each time."""

    room: Room
    _revision: int = -1
    _known: dict[str, Found] = field(default_factory=dict)

    def of(self, words: str) -> Found:
        """What is found for these words."""
        base = self.room.base()
        if base.revision != self._revision:
            self._revision, self._known = base.revision, {}
        if words not in self._known:
            self._known[words] = base.find(words)
        return self._known[words]


def section(room: Room) -> Section:
    """The pages."""
    known = Understanding(room)
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, known), roles=WHO, menu="Cách nói của người dân"),
            Page(address=ADDRESS + "/{id}/nhan", answer=partial(accept, known), roles=WHO, method="POST"),
            Page(address=ADDRESS + "/{id}/bo", answer=partial(reject, known), roles=WHO, method="POST"),
        ),
        attention=partial(waiting, known),
    )


async def waiting(known: Understanding) -> list[Attention]:
    """Words that nobody has decided about."""
    return [Attention(len(await _pending(known)), "cách nói của người dân chờ duyệt", ADDRESS, WHO)]


async def show(known: Understanding, visit: Visit) -> Response:
    """The words with their evidence, and what the desk makes of them today."""
    return await _page(known, visit)


async def accept(known: Understanding, visit: Visit) -> Response:
    """Another way to ask for the entry: a draft for the approvers, and a test question."""
    room = known.room
    found, words = await _one(known, visit), masked(clean(visit.form.text("cach_hoi")))
    if not 2 <= len(words) <= LONGEST_WAY:
        return await _page(known, visit, BAD_WORDS)
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
        return await _page(known, visit, str(problem))
    return visit.go(ADDRESS, "da-gui-duyet")


async def reject(known: Understanding, visit: Visit) -> Response:
    """These words are not for this entry; they do not come again."""
    room, found = known.room, await _one(known, visit)
    async with room.sessions.begin() as session:
        await room.suggestions.decide(session, found, accepted=False, by=visit.me.name, now=visit.now)
        await note(session, visit.deed("suggestion.reject", found.ref), visit.now)
    return visit.go(ADDRESS, "da-bo-cach-noi")


async def _pending(known: Understanding) -> list[Suggestion]:
    """What enough citizens agree on, of entries in force, and the desk does not understand yet; at most MOST_SHOWN."""
    room = known.room
    if not room.agreement:
        return []
    base, pending = room.base(), await room.suggestions.pending(room.agreement)
    some = [one for one in pending if base.version_of(one.ref) is not None][:MOST_SHOWN]
    return [one for one in some if not _understood(one, known.of(one.wording))]


def _understood(one: Suggestion, today: Found) -> bool:
    return bool(today.hits) and today.hits[0].ref == one.ref and today.confidence >= UNDERSTOOD


async def _one(known: Understanding, visit: Visit) -> Suggestion:
    wanted = visit.part("id")
    found = next((one for one in await _pending(known) if one.id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


async def _page(known: Understanding, visit: Visit, problem: str = "") -> Response:
    pending = await _pending(known)
    today = {one.id: known.of(one.wording) for one in pending}
    return visit.page(
        "suggested.html",
        status=422 if problem else 200,
        problem=problem,
        pending=pending,
        titles=titles(known.room, [one.ref for one in pending]),
        understood={key: found.hits[0].title if found.hits else "" for key, found in today.items()},
        least=known.room.agreement,
    )
