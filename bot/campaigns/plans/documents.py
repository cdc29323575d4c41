"""The paragraphs and tables of a DOCX document as lines of a plan, with the numbers that the program writes itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError

from bot.campaigns.plans.lines import MOST_LINES, TOO_LONG, row
from bot.campaigns.plans.numbering import Numbering
from bot.campaigns.plans.tasks import LONGEST_LINE, PlanProblem, SourceLine
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.codepage import fault_of
from knowledge.importing.sheets.workbook import BROKEN, require_plain
from knowledge.text import clean

DEEPEST = 5
"""Tables within tables that are followed; what lies deeper is told as not read."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lines_of_document(path: Path) -> tuple[list[SourceLine], list[str]]:
    """The lines in reading order, and what was left out. A table within a cell follows the row that holds it. Raises
    PlanProblem."""
    try:
        require_plain(path, "word/")
        document = docx.Document(str(path))
        body = document.element.body
        reading = _Reading(Numbering(document))
        lines = list(reading.block(body, "", 0))
    except ImportProblem as problem:
        raise PlanProblem(str(problem)) from problem
    except (*BROKEN, OpcError) as error:
        raise PlanProblem(f"Tệp {path.name} bị hỏng, không đọc được văn bản. Hãy lưu lại tệp.") from error
    if len(lines) > MOST_LINES:
        raise PlanProblem(TOO_LONG)
    if fault := fault_of("\n".join(line.text for line in lines)):
        raise PlanProblem(f"Tệp {path.name}: {fault}")
    notes = list(reading.notes)
    if pictures := len(body.findall(f".//{W}drawing")) + len(body.findall(f".//{W}pict")):
        notes.append(f"Không đọc {pictures} hình trong văn bản.")
    if body.find(f".//{W}ins") is not None or body.find(f".//{W}del") is not None:
        notes.append("Văn bản còn sửa đổi chưa duyệt (Track Changes): đã đọc như khi chấp nhận mọi sửa đổi.")
    return [line for line in lines if line.text], notes


class _Reading:
    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._paragraphs = 0
        self._tables = 0
        self.notes: list[str] = []

    def block(self, body: Any, within: str, depth: int) -> Iterator[SourceLine]:
        for node in body:
            if node.tag == f"{W}p":
                self._paragraphs += 1
                for text in self._texts(node):
                    yield SourceLine(f"{within}đoạn {self._paragraphs}", text)
            elif node.tag == f"{W}tbl":
                yield from self.table(node, depth)
            elif node.tag == f"{W}sdt":
                content = node.find(f"{W}sdtContent")
                yield from self.block(content if content is not None else (), within, depth)

    def table(self, table: Any, depth: int) -> Iterator[SourceLine]:
        self._tables += 1
        name = f"bảng {self._tables}"
        if depth >= DEEPEST:
            self.notes.append(f"Không đọc {name}: bảng lồng quá {DEEPEST} tầng.")
            return
        above: dict[int, str] = {}
        for number, found in enumerate(table.findall(f"{W}tr"), start=1):
            place = f"{name}, hàng {number}"
            cells: list[str] = [""] * _before(found)
            held: dict[int, str] = {}
            inner: list[Any] = []
            for cell in _cells(found):
                span, merge = _span(cell), cell.find(f"{W}tcPr/{W}vMerge")
                column = len(cells)
                text = "\n".join(
                    text for node in cell.iter(f"{W}p") if _owner(node) is cell for text in self._texts(node)
                )
                if merge is not None and merge.get(f"{W}val") != "restart":
                    text = above.get(column, text)
                if merge is not None:
                    held[column] = text
                inner += [node for node in cell.iter(f"{W}tbl") if _owner(node) is cell]
                cells += [text, *[""] * (span - 1)]
            above = held
            yield row(place, cells, name)
            for node in inner:
                yield from self.table(node, depth + 1)

    def _texts(self, paragraph: Any) -> Iterator[str]:
        parts = [_piece(node) for run in paragraph.iter(f"{W}r") if not _hidden(run) for node in run]
        number = self._numbering.of(paragraph)
        for line in "".join(parts).split("\n"):
            if text := clean(line[:LONGEST_LINE]):
                yield f"{number} {text}" if number else text
                number = ""


def _cells(found: Any) -> Iterator[Any]:
    for node in found:
        if node.tag == f"{W}tc":
            yield node
        elif node.tag == f"{W}sdt":
            yield from node.iter(f"{W}tc")


def _owner(node: Any) -> Any:
    """The cell that a paragraph or table stands in itself."""
    return next((above for above in node.iterancestors() if above.tag == f"{W}tc"), None)


def _before(found: Any) -> int:
    node = found.find(f"{W}trPr/{W}gridBefore")
    return _small(node)


def _span(cell: Any) -> int:
    return max(1, _small(cell.find(f"{W}tcPr/{W}gridSpan")))


def _small(node: Any) -> int:
    value = "" if node is None else node.get(f"{W}val", "")
    return min(int(value), 60) if value.isascii() and value.isdecimal() else 0


def _hidden(run: Any) -> bool:
    """Text of a text box stands elsewhere as well; deleted text has other elements."""
    return any(above.tag == f"{W}txbxContent" for above in run.iterancestors())


def _piece(node: Any) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}.get(node.tag, "")
