"""An import is one transaction: good rows in, refused rows named, and nothing at all when the file cannot be read."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.importing import ImportReport, import_file, import_starter, write_refused
from knowledge.store import (
    Kind,
    Status,
    calendar_day,
    counts,
    get_version,
    history,
    load_publication,
)
from knowledge.tables import import_run
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row, portal_row

FAQ = {"id": "nop-ho", "question": "Nộp thay được không?", "answer": "Được.", "topic": "one-stop"}


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def take(base: Sessions, path: Path, **options: Any) -> ImportReport:
    return await import_file(base, path, **{"publish": True, "dry_run": False, "now": NOW, **options})


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


async def codes(base: Sessions) -> list[str]:
    async with base() as session:
        return sorted((await load_publication(session, calendar_day(NOW))).procedures)


async def runs(base: Sessions) -> int:
    async with base() as session:
        return await session.scalar(select(func.count()).select_from(import_run)) or 0


async def test_published_rows_are_in_force_at_once(base: Sessions, tmp_path: Path) -> None:
    report = await take(base, a_file(tmp_path, [portal_row("1.000001"), portal_row("1.000002")], "p-2026-07.jsonl.gz"))

    assert figures(report) == (2, 0, 0, 0)
    assert report.revision == 1
    assert await codes(base) == ["1.000001", "1.000002"]


async def test_without_publish_rows_wait_as_drafts(base: Sessions, tmp_path: Path) -> None:
    path = a_file(tmp_path, [portal_row("1.000001")])

    first = await take(base, path, publish=False)
    again = await take(base, path, publish=False)

    assert (figures(first), figures(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert (first.revision, await codes(base)) == (0, [])
    async with base() as session:
        assert await counts(session) == {Kind.PROCEDURE: {Status.DRAFT: 1}}


async def test_a_changed_draft_takes_the_place_of_the_former_draft(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_file(tmp_path, [portal_row("1.000001")]), publish=False)
    report = await take(base, a_file(tmp_path, [portal_row("1.000001", "Tên mới")]), publish=False)

    assert figures(report) == (0, 1, 0, 0)
    async with base() as session:
        versions = await history(session, Kind.PROCEDURE, "1.000001")
    assert [(v.number, v.status) for v in versions] == [(2, Status.DRAFT), (1, Status.REPLACED)]


async def test_publishing_what_waits_as_a_draft_makes_no_second_copy(base: Sessions, tmp_path: Path) -> None:
    path = a_file(tmp_path, [portal_row("1.000001")])
    await take(base, path, publish=False)
    report = await take(base, path)

    assert figures(report) == (1, 0, 0, 0)
    async with base() as session:
        (only,) = await history(session, Kind.PROCEDURE, "1.000001")
    assert (only.number, only.status, only.published_at) == (1, Status.PUBLISHED, NOW)


async def test_the_same_again_changes_nothing(base: Sessions, tmp_path: Path) -> None:
    path = a_file(tmp_path, [portal_row("1.000001"), portal_row("1.000002")])
    await take(base, path)
    report = await take(base, path, now=NOW + timedelta(days=1))

    assert figures(report) == (0, 0, 2, 0)
    assert (report.revision, await runs(base)) == (1, 1)


async def test_a_later_snapshot_that_says_the_same_is_no_change(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_file(tmp_path, [portal_row("1.000001")], "p-2026-07.jsonl"))
    report = await take(base, a_file(tmp_path, [portal_row("1.000001")], "p-2026-10.jsonl"))

    assert figures(report) == (0, 0, 1, 0)


async def test_a_later_import_of_the_same_code_replaces_it(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_file(tmp_path, [portal_row("1.000001"), portal_row("1.000002")], "p-2026-07.jsonl"))
    report = await take(base, a_file(tmp_path, [own_row("1.000001", "Tên của Sở")], "so.jsonl"))

    assert figures(report) == (0, 1, 0, 0)
    async with base() as session:
        stored = await get_version(session, Kind.PROCEDURE, "1.000001")
    assert stored is not None
    assert (stored.number, stored.source) == (2, "so.jsonl")
    assert await codes(base) == ["1.000001", "1.000002"]


async def test_codes_that_a_newer_snapshot_lacks_are_named_and_stay(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_file(tmp_path, [portal_row("1.000001"), portal_row("1.000002")], "p-2026-07.jsonl"))
    report = await take(base, a_file(tmp_path, [portal_row("1.000002")], "p-2026-10.jsonl"))

    assert report.gone == ["1.000001"]
    assert await codes(base) == ["1.000001", "1.000002"]


async def test_a_dry_run_counts_and_writes_nothing(base: Sessions, tmp_path: Path) -> None:
    report = await take(base, a_file(tmp_path, [portal_row("1.000001")]), dry_run=True)

    assert figures(report) == (1, 0, 0, 0)
    assert (await codes(base), await runs(base), report.revision) == ([], 0, 0)


async def test_refused_rows_are_named_and_the_rest_is_taken(base: Sessions, tmp_path: Path) -> None:
    cut = json.dumps(portal_row("1.000009"))[:30]
    rows: list[dict[str, Any] | str | bytes] = [
        portal_row("1.000001"),
        "khong phai json",
        "",
        portal_row("", "Thiếu mã"),
        portal_row("1.000003", ""),
        portal_row("1.000004", methods="x"),
        portal_row("1.000001", "Trùng"),
        "[1, 2]",
        "[" * 100_000,
        '{"code": ' + "1" * 5_000 + "}",
        b"\xff\xfe",
        portal_row("1.000002"),
        cut,
    ]
    report = await take(base, a_file(tmp_path, rows))

    assert await codes(base) == ["1.000001", "1.000002"]
    assert [(r.row, r.code, r.field) for r in report.refused] == [
        (2, "", ""),
        (4, "", "code"),
        (5, "1.000003", "name"),
        (6, "1.000004", "methods"),
        (7, "1.000001", "code"),
        (8, "", ""),
        (9, "", ""),
        (10, "", ""),
        (11, "", ""),
        (13, "", ""),
    ]
    written = write_refused(report, tmp_path)
    assert written == tmp_path / "danh-muc.jsonl.refused.jsonl"
    first = json.loads(written.read_text(encoding="utf-8").splitlines()[0])
    assert first == {"row": 2, "code": "", "field": "", "reason": report.refused[0].reason, "file": "danh-muc.jsonl"}


def test_no_file_is_written_when_nothing_was_refused(tmp_path: Path) -> None:
    assert write_refused(ImportReport(source="x", published=True, dry_run=False), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


async def test_questions_are_recognised_and_checked(base: Sessions, tmp_path: Path) -> None:
    rows: list[dict[str, Any] | str | bytes] = [
        FAQ,
        FAQ | {"id": "Có Dấu"},
        FAQ | {"id": "thieu", "answer": " "},
        FAQ | {"id": "la", "mau": "đỏ"},
    ]
    report = await take(base, a_file(tmp_path, rows))

    assert figures(report) == (1, 0, 0, 3)
    assert [r.field for r in report.refused] == ["id", "answer", "mau"]
    async with base() as session:
        assert list((await load_publication(session, calendar_day(NOW))).faqs) == ["nop-ho"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "huyện"}, "level"),
        ({"effective_from": "31/12/2026"}, "effective_from"),
        ({"methods": [{"channel": "direct", "fees": [{"amount": 20}]}]}, "methods.fees.amount"),
        ({"methods": [{"time": {}}]}, "methods.channel"),
        ({"subjects": "Công dân"}, "subjects"),
        ({"ten": "x"}, "ten"),
    ],
)
async def test_our_own_procedures_are_checked(
    base: Sessions, tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    rows = [own_row("1.000001"), own_row("1.000002") | change]
    report = await take(base, a_file(tmp_path, rows), kind="procedures")

    assert figures(report) == (1, 0, 0, 1)
    assert report.refused[0].field == field


async def test_a_doubtful_entry_is_marked_for_review(base: Sessions, tmp_path: Path) -> None:
    row = portal_row("1.000001", steps="Nộp hồ sơ tại Ủy ban nhân dân cấp huyện nơi cư trú.")
    report = await take(base, a_file(tmp_path, [row, portal_row("1.000002")]))

    assert [item.code for item in report.review] == ["1.000001"]
    async with base() as session:
        stored = await get_version(session, Kind.PROCEDURE, "1.000001")
    assert stored is not None
    assert stored.review_reasons == report.review[0].reasons


async def test_progress_is_told_to_its_end(base: Sessions, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [portal_row(f"1.{n:06}") for n in range(7)]
    await take(base, a_file(tmp_path, rows), progress=lambda done, of: told.append((done, of)))

    assert told[-1] == (7, 7)


async def test_the_starter_base_is_whole_and_comes_in_once(base: Sessions) -> None:
    first = await import_starter(base, publish=True, dry_run=False, now=NOW)
    again = await import_starter(base, publish=True, dry_run=False, now=NOW)

    assert first.new >= 20
    assert (first.changed, first.refused) == (0, [])
    assert figures(again) == (0, 0, first.new, 0)
