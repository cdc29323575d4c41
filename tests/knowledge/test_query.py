"""How one message is understood."""

import functools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import lexicon
from knowledge.query import LONGEST_QUERY, Query, understand
from knowledge.spelling import Speller
from knowledge.syllables import Typed

SYLLABLES = ("dang ky", "khai sinh", "ket hon", "tam tru", "cap lai", "the can cuoc", "toi hoi", "giay to", "tu")
KNOWN = frozenset(syllable for pair in SYLLABLES for syllable in pair.split())


def as_typed(typed: Sequence[Typed]) -> list[tuple[str, ...]]:
    return [(said.folded,) for said in typed]


@functools.cache
def words() -> lexicon.Lexicon:
    return lexicon.load()


def read(text: str) -> Query:
    return understand(text, words(), speller(frozenset(KNOWN)).mended)


@functools.cache
def speller(known: frozenset[str]) -> Speller:
    return Speller(dict.fromkeys(known, 50), words().folded_syllables())


def said(query: Query) -> dict[str, float]:
    return {word.folded: word.weight for word in query.words}


def test_chat_spelling_and_abbreviations_are_written_out() -> None:
    assert read("đk tạm trú cần gt j").text == "đăng ký tạm trú cần giấy tờ gì"
    assert read("UBND xã").text == "ủy ban nhân dân xã"


def test_raw_telex_and_glued_syllables_are_mended() -> None:
    assert read("ddawng ky khai sinh").text == "dang ky khai sinh"
    assert read("dangky khai sinh").text == "dang ky khai sinh"


def test_fillers_count_little_but_not_nothing() -> None:
    weights = said(read("cho em hỏi đăng ký kết hôn ở đâu ạ"))

    assert weights["hoi"] == weights["dau"] == pytest.approx(0.1)
    assert weights["hon"] > 0.5


def test_what_is_denied_counts_nothing() -> None:
    weights = said(read("không phải khai sinh, tôi hỏi đăng ký kết hôn"))

    assert weights["sinh"] == 0
    assert weights["hon"] > 0


def test_a_question_whether_something_is_needed_denies_nothing() -> None:
    assert said(read("đăng ký tạm trú có phải nộp giấy khai sinh không"))["sinh"] > 0


def test_what_the_citizen_really_means_is_all_that_counts() -> None:
    query = read("à không, ý tôi là đăng ký tạm trú")

    assert query.restated
    assert "khong" not in said(query)
    assert "tru" in said(query)


def test_the_purpose_counts_less_than_the_paper() -> None:
    weights = said(read("xin giấy khai sinh để nộp trường học"))

    assert weights["truong"] < weights["sinh"] or weights["truong"] <= 0.5


def test_ambiguous_abbreviations_become_alternatives() -> None:
    query = read("làm cc")

    assert "cc" in said(query)
    assert {expansion.text for expansion in query.expansions} >= {"căn cước", "chứng chỉ"}


def test_everyday_phrases_bring_their_official_words() -> None:
    everyday, phrases = next((key, found) for key, found in words().phrases.items() if len(key) >= 3)
    query = read(" ".join(phrases[0].everyday))

    assert everyday
    assert phrases[0].official[0].lower() in {expansion.text for expansion in query.expansions}


def test_a_death_that_is_told_is_understood() -> None:
    assert "đăng ký khai tử" in {expansion.text for expansion in read("ba em mới mất hôm qua").expansions}


def test_underthesea_words_tie_syllables_of_accented_text_only() -> None:
    assert 2 in read("đăng ký khai sinh").compounds
    assert not read("dang ky khai sinh").compounds


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    query = read(text)

    assert len(query.words) <= LONGEST_QUERY * 3
    assert all(0 <= word.weight <= 1 for word in query.words)


@pytest.mark.parametrize(
    "text", ["", "a", "a." * 50_000, "đ" * 10_000, "\ud800\udfff" * 50, "😀" * 500, "<b>' OR 1=1 --"]
)
def test_hostile_text_is_cut_short(text: str) -> None:
    assert len(read(text).words) <= LONGEST_QUERY


@pytest.mark.parametrize(
    "text", ["phòng gym", "đổi gas", "lái taxi", "mở shop", "tiệm net", "nuôi heo", "con mèo", "xây chùa"]
)
def test_what_is_a_word_is_not_mended(text: str) -> None:
    query = understand(text, words(), speller(KNOWN | {"hong"}).mended)

    assert "hong" not in query.text


def test_a_pair_that_belongs_together_is_no_chat_spelling() -> None:
    together = frozenset({("form", "e")})

    read_so = understand("xin form e", words(), lambda typed: [(said.folded,) for said in typed], together)

    assert read_so.text == "xin form e"
    assert understand("e hỏi form", words(), as_typed, together).text.startswith("em hỏi")
