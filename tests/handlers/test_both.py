"""Two subjects in one message."""

import functools

import pytest

from handlers import both
from handlers.messages import Conversation, Desk, Outcome, Reply
from knowledge.base import KnowledgeBase
from knowledge.entries import Aspect, Topic
from tests.fakes import TODAY, a_message
from tests.knowledge import catalogue as c


@functools.cache
def small() -> KnowledgeBase:
    return c.base()


async def say(text: str, topic: Topic | None = None) -> Reply | None:
    conversation = Conversation(topic=topic or Topic())
    return await both.answer(a_message(text), Desk(knowledge=small(), conversation=conversation, today=TODAY))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đăng ký kết hôn và đăng ký tạm trú cần giấy tờ gì", (c.MARRIAGE.code, c.STAY.code)),
        ("dang ky ket hon va dang ky tam tru can giay to gi", (c.MARRIAGE.code, c.STAY.code)),
        ("Đăng ký kết hôn ở đâu? Gia hạn tạm trú mất mấy ngày?", (c.MARRIAGE.code, c.STAY_LONGER.code)),
        ("Đăng ký khai tử ở đâu. Ngoài ra cho hỏi đăng ký thường trú hết bao nhiêu", (c.DEATH.code, c.RESIDENCE.code)),
    ],
)
async def test_both_are_answered_under_their_own_heading_and_source(text: str, codes: tuple[str, str]) -> None:
    reply = await say(text)

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert reply.refs[:2] == codes
    assert [block[:2] for block in reply.blocks if block[:2] in ("1.", "2.")] == ["1.", "2."]
    assert sum(block.startswith("Nguồn:") for block in reply.blocks) == 2
    assert all(any(code in choice.value for choice in reply.choices) for code in codes)
    assert reply.topic is not None
    assert (reply.topic.ref, *reply.topic.also) == codes


async def test_each_question_gets_the_part_it_asks_for() -> None:
    reply = await say("Đăng ký kết hôn ở đâu? Gia hạn tạm trú mất mấy ngày?")

    assert reply is not None
    assert reply.aspects == (Aspect.PLACE, Aspect.TIME)


async def test_what_is_asked_next_is_asked_of_both() -> None:
    before = await say("đăng ký kết hôn và đăng ký tạm trú cần giấy tờ gì")
    assert before is not None

    reply = await say("thế phí bao nhiêu", before.topic)

    assert reply is not None
    assert reply.refs[:2] == before.refs[:2]
    assert reply.aspects == (Aspect.FEE,)


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký kết hôn",
        "đăng ký kết hôn cần giấy khai sinh và căn cước không",
        "tạm trú và thường trú khác gì nhau",
        "so sánh đăng ký tạm trú và đăng ký thường trú",
        "em đã đăng ký kết hôn và muốn đăng ký khai sinh cho con",
        "đăng ký tạm trú ở đâu? Có cần giấy đăng ký kết hôn không?",
        "đăng ký kết hôn ở đâu? mất mấy ngày?",
        "sửa đổi và bổ sung giấy phép sử dụng tần số vô tuyến điện",
        "và",
        "",
    ],
)
async def test_one_subject_is_not_cut_in_two(text: str) -> None:
    assert await say(text) is None


async def test_after_two_subjects_a_new_one_stands_alone() -> None:
    topic = Topic(ref=c.MARRIAGE.code, question="đăng ký kết hôn và đăng ký tạm trú", also=(c.STAY.code,))

    assert await say("đăng ký khai tử ở đâu", topic) is None
