"""The questions that were answered badly, put together by likeness, for somebody to settle."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.pages.questions import TOPICS
from bot.staff.forms import whole
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage import test_questions
from bot.storage.audit import Detail, note
from bot.storage.staff import Role
from bot.storage.test_questions import LONGEST_TEXT, Expect, Origin, TestQuestion
from bot.storage.unanswered import StoredUnanswered
from bot.storage.unanswered_groups import Group, How, StoredGroups
from handlers.shortcomings import Reason
from knowledge.drafting import DraftProblem, draft_faq, draft_more_ways, with_id
from knowledge.entries import FAQ_PREFIX, Faq, Source
from knowledge.personal import masked
from knowledge.text import clean

ADDRESS = f"{HOME}/cau-hoi"
WHO = roles(Role.EDITOR, Role.APPROVER)
ON_A_PAGE = 20
MOST_CASES = 100
LONGEST_ANSWER = 4000
WHY = "Người dân hỏi mà máy chưa trả lời được"
TOPIC = "one-stop"
REASONS = {
    Reason.NOT_FOUND: "Không tìm thấy",
    Reason.REFUSED: "Từ chối",
    Reason.NOT_RIGHT: "Bị chê “Chưa đúng”",
    Reason.ASKED_BACK: "Hỏi lại mà không ra",
}
HOWS = {
    How.POINTED: "Đã thêm cách hỏi cho một mục",
    How.WRITTEN: "Đã soạn câu hỏi – đáp mới",
    How.OUT_OF_SCOPE: "Ngoài phạm vi",
    How.ANSWERED: "Cán bộ đã trả lời riêng",
    How.DISMISSED: "Bỏ qua",
}
CHANNELS = {"web": "trang web", "telegram": "Telegram", "zalo_oa": "Zalo OA", "zalo_bot": "Zalo Bot", "api": "API"}
NO_ENTRY = "Hãy chọn một mục đang có hiệu lực."
NO_WORDS = "Hãy ghi cách hỏi, từ 2 đến 500 ký tự."
NO_ANSWER = "Hãy ghi câu hỏi, câu trả lời (dài nhất 4.000 ký tự) và nguồn."
GONE = "Nhóm này vừa có người khác xử lý. Hãy xem lại."


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"

    def post(path: str, answer: Any) -> Page:
        return Page(address=one + path, answer=partial(answer, room), roles=WHO, method="POST")

    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, room), roles=WHO, menu="Câu hỏi chưa trả lời được"),
            Page(address=one, answer=partial(show, room), roles=WHO),
            post("/chi-muc", point),
            post("/soan", write),
            post("/ngoai-pham-vi", out_of_scope),
            post("/bo-qua", dismiss),
            post("/mo-lai", reopen),
            post("/tach", split),
        ),
        attention=partial(waiting, room),
    )


async def waiting(room: Room) -> list[Attention]:
    """Groups that nobody has settled."""
    return [Attention(await StoredGroups(room.engine).open_count(), "nhóm câu hỏi máy chưa trả lời được", ADDRESS, WHO)]


async def show_all(room: Room, visit: Visit) -> Response:
    """The groups, the most asked first."""
    settled, why, page = visit.query("xem") == "xong", visit.query("vi"), max(visit.number("trang"), 1)
    reason = Reason(why) if why in set(Reason) else None
    found, total = await StoredGroups(room.engine).listed(
        settled=settled, reason=reason, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE
    )
    return visit.page(
        "queue.html",
        groups=found,
        total=total,
        page=page,
        pages=-(-total // ON_A_PAGE),
        settled=settled,
        why=why,
        reasons=REASONS,
        hows=HOWS,
        titles=titles(room, [group.ref for group in found]),
        address=f"{ADDRESS}?xem={'xong' if settled else 'cho'}&vi={reason or ''}&",
    )


async def show(room: Room, visit: Visit) -> Response:
    """One group with everything that can be done about it."""
    return await _page(room, visit, await _group(room, visit))


async def point(room: Room, visit: Visit) -> Response:
    """These are other ways to ask for an entry: a draft for the approvers."""
    group, form = await _group(room, visit), visit.form
    ref, ways, asked = form.text("muc"), _lines(form.text("cach_hoi")), _words(form.text("kiem_tra"))
    if room.base().version_of(ref) is None:
        return await _page(room, visit, group, NO_ENTRY)
    if not ways or not asked:
        return await _page(room, visit, group, NO_WORDS)

    async def draft(session: AsyncSession) -> str:
        await draft_more_ways(
            session, ref, ways, by=visit.me.name, why=WHY, now=visit.now, origin=f"question:{group.id}", send=True
        )
        return ref

    decided = _Decided(How.POINTED, action="queue.point", asked=asked, expect=Expect.ANSWER)
    return await _settled(room, visit, group, decided, draft)


async def write(room: Room, visit: Visit) -> Response:
    """A new question of the FAQ base: a draft for the approvers."""
    group, form = await _group(room, visit), visit.form
    asked, answer, source = _words(form.text("cau_hoi")), form.text("tra_loi"), clean(form.text("nguon"))
    if not asked or not source or not 2 <= len(answer) <= LONGEST_ANSWER:
        return await _page(room, visit, group, NO_ANSWER)
    faq = with_id(
        Faq(
            id="",
            question=asked,
            answer=masked(answer),
            topic=form.text("chu_de") if form.text("chu_de") in TOPICS else TOPIC,
            variants=tuple(way for way in _lines(form.text("cach_hoi")) if way != asked),
            sources=(Source(title=source[:300], as_of=day_of(form.text("ngay_nguon"))),),
        )
    )

    async def draft(session: AsyncSession) -> str:
        await draft_faq(
            session, faq, by=visit.me.name, why=WHY, now=visit.now, origin=f"question:{group.id}", send=True
        )
        return FAQ_PREFIX + faq.id

    decided = _Decided(How.WRITTEN, action="queue.write", asked=asked, expect=Expect.ANSWER)
    return await _settled(room, visit, group, decided, draft)


async def out_of_scope(room: Room, visit: Visit) -> Response:
    """The desk is right not to answer this."""
    group, asked = await _group(room, visit), _words(visit.form.text("kiem_tra"))
    if not asked:
        return await _page(room, visit, group, NO_WORDS)
    decided = _Decided(How.OUT_OF_SCOPE, action="queue.out_of_scope", asked=asked, expect=Expect.REFUSE)
    return await _settled(room, visit, group, decided, _nothing)


async def dismiss(room: Room, visit: Visit) -> Response:
    """Nothing is to be done, and nothing is to be tested."""
    group = await _group(room, visit)
    return await _settled(room, visit, group, _Decided(How.DISMISSED, action="queue.dismiss"), _nothing)


async def reopen(room: Room, visit: Visit) -> Response:
    """Takes a decision back; drafts and test questions made of it stay."""
    group = await _group(room, visit)
    async with room.sessions.begin() as session:
        if await StoredGroups(room.engine).reopen(session, group.id):
            await note(session, visit.deed("queue.reopen", f"question:{group.id}"), visit.now)
    return visit.go(f"{ADDRESS}/{group.id}", "da-luu")


async def split(room: Room, visit: Visit) -> Response:
    """One of the questions asks for something else."""
    group, case = await _group(room, visit), visit.form.number("cau")
    async with room.sessions.begin() as session:
        own = await StoredGroups(room.engine).move_out(session, group.id, case or 0, visit.now)
        if own is None:
            await session.rollback()
            raise HTTPException(404)
        await note(session, visit.deed("queue.split", f"question:{group.id}", {"group": own}), visit.now)
    return visit.go(f"{ADDRESS}/{own}", "da-tach")


def titles(room: Room, refs: Sequence[str]) -> dict[str, str]:
    """The names of some entries in force, by ref."""
    found = {}
    for ref in filter(None, refs):
        entry = room.base().faq(ref.removeprefix(FAQ_PREFIX)) if ref.startswith(FAQ_PREFIX) else None
        procedure = room.base().procedure(ref) if entry is None else None
        found[ref] = entry.question if entry else procedure.name if procedure else ""
    return found


@dataclass(frozen=True, slots=True)
class _Decided:
    """What becomes of a group. asked: the office's words for it, which become a test question."""

    how: How
    action: str
    asked: str = ""
    expect: Expect | None = None


