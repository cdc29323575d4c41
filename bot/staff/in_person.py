"""A person answers one citizen through the channel on which they asked; they are told that it was a person."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.staff.forms import whole
from bot.staff.page import Page, Section
from bot.staff.queue import ADDRESS, CHANNELS, WHO
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.conversations import StoredConversations
from bot.storage.subscribers import StoredSubscribers
from bot.storage.unanswered import Case, StoredUnanswered
from bot.storage.unanswered_groups import How, StoredGroups
from handlers.messages import Outcome, Reply
from knowledge.store import VIETNAM

LONGEST = 2000
SENT, MAYBE = "sent", "maybe"
KEPT_BY_CHANNEL = ("web",)
"""Channels that add to the conversation by themselves what they send."""
SHOWN_OF_QUESTION = 200
HEAD = "{office} trả lời câu Anh/Chị hỏi ngày {day}: “{question}”"
BY_A_PERSON = "Tin này do cán bộ viết, không phải máy trả lời."
OFFICE = "Cơ quan"
BAD_TEXT = "Hãy ghi câu trả lời, từ 5 đến 2.000 ký tự."
TAKEN = "Đã có người trả lời câu này."
NO_WAY = "Không gửi được qua kênh này: người dân đã rời kênh, đã chặn, hoặc đã quá hạn kênh cho phép nhắn."
LATER = "Kênh đang bận, tin chưa đi. Hãy gửi lại sau {minutes} phút."
NEVER = "Kênh không nhận tin này. Hãy viết lại ngắn và đơn giản hơn rồi gửi."


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}/tra-loi/{case}"
    return Section(
        pages=(
            Page(address=one, answer=partial(show, room), roles=WHO),
            Page(address=one, answer=partial(send, room), roles=WHO, method="POST"),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """The question, and the form of the answer."""
    return await _page(room, visit, await _case(room, visit))


async def send(room: Room, visit: Visit) -> Response:
    """Sends the answer once, whoever else is about to."""
    case, text = await _case(room, visit), visit.form.text("tra_loi")
    questions, deliver = StoredUnanswered(room.engine), room.channels.get(case.citizen.channel)
    if not 5 <= len(text) <= LONGEST:
        return await _page(room, visit, case, BAD_TEXT)
    standing = await StoredSubscribers(room.engine).standing(case.citizen)
    if deliver is None or (standing and not standing.reachable):
        return await _page(room, visit, case, NO_WAY)
    if not await questions.claim_answer(case, visit.me.name, visit.now):
        return await _page(room, visit, await _case(room, visit), TAKEN)
    reply, problem, delivery = _reply(room, case, text), "", SENT
    try:
        await deliver(case.citizen, reply)
    except Unreachable as gone:
        problem, delivery = NO_WAY, gone.reason
    except TryLater as later:
        problem, delivery = LATER.format(minutes=max(1, -(-int(later.after) // 60))), later.reason or "later"
    except Refused as refused:
        problem, delivery = NEVER, refused.reason
    except MaybeSent:
        delivery = MAYBE
    if not problem and case.citizen.channel not in KEPT_BY_CHANNEL:
        await StoredConversations(room.engine).append(case.citizen, reply, visit.now)
    await _record(room, visit, case, problem, delivery)
    if problem:
        return await _page(room, visit, case, problem)
    return visit.go(f"{ADDRESS}/{case.group}", "da-tra-loi" if delivery == SENT else "co-the-da-toi")


async def _record(room: Room, visit: Visit, case: Case, problem: str, delivery: str) -> None:
    """What became of it; a group of which every citizen has an answer is settled."""
    questions, groups = StoredUnanswered(room.engine), StoredGroups(room.engine)
    others = [one for one in await questions.cases(case.group) if one.id != case.id and one.answered_at is None]
    async with room.sessions.begin() as session:
        connection = await session.connection()
        if problem:
            await questions.not_answered(connection, case, delivery)
        else:
            await questions.answered(connection, case, delivery)
            if not others:
                await groups.settle(session, case.group, How.ANSWERED, by=visit.me.name, now=visit.now)
        detail = {"channel": case.citizen.channel, "outcome": delivery[:40]}
        await note(session, visit.deed("queue.answer", f"question:{case.group}", detail), visit.now)


def _reply(room: Room, case: Case, text: str) -> Reply:
    question = case.question
    if len(question) > SHOWN_OF_QUESTION:
        question = question[: SHOWN_OF_QUESTION - 1] + "…"
    head = HEAD.format(
        office=room.profile.name or OFFICE, day=f"{case.at.astimezone(VIETNAM):%d/%m/%Y}", question=question
    )
    return Reply(blocks=(head, text, BY_A_PERSON), outcome=Outcome.ANSWERED)


async def _case(room: Room, visit: Visit) -> Case:
    group, number = whole(visit.part("number")), whole(visit.part("case"))
    found = await StoredUnanswered(room.engine).case(group, number) if group and number else None
    if found is None:
        raise HTTPException(404)
    return found


async def _page(room: Room, visit: Visit, case: Case, problem: str = "") -> Response:
    return visit.page(
        "in_person.html",
        status=422 if problem else 200,
        problem=problem,
        case=case,
        typed=visit.form,
        channel_names=CHANNELS,
        possible=case.citizen.channel in room.channels,
        maybe=case.delivery == MAYBE,
        by_a_person=BY_A_PERSON,
        longest=LONGEST,
    )
