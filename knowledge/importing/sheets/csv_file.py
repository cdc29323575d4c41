"""CSV as Excel for Windows writes it: any of its code pages, split by comma, semicolon or tab."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.cells import Cell
from knowledge.importing.sheets.codepage import decode
from knowledge.importing.sheets.columns import Sheet
from knowledge.importing.sheets.grid import Grid, GridRow, counted
from knowledge.importing.sheets.headings import SEARCHED_ROWS, best

LARGEST = 60_000_000
"""Bytes of a CSV file at most."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that starts so would be taken for a formula by a spreadsheet program."""
GUARD = "'"
_SEPARATORS = (",", ";", "\t")


def guarded(text: str) -> str:
    """A cell as it may stand in a CSV file: never a formula."""
    return GUARD + text if text.startswith((*DANGEROUS, GUARD)) else text


def unguarded(text: str) -> str:
    """The cell that `guarded` wrote."""
    return text[1:] if text.startswith(GUARD) and text[1:].startswith((*DANGEROUS, GUARD)) else text


def read_csv(path: Path, sheets: list[Sheet]) -> Grid:
    """The one sheet of a CSV file; the separator is the one with which the headings fit best. Raises ImportProblem."""
    if path.stat().st_size > LARGEST:
        raise ImportProblem(f"Tệp {path.name} lớn hơn {LARGEST // 1_000_000} MB. Hãy chia thành nhiều tệp nhỏ hơn.")
    text = decode(path.read_bytes(), path.name)
    separator = None
    if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):
        separator, text = text[4], text[5:].lstrip("\r\n")
    return Grid("", counted(_cells(text, separator or _separator(text, sheets), path.name), path.name))


def _separator(text: str, sheets: list[Sheet]) -> str:
    top = "".join(text.splitlines(keepends=True)[: SEARCHED_ROWS * 4])[:200_000]
    scores = {}
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(top, newline=""), delimiter=separator)
        try:
            rows = [row for row, _ in zip(reader, range(SEARCHED_ROWS), strict=False)]
        except csv.Error:
            rows = []
        found = best(sheets, rows)
        scores[separator] = (len(found[1].places) if found else 0, top.split("\n", 1)[0].count(separator))
    return max(scores, key=lambda separator: scores[separator])


def _cells(text: str, separator: str, file: str) -> Iterator[GridRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader, start=1):
            cells: list[Cell] = [unguarded(cell) for cell in row]
            yield number, cells
    except csv.Error as error:
        raise ImportProblem(
            f"Tệp {file} không đúng dạng CSV ở dòng {reader.line_num}: dấu nháy mở mà không đóng, hoặc ô quá dài."
        ) from error
