"""Texts for people who post by hand: what each channel can hold, and a script that an announcer can read."""

import re

from bot.campaigns.by_hand import BOARD_LONGEST, HandChannel, loudspeaker, ready_texts
from bot.campaigns.spoken import WRITTEN_OUT, spoken

TITLE = "Nộp hồ sơ TTHC trực tuyến, nhận kết quả qua BCCI"
TEXT = """Từ ngày 01/12/2026, UBND tỉnh giảm 50% lệ phí khi nộp hồ sơ trực tuyến.
- Đăng nhập bằng VNeID tại https://dichvucong.gov.vn/huong-dan?x=1, chọn thủ tục rồi nộp.
- Trả kết quả tận nhà (qua bưu điện), phí 20.000đ.
- Thời gian: 7h30 đến 16:30 hằng ngày."""
LINK = "https://dichvucong.gov.vn"
OFFICE = "Sở KH&CN"


def test_each_channel_gets_its_text() -> None:
    made = {one.channel: one for one in ready_texts(TITLE, TEXT, [LINK], OFFICE)}

    assert list(made) == list(HandChannel)
    assert made[HandChannel.FACEBOOK].text.startswith(f"📢 {TITLE.upper()}")
    assert f"👉 {LINK}" in made[HandChannel.FACEBOOK].text
    assert made[HandChannel.SITE].text.startswith(TITLE)
    assert made[HandChannel.BOARD].text.startswith("THÔNG BÁO\n\n")
    assert all(TEXT in made[one].text for one in (HandChannel.FACEBOOK, HandChannel.SITE, HandChannel.BOARD))
    assert not any(one.note for one in made.values())


def test_a_script_is_spoken_language() -> None:
    script = loudspeaker(TITLE, TEXT, OFFICE)

    assert script.text.startswith("Kính thưa bà con")
    assert "Sở Khoa học và Công nghệ" in script.text
    assert "ngày 1 tháng 12 năm 2026" in script.text
    assert "50 phần trăm" in script.text
    assert "20.000 đồng" in script.text
    assert "7 giờ 30 phút đến 16 giờ 30 phút" in script.text
    assert "tại trang dichvucong chấm gov chấm vn, chọn thủ tục" in script.text
    assert "qua bưu điện" not in script.text
    assert not re.search(r"https?:|[%/&()@]|\b(?:TTHC|UBND|BCCI|CCHC)\b", script.text)
    assert not any(line.startswith("-") for line in script.text.splitlines())


def test_a_script_takes_about_two_minutes() -> None:
    sentence = "Bà con nộp hồ sơ trên mạng thì không phải đi lại nhiều lần và biết trước ngày nhận kết quả. "
    short, medium, long = (
        loudspeaker(TITLE, sentence),
        loudspeaker(TITLE, sentence * 8),
        loudspeaker(TITLE, sentence * 40),
    )

    # A short notice is said twice.
    assert short.text.count(sentence.strip()) == 2
    assert "Xin nhắc lại" in short.text
    assert medium.text.count(sentence.strip()) == 8
    assert not medium.note
    assert 270 <= long.words <= 300
    assert 105 <= long.seconds <= 120
    assert "bỏ" in long.note
    assert long.text.endswith("lắng nghe.")


def test_one_sheet_of_a_notice_board_is_enough() -> None:
    text = "Một câu khá dài về thủ tục hành chính để lấp đầy tờ giấy. " * 60
    board = next(one for one in ready_texts(TITLE, text) if one.channel is HandChannel.BOARD)

    assert len(board.text) < BOARD_LONGEST + 200
    assert board.text.rstrip().endswith("tờ giấy.")
    assert "một tờ" in board.note


def test_empty_and_strange_texts_are_read_as_well() -> None:
    assert loudspeaker("", "", "").text
    assert (
        spoken("“UBND” & CNTT; xem www.sokhcn.example")
        == "Ủy ban nhân dân và công nghệ thông tin, xem trang sokhcn chấm example"
    )
    assert spoken("ngày 5/6 và tháng 7/2026, 100%") == "ngày 5 tháng 6 và tháng 7 năm 2026, 100 phần trăm"
    assert spoken("u\u031b") == "ư"
    assert all(spoken(short) == said for short, said in WRITTEN_OUT.items())
