"""Questions of the FAQ base are answered with their source, when they are found for sure."""

import pytest

from handlers import faq
from knowledge.entries import Found
from tests.fakes import FakeKnowledge, a_desk, a_message, finding


async def test_a_faq_that_is_found_for_sure_is_answered_with_its_source() -> None:
    desk = a_desk(FakeKnowledge(found=finding("faq:nop-truc-tuyen", "1.001193")))

    reply = await faq.answer(a_message("nộp qua mạng sao ạ"), desk)

    assert reply is not None
    assert reply.blocks == ("Anh/Chị đăng nhập Cổng bằng VNeID rồi chọn thủ tục.",)
    assert reply.citation == "Nguồn: QĐ 29/2026/QĐ-TTg · cập nhật 20/07/2026"
    assert reply.refs == ("faq:nop-truc-tuyen", "1.001193")
    assert [choice.value for choice in reply.choices] == ["p:1.001193:s"]


@pytest.mark.parametrize("found", [finding("1.001193"), finding("faq:nop-truc-tuyen", confidence=0.1), finding()])
async def test_an_unsure_or_other_entry_is_left_to_the_next_handler(found: Found) -> None:
    desk = a_desk(FakeKnowledge(found=found))

    assert await faq.answer(a_message("gì đó"), desk) is None


async def test_a_pressed_question_is_answered_at_once() -> None:
    reply = await faq.answer(a_message(choice="q:nop-truc-tuyen"), a_desk())

    assert reply is not None
    assert reply.confidence == 1.0
    assert await faq.answer(a_message(choice="q:khong-co"), a_desk()) is None
    assert await faq.answer(a_message(choice="p:1.001193:s"), a_desk()) is None