async def _nothing(_: AsyncSession) -> str:
    return ""


async def _settled(room: Room, visit: Visit, group: Group, decided: _Decided, draft: Any) -> Response:
    """Decision, draft, test question and record in one transaction; draft returns the entry that will answer."""
    groups, me, asked = StoredGroups(room.engine), visit.me.name, decided.asked
    try:
        async with room.sessions.begin() as session:
            ref = await draft(session)
            if not await groups.settle(session, group.id, decided.how, ref=ref, wording=asked, by=me, now=visit.now):
                raise DraftProblem(GONE)
            if decided.expect:
                wanted = TestQuestion(text=asked, expect=decided.expect, refs=(ref,) if ref else ())
                await test_questions.add(session, [wanted], origin=Origin.QUEUE, by=me, now=visit.now)
            detail: Detail = {"entry": ref} if ref else {}
            await note(session, visit.deed(decided.action, f"question:{group.id}", detail), visit.now)
    except DraftProblem as problem:
        return await _page(room, visit, group, str(problem))
    return visit.go(ADDRESS, "da-gui-duyet" if decided.expect is Expect.ANSWER else "da-luu")


async def _group(room: Room, visit: Visit) -> Group:
    number = whole(visit.part("number"))
    found = await StoredGroups(room.engine).group(number) if number else None
    if found is None:
        raise HTTPException(404)
    return found


async def _page(room: Room, visit: Visit, group: Group, problem: str = "") -> Response:
    cases = await StoredUnanswered(room.engine).cases(group.id, MOST_CASES)
    wordings = list(dict.fromkeys(case.wording for case in reversed(cases)))[:5]
    looked_for = visit.query("tim") or visit.form.text("tim") or (wordings[0] if wordings else group.name)
    found = room.base().find(looked_for)
    chosen = visit.form.text("muc") or (group.ref if group.how is How.POINTED else "")
    hits = [(hit.ref, hit.title) for hit in found.hits]
    refs = [case.ref for case in cases] + [group.ref]
    return visit.page(
        "question_group.html",
        status=422 if problem else 200,
        problem=problem,
        group=group,
        cases=cases,
        wordings=wordings,
        looked_for=looked_for,
        hits=hits,
        chosen=chosen,
        confidence=found.confidence,
        titles=titles(room, refs),
        reasons=REASONS,
        hows=HOWS,
        channels=room.channels,
        channel_names=CHANNELS,
        topics=TOPICS,
        topic=TOPIC,
        typed=visit.form,
    )


def _words(text: str) -> str:
    """One question in the office's words, without personal numbers; "" where it is none."""
    words = masked(clean(text))
    return words if 2 <= len(words) <= LONGEST_TEXT else ""


def _lines(text: str) -> list[str]:
    """One question a line."""
    return list(dict.fromkeys(filter(None, (_words(line) for line in text.split("\n")))))
