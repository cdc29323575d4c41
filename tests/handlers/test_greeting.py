"""Small talk is answered shortly, and never in place of a question."""

from dataclasses import replace

import pytest

from handlers import greeting
from handlers.messages import Outcome
from tests.fakes import FakeKnowledge, a_desk, a_message, finding


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chào ad", greeting.GREETING),
        ("alo có ai không", greeting.GREETING),
        ("cảm ơn nhiều nhé", greeting.WELCOME),
        ("ok", greeting.WELCOME),
        ("bạn là ai vậy", greeting.WHO_I_AM),
    ],
)
async def test_small_talk_is_short(text: str, said: str) -> None:
    reply = await greeting.answer(a_message(text), a_desk())

    assert reply is not None
    assert reply.outcome is Outcome.SMALLTALK
    assert said in reply.blocks[0]
    assert len(reply.as_text()) < 420


async def test_thanks_are_heard_in_the_middle_of_a_talk() -> None:
    desk = a_desk(FakeKnowledge(found=replace(finding("1.001193"), carried=True)))

    assert await greeting.answer(a_message("cảm ơn bạn nhiều nhé"), desk)


async def test_a_greeting_before_a_question_is_left_to_the_question() -> None:
    desk = a_desk(FakeKnowledge(found=finding("1.001193")))

    assert await greeting.answer(a_message("chào ad, đăng ký khai sinh"), desk) is None
