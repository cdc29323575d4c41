"""Complaints are pointed to the right body and never kept."""

import pytest

from handlers import complaint
from handlers.messages import Outcome
from tests.fakes import FakeKnowledge, a_desk, a_message, finding


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Tôi muốn tố cáo ông trưởng thôn ăn chặn tiền hỗ trợ", "Tố cáo"),
        ("toi muon khieu nai quyet dinh thu hoi dat", "Khiếu nại"),
        ("cán bộ vòi phong bì mới chịu ký", "Tố cáo"),
        ("trong xóm có ổ đánh bạc, tôi muốn báo tin", "công an"),
    ],
)
async def test_a_complaint_is_pointed_on_and_not_kept(text: str, word: str) -> None:
    reply = await complaint.answer(a_message(text), a_desk())

    assert reply is not None
    assert reply.outcome is Outcome.COMPLAINT
    assert reply.store_text is False
    assert word in reply.as_text()


@pytest.mark.parametrize(
    "text", ["thời hạn giải quyết khiếu nại lần đầu là bao lâu", "quy trình giải quyết tố cáo gồm mấy bước"]
)
async def test_a_question_about_how_complaints_work_is_not_a_complaint(text: str) -> None:
    desk = a_desk(FakeKnowledge(found=finding("faq:khieu-nai-thoi-han")))

    assert await complaint.answer(a_message(text), desk) is None
