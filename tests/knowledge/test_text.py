"""Vietnamese text: any string may come in."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.text import canonical, clean, clean_block, fold, term, tokens, words

ANYTHING = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    "aàảãáạăằâầđĐeêếioôơớưự \u0300\u0301\u0323\u200b\ud800\n\t.,"
)
MARKED = re.compile("[\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031bđĐ]")


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_block(clean_block(text)) == clean_block(text)


@given(ANYTHING)
def test_a_clean_text_is_one_line_of_composed_visible_characters(text: str) -> None:
    cleaned = clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in cleaned)
    cleaned.encode("utf-8")


@given(ANYTHING)
def test_folding_leaves_no_vietnamese_mark(text: str) -> None:
    folded = fold(text)

    assert not MARKED.search(unicodedata.normalize("NFD", folded))
    assert fold(folded) == folded


@given(ANYTHING)
def test_tokens_and_their_spelling_never_fail(text: str) -> None:
    for token in tokens(text):
        assert canonical(canonical(token)) == canonical(token)
        assert fold(canonical(token)) == fold(token)
        assert term(token)


@settings(deadline=None)
@given(st.text("abcđêếơớ .,!?-0123456789\n", max_size=200))
def test_words_keep_every_syllable(text: str) -> None:
    assert "".join(words(text)).replace("_", "") == clean(text).lower().replace(" ", "").replace("_", "")


def test_both_ways_to_place_the_tone_are_one_spelling() -> None:
    assert canonical("hoà") == canonical("hòa")
    assert canonical("uỷ") == canonical("ủy")
    assert canonical("hòa") != canonical("hóa")


def test_a_number_is_compared_without_leading_zeros() -> None:
    assert term("02") == term("2")
    assert term("000") == "0"
    assert term("2a") == "2a"


def test_words_are_words() -> None:
    assert words("Đăng ký khai sinh") == ["đăng_ký", "khai_sinh"]
    assert words(" \n") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b[31mkhai sinh\x1b[0m cho con", "khai sinh cho con"),
        ("\x1b[1;38;5;196mđổi bằng\x1b[m lái", "đổi bằng lái"),
        ("[31mkhai sinh[0m", "khai sinh"),
        ("[1;31mkhai sinh[0m", "khai sinh"),
        ("\x1b]0;tên cửa sổ\x07tạm trú", "tạm trú"),
        ("\x9b2Jtạm trú", "tạm trú"),
        ("\x1b(Btạm trú", "tạm trú"),
        ("\x1bAnh hỏi", "Anh hỏi"),
        ("đường rộng [2m], dài [31m]", "đường rộng [2m], dài [31m]"),
        ("lối đi [2m x 3m]", "lối đi [2m x 3m]"),
    ],
)
def test_the_colours_of_a_terminal_go_whole(text: str, kept: str) -> None:
    assert clean(text) == kept
