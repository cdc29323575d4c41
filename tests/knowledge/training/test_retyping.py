"""Messages typed badly: each way changes what it says and nothing else."""

import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import aliases
from knowledge.text import canonical, fold, tokens
from knowledge.training.noise import CHARACTERS_A_SLIP, telex
from knowledge.training.retyping import Noise, typed_again

QUESTION = "Cho tôi hỏi, đăng ký khai sinh ở xã hết bao nhiêu tiền?"
TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
KEYS = {"aa": "â", "ee": "ê", "oo": "ô", "dd": "đ", "aw": "ă", "ow": "ơ", "uw": "ư"}

messages = st.text(alphabet=sorted({*QUESTION, *"ưỡếậẵ19. "}), max_size=120)


def untelexed(typed: str) -> str:
    """What the keyboard would have made of it, the tone mark last."""
    tone = TONES.get(typed[-1], "")
    keys = typed[:-1] if tone else typed
    return re.sub("|".join(KEYS), lambda pair: KEYS[pair[0]], keys) + tone


@pytest.mark.parametrize(
    ("noise", "typed"),
    [
        (Noise.ACCENTS, "cho toi hoi, dang ky khai sinh o xa het bao nhieu tien?"),
        (Noise.TELEX, "cho tooi hoir, ddawng kys khai sinh owr xax heets bao nhieeu tieenf?"),
    ],
)
def test_the_keyboard_without_vietnamese(noise: Noise, typed: str) -> None:
    assert typed_again(QUESTION, noise, "1") == typed


def test_telex_can_be_read_back() -> None:
    written = {word for phrases in aliases.load().values() for phrase in phrases for word in tokens(phrase)}
    accented = sorted(word for word in written if fold(word) != word and _is_syllable(fold(word)))

    assert len(accented) > 1000
    assert {word: telex(word) for word in accented if untelexed(telex(word)) != canonical(word)} == {}


def _is_syllable(folded: str) -> bool:
    """Abbreviations ("bđs") and "oo" can be read in two ways."""
    return re.fullmatch("[a-z]*[aeiouy]+(c|ch|m|n|ng|nh|p|t)?", folded) is not None and "oo" not in folded


@given(messages)
def test_no_accent_is_left(text: str) -> None:
    typed = typed_again(text, Noise.ACCENTS, "1")

    assert typed == fold(typed)
    assert len(typed) == len(unicodedata.normalize("NFC", text))


@given(messages)
def test_swapping_keeps_every_letter_in_its_word(text: str) -> None:
    typed = typed_again(text, Noise.SWAPPED, "1")

    assert [Counter(word) for word in typed.split()] == [Counter(word) for word in text.split()]
    changed = sum(a != b for a, b in zip(text, typed, strict=True))
    assert changed % 2 == 0
    assert changed <= 2 * max(1, len(text) // CHARACTERS_A_SLIP)


@given(messages)
def test_dropping_only_leaves_letters_out(text: str) -> None:
    typed = typed_again(text, Noise.DROPPED, "1")
    letters = iter(text)

    assert all(character in letters for character in typed)
    assert len(text) - len(typed) <= max(1, len(text) // CHARACTERS_A_SLIP)
    assert [c for c in text if not c.isalpha()] == [c for c in typed if not c.isalpha()]


def test_slips_happen_as_often_as_told() -> None:
    slips = len(QUESTION) // CHARACTERS_A_SLIP
    swapped = typed_again(QUESTION, Noise.SWAPPED, "1")

    assert slips == 3
    assert sum(a != b for a, b in zip(QUESTION, swapped, strict=True)) == 2 * slips
    assert len(typed_again(QUESTION, Noise.DROPPED, "1")) == len(QUESTION) - slips


@pytest.mark.parametrize("noise", list(Noise))
def test_the_seed_alone_decides(noise: Noise) -> None:
    made = [{typed_again(QUESTION, noise, str(seed)) for _ in range(3)} for seed in range(8)]

    assert all(len(typed) == 1 for typed in made)
    assert (len(set.union(*made)) > 4) == (noise in (Noise.SWAPPED, Noise.DROPPED))


@pytest.mark.parametrize("noise", list(Noise))
@pytest.mark.parametrize("text", ["", "?", "15.000 - 20.000"])
def test_without_letters_nothing_can_be_typed_badly(noise: Noise, text: str) -> None:
    assert typed_again(text, noise, "1") == text
