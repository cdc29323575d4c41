"""A swindle is warned of, whatever papers the caller speaks of."""

import pytest

from handlers import swindle
from handlers.messages import Outcome
from knowledge.entries import Faq
from tests.fakes import BIRTH, HOW_TO_SUBMIT, FakeKnowledge, a_desk, a_message, finding

SIGNS = Faq(id=swindle.SIGNS, question="Dấu hiệu lừa đảo?", answer="Năm dấu hiệu.", topic=swindle.TOPIC)
OTP = Faq(id="an-toan-otp", question="Có được đọc OTP không?", answer="Không đọc.", topic=swindle.TOPIC)
CALLED = "có người gọi tự xưng công an bảo cài app VNeID rồi đọc mã otp để làm căn cước"


@pytest.mark.parametrize(
    "text",
    [
        CALLED,
        "co nguoi xung cong an goi dien keu cai app vneid theo link",
        "Má em đi làm thẻ bảo hiểm về thì có số lạ gọi, xưng nhân viên, đòi chuyển khoản phí mở hồ sơ",
    ],
)
async def test_a_swindle_told_inside_another_subject_is_warned_of(text: str) -> None:
    reply = await swindle.answer(a_message(text), a_desk(FakeKnowledge(found=finding(BIRTH.code, in_domain=0.95))))

    assert reply is not None
    assert reply.outcome is Outcome.ANSWERED
    assert "đừng chuyển tiền" in reply.blocks[0]


async def test_the_entry_of_the_base_that_fits_best_is_given() -> None:
    known = {entry.id: entry for entry in (SIGNS, OTP, HOW_TO_SUBMIT)}
    near = FakeKnowledge(found=finding(BIRTH.code, "faq:nop-truc-tuyen", "faq:an-toan-otp"), faqs=known)
    far = FakeKnowledge(found=finding(BIRTH.code), faqs=known)

    for knowledge, told in ((near, OTP), (far, SIGNS)):
        reply = await swindle.answer(a_message(CALLED), a_desk(knowledge))
        assert reply is not None
        assert reply.blocks == (swindle.BEWARE, told.answer)
        assert reply.refs[0] == f"faq:{told.id}"


@pytest.mark.parametrize(
    "text", ["làm căn cước cho con cần giấy tờ gì", "nộp hồ sơ trên app VNeID thế nào", "chào bạn"]
)
async def test_other_messages_are_left_to_the_next_handler(text: str) -> None:
    assert await swindle.answer(a_message(text), a_desk(FakeKnowledge(found=finding(BIRTH.code)))) is None
