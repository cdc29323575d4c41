"""The sheets of an XLSX workbook as lines and table rows of a plan; merged cells are told from empty ones."""

from datetime import date, datetime
from pathlib import Path

from bot.campaigns.plans.lines import row
from bot.campaigns.plans.tasks import PlanProblem, SourceLine
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.cells import Cell, Unusable
from knowledge.importing.sheets.workbook import MERGED, read_workbook


def lines_of_workbook(path: Path) -> tuple[list[SourceLine], list[str]]:
    """The filled rows of every visible sheet, and what was left out. Raises PlanProblem."""
    lines: list[SourceLine] = []
    try:
        with read_workbook(path) as (grids, left):
            for grid in grids:
                for number, cells in grid.rows:
                    place = f"bảng “{grid.title}”, hàng {number}"
                    lines.append(_line(place, [_text(cell) for cell in cells], grid.title))
    except ImportProblem as problem:
        raise PlanProblem(str(problem)) from problem
    return [line for line in lines if line.text], [f"Không đọc bảng ẩn “{title}”." for title in left]


def _line(place: str, cells: list[str], table: str) -> SourceLine:
    while cells and not cells[-1]:
        cells.pop()
    made = row(place, cells, table)
    filled = [cell for cell in made.cells if cell]
    # A title written into one cell, mostly merged across the sheet. A cell in the midst is part of a cut row.
    alone = len(filled) == 1 and made.cells[0] == filled[0]
    return SourceLine(place, made.text, table=table) if alone else made


def _text(cell: Cell) -> str:
    if isinstance(cell, Unusable):
        return "" if cell.reason == MERGED else f"[{cell.reason}]"
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
