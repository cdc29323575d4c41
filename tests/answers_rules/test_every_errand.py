"""The list of every errand of the national snapshot: true on its day, readable, and ended by three questions."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest

from handlers import choices
from handlers.choices import ErrandStep
from handlers.errand import Errand, errand_of, sheet
from handlers.errand.sheet import Sheet
from handlers.errand.told import next_question
from knowledge.entries import Procedure
from knowledge.importing.snapshot import procedure_of
from tests.answers_rules.test_every_answer import (
    MACHINE_WORDS,
    PEOPLE_AND_PROJECTS,
    SMALL_AMOUNT,
    ended_circulars,
    ended_clauses,
)
from tests.fakes import FakeKnowledge
from tests.places import SNAPSHOT, needs_shared

LONGEST = 6000
"""Characters of a list in the chat: three messages of the strictest platform."""
MOST_QUESTIONS = 3


def lists(procedure: Procedure, knowledge: FakeKnowledge, today: date) -> Iterator[tuple[str, Sheet]]:
    """The list for every way through the questions, in the chat; the one that leaves all open, on paper too."""
    waiting = [(0, ErrandStep(procedure.code))]
    while waiting:
        asked, step = waiting.pop()
        errand = errand_of(procedure, step, knowledge, today)
        question = next_question(errand)
        if question is None:
            yield choices.for_errand(step), sheet(errand)
            continue
        assert asked < MOST_QUESTIONS
        assert len({choice.label for choice in question.choices}) == len(question.choices)
        picked = (question.choices[0], question.choices[-1])
        waiting += [(asked + 1, told) for choice in picked if (told := choices.errand(choice.value))]
    yield "whole", sheet(on_paper(errand))


def on_paper(errand: Errand) -> Errand:
    return replace(errand, asked=replace(errand.asked, whole=True))


def faults(label: str, told: Sheet, procedure: Procedure, today: date) -> Iterator[str]:
    text = "\n".join((told.title, *told.blocks, told.citation))
    if not all(block.strip() for block in told.blocks):
        yield "empty"
    if label != "whole" and len(text) > LONGEST:
        yield f"{len(text)} characters"
    if word := MACHINE_WORDS.search(text):
        yield f"machine word {word[0]!r}"
    if small := SMALL_AMOUNT.search(text):
        yield f"small amount {small[0]!r}"
    if procedure.code not in PEOPLE_AND_PROJECTS:
        yield from (f"ended {clause!r}" for clause in ended_clauses(text, today))
    money = "\n".join(block for block in told.blocks if block.startswith(("Chi phí", "So sánh")))
    yield from (f"ended {circular}" for circular in ended_circulars(money, today))


@needs_shared
@pytest.mark.parametrize(("today", "every"), [(date(2026, 11, 21), 1), (date(2027, 2, 1), 6)])
def test_every_list_is_true_on_its_day_and_can_be_read(today: date, every: int) -> None:
    knowledge = FakeKnowledge()
    found = []
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            procedure = procedure_of(json.loads(line), date(2026, 7, 1))
            for label, told in lists(procedure, knowledge, today):
                found += [f"{procedure.code} {label}: {fault}" for fault in faults(label, told, procedure, today)]

    assert not found, f"{len(found)} faults, the first:\n" + "\n".join(found[:100])
