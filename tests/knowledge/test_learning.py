"""What of a question may become everyday words: its subject, alike for different spellings, nothing personal."""

import functools

import pytest

from knowledge.base import KnowledgeBase
from tests.knowledge import catalogue as c


@functools.cache
def small() -> KnowledgeBase:
    return c.base()


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký tạm trú hết bao nhiêu tiền",
        "dạ cho em hỏi đăng ký tạm trú cần giấy tờ gì ạ",
        "dang ky tam tru mat may ngay",
        "dk tạm trú ở đâu",
    ],
)
def test_different_ways_of_asking_agree(text: str) -> None:
    wording, plainly = small().worded(text), small().worded("đăng ký tạm trú")

    assert wording is not None
    assert plainly is not None
    assert wording.key == plainly.key
    assert "tam tru" in wording.key


def test_the_words_stay_as_they_were_said() -> None:
    wording = small().worded("Cho em hỏi làm lại căn cước cho bé cần gì ạ?")

    assert wording is not None
    assert wording.text == "làm lại căn cước cho bé"


@pytest.mark.parametrize("text", ["", "ạ", "phí", "mất mấy ngày", "khai sinh " * 20, "•••", "1234 5678", "\ud800"])
def test_what_is_no_phrase_is_nothing(text: str) -> None:
    assert small().worded(text) is None


def test_figures_are_left_out_ages_stay() -> None:
    wording = small().worded("làm căn cước cho bé 6 tuổi ở số nhà 1204 ••• đường 19")

    assert wording is not None
    assert "1204" not in wording.text + wording.key
    assert "6 tuổi" in wording.text
    assert "•" not in wording.text
