"""The preview of a file: each row new, changed field by field, unchanged or refused; and nothing written."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.entries import LocalOverlay
from knowledge.importing import ImportProblem, ImportReport, import_file
from knowledge.importing.preview import RowPreview, RowState, preview, write_preview
from knowledge.store import Kind, calendar_day, get_version, load_publication, published_revision
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row
from tests.knowledge.importing.sheets.books import a_book

HEADS = ("Mã câu hỏi", "Câu hỏi", "Câu trả lời", "Chủ đề")
OVERLAY_HEADS = ("Mã thủ tục", "Mức thu tại địa phương", "Quầy tiếp nhận")


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def take(base: Sessions, path: Path, **options: Any) -> ImportReport:
    return await import_file(base, path, **{"publish": True, "dry_run": False, "now": NOW, **options})


def a_faq_book(folder: Path, *rows: tuple[str, ...], heads: tuple[str, ...] = HEADS) -> Path:
    return a_book(folder, [heads, *rows])


async def overlay(base: Sessions, code: str) -> LocalOverlay:
    async with base() as session:
        return (await load_publication(session, calendar_day(NOW))).overlays[code]


async def test_every_row_is_told(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_faq_book(tmp_path, ("a", "A?", "Có.", "x"), ("b", "B?", "Có.", "x")))
    path = a_faq_book(
        tmp_path, ("a", "A?", "Có.", "x"), ("b", "B?", "Không.", "y"), ("c", "C?", "Có.", "x"), ("D", "D?", "Có.", "x"),
    )  # fmt: skip

    rows = await preview(base, path, publish=True)

    assert [(row.row, row.code, row.state) for row in rows] == [
        (2, "a", RowState.UNCHANGED), (3, "b", RowState.CHANGED), (4, "c", RowState.NEW), (5, "D", RowState.REFUSED),
    ]  # fmt: skip
    assert [(rows[1].label(c), c.old, c.new) for c in rows[1].changes] == [
        ("Câu trả lời", "Có.", "Không."),
        ("Chủ đề", "x", "y"),
    ]
    assert rows[3].field == "Mã câu hỏi"
    async with base() as session:
        assert await published_revision(session) == 1


async def test_columns_that_a_file_leaves_out_stay_as_they_are(base: Sessions, tmp_path: Path) -> None:
    whole = own_row("9.000001", "Cấp thẻ", steps="Bước 1", methods=[{"channel": "direct", "note": "quầy 1"}])
    await take(base, a_file(tmp_path, [whole]))
    path = a_book(tmp_path, [("Mã thủ tục", "Tên thủ tục", "Kết quả"), ("9.000001", "Cấp thẻ", "Thẻ")])

    (row,) = await preview(base, path, publish=True)
    report = await take(base, path)

    assert [change.field for change in row.changes] == ["results"]
    assert (report.new, report.changed) == (0, 1)
    async with base() as session:
        stored = await get_version(session, Kind.PROCEDURE, "9.000001")
    procedure: Any = stored and stored.decoded()
    assert (procedure.steps, procedure.results, procedure.methods[0].note) == ("Bước 1", "Thẻ", "quầy 1")


async def test_drafts_count_where_nothing_is_published_at_once(base: Sessions, tmp_path: Path) -> None:
    path = a_faq_book(tmp_path, ("a", "A?", "Có.", "x"))
    await take(base, path, publish=False)

    assert [row.state for row in await preview(base, path, publish=False)] == [RowState.UNCHANGED]
    assert [row.state for row in await preview(base, path, publish=True)] == [RowState.NEW]


async def test_overlays_are_written_with_publish_only(base: Sessions, tmp_path: Path) -> None:
    path = a_book(tmp_path, [OVERLAY_HEADS, ("1.004194", "Phí 8.000 đồng.", "Quầy 3")])

    with pytest.raises(ImportProblem, match="--publish"):
        await take(base, path, publish=False)
    first, again = await take(base, path), await take(base, path)

    assert ((first.new, first.unchanged), (again.new, again.unchanged)) == ((1, 0), (0, 1))
    assert (await overlay(base, "1.004194")).counter == "Quầy 3"


async def test_an_overlay_keeps_what_the_file_has_no_column_for(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_book(tmp_path, [OVERLAY_HEADS, ("1.004194", "Phí 8.000 đồng.", "Quầy 3")]))
    path = a_book(tmp_path, [("Mã thủ tục", "Quầy"), ("1.004194", "Quầy 5"), ("1.004195", "Quầy 6")])

    rows = await preview(base, path, publish=True)
    await take(base, path)

    assert [(row.state, [change.new for change in row.changes]) for row in rows] == [
        (RowState.CHANGED, ["Quầy 5"]),
        (RowState.NEW, []),
    ]
    assert await overlay(base, "1.004194") == LocalOverlay(code="1.004194", fee="Phí 8.000 đồng.", counter="Quầy 5")


async def test_codes_that_go_in_a_circle_change_nothing(base: Sessions, tmp_path: Path) -> None:
    path = a_book(tmp_path, [("Mã cũ", "Mã mới"), ("1.000001", "1.000002"), ("1.000002", "1.000001")])

    with pytest.raises(ImportProblem, match="vòng tròn"):
        await take(base, path)

    async with base() as session:
        assert (await load_publication(session, calendar_day(NOW))).code_aliases == {}
        assert await published_revision(session) == 0


async def test_a_bad_file_changes_nothing(base: Sessions, tmp_path: Path) -> None:
    await take(base, a_faq_book(tmp_path, ("a", "A?", "Có.", "x")))
    path = tmp_path / "hong.xlsx"
    path.write_bytes(b"PK\x03\x04")

    with pytest.raises(ImportProblem):
        await take(base, path)

    async with base() as session:
        assert await published_revision(session) == 1


def test_a_written_preview_is_no_formula(tmp_path: Path) -> None:
    rows = [RowPreview(row=2, state=RowState.NEW, form="faq", code="a", name="=1+1")]

    write_preview(rows, tmp_path / "p.csv")

    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][2:6] == ["Hỏi đáp", "a", "'=1+1", "mới"]
