"""Danger to people comes first, with the fitting number in the first line."""

import pytest

from handlers import emergency
from handlers.messages import Outcome
from tests.fakes import FakeKnowledge, a_desk, a_message, finding


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Cháy nhà hàng xóm rồi, cứu với!", "114"),
        ("chay nha roi lua to lam cuu voi", "114"),
        ("Xe tải tông người, chảy nhiều máu lắm", "115"),
        ("Có người cầm dao đuổi đánh vợ ngoài ngõ", "113"),
        ("hàng xóm đánh đập đứa bé khóc thét", "111"),
        ("nước lũ dâng tới nóc, cả nhà bị cô lập", "112"),
        ("tôi không muốn sống nữa", "115"),
    ],
)
async def test_danger_gets_the_number_in_the_first_line(text: str, number: str) -> None:
    reply = await emergency.answer(a_message(text), a_desk())

    assert reply is not None
    assert reply.outcome is Outcome.EMERGENCY
    assert number in reply.blocks[0].split("\n")[0]
    assert all(other in reply.as_text() for other in ("111", "112", "113", "114", "115"))


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục nghiệm thu phòng cháy chữa cháy",
        "trợ cấp tai nạn lao động cho người bị bất tỉnh",
        "làm lại giấy tờ sau khi bị cướp giật thì hồ sơ gồm gì",
        "đăng ký khai sinh",
        "",
        "?!",
    ],
)
async def test_papers_after_the_event_are_no_emergency(text: str) -> None:
    desk = a_desk(FakeKnowledge(found=finding("1.001193", in_domain=0.99)))

    assert await emergency.answer(a_message(text), desk) is None


async def test_a_cry_for_help_is_heard_even_when_the_base_finds_something() -> None:
    desk = a_desk(FakeKnowledge(found=finding("1.001193", confidence=0.6)))

    assert await emergency.answer(a_message("cứu với, nhà đang cháy lớn, người kẹt bên trong"), desk)


async def test_a_pressed_button_is_no_emergency() -> None:
    assert await emergency.answer(a_message("cháy nhà", choice="p:1.001193:s"), a_desk()) is None
