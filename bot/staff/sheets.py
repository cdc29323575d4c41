"""Tables to take away, as XLSX or CSV: texts stay texts, whatever they look like to a spreadsheet program."""

import asyncio
import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from starlette.responses import Response

from knowledge.exporting.spreadsheet import text_cell
from knowledge.importing.sheets.csv_file import guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_TITLE = 31
WIDEST = 60

Cell = str | int | float | date | None
Rows = Sequence[Sequence[Cell]]


async def sheet_file(form: str, name: str, title: str, headings: Sequence[str], rows: Rows) -> Response:
    """A table as a download. form: "xlsx" or "csv"; name: of the file, without its ending, plain ASCII."""
    make = as_csv if form == "csv" else as_xlsx
    content = await asyncio.to_thread(make, title, headings, rows)
    ending, kind = ("csv", CSV) if form == "csv" else ("xlsx", XLSX)
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{quote(name, safe="-_")}.{ending}"'},
    )


def as_xlsx(title: str, headings: Sequence[str], rows: Rows) -> bytes:
    """One sheet with a heading that stays in sight."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title[:LONGEST_TITLE])
    page.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        longest = max((len(str(row[place - 1])) for row in rows if row[place - 1] is not None), default=0)
        page.column_dimensions[get_column_letter(place)].width = min(max(len(heading), longest) + 2, WIDEST)
    page.append([_bold(page, heading) for heading in headings])
    for row in rows:
        page.append([text_cell(page, value) if isinstance(value, str) else value for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(title: str, headings: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with a mark, so that Excel reads the accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([guarded(value) if isinstance(value, str) else value for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    return cell
