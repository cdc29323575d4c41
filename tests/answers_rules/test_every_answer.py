"""Every answer about every procedure of the national snapshot, today and on 1 January 2027."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from handlers.describe import Asked, Description, describe, describe_full
from handlers.describe.dossier import papers
from knowledge.entries import Aspect, Procedure
from knowledge.importing.snapshot import procedure_of
from tests.places import SNAPSHOT, needs_shared

DAYS = (date(2026, 11, 21), date(2027, 1, 1))
PARTS: tuple[tuple[Aspect, ...], ...] = ((), *((aspect,) for aspect in Aspect if aspect is not Aspect.COMPARE))
LONGEST_SHORT = 900
"""Characters of paragraphs and source of a short answer, buttons and links not counted."""

# Read with its own eyes, not with those of knowledge.clauses: any day after "đến", "hết" in the years of the portal.
ENDING = re.compile(
    r"(?:đến|tới|hết)\s+(?:hết\s+)?(?:ngày\s+)*(\d{1,2})\s*(?:/|-|\.|tháng)\s*(\d{1,2})\s*(?:/|-|\.|năm)\s*(20[12]\d)(?!\d)",
    re.IGNORECASE,
)
FEE_CIRCULARS = {
    "44/2023/TT-BTC": date(2023, 12, 31),
    "43/2024/TT-BTC": date(2024, 12, 31),
    "64/2025/TT-BTC": date(2026, 12, 31),
}
MACHINE_WORDS = re.compile(r"\b(?:OTHER|WORKING_DAY|None|null|nan)\b|: Không có thông tin\W*\n")
SMALL_AMOUNT = re.compile(
    r"(?<![\d.,/])(?!0 ?[đĐVv])\d{1,3}(?:[.,]0{1,2})?(?!\d) ?(?:đồng(?! thời)|VNĐ|VND)(?![\w/])", re.IGNORECASE
)
PEOPLE_AND_PROJECTS = ("1.009797", "1.012416")
"""Procedures whose texts name the day on which an age or a duty was counted: a fact, no limit of a rule."""


@pytest.fixture(scope="module")
def procedures() -> list[Procedure]:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        return [procedure_of(json.loads(line), date(2026, 7, 1)) for line in lines]


def answers(procedure: Procedure, today: date) -> Iterator[tuple[str, Description]]:
    for aspects in PARTS:
        label = aspects[0].value if aspects else "general"
        yield label, describe(Asked(procedure=procedure, today=today, aspects=aspects))
    dossier = Asked(procedure=procedure, today=today, aspects=(Aspect.DOSSIER,))
    for number, _ in papers(dossier).alternatives:
        yield f"d{number}", describe(replace(dossier, case=number))
    yield "full", describe_full(Asked(procedure=procedure, today=today))


def faults(label: str, said: Description, procedure: Procedure, today: date) -> Iterator[str]:
    text = "\n".join((*said.blocks, said.citation, ""))
    if not said.blocks or not all(block.strip() for block in said.blocks):
        yield "empty"
    if procedure.code not in said.citation:
        yield "no source"
    if label != "full" and len(text) > LONGEST_SHORT:
        yield f"{len(text)} characters"
    if word := MACHINE_WORDS.search(text):
        yield f"machine word {word[0]!r}"
    body = "\n".join(said.blocks)
    if small := SMALL_AMOUNT.search(body):
        yield f"small amount {small[0]!r}"
    if procedure.code not in PEOPLE_AND_PROJECTS:
        yield from (f"ended {clause!r}" for clause in ended_clauses(body, today))
    if label in ("general", "f", "o", "b"):
        yield from (f"ended {circular}" for circular in ended_circulars(body, today))


def ended_clauses(text: str, today: date) -> Iterator[str]:
    for match in ENDING.finditer(text):
        try:
            day = date(int(match[3]), int(match[2]), int(match[1]))
        except ValueError:
            continue
        if day < today and "lược bỏ" not in text[match.end() : match.end() + 20]:
            yield text[max(0, match.start() - 40) : match.end()]


def ended_circulars(text: str, today: date) -> Iterator[str]:
    return (number for number, last in FEE_CIRCULARS.items() if last < today and number in text)


@needs_shared
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_answer_is_true_today_and_can_be_read(procedures: list[Procedure], today: date) -> None:
    assert len(procedures) == 5652
    found = [
        f"{procedure.code} {label}: {fault}"
        for procedure in procedures
        for label, said in answers(procedure, today)
        for fault in faults(label, said, procedure, today)
    ]
    assert not found, f"{len(found)} faults, the first:\n" + "\n".join(found[:400])


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Phí: 20.000 đồng (áp dụng đến hết ngày 31/12/2023)", True),
        ("từ ngày 01 tháng 7 năm 2025 đến hết ngày 31 tháng 12 năm 2026", False),
        ("tham gia từ tháng 9 năm 1945 đến ngày 20 tháng 7 năm 1954", False),
    ],
)
def test_the_check_itself_can_fail(text: str, ended: bool) -> None:
    assert bool(list(ended_clauses(text, date(2026, 11, 21)))) is ended


def test_the_check_of_circulars_can_fail() -> None:
    assert list(ended_circulars("25.000 đồng theo Thông tư số 64/2025/TT-BTC", date(2027, 1, 1)))
    assert not list(ended_circulars("25.000 đồng theo Thông tư số 64/2025/TT-BTC", date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("Phí: 20 đồng.", True),
        ("95 VNĐ (loại trên 3 tháng)", True),
        ("500 đồng/trang", False),
        ("2.000 đồng", False),
        ("1 đơn", False),
    ],
)
def test_the_check_of_amounts_can_fail(text: str, small: bool) -> None:
    assert bool(SMALL_AMOUNT.search(text)) is small
