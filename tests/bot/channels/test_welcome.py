"""What the desk says first."""

from bot.channels.welcome import DATA_NOTICE, KEPT_IN_THE_TERMINAL, MACHINE_NOTICE, kept_on_the_web, notices, welcome
from handlers.contacts import EMERGENCY_NUMBERS
from knowledge.entries import Faq, OfficeProfile

OFFICE = OfficeProfile(name="Sở Khoa học và Công nghệ tỉnh Sơn La")


def test_the_first_message_says_all_that_must_be_said() -> None:
    text = welcome(OFFICE, kept_on_the_web(30)).as_text()

    assert "máy trả lời tự động của Sở Khoa học và Công nghệ tỉnh Sơn La" in text
    assert "không phải cán bộ" in text
    for part in ("Máy trả lời được", "Máy không làm được", "Được lưu lại", "tự xóa sau 30 ngày", "113", "114", "115"):
        assert part in text


def test_an_office_without_a_profile_still_has_a_name() -> None:
    assert "bàn hướng dẫn thủ tục hành chính" in welcome(OfficeProfile(), KEPT_IN_THE_TERMINAL).as_text()


def test_no_time_is_promised_where_none_is_set() -> None:
    assert "ngày không dùng" not in kept_on_the_web().text


def test_the_emergency_numbers_are_the_national_ones() -> None:
    assert [entry.number for entry in EMERGENCY_NUMBERS] == ["113", "114", "115", "111", "112"]


def test_the_office_may_word_the_notices_itself() -> None:
    entries = {
        MACHINE_NOTICE: Faq(id=MACHINE_NOTICE, question="?", answer="Máy của chúng tôi.", topic="desk"),
        DATA_NOTICE: Faq(id=DATA_NOTICE, question="?", answer="Chúng tôi giữ ít thôi.", topic="desk"),
    }
    ours, theirs = notices(OFFICE, 30), notices(OFFICE, 30, entries.get)

    assert "Sở Khoa học và Công nghệ tỉnh Sơn La" in ours.greeting
    assert theirs.greeting == "Máy của chúng tôi."
    assert theirs.notes[-1].text == "Chúng tôi giữ ít thôi. Cuộc trò chuyện tự xóa sau 30 ngày không dùng."
    assert [note.title for note in ours.notes] == [note.title for note in theirs.notes]
