"""A sheet as rows of cells, whatever file it comes from, and how large one may be."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.cells import Cell

MOST_ROWS = 20_000
"""Filled rows of one sheet at most; the whole country has fewer than 6,000 procedures."""
MOST_BLANK_ROWS = 200_000
"""Rows of one sheet at most, blank ones included: a sheet formatted to its end has a million."""
MOST_COLUMNS = 120
"""Columns that are looked at."""

GridRow = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. rows: number as the spreadsheet program shows it, and the cells; blank rows are left out."""

    title: str
    rows: Iterator[GridRow]


def counted(rows: Iterator[GridRow], file: str) -> Iterator[GridRow]:
    """The filled rows; raises ImportProblem as soon as there are too many."""
    filled = 0
    for number, cells in rows:
        if number > MOST_BLANK_ROWS:
            raise ImportProblem(
                f"Tệp {file} có hơn {_shown(MOST_BLANK_ROWS)} dòng kể cả dòng trống. "
                "Hãy xóa các dòng trống đã định dạng ở cuối bảng, hoặc chép phần có chữ sang tệp mới."
            )
        if not any(cell not in (None, "") for cell in cells):
            continue
        filled += 1
        if filled > MOST_ROWS:
            raise ImportProblem(
                f"Tệp {file} có hơn {_shown(MOST_ROWS)} dòng, quá mức nhập một lần. Hãy chia thành nhiều tệp nhỏ hơn."
            )
        yield number, cells


def _shown(number: int) -> str:
    return f"{number:,}".replace(",", ".")
