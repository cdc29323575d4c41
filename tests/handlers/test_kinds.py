"""The model of kinds: probabilities for any text, and a clear message for a damaged file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import kinds, phrases
from knowledge.text import canonical, fold, tokens


@given(st.text(max_size=300))
def test_any_text_gets_probabilities(text: str) -> None:
    judged = kinds.judge(text)

    assert sum(judged.kinds.values()) == pytest.approx(1, abs=1e-4)
    assert set(judged.kinds) == {"emergency", "complaint", "feedback", "smalltalk", "refuse", "question"}


@pytest.mark.parametrize("text", ["nha toi dang chay lon", "nhà tôi đang cháy lớn", "NHÀ TÔI ĐANG CHÁYYYY LỚN"])
def test_spelling_does_not_hide_danger(text: str) -> None:
    assert kinds.judge(text).best == "emergency"


@pytest.mark.parametrize("left", ["\x1b[31m", "[31m", "[0m", "[1;113m", "\x1b[114m\x1b[115m"])
def test_remnants_of_a_terminal_say_nothing(left: str) -> None:
    assert kinds.judge(f"{left}đăng ký khai sinh cần gì{left}") == kinds.judge("đăng ký khai sinh cần gì")
    assert kinds.readable(left) == ""


def test_a_very_long_message_is_read_at_both_ends() -> None:
    assert kinds.features("a. " * 20_000)[0].size < 5_000
    assert kinds.features("x " * 5_000 + "cứu với")[0].size > kinds.features("x " * 5_000)[0].size


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    broken, short = tmp_path / "broken.npz", tmp_path / "short.npz"
    broken.write_bytes(kinds.MODEL.read_bytes()[:1000])
    np.savez(short, labels=np.array(["question"]), weights=np.zeros((2, 1)), bias=np.zeros(1))

    for file in (broken, short, tmp_path / "absent.npz"):
        with pytest.raises(kinds.ModelError, match=file.name):
            kinds.Kinds.load(file)


def test_words_are_found_with_and_without_accents() -> None:
    assert "fire" in _groups("cháy nhà")
    assert "fire" in _groups("chay nha")
    assert "fire?" in _groups("chay")
    assert "fire" not in _groups("chạy nhà")


def _groups(text: str) -> set[str]:
    accented = [canonical(token) for token in tokens(text)]
    return set(phrases.shipped().found(accented, [fold(token) for token in accented]))


@pytest.mark.parametrize("line", ["no colon", "two words: a", "a: ;", "a: " + "b " * 9, "a: b\na: c"])
def test_a_damaged_phrase_file_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "words.txt").write_text(line, encoding="utf-8")

    with pytest.raises(phrases.PhraseError, match=r"words\.txt:"):
        phrases.load(tmp_path)
