"""Small spreadsheet files, written into a test's own folder by openpyxl or by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

FAQ_HEADS = ("Câu hỏi", "Câu trả lời", "Chủ đề")
FAQ_ROW = ("Nộp thay được không?", "Được.", "mot-cua")


def a_book(folder: Path, *sheets: Sequence[Sequence[Any]], name: str = "bang.xlsx", merged: Sequence[str] = ()) -> Path:
    """A workbook with one sheet for each list of rows; `merged` areas are of the first sheet."""
    book = Workbook()
    page: Any = book.active
    for place, rows in enumerate(sheets):
        page = page if not place else book.create_sheet(f"Trang {place + 1}")
        for row in rows:
            page.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    path = folder / name
    book.save(path)
    return path


def with_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """The same package with parts added or replaced."""
    with ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in (held | parts).items():
            archive.writestr(name, content)
    return path
