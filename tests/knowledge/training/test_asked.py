"""Our own questions: every procedure and question of the starter has one; none is a title or a test question."""

import gzip
import json
from collections import Counter

import pytest
from rapidfuzz import fuzz, process

from knowledge.entries import FAQ_PREFIX, Aspect
from knowledge.text import fold
from knowledge.training import asked, bases, turning
from knowledge.training.asked import Question
from tests.places import SHARED, needs_shared

STYLES = {"plain", "formal", "nodiac", "teencode", "typo", "dialect", "terse", "long"}
ALIKE = 90


@pytest.fixture(scope="module")
def written() -> list[Question]:
    return list(asked.every())


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    with gzip.open(SHARED / "data" / "procedures-2026-07.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {record["code"]: record["name"] for record in map(json.loads, lines)}


def test_every_line_says_what_it_is(written: list[Question]) -> None:
    letters = {aspect.value for aspect in Aspect}
    faulty = [
        question
        for question in written
        if not question.codes
        or not question.aspects
        or not set(question.aspects) <= letters
        or question.expect not in ("answer", "clarify")
        or question.style not in STYLES
        or len(question.text) < 8
    ]
    assert faulty == []
    assert {question.style for question in written} == STYLES


def test_none_stands_twice(written: list[Question]) -> None:
    counts = Counter(fold(question.text) for question in written)
    assert [text for text, count in counts.items() if count > 1] == []


def test_what_the_vectors_learn_from_is_not_what_the_order_is_fitted_on(written: list[Question]) -> None:
    taught, kept = asked.divided()
    assert len(taught) + len(kept) == len(written)
    assert not {question.text for question in taught} & {question.text for question in kept}
    assert max(Counter(question.codes[0] for question in taught).values()) == 1


@needs_shared
def test_every_procedure_is_asked_for(written: list[Question], names: dict[str, str]) -> None:
    meant = {code for question in written for code in question.codes if not code.startswith(FAQ_PREFIX)}
    assert names.keys() == meant


def test_every_question_of_the_starter_is_asked_for(written: list[Question]) -> None:
    meant = {code.removeprefix(FAQ_PREFIX) for question in written for code in question.codes if FAQ_PREFIX in code}
    assert {faq.id for faq in bases.questions()} == meant


@needs_shared
def test_none_is_a_title(written: list[Question], names: dict[str, str]) -> None:
    titles = {fold(name) for name in names.values()}
    assert [question.text for question in written if fold(question.text) in titles] == []


@needs_shared
def test_none_is_a_line_of_the_test_questions(written: list[Question]) -> None:
    lines = [
        fold(json.loads(line)["text"])
        for path in sorted((SHARED / "questions").glob("dev-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    spoken = [turn.text for talk in turning.talks() for turn in talk if len(turn.text.split()) > 5]
    texts = [fold(text) for text in (*(question.text for question in written), *spoken)]
    assert lines
    close = process.cdist(texts, lines, scorer=fuzz.ratio, score_cutoff=ALIKE, workers=2)
    assert [(texts[n], lines[m]) for n, m in zip(*close.nonzero(), strict=True)] == []


def test_talks_have_turns_in_order_and_known_labels() -> None:
    talks = list(turning.talks())
    assert len(talks) > 200
    kinds = {"answer", "clarify", "smalltalk", "refuse", "feedback"}
    assert {turn.expect for talk in talks for turn in talk} == kinds
    assert all(len(talk) > 1 for talk in talks)
    assert all(turn.codes for talk in talks for turn in talk if turn.expect == "answer")
