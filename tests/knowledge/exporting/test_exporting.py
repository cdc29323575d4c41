"""What is exported comes in again without change, from every kind of file, and is never a formula."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.additions import add_aliases, save_overlay, set_code_alias
from knowledge.entries import LocalOverlay
from knowledge.exporting import Contents, ExportProblem, export_file
from knowledge.exporting.lines import write_lines
from knowledge.exporting.spreadsheet import LONGEST_CELL, chunks, write_csv, write_workbook
from knowledge.exporting.template import EXPLANATION, write_template
from knowledge.importing import import_file, import_starter
from knowledge.importing.harvest import gather
from knowledge.importing.sheets.csv_file import DANGEROUS
from knowledge.importing.standing import FORMS
from knowledge.store import calendar_day
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row
from tests.knowledge.importing.sheets import values

TODAY = calendar_day(NOW)
patient = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
async def base(database_url: str, tmp_path: Path) -> AsyncIterator[Sessions]:
    """The starter knowledge and everything that an office may add."""
    async with a_base(database_url) as sessions:
        await import_starter(sessions, publish=True, dry_run=False, now=NOW)
        async with sessions() as session, session.begin():
            added = LocalOverlay(code="1.004194", fee="=Phí 8.000 đồng.", note="a\nb", as_of=date(2026, 11, 1))
            await save_overlay(session, added, by="test", now=NOW)
            await set_code_alias(session, "1.000001", "1.004194", by="test", now=NOW)
            await add_aliases(session, "1.004194", ["ở trọ; khai sao", "+tạm trú"], origin="test")
        yield sessions


@pytest.mark.parametrize("suffix", ["xlsx", "jsonl"])
async def test_everything_comes_in_again(base: Sessions, tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"mot.{suffix}", tmp_path / "hai.jsonl"
    count = await export_file(base, first, forms=None, on=TODAY)
    await export_file(base, tmp_path / "mot.jsonl", forms=None, on=TODAY)

    again = await import_file(base, first, publish=True, dry_run=False, now=NOW)
    async with a_base(f"sqlite+aiosqlite:///{tmp_path / 'fresh.db'}") as fresh:
        report = await import_file(fresh, first, publish=True, dry_run=False, now=NOW)
        await export_file(fresh, second, forms=None, on=TODAY)

    assert (again.new, again.changed, again.unchanged) == (0, 0, count)
    assert (report.new, report.refused, report.notes) == (count, [], [])
    assert second.read_bytes() == (tmp_path / "mot.jsonl").read_bytes()
    kinds = {json.loads(line)["kind"] for line in second.read_text(encoding="utf-8").splitlines()}
    assert kinds == {*FORMS.values(), "overlay", "code-aliases", "phrases"}


async def test_one_kind_as_csv(base: Sessions, tmp_path: Path) -> None:
    for form in ("faq", "procedures", "overlay"):
        path = tmp_path / f"{form}.csv"
        count = await export_file(base, path, forms=frozenset({form}), on=TODAY)

        report = await import_file(base, path, publish=True, dry_run=True, now=NOW)

        assert (report.new, report.changed, report.unchanged, report.refused) == (0, 0, count, []), form


async def test_what_has_ended_or_waits_is_no_part(base: Sessions, tmp_path: Path) -> None:
    rows = [
        own_row("9.000001", effective_to="2026-01-01"),
        own_row("9.000002", effective_from="2027-01-01"),
    ]
    await import_file(base, a_file(tmp_path, rows), publish=True, dry_run=False, now=NOW)
    await import_file(base, a_file(tmp_path, [own_row("9.000003")]), publish=False, dry_run=False, now=NOW)
    await export_file(base, tmp_path / "a.jsonl", forms=frozenset({"procedures"}), on=TODAY)

    text = (tmp_path / "a.jsonl").read_text(encoding="utf-8")

    assert ["9.00000" + n in text for n in "123"] == [False, True, False]


async def test_exports_that_cannot_be(base: Sessions, tmp_path: Path) -> None:
    for name, forms in (("a.txt", None), ("a.csv", None), ("a.xlsx", frozenset({"x"})), ("no/a.xlsx", None)):
        with pytest.raises(ExportProblem):
            await export_file(base, tmp_path / name, forms=forms, on=TODAY)

        assert not (tmp_path / f".{name}.part").exists()


LISTS: dict[str, st.SearchStrategy[Any]] = {
    "procedures": values.PROCEDURES,
    "faq": values.FAQS,
    "offices": values.OFFICES.filter(lambda office: len(office.id) <= 60),
    "legal-documents": values.LEGAL_DOCUMENTS.filter(lambda document: len(document.number) <= 60),
}


def unique(form: str) -> st.SearchStrategy[list[Any]]:
    key = {"procedures": "code", "legal-documents": "number"}.get(form, "id")
    return st.lists(LISTS[form], min_size=1, max_size=4, unique_by=lambda item: getattr(item, key))


@patient
@given(st.fixed_dictionaries({form: unique(form) for form in LISTS}))
def test_any_contents_come_back(tmp_path: Path, found: dict[str, list[Any]]) -> None:
    for name, write in (("a.xlsx", write_workbook), ("a.jsonl", write_lines)):
        write(Contents(found), tmp_path / name)
        harvest = gather(tmp_path / name, None, None)
        assert harvest.refused == []
        assert {FORMS[kind]: list(entries.values()) for kind, entries in harvest.entries.items()} == found
    for form, items in found.items():
        write_csv(Contents({form: items}), tmp_path / "a.csv")
        harvest = gather(tmp_path / "a.csv", form, None)
        assert [list(entries.values()) for entries in harvest.entries.values()] == [items]


@patient
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), st.integers(1, 4))
def test_long_texts_are_cut_and_come_back(text: str, times: int) -> None:
    whole = (text * (LONGEST_CELL // len(text) + 1))[: LONGEST_CELL - 7] * times

    pieces = chunks(whole)

    assert "".join(map(str, pieces)) == whole
    assert all(len(str(piece).encode("utf-16-le")) // 2 <= 32_767 for piece in pieces)


async def test_a_procedure_longer_than_a_cell(tmp_path: Path, sqlite_url: str) -> None:
    steps = "\n".join(f"Bước {n}: làm việc thứ {n} 😀." for n in range(1, 4000))
    async with a_base(sqlite_url) as base:
        row = own_row("9.000001", steps=steps, cases=[{"documents": [{"name": f"Giấy {n}"} for n in range(5000)]}])
        await import_file(base, a_file(tmp_path, [row]), publish=True, dry_run=False, now=NOW)
        await export_file(base, tmp_path / "dai.xlsx", forms=None, on=TODAY)
        report = await import_file(base, tmp_path / "dai.xlsx", publish=True, dry_run=True, now=NOW)

    assert (report.unchanged, report.notes) == (1, [])


async def test_texts_are_texts_and_never_formulas(base: Sessions, tmp_path: Path) -> None:
    await export_file(base, tmp_path / "a.xlsx", forms=None, on=TODAY)
    await export_file(base, tmp_path / "a.csv", forms=frozenset({"overlay"}), on=TODAY)

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    dangerous = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(DANGEROUS)]

    assert {cell.data_type for cell in cells} <= {"s", "d"}
    assert dangerous
    assert all(cell.quotePrefix for cell in dangerous)
    assert "'=Phí 8.000 đồng." in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("form", ["faq", "procedures", "offices", "overlay"])
def test_a_template_explains_offers_and_is_taken_in_once_filled(tmp_path: Path, form: str) -> None:
    path = tmp_path / "mau.xlsx"
    write_template(form, path)
    assert gather(path, None, None).empty

    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    assert book.sheetnames[1] == EXPLANATION
    assert any(row[0].value == "Tên cột" for row in book[EXPLANATION].iter_rows())
    assert bool(page.data_validations.dataValidation) == (form != "offices")
    page["A2"] = "9.000009" if form in ("procedures", "overlay") else "khac"
    book.save(path)

    harvest = gather(path, None, None)
    assert harvest.refused == []
    assert len(harvest.entries) + len(harvest.additions) == 1
