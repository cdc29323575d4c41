"""The rows of one sheet that was recognised, ready to be taken in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from knowledge.importing.reading import ImportProblem, Refusal, Row
from knowledge.importing.sheets.cells import Cell, Unusable
from knowledge.importing.sheets.codepage import LOOKED_AT, fault_of
from knowledge.importing.sheets.columns import Sheet
from knowledge.importing.sheets.grid import Grid, GridRow
from knowledge.importing.sheets.headings import SEARCHED_ROWS, Headings, best
from knowledge.importing.sheets.rows import entry_row, headings

REPAIR = "Chuyển chữ sang Unicode rồi nhập lại."


@dataclass(slots=True, kw_only=True)
class Part:
    """Rows of one form. headings: what a field is called in the file; fields: the parts of an entry that the file
    has columns for, None = all; notes: what was read but not used, Vietnamese."""

    form: str
    rows: list[Row] = field(default_factory=list)
    sheet: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    fields: frozenset[str] | None = None
    notes: list[str] = field(default_factory=list)


def recognised(grid: Grid, sheets: list[Sheet], file: str) -> Part | None:
    """The rows of a sheet; None if its headings are those of no sheet we know. Raises ImportProblem."""
    top = list(islice(grid.rows, SEARCHED_ROWS))
    fault = fault_of("\n".join(_shown(cell) for _, cells in top for cell in cells))
    if fault:
        raise ImportProblem(f"Tệp {file}: {fault} {REPAIR}")
    found = best(sheets, [[_shown(cell) for cell in cells] for _, cells in top])
    if found is None:
        return None
    start, columns = found
    where = f"Bảng “{grid.title}”" if grid.title else f"Tệp {file}"
    if columns.missing:
        names = ", ".join(f"“{column.heading}”" for column in columns.missing)
        raise ImportProblem(f"{where} ({columns.sheet.title}) thiếu cột bắt buộc: {names}. Xem mẫu: --template.")
    if columns.twice:
        names = ", ".join(f"“{name}”" for name in columns.twice)
        raise ImportProblem(f"{where} có hai cột cùng nghĩa: {names}. Hãy bỏ hoặc đổi tên một cột.")
    part = Part(
        form=columns.sheet.form,
        sheet=grid.title,
        headings=headings(columns.sheet),
        fields=frozenset(_field(name) for name in columns.places),
    )
    if columns.unused:
        part.notes.append(f"{where}: cột không dùng: {', '.join(columns.unused)}.")
    for row in _rows(columns, chain(top[start + columns.rows :], grid.rows), file):
        if row is None:
            part.notes.append(f"{where}: dòng ví dụ của tệp mẫu không dùng.")
        else:
            part.rows.append(row)
    return part


def _field(column: str) -> str:
    return "methods" if ":" in column or column == "channels" else column


def _rows(columns: Headings, rows: Iterator[GridRow], file: str) -> Iterator[Row | None]:
    """The filled rows; None for the template's example."""
    example = {column.name: column.example for column in columns.sheet.columns if column.example}
    sample, length = [], 0
    for number, cells in rows:
        if length < LOOKED_AT:
            sample.append(" ".join(cell for cell in cells if isinstance(cell, str)))
            length += len(sample[-1])
        held = {name: _joined(cells, places) for name, places in columns.places.items()}
        if all(cell in (None, "") for cell in held.values()):
            continue
        if {name: cell for name, cell in held.items() if cell not in (None, "")} == example:
            yield None
            continue
        try:
            yield Row(number, entry_row(columns.sheet, held))
        except Refusal as refusal:
            yield Row(number, refusal)
    if fault := fault_of("\n".join(sample)):
        raise ImportProblem(f"Tệp {file}: {fault} {REPAIR}")


def _joined(cells: list[Cell], places: list[int]) -> Cell:
    """The cell of a field; what is continued in further columns is put together."""
    found = [cells[place] for place in places if place < len(cells)]
    if len(found) < 2:
        return found[0] if found else None
    for cell in found:
        if isinstance(cell, Unusable):
            return cell
    return "".join(cell for cell in found if isinstance(cell, str))


def _shown(cell: Cell) -> str:
    while isinstance(cell, Unusable):
        cell = cell.shown
    return cell if isinstance(cell, str) else "" if cell is None else str(cell)
