"""A Word document as lines and rows of tables, merged cells told out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError

from knowledge.importing.decisions.blocks import Block, Line, TableRow
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.workbook import BROKEN, require_plain
from knowledge.text import clean, clean_block

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WIDEST = 60
"""Columns of a table that are looked at."""
_PIECES = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_word(path: Path) -> list[Block]:
    """The document from top to bottom; deleted text is not read. Raises ImportProblem."""
    require_plain(path, "word/")
    try:
        return list(_blocks(docx.Document(str(path)).element.body))
    except (*BROKEN, OpcError) as error:
        raise ImportProblem(f"Tệp {path.name} bị hỏng, không đọc được văn bản. Hãy lưu lại tệp.") from error


def _blocks(body: Any) -> Iterator[Block]:
    tables = 0
    for node in body.iter(f"{_W}p", f"{_W}tbl"):
        if any(above.tag == f"{_W}tbl" for above in node.iterancestors()):
            continue
        if node.tag == f"{_W}tbl":
            tables += 1
            yield from _rows(node, tables)
        else:
            yield from (Line(text) for line in _text(node).split("\n") if (text := clean(line)))


def _rows(table: Any, number: int) -> Iterator[TableRow]:
    above: dict[int, str] = {}
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        parts = [cell for part in row.iterchildren(f"{_W}tc", f"{_W}sdt") for cell in _cells(part)]
        for cell in parts:
            properties = cell.find(f"{_W}tcPr")
            span = properties.find(f"{_W}gridSpan") if properties is not None else None
            width = min(int(span.get(f"{_W}val", "1")), _WIDEST) if span is not None else 1
            merged = properties.find(f"{_W}vMerge") if properties is not None else None
            text = clean_block("\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p")))
            place = len(cells)
            if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
                text = above.get(place, "")
            above[place] = text
            cells += [text, *[""] * (width - 1)]
        if any(cells):
            yield TableRow(number, tuple(cells[:_WIDEST]), whole=len(parts) == 1 and len(cells) > 1)


def _cells(part: Any) -> Iterator[Any]:
    if part.tag == f"{_W}tc":
        yield part
    else:
        yield from part.iter(f"{_W}tc")


def _text(paragraph: Any) -> str:
    return "".join(
        (node.text or "") if node.tag == f"{_W}t" else _PIECES.get(node.tag, "") for node in paragraph.iter()
    )
