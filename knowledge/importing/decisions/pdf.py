"""A PDF with text as lines and rows of tables, told by the rules drawn around the cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from knowledge.faults import why
from knowledge.importing.decisions.blocks import Block, Line, TableRow
from knowledge.importing.reading import ImportProblem
from knowledge.text import clean

MOST_PAGES = 400
MOST_BYTES = 50_000_000
THIN = 3.0
"""Points: what is narrower is a rule, not an area."""
SHORTEST_RULE = 6.0
SAME_LINE = 3.0
SMALL_LETTER, CAPITAL = 0.55, 0.9
"""Widths of letters by their size, rather too wide: words are parted by blanks that are drawn, and where none are
drawn only a wide gap parts them."""
NO_TEXT = "Tệp {name} là ảnh quét, không có chữ để đọc. Hãy dùng bản Word, Excel hoặc PDF xuất từ Word."
BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError)
"""What pypdf raises for files that are damaged."""

_STROKED = frozenset({b"S", b"s", b"B", b"B*", b"b", b"b*"})
_ENDED = _STROKED | {b"f", b"F", b"f*", b"n"}
"""Operators that end a path."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text at its place, blanks as drawn; y grows upward, size: of its letters in points."""

    x: float
    y: float
    text: str
    size: float

    @property
    def end(self) -> float:
        """Where it ends at the latest."""
        capitals = sum(letter.isupper() for letter in self.text)
        return self.x + self.size * (CAPITAL * capitals + SMALL_LETTER * (len(self.text) - capitals))


