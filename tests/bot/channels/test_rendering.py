"""Replies as plain-text messages of a limited length."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.rendering import MENU_HINT, as_messages
from handlers.messages import Choice, Link, Outcome, Reply
from tests.bot.channels.scripted import DOSSIER, LONG, WHICH


def a_reply(*blocks: str) -> Reply:
    return Reply(blocks=blocks, outcome=Outcome.ANSWERED)


def test_a_short_reply_is_one_message_with_citation_and_links() -> None:
    (message,) = as_messages(DOSSIER, 4096, buttons=True)

    assert message.startswith("Giấy tờ cần có:\n\n• Tờ khai")
    assert "\n\nĐăng ký khai sinh (mã 1.001193); dữ liệu ngày 15/07/2026.\n\n" in message
    assert message.endswith("Trang chính thức: https://dichvucong.gov.vn/khai-sinh")


def test_choices_are_numbered_only_where_there_are_no_buttons() -> None:
    (with_menu,) = as_messages(WHICH, 2000, buttons=False)
    (without,) = as_messages(WHICH, 2000, buttons=True)

    assert with_menu.splitlines()[2:5] == [
        MENU_HINT,
        "1. Đăng ký kết hôn",
        "2. Đăng ký kết hôn có yếu tố nước ngoài",
    ]
    assert without == "Anh/Chị muốn hỏi thủ tục nào?"


def test_a_long_reply_splits_at_paragraph_ends() -> None:
    messages = as_messages(LONG, 2000, buttons=False)

    assert len(messages) > 1
    assert all(len(message) <= 2000 for message in messages)
    assert all(message.startswith("Bước ") for message in messages)
    assert "\n\n".join(messages) == "\n\n".join(block.strip() for block in LONG.blocks)


def test_a_long_paragraph_splits_at_lines_then_sentences_then_words() -> None:
    lines = as_messages(a_reply("• một hai ba\n• bốn năm sáu\n• bảy tám"), 30, buttons=True)
    sentences = as_messages(a_reply("Một hai ba. Bốn năm sáu. Bảy tám chín."), 26, buttons=True)
    words = as_messages(a_reply("một hai ba bốn năm"), 8, buttons=True)

    assert lines == ["• một hai ba\n• bốn năm sáu", "• bảy tám"]
    assert sentences == ["Một hai ba. Bốn năm sáu.", "Bảy tám chín."]
    assert words == ["một hai", "ba bốn", "năm"]


def test_a_word_that_alone_is_too_long_is_cut() -> None:
    assert as_messages(a_reply("a" * 25), 10, buttons=True) == ["a" * 10, "a" * 10, "a" * 5]


def test_decomposed_letters_count_once_and_are_never_torn_apart() -> None:
    decomposed = unicodedata.normalize("NFD", "Thời hạn giải quyết")

    assert as_messages(a_reply(decomposed), 19, buttons=True) == ["Thời hạn giải quyết"]
    letter = "q\u0323\u0307"
    assert as_messages(a_reply(letter * 4), 4, buttons=True) == [letter] * 4


def test_a_menu_keeps_together_when_it_fits_alone() -> None:
    reply = Reply(
        blocks=("Câu hỏi rất dài " * 5,),
        outcome=Outcome.CLARIFYING,
        choices=(Choice("Một", "p:1:f"), Choice("Hai", "p:2:f")),
    )

    assert as_messages(reply, 85, buttons=False)[-1] == f"{MENU_HINT}\n1. Một\n2. Hai"


def test_a_reply_without_words_makes_no_message() -> None:
    assert as_messages(a_reply("", "  \n"), 100, buttons=True) == []


def test_a_length_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="max_length"):
        as_messages(DOSSIER, 0, buttons=True)


@given(
    blocks=st.lists(st.text(alphabet="aăạ bđê.\n•!1 \u0301", max_size=120), max_size=5),
    labels=st.lists(st.text(min_size=1, max_size=30), max_size=4),
    max_length=st.integers(min_value=1, max_value=200),
    buttons=st.booleans(),
)
def test_nothing_but_white_space_is_ever_lost(
    blocks: list[str], labels: list[str], max_length: int, buttons: bool
) -> None:
    choices = tuple(Choice(label, f"p:{number}:f") for number, label in enumerate(labels))
    reply = Reply(
        blocks=tuple(blocks), outcome=Outcome.ANSWERED, choices=choices, links=(Link("Trang", "https://example.vn"),)
    )

    messages = as_messages(reply, max_length, buttons)
    whole = as_messages(reply, 100_000, buttons)

    assert all(0 < len(message) <= max_length for message in messages)
    assert "".join("".join(messages).split()) == "".join("".join(whole).split())
