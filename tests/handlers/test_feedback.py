"""Dissatisfaction, proposals and praise get the channels, the office's own first."""

import pytest

from handlers import feedback
from handlers.messages import Outcome
from knowledge.entries import OfficeProfile
from tests.fakes import FakeKnowledge, a_desk, a_message, finding


@pytest.mark.parametrize(
    "text",
    [
        "Tôi xin phản ánh thái độ của cán bộ một cửa",
        "ho so nop 2 thang roi van chua co ket qua, goi khong ai nghe may",
        "đèn đường trước nhà văn hóa hỏng cả tháng nay",
        "khen chị ở quầy số 2 hướng dẫn rất tận tình",
    ],
)
async def test_feedback_gets_the_offices_own_contacts_first(text: str) -> None:
    profile = OfficeProfile(name="Sở Văn hóa", hotline="0205 000 000")

    reply = await feedback.answer(a_message(text), a_desk(FakeKnowledge(profile=profile)))

    assert reply is not None
    assert reply.outcome is Outcome.FEEDBACK
    said = reply.as_text()
    assert said.index("0205 000 000") < said.index("dichvucong.gov.vn") < said.index("1800 1096")


async def test_asking_where_feedback_goes_is_a_question() -> None:
    desk = a_desk(FakeKnowledge(found=finding("faq:phan-anh-o-dau")))

    assert await feedback.answer(a_message("gửi phản ánh kiến nghị ở đâu"), desk) is None