@dataclass(slots=True)
class _Sheet:
    """What is drawn on a page. across: rules (y, left, right); down: rules (x, bottom, top)."""

    runs: list[_Run] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    _at: Point = (0.0, 0.0)
    _pending: list[tuple[Point, Point]] = field(default_factory=list)

    def text(self, text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:
        """Takes a piece of text."""
        # pypdf puts a blank of its own before a piece that goes on in the same line, even within a word.
        said = text.strip("\n").removeprefix(" ")
        if said:
            x, y = _placed(cm, tm[4], tm[5])
            self.runs.append(_Run(x, y, said, abs(size * tm[0] * cm[0]) or abs(size)))

    def drawn(self, operator: bytes, args: Sequence[Any], cm: Sequence[float], _tm: Any) -> None:
        """Takes a rule: a line, or a rectangle so thin that it is one; what only clips is not drawn."""
        if operator == b"re":
            x, y, width, height = (float(value) for value in args)
            self._pending.append((_placed(cm, x, y), _placed(cm, x + width, y + height)))
        elif operator in (b"m", b"l"):
            point = _placed(cm, float(args[0]), float(args[1]))
            if operator == b"l":
                self._pending.append((self._at, point))
            self._at = point
        elif operator in _ENDED:
            for one, other in self._pending if operator != b"n" else ():
                self._rule(one, other, boxes=operator in _STROKED)
            self._pending.clear()

    def _rule(self, one: Point, other: Point, *, boxes: bool) -> None:
        left, right = sorted((one[0], other[0]))
        bottom, top = sorted((one[1], other[1]))
        if top - bottom < THIN and right - left > SHORTEST_RULE:
            self.across.append(((top + bottom) / 2, left, right))
        elif right - left < THIN and top - bottom > SHORTEST_RULE:
            self.down.append(((left + right) / 2, bottom, top))
        elif boxes and right - left > SHORTEST_RULE and top - bottom > SHORTEST_RULE:
            self.across += [(bottom, left, right), (top, left, right)]
            self.down += [(left, bottom, top), (right, bottom, top)]


def read_pdf(path: Path) -> list[Block]:
    """The pages from top to bottom. Raises ImportProblem for scans, for what is locked or damaged."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportProblem(f"Tệp {path.name} lớn quá {MOST_BYTES // 1_000_000} MB.")
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ImportProblem(f"Tệp {path.name} có mật khẩu. Hãy bỏ mật khẩu rồi nhập lại.")
        if len(reader.pages) > MOST_PAGES:
            raise ImportProblem(f"Tệp {path.name} có hơn {MOST_PAGES} trang.")
        blocks: list[Block] = []
        tables = 0
        for page in reader.pages:
            found = list(_page(page, tables + 1))
            tables = max((block.table for block in found if isinstance(block, TableRow)), default=tables)
            blocks += found
    except OSError as error:
        raise ImportProblem(f"Không đọc được tệp {path.name}: {why(error)}.") from error
    except BROKEN as error:
        raise ImportProblem(f"Tệp {path.name} bị hỏng, không đọc được PDF. Hãy xuất lại tệp.") from error
    if not blocks:
        raise ImportProblem(NO_TEXT.format(name=path.name))
    return blocks


def _page(page: PageObject, first_table: int) -> Iterator[Block]:
    sheet = _Sheet()
    page.extract_text(visitor_text=sheet.text, visitor_operand_before=sheet.drawn)
    grids = [_Grid(sheet, number, bounds) for number, bounds in enumerate(_areas(sheet), start=first_table)]
    outside: list[_Run] = []
    for run in sheet.runs:
        grid = next((grid for grid in grids if grid.holds(run)), None)
        (grid.runs if grid else outside).append(run)
    lines = ((line[0].y, _joined(line)) for line in _lines(outside))
    parts: list[tuple[float, Block]] = [(y, Line(text)) for y, text in lines if text]
    parts += [part for grid in grids for part in grid.rows()]
    yield from (block for _, block in sorted(parts, key=lambda part: -part[0]))


def _areas(sheet: _Sheet) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right, top of each table, from the top: rules down that touch each other belong together."""
    spans: list[list[float]] = []
    for x, bottom, top in sorted(sheet.down, key=lambda rule: -rule[2]):
        near = next((span for span in spans if bottom <= span[3] + THIN and top >= span[1] - THIN), None)
        if near is None:
            spans.append([x, bottom, x, top])
        else:
            near[:] = [min(near[0], x), min(near[1], bottom), max(near[2], x), max(near[3], top)]
    # A frame around a page or a stamp is no table: there is a rule down between its edges.
    return [(a, b, c, d) for a, b, c, d in spans if any(a + THIN < x < c - THIN for x, _, _ in sheet.down)]


class _Grid:
    """One table of a page: its rows are parted by rules across, its columns by rules down."""

    def __init__(self, sheet: _Sheet, number: int, bounds: tuple[float, float, float, float]) -> None:
        self._number = number
        self._left, self._bottom, self._right, self._top = bounds
        self._down = [rule for rule in sheet.down if self._left - THIN <= rule[0] <= self._right + THIN]
        self._columns = _apart([rule[0] for rule in self._down])
        inside = [y for y, left, right in sheet.across if self._bottom - THIN <= y <= self._top + THIN]
        self._edges = sorted(_apart([*inside, self._bottom, self._top]), reverse=True)
        self.runs: list[_Run] = []

    def holds(self, run: _Run) -> bool:
        """True for a text within the table."""
        inside = self._bottom - THIN < run.y < self._top + THIN
        return inside and self._left - THIN < run.x < self._right + THIN

    def rows(self) -> Iterator[tuple[float, TableRow]]:
        """Each row with its height on the page."""
        for top, bottom in zip(self._edges, self._edges[1:], strict=False):
            inside = [run for run in self.runs if bottom < run.y <= top]
            middle = (top + bottom) / 2
            between = [x for x, low, high in self._down if low <= middle <= high]
            whole = not any(self._left + THIN < x < self._right - THIN for x in between)
            texts: list[list[_Run]] = [[] for _ in self._columns[1:]]
            for run in inside:
                place = 0 if whole else sum(edge <= run.x + 1 for edge in self._columns) - 1
                texts[min(max(place, 0), len(texts) - 1)].append(run)
            cells = tuple("\n".join(filter(None, map(_joined, _lines(some)))) for some in texts)
            if any(cells):
                yield top, TableRow(self._number, cells, whole=whole)


def _lines(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Runs of one height together, from the top and from the left."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        if lines and abs(lines[-1][0].y - run.y) < SAME_LINE:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.x) for line in lines]


def _joined(line: Sequence[_Run]) -> str:
    said = ""
    for before, run in zip([None, *line], line, strict=False):
        apart = before is not None and run.x - before.end > run.size / 2
        said += f" {run.text}" if apart else run.text
    return clean(said)


def _apart(places: Sequence[float]) -> list[float]:
    """Places in order, those that are the same but for the width of a rule once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > THIN:
            found.append(place)
    return found


def _placed(cm: Sequence[float], x: float, y: float) -> Point:
    return cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5]
