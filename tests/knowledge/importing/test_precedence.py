"""What people wrote is not worsened by a national source, and the starter does not undo the office's work."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.entries import Level, Method, Procedure, SubmissionChannel
from knowledge.importing import ImportReport, import_file, import_starter
from knowledge.importing.precedence import filled
from knowledge.serialising import procedure_from_json
from knowledge.store import calendar_day, load_publication
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row, portal_row

BIRTH = "1.001193"


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def take(base: Sessions, path: Path, **options: Any) -> ImportReport:
    return await import_file(base, path, **{"publish": True, "dry_run": False, "now": NOW, **options})


async def starter(base: Sessions) -> ImportReport:
    return await import_starter(base, publish=True, dry_run=False, now=NOW)


async def published(base: Sessions, code: str = BIRTH) -> Procedure:
    async with base() as session:
        return procedure_from_json((await load_publication(session, calendar_day(NOW))).procedures[code].body)


def a_snapshot(folder: Path, month: str, **changes: Any) -> Path:
    rows = [portal_row(BIRTH, "Thủ tục đăng ký khai sinh", **changes), portal_row("1.900001", "Cấp thẻ đọc")]
    return a_file(folder, rows, f"danh-muc-{month}.jsonl")


async def test_a_snapshot_of_the_same_data_leaves_the_starters_words(base: Sessions, tmp_path: Path) -> None:
    await starter(base)
    before = await published(base)

    report = await take(base, a_snapshot(tmp_path, "2026-07"))

    assert await published(base) == before
    assert (report.new, report.changed, report.unchanged, report.gone) == (1, 0, 1, [])
    assert any("1 mục giữ nguyên" in note for note in report.notes)


async def test_a_newer_snapshot_changes_what_it_records_and_empties_nothing(base: Sessions, tmp_path: Path) -> None:
    await starter(base)
    before = await published(base)

    report = await take(base, a_snapshot(tmp_path, "2026-11", results="Giấy khai sinh mới"))

    after = await published(base)
    assert (after.results, after.steps, after.methods) == ("Giấy khai sinh mới", before.steps, before.methods)
    assert after.data_date is not None
    assert after.data_date.month == 11
    assert any(BIRTH in note for note in report.notes)


async def test_the_next_snapshot_keeps_them_still(base: Sessions, tmp_path: Path) -> None:
    await starter(base)
    before = await published(base)
    await take(base, a_snapshot(tmp_path, "2026-10", results="Giấy khai sinh mới"))

    await take(base, a_snapshot(tmp_path, "2026-11", results="Giấy khai sinh khác"))

    after = await published(base)
    assert (after.results, after.methods) == ("Giấy khai sinh khác", before.methods)


async def test_the_order_of_starter_and_snapshot_does_not_matter(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_snapshot(tmp_path, "2026-07"))
    await starter(base)
    snapshot_first = await published(base)

    await take(base, a_file(tmp_path, [portal_row(BIRTH)], "lai-2026-07.jsonl"))

    assert await published(base) == snapshot_first
    assert snapshot_first.methods


async def test_the_starter_does_not_go_back_behind_newer_data(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_snapshot(tmp_path, "2026-11", results="Giấy khai sinh mới"))

    await starter(base)

    assert (await published(base)).results == "Giấy khai sinh mới"


async def test_the_starter_leaves_what_the_office_wrote(base: Sessions, tmp_path: Path) -> None:
    first = await starter(base)
    await take(base, a_file(tmp_path, [own_row(BIRTH, "Khai sinh của phường")]))
    question = {"id": "vneid-la-gi", "question": "VNeID?", "answer": "Của phường.", "topic": "online"}
    async with base() as session:
        known = sorted((await load_publication(session, calendar_day(NOW))).faqs)
    await take(base, a_file(tmp_path, [{**question, "id": known[0]}], "hoi-dap.jsonl"))

    again = await starter(base)

    assert (await published(base)).name == "Khai sinh của phường"
    async with base() as session:
        assert (await load_publication(session, calendar_day(NOW))).faqs[known[0]].faq.answer == "Của phường."
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.new)


async def test_a_draft_too_keeps_what_people_wrote(base: Sessions, tmp_path: Path) -> None:
    await starter(base)

    report = await take(base, a_snapshot(tmp_path, "2026-11", results="Giấy khai sinh mới"), publish=False)

    assert [change.field for change in report.differences[BIRTH] if not change.new] == []


def test_a_channel_without_fee_takes_that_of_the_same_channel() -> None:
    written = procedure_from_json(
        b'{"code":"1.000001","name":"A","level":"commune","methods":['
        b'{"channel":"direct","fees":[{"text":"5.000 dong"}]},{"channel":"postal","fees":[{"text":"1"}]},'
        b'{"channel":"postal","fees":[{"text":"2"}]}]}'
    )
    item = Procedure(
        code="1.000001",
        name="B",
        methods=(Method(channel=SubmissionChannel.DIRECT), Method(channel=SubmissionChannel.POSTAL)),
    )

    whole, parts = filled(item, written)

    assert [len(method.fees) for method in whole.methods] == [1, 0]
    assert (whole.name, whole.level, set(parts)) == ("B", Level.COMMUNE, {"level", "methods"})
