"""A choice that is typed, not pressed."""

import pytest

from handlers.choosing import LAST, chosen, said
from handlers.messages import Choice, Conversation
from knowledge.entries import Aspect

ENTRIES = (
    Choice("Đăng ký khai sinh", "p:1.001193:f"),
    Choice("Đăng ký lại khai sinh", "p:1.004884:f"),
    Choice("Cấp bản sao trích lục", "p:2.000635:f"),
)
PARTS = (Choice("Giấy tờ cần có", "p:2.000635:d"), Choice("Thời hạn", "p:2.000635:t"))
ASKED = Conversation(offered=ENTRIES, alternatives=ENTRIES)
ANSWERED = Conversation(offered=PARTS, alternatives=ENTRIES)


def no_part() -> tuple[Aspect, ...]:
    return ()


def value(text: str, conversation: Conversation = ASKED) -> str | None:
    choice = chosen(text, conversation, no_part)
    return choice.value if choice else None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("2.", 2),
        ("số 2", 2),
        ("so 3 nhe", 3),
        ("cái 1", 1),
        ("em chọn 2 ạ", 2),
        ("cái thứ hai", 2),
        ("cai thu 2", 2),
        ("cái thứ nhất ạ", 1),
        ("thứ ba", 3),
        ("thủ tục đầu tiên", 1),
        ("cái đầu", 1),
        ("câu hai", 2),
        ("cái cuối", 3),
        ("cái cuối cùng nhé", 3),
        ("cái giữa", 2),
        ("dạ cái thứ hai, bản sao thôi", 2),
        ("Đăng ký lại khai sinh", 2),
        ("dang ky lai khai sinh", 2),
    ],
)
def test_a_place_in_the_list_is_a_choice(text: str, number: int) -> None:
    assert value(text) == ENTRIES[number - 1].value


@pytest.mark.parametrize(
    "text",
    [
        "4",
        "0",
        "22 tuổi",
        "số",
        "cái thứ năm",
        "con thứ hai làm khai sinh",
        "thứ hai có làm việc không",
        "cái ba",
        "cái thứ hai tôi muốn hỏi là đăng ký kết hôn ở đâu",
        "lần đầu",
        "the con muc 2 thi ra dau",
        "thế còn mức 2",
        "",
    ],
)
def test_other_messages_choose_nothing(text: str) -> None:
    assert value(text) is None


def test_a_choice_may_ask_for_another_part() -> None:
    choice = chosen("cái thứ 2 thì mất bao lâu", ASKED, lambda: (Aspect.TIME,))

    assert choice == Choice("Đăng ký lại khai sinh", "p:1.004884:t")


def test_after_an_answer_an_ordinal_still_means_what_was_offered_and_a_number_what_is_shown() -> None:
    assert value("cái thứ hai", ANSWERED) == ENTRIES[1].value
    assert value("2", ANSWERED) == PARTS[1].value


def test_the_middle_of_an_even_list_is_nothing() -> None:
    assert value("cái giữa", Conversation(offered=PARTS)) is None


def test_words_that_follow_an_ordinal_have_to_be_those_of_a_part_on_show() -> None:
    assert value("cái thứ hai, thời hạn", Conversation(offered=PARTS)) == PARTS[1].value
    assert value("cái thứ hai, bản sao", Conversation(offered=PARTS)) is None
    assert chosen("cái thứ hai phí bao nhiêu", Conversation(offered=PARTS), lambda: (Aspect.FEE,)) is None


def test_the_last_is_told_from_a_number() -> None:
    last = said("cái cuối")
    assert last is not None
    assert last.position == LAST
    assert not last.counted
