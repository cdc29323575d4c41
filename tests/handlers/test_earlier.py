"""The other one of what was offered, and what was spoken of before."""

import functools

import pytest

from handlers import earlier
from handlers.messages import Choice, Conversation, Desk, Outcome, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import FAQ_PREFIX, Aspect, Topic
from tests.fakes import TODAY, a_message
from tests.knowledge import catalogue as c

BIRTH = Topic(ref=c.BIRTH.code, question="làm khai sinh cho con", aspects=(Aspect.FEE,))
AGAIN = Topic(ref=c.BIRTH_AGAIN.code, question="làm lại khai sinh", aspects=(Aspect.FEE,))
STAY = Topic(ref=c.STAY.code, question="ở trọ")
OFFERED = (Choice("Đăng ký khai sinh", f"p:{c.BIRTH.code}:f"), Choice("Đăng ký lại", f"p:{c.BIRTH_AGAIN.code}:f"))


@functools.cache
def small() -> KnowledgeBase:
    return c.base()


async def say(text: str, conversation: Conversation) -> Reply | None:
    return await earlier.answer(a_message(text), Desk(knowledge=small(), conversation=conversation, today=TODAY))


@pytest.mark.parametrize("text", ["không, cái kia", "khong phai, cai kia co", "à nhầm, cái khác nhé", "cái còn lại"])
async def test_the_other_one_of_two_is_answered_with_the_part_first_asked_for(text: str) -> None:
    reply = await say(text, Conversation(topic=BIRTH, alternatives=OFFERED, recent=(BIRTH,)))

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert reply.refs[0] == c.BIRTH_AGAIN.code
    assert reply.aspects == (Aspect.FEE,)


async def test_the_others_of_many_are_offered_again() -> None:
    many = (*OFFERED, Choice("Khai tử", f"p:{c.DEATH.code}:f"))

    reply = await say("không, cái khác", Conversation(topic=BIRTH, alternatives=many))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert reply.choices == many[1:]
    assert reply.topic is not None
    assert reply.topic.offered == (c.BIRTH_AGAIN.code, c.DEATH.code)


async def test_where_nothing_was_offered_the_nearest_are() -> None:
    reply = await say("không, cái khác", Conversation(topic=BIRTH))

    assert reply is not None
    assert reply.outcome is Outcome.CLARIFYING
    assert c.BIRTH.code not in reply.refs
    assert c.BIRTH_AGAIN.code in reply.refs


@pytest.mark.parametrize(
    "text",
    [
        "quay lại cái khai sinh lúc nãy",
        "quay lai cai khai sinh luc nay",
        "trở lại vụ khai sinh nhé",
        "cái làm khai sinh hồi nãy thì sao",
        "quay lại cái trước",
    ],
)
async def test_an_earlier_subject_is_taken_up_again(text: str) -> None:
    reply = await say(text, Conversation(topic=STAY, recent=(STAY, BIRTH)))

    assert reply is not None
    assert reply.refs[0] == c.BIRTH.code
    assert reply.topic is not None
    assert reply.topic.question == BIRTH.question


async def test_an_earlier_subject_is_asked_for_another_part() -> None:
    reply = await say("quay lại cái khai sinh lúc nãy, mất mấy ngày", Conversation(topic=STAY, recent=(STAY, BIRTH)))

    assert reply is not None
    assert reply.aspects == (Aspect.TIME,)


async def test_a_question_of_the_faq_base_is_taken_up_again_too() -> None:
    postal = Topic(ref=FAQ_PREFIX + c.POSTAL.id, question="nhận kết quả qua bưu điện")

    reply = await say("quay lại cái bưu điện lúc nãy", Conversation(topic=STAY, recent=(STAY, postal)))

    assert reply is not None
    assert reply.refs[0] == postal.ref


@pytest.mark.parametrize(
    "text",
    [
        "trở lại hoạt động kinh doanh",
        "quay lại cái hộ chiếu lúc nãy",
        "cho con quay lại trường học",
        "đăng ký khai sinh",
        "thủ tục khác gì nhau",
        "",
    ],
)
async def test_other_messages_are_left_to_the_next_handlers(text: str) -> None:
    assert await say(text, Conversation(topic=STAY, recent=(STAY, BIRTH))) is None


async def test_without_a_talk_before_there_is_nothing_to_come_back_to() -> None:
    assert await say("không, cái kia", Conversation()) is None
    assert await say("quay lại cái khai sinh lúc nãy", Conversation()) is None
