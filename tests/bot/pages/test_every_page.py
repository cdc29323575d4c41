"""Every procedure has a page that can be read and says nothing that has ended."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile, Procedure
from knowledge.importing.snapshot import procedure_of
from tests.answers_rules.test_every_answer import (
    MACHINE_WORDS,
    PEOPLE_AND_PROJECTS,
    SMALL_AMOUNT,
    ended_circulars,
    ended_clauses,
)
from tests.bot.channels.web.browserless import a_client
from tests.bot.pages.office import a_base, a_site, published, some_pages, text_of
from tests.fakes import TODAY
from tests.places import SNAPSHOT, needs_shared

SAMPLE = 300
_HEAD = re.compile(r"^.*?<main", re.DOTALL)


def faults(page: httpx.Response, procedure: Procedure) -> Iterator[str]:
    if page.status_code != 200:
        yield f"status {page.status_code}"
        return
    text = text_of(_HEAD.sub("<main", page.text))
    if procedure.code not in text:
        yield "no code"
    if word := MACHINE_WORDS.search(text):
        yield f"machine word {word[0]!r}"
    if small := SMALL_AMOUNT.search(text):
        yield f"small amount {small[0]!r}"
    if procedure.code not in PEOPLE_AND_PROJECTS:
        yield from (f"ended {clause!r}" for clause in ended_clauses(text, TODAY))
    ways = text_of(page.text.partition('id="cach-nop"')[2].partition('id="giay-to"')[0])
    yield from (f"ended {circular}" for circular in ended_circulars(ways, TODAY))


async def all_faults(base: KnowledgeBase) -> list[str]:
    found = []
    async with a_client(a_site(some_pages(base))) as client:
        for code in base.codes():
            procedure = base.procedure(code)
            assert procedure is not None
            for path in (f"/thu-tuc/{code}", f"/thu-tuc/{code}?truong-hop=1", f"/the/{code}?phan=fd", f"/the/{code}"):
                page = await client.get(path)
                found += [f"{path}: {fault}" for fault in faults(page, procedure)]
    return found


async def test_every_shipped_procedure() -> None:
    assert await all_faults(a_base()) == []


@pytest.fixture
def sampled() -> KnowledgeBase:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        rows = random.Random(20261121).sample(list(lines), SAMPLE)  # noqa: S311 - a sample, no secret
    return KnowledgeBase.build(
        published([procedure_of(json.loads(row), date(2026, 7, 1)) for row in rows]), OfficeProfile()
    )


@needs_shared
async def test_a_sample_of_the_whole_country(sampled: KnowledgeBase) -> None:
    assert await all_faults(sampled) == []
