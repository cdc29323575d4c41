"""Writes contents as an XLSX workbook or a CSV file that the import takes in again without change."""

import csv
import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError  # type: ignore[import-untyped]
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from knowledge.exporting.contents import Contents
from knowledge.importing.sheets.columns import Column, Shape, Sheet, sheets
from knowledge.importing.sheets.csv_file import DANGEROUS, guarded
from knowledge.importing.sheets.lines import shown_day
from knowledge.importing.sheets.rows import written_row

LONGEST_CELL = 32_000
"""UTF-16 units in one cell at most; what is longer is continued in columns “(tiếp 2)”."""
FARTHEST_BACK = 500
WIDE = {Shape.TEXT: 40, Shape.CASES: 60, Shape.SOURCES: 40, Shape.LEGAL: 40, Shape.LIST: 30, Shape.METHOD: 30}
HEAD = PatternFill("solid", fgColor="1F4E78")
_LOOKS_WRITTEN = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Written = dict[str, list[str | date]]


def write_workbook(contents: Contents, path: Path) -> None:
    """One sheet for each form that has anything; texts are texts, never formulas. Raises OSError."""
    # Opened first: openpyxl leaves half-written sheets behind when it cannot open the file itself.
    with path.open("wb") as file:
        book = Workbook(write_only=True)
        with _faults_of_the_disk(book):
            for form, found in contents.entries.items():
                if found:
                    fill_sheet(book, sheets()[form], [written_row(sheets()[form], item) for item in found])
            if not book.worksheets:
                book.create_sheet("Trống")
            book.save(file)


@contextmanager
def _faults_of_the_disk(book: Any) -> Iterator[None]:
    """Makes an OSError of what openpyxl's XML writer says of its temporary files ("IO_EFBIG")."""
    try:
        yield
    except LxmlError as error:
        for page in book.worksheets:
            # Else the writer complains once more on stderr when it is thrown away.
            with suppress(LxmlError, StopIteration):
                page.close()
        number = getattr(errno, str(error).removeprefix("IO_"), errno.EIO)
        raise OSError(number, str(error)) from error


def fill_sheet(book: Any, sheet: Sheet, rows: Sequence[dict[str, str | date]]) -> Any:
    """A sheet with headings and rows in a write-only workbook; returns it."""
    cut = [{name: chunks(value) for name, value in row.items()} for row in rows]
    columns = list(_columns(sheet, cut))
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "B2"
    for place, (column, _) in enumerate(columns, start=1):
        dimension = page.column_dimensions[get_column_letter(place)]
        dimension.width = WIDE.get(column.shape, 18)
        # Where people type on below the last row: a code or a phone number stays text.
        dimension.number_format = "dd/mm/yyyy" if column.shape is Shape.DATE else "@"
    page.append([heading_cell(page, column, continued) for column, continued in columns])
    for row in cut:
        page.append([_cell(page, row.get(column.name, []), continued) for column, continued in columns])
    return page


def heading_cell(page: Any, column: Column, continued: int = 0) -> Any:
    """The cell of a heading."""
    cell = WriteOnlyCell(page, f"{column.heading} (tiếp {continued + 1})" if continued else column.heading)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def text_cell(page: Any, text: str) -> Any:
    """A cell that holds text, whatever the text looks like."""
    cell = WriteOnlyCell(page, _LOOKS_WRITTEN.sub("_x005F_", text))
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(DANGEROUS):
        cell.quotePrefix = True
    return cell


def write_csv(contents: Contents, path: Path) -> None:
    """The one form of `contents` as CSV (UTF-8 with mark); texts that look like formulas get an apostrophe.

    Raises ValueError for several forms, OSError.
    """
    (form,) = contents.entries
    sheet = sheets()[form]
    columns = [column for column in sheet.columns if not column.imported_only]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.heading for column in columns])
        for item in contents.entries[form]:
            row = written_row(sheet, item)
            values = (row.get(column.name, "") for column in columns)
            writer.writerow([shown_day(v) if isinstance(v, date) else guarded(v) for v in values])


def chunks(value: str | date) -> list[str | date]:
    """A value in pieces that fit into a cell; none starts or ends with a blank, which programs tend to drop."""
    if isinstance(value, date):
        return [value]
    found: list[str | date] = []
    while len(value.encode("utf-16-le")) // 2 > LONGEST_CELL:
        # Characters beyond the basic plane count twice.
        longest = LONGEST_CELL if max(value[:LONGEST_CELL]) <= "\uffff" else LONGEST_CELL // 2
        places = range(longest, max(longest - FARTHEST_BACK, 1), -1)
        cut = next((place for place in places if not _blank_at(value, place)), longest)
        found.append(value[:cut])
        value = value[cut:]
    return [*found, value]


def _blank_at(text: str, place: int) -> bool:
    return text[place - 1].isspace() or text[place : place + 1].isspace()


def _columns(sheet: Sheet, rows: list[Written]) -> Iterator[tuple[Column, int]]:
    for column in sheet.columns:
        if not column.imported_only:
            most = max((len(row.get(column.name, ())) for row in rows), default=1)
            yield from ((column, continued) for continued in range(max(1, most)))


def _cell(page: Any, pieces: list[str | date], continued: int) -> Any:
    if continued >= len(pieces):
        return None
    value = pieces[continued]
    if not isinstance(value, date):
        return text_cell(page, value)
    cell = WriteOnlyCell(page, datetime(value.year, value.month, value.day))  # noqa: DTZ001
    cell.number_format = "dd/mm/yyyy"
    return cell
