"""The visible sheets of an XLSX workbook, row by row: no macros, no formulas without a result, merged cells told."""

import re
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries

from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.cells import Cell, Unusable
from knowledge.importing.sheets.grid import MOST_COLUMNS, Grid, GridRow, counted

LARGEST = 200_000_000
"""Bytes of a workbook unpacked at most; the whole country takes a fifth."""
MOST_MERGED = 5_000
MOST_SHEETS = 50
NO_RESULT = Unusable("công thức chưa có kết quả; mở tệp bằng Excel, lưu lại, hoặc dán thành giá trị")
MERGED = "ô gộp ngang nhiều cột; hãy bỏ gộp (Unmerge)"
BROKEN = (
    BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, zlib.error, EOFError,
    RuntimeError, OverflowError, OSError,
)  # fmt: skip
"""What openpyxl and zipfile raise for files that are damaged."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_CHUNK = 1_000_000
_OVERLAP = 200
_WRITTEN_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")


def require_plain(path: Path, main: str) -> None:
    """Raises ImportProblem for what is no plain Office file of today. main: the part that it must hold."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportProblem(
            f"Tệp {path.name} có mật khẩu hoặc là tệp Office 97–2003. Bỏ mật khẩu, lưu lại thành .xlsx hoặc .docx."
        )
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if sum(part.file_size for part in parts) > LARGEST:
                raise ImportProblem(
                    f"Tệp {path.name} quá lớn khi giải nén (hơn {LARGEST // 1_000_000} MB). Hãy chia nhỏ."
                )
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise ImportProblem(f"Tệp {path.name} có macro nên không được nhận. Lưu lại thành tệp không có macro.")
            if not any(name.startswith(main) for name in names):
                raise ImportProblem(f"Tệp {path.name} không đúng loại như tên của nó.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(part).read(4096):
                    raise ImportProblem(f"Tệp {path.name} có khai báo DOCTYPE nên không được nhận.")
    except BROKEN as error:
        raise ImportProblem(f"Tệp {path.name} bị hỏng hoặc chưa tải xong. Hãy tải lại tệp rồi nhập lại.") from error


@contextmanager
def read_workbook(path: Path) -> Iterator[tuple[list[Grid], list[str]]]:
    """The visible sheets and the titles of those left out (hidden, or too many); rows are read as they are asked for.

    Raises ImportProblem, also while rows are read.
    """
    require_plain(path, "xl/")
    with warnings.catch_warnings(), ExitStack() as opened:
        warnings.filterwarnings("ignore", module="openpyxl")
        try:
            values = _opened(opened.enter_context(path.open("rb")), data_only=True)
            formulas = _opened(opened.enter_context(path.open("rb")), data_only=False)
            places = {sheet.name: rel.target for sheet, rel in values.parser.find_sheets()}
            visible = [sheet.title for sheet in values.wb.worksheets if sheet.sheet_state == "visible"]
            hidden = [sheet.title for sheet in values.wb.worksheets if sheet.sheet_state != "visible"]
            yield (
                [
                    Grid(title, counted(_rows(values, formulas, title, places[title]), path.name))
                    for title in visible[:MOST_SHEETS]
                ],
                hidden + visible[MOST_SHEETS:],
            )
        except BROKEN as error:
            raise ImportProblem(f"Tệp {path.name} bị hỏng, không đọc được bảng tính. Hãy lưu lại tệp.") from error


def _opened(file: IO[bytes], *, data_only: bool) -> Any:
    reader = ExcelReader(file, read_only=True, data_only=data_only, keep_links=False)
    reader.read()
    return reader


def _rows(values: Any, formulas: Any, title: str, part: str) -> Iterator[GridRow]:
    has_formulas, merged = _looked_over(values.archive, part)
    starting: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for area in merged:
        starting[area[1]].append(area)
    held: list[tuple[tuple[int, int, int, int], Cell]] = []
    computed = _sheet_rows(formulas.wb[title]) if has_formulas else None
    for number, row in enumerate(_sheet_rows(values.wb[title]), start=1):
        written = next(computed, ()) if computed else ()
        cells = [_cell(cell) for cell in row]
        for place, (cell, formula) in enumerate(zip(row, written, strict=False)):
            if formula.data_type == "f" and cell.value is None and cell.data_type != "str":
                cells[place] = NO_RESULT
        blank = not any(cell not in (None, "") for cell in cells)
        held = [(area, value) for area, value in held if area[3] >= number]
        held += [(area, cells[area[0] - 1]) for area in starting.get(number, ()) if area[0] <= len(cells)]
        if not blank:
            for (left, _, right, _), value in held:
                cells += [None] * (min(right, MOST_COLUMNS) - len(cells))
                cells[left - 1] = value
                cells[left : min(right, MOST_COLUMNS)] = [Unusable(MERGED, value)] * (min(right, MOST_COLUMNS) - left)
        yield number, cells


def _sheet_rows(sheet: Any) -> Iterator[Any]:
    # The size that a file claims for a sheet is often wrong, and rows beyond it would be lost.
    sheet.reset_dimensions()
    return (row[:MOST_COLUMNS] for row in sheet.iter_rows())


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "e":
        return Unusable(f"ô báo lỗi {value}")
    if isinstance(value, timedelta):
        return Unusable("ô là khoảng thời gian; định dạng ô là Văn bản (Text) rồi nhập lại")
    if isinstance(value, str):
        return _WRITTEN_CHARACTER.sub(lambda found: chr(int(found[1], 16)), value)
    return value  # type: ignore[no-any-return]


def _looked_over(archive: ZipFile, part: str) -> tuple[bool, set[tuple[int, int, int, int]]]:
    """Whether a sheet holds formulas, and its merged areas (left, top, right, bottom)."""
    has_formulas, areas, tail = False, set(), b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            areas |= set(_MERGE.findall(text))
            tail = text[-_OVERLAP:]
    if len(areas) > MOST_MERGED:
        raise ImportProblem(f"Bảng tính có hơn {MOST_MERGED} ô gộp. Hãy bỏ gộp các ô (Unmerge) rồi nhập lại.")
    found = {tuple(side or 0 for side in range_boundaries(area.decode())) for area in areas}
    return has_formulas, {(a, b, c, d) for a, b, c, d in found if a <= MOST_COLUMNS}
