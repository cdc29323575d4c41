"""Messages typed in telex with the keyboard's Vietnamese mode off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import aliases
from knowledge.keyboard import untelexed
from knowledge.syllables import well_formed
from knowledge.text import canonical, fold, tokens
from knowledge.training.noise import telex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddawng kys khai sinh cho con", "đăng ký khai sinh cho con"),
        ("leej phis bao nhieeu", "lệ phí bao nhiêu"),
        ("ddooi ther bhyt cho mej", "đôi thẻ bhyt cho mẹ"),
        ("ddieeuf kieenj thuees nhaf", "điều kiện thuế nhà"),
        ("ddieefu kieejn thuees", "điều kiện thuế"),
        ("mowr quans phowr nuocws", "mở quán phở nuocws"),
    ],
)
def test_telex_is_read(typed: str, meant: str) -> None:
    assert " ".join(untelexed(typed.split())) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "dang ky khai sinh cho con",
        "đăng ký khai sinh",
        "xin visa di han quoc",
        "ho so gom nhung gi",
        "class a test",
        "",
    ],
)
def test_other_messages_stay(typed: str) -> None:
    assert untelexed(typed.split()) == typed.split()


def test_every_syllable_of_the_phrases_is_read_back() -> None:
    said = sorted({word for phrases in aliases.load().values() for phrase in phrases for word in tokens(phrase)})
    accented = [w for w in said if fold(w) != w and well_formed(fold(w)) and not well_formed(telex(w))]
    read = untelexed([telex(word) for word in accented])
    wrong = [word for word, back in zip(accented, read, strict=True) if canonical(back) != canonical(word)]
    assert len(accented) > 1000
    assert len(wrong) <= len(accented) * 0.01, wrong


@given(st.lists(st.text(max_size=20), max_size=12))
def test_nothing_is_lost(pieces: list[str]) -> None:
    assert len(untelexed(pieces)) == len(pieces)
