"""A workbook as rows of tables; titles above a table are lines."""

from pathlib import Path

from knowledge.importing.decisions.blocks import Block, Line, TableRow
from knowledge.importing.sheets.cells import CODE_DIGITS, Cell, Unusable
from knowledge.importing.sheets.workbook import read_workbook
from knowledge.text import clean, clean_block


def read_sheet(path: Path) -> list[Block]:
    """Every visible sheet after the other. Raises ImportProblem."""
    blocks: list[Block] = []
    with read_workbook(path) as (grids, _):
        for number, grid in enumerate(grids, start=1):
            blocks.append(Line(clean(grid.title)))
            for _, cells in grid.rows:
                texts = tuple(_text(cell) for cell in cells)
                filled = [place for place, text in enumerate(texts) if text]
                over = any(isinstance(cell, Unusable) and cell.shown is not None for cell in cells)
                if filled and len(set(filter(None, texts))) == 1 and (over or filled == [0]):
                    blocks.append(TableRow(number, (texts[filled[0]], *[""] * (len(texts) - 1)), whole=True))
                elif filled:
                    blocks.append(TableRow(number, texts))
    return blocks


def _text(cell: Cell) -> str:
    if isinstance(cell, Unusable):
        return _text(cell.shown)
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        # A code typed as a number has lost the zeros at its end.
        return str(int(cell)) if cell == int(cell) else f"{cell:.{CODE_DIGITS}f}"
    if isinstance(cell, str | int):
        return clean_block(str(cell))
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "year") else str(cell)
