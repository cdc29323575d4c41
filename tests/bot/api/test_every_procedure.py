"""Every procedure of the national snapshot as JSON, today and on 1 January 2027: nothing that has ended."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.api import entries
from knowledge.entries import Procedure
from knowledge.importing.snapshot import procedure_of
from tests.answers_rules.test_every_answer import (
    DAYS,
    PEOPLE_AND_PROJECTS,
    SMALL_AMOUNT,
    ended_circulars,
    ended_clauses,
)
from tests.fakes import FakeKnowledge
from tests.places import SNAPSHOT, needs_shared

MACHINE_WORDS = re.compile(r"\b(?:OTHER|WORKING_DAY|None|nan)\b")


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value with the name of its field."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, str):
        yield name, value


def _faults(procedure: Procedure, today: date) -> Iterator[str]:
    body = entries.procedure(procedure, FakeKnowledge(), today).model_dump(mode="json")
    for name, text in _texts(body):
        if procedure.code not in PEOPLE_AND_PROJECTS:
            yield from (f"{name}: ended {clause!r}" for clause in ended_clauses(text, today))
        if word := MACHINE_WORDS.search(text):
            yield f"{name}: machine word {word[0]!r}"
    for method in body["methods"]:
        for fee in method["fees"]:
            yield from (f"ended {circular}" for circular in ended_circulars(fee["text"], today))
            if small := SMALL_AMOUNT.search(fee["text"]):
                yield f"small amount {small[0]!r}"
            if fee["amount"] is not None and 0 < fee["amount"] < 500:
                yield f"amount {fee['amount']}"


@needs_shared
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_procedure_is_true_today(today: date) -> None:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        procedures = [procedure_of(json.loads(line), date(2026, 7, 1)) for line in lines]
    found = [f"{procedure.code} {fault}" for procedure in procedures for fault in _faults(procedure, today)]

    assert len(procedures) == 5652
    assert not found, f"{len(found)} faults, the first:\n" + "\n".join(found[:200])
