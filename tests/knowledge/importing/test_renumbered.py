"""The renumbered codes that are shipped: each leads to a procedure that is there, and the office's own word counts."""

import csv
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.importing import ImportProblem, import_file, import_starter
from knowledge.importing.renumbered import FILE, shipped
from knowledge.store import calendar_day, load_publication
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, portal_row
from tests.places import ROOT, SHARED, SNAPSHOT, needs_shared

PATH = ROOT / "knowledge" / "starter" / FILE
OLD, NEW = "1.000362", "1.014749"


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def aliases(base: Sessions) -> dict[str, str]:
    async with base() as session:
        return (await load_publication(session, calendar_day(NOW))).code_aliases


@needs_shared
def test_every_code_leads_from_one_that_is_gone_to_one_that_is_there() -> None:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        now = {json.loads(row)["code"] for row in rows}
    with (SHARED / "data" / "popularity.csv").open(encoding="utf-8") as file:
        gone = {row["code"] for row in csv.DictReader(file) if row["in_july_2026"] == "False"}
    moved = {old: alias.new_code for old, alias in shipped(PATH).items()}

    assert len(moved) >= 60
    assert set(moved.values()) <= now
    assert moved.keys() <= gone
    assert not moved.keys() & now


@pytest.mark.parametrize(
    "lines",
    [
        "1.000001\t1.000002\ttên\n",
        "1.000001\t1.000002\ttên\tcùng tên\n1.000001\t1.000003\ttên\tcùng tên\n",
        "1.000001\t1.000002\ttên\tcùng tên\n1.000002\t1.000003\ttên\tcùng tên\n",
        "1.000001\tmã mới\ttên\tcùng tên\n",
    ],
    ids=["no ground", "twice", "a chain", "no code"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, lines: str) -> None:
    path = tmp_path / FILE
    path.write_text(lines, encoding="utf-8")

    with pytest.raises(ImportProblem, match="renumbered"):
        shipped(path)


@pytest.mark.parametrize("starter_first", [True, False])
async def test_the_old_code_leads_on_in_either_order(base: Sessions, tmp_path: Path, starter_first: bool) -> None:
    path = a_file(tmp_path, [portal_row(NEW, "Thông báo tìm việc")], "danh-muc-2026-07.jsonl")
    if starter_first:
        await import_starter(base, publish=True, dry_run=False, now=NOW)
    await import_file(base, path, publish=True, dry_run=False, now=NOW)
    if not starter_first:
        await import_starter(base, publish=True, dry_run=False, now=NOW)

    assert (await aliases(base))[OLD] == NEW


async def test_what_the_office_said_of_a_code_stays(base: Sessions, tmp_path: Path) -> None:
    own = [{"old_code": OLD, "new_code": "9.000001"}, {"old_code": "1.014748", "new_code": "1.001978"}]
    await import_file(base, a_file(tmp_path, own), kind="code-aliases", publish=True, dry_run=False, now=NOW)

    await import_starter(base, publish=True, dry_run=False, now=NOW)

    known = await aliases(base)
    assert known[OLD] == "9.000001"
    assert "1.001978" not in known
    assert known["2.001953"] == "1.014752"


async def test_without_publishing_no_code_is_renumbered(base: Sessions) -> None:
    report = await import_starter(base, publish=False, dry_run=False, now=NOW)

    assert (await aliases(base), report.notes) == ({}, [])
