"""Plain text, typed or pasted, as the lines and table rows of a plan."""

import re
from collections.abc import Iterator

from bot.campaigns.plans.columns import columns_of
from bot.campaigns.plans.tasks import LONGEST_LINE, PlanProblem, SourceLine
from knowledge.text import clean, clean_block

MOST_LINES = 20_000
TOO_LONG = f"Kế hoạch dài quá {MOST_LINES} dòng."
MOST_PARAGRAPHS = 12
"""Of one pasted cell."""
_ROW_START = re.compile(r"\s*\d{1,3}\s*[.)]?\t")
_STARS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}")
_RULER = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")


def row(place: str, cells: list[str], table: str = "") -> SourceLine:
    """A table's row of cleaned cells; the lines of a cell stay apart."""
    kept = tuple(clean_block(cell[:LONGEST_LINE]) for cell in cells)
    return SourceLine(place, " | ".join(clean(cell) for cell in kept if cell), kept, table)


def lines_of_text(text: str) -> list[SourceLine]:
    """The filled lines; cells are split by tabs or stand between bars. Raises PlanProblem for what is too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise PlanProblem(TOO_LONG)
    numbered = [(f"dòng {number}", line) for number, line in enumerate(lines, start=1) if _is_filled(line)]
    return [_line(place, line) for place, line in _whole_rows(numbered)]


def _is_filled(line: str) -> bool:
    bare = line.strip()
    return bool(clean(bare)) and not (bare.startswith(("|", "-")) and _RULER.fullmatch(bare))


def _whole_rows(lines: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The lines, with rows put together again that came apart because a pasted cell held several paragraphs."""
    width, held = 0, list[tuple[str, str]]()
    for place, line in lines:
        tabs = line.count("\t")
        if columns_of(line.split("\t")):
            width = tabs
        joined = sum(one.count("\t") for _, one in held) + tabs
        if held and (joined > width or len(held) >= MOST_PARAGRAPHS or _ROW_START.match(line) or tabs >= width):
            yield from held
            held = []
            joined = tabs
        if held and joined == width:
            yield f"{held[0][0]}–{place.removeprefix('dòng ')}", " ".join([*(one for _, one in held), line])
            held = []
        elif held or 0 < tabs < width:
            held.append((place, line))
        else:
            yield place, line
    yield from held


def _line(place: str, line: str) -> SourceLine:
    bare = line.strip()
    if "\t" in line.strip(" "):
        cells = [_STARS.sub("", cell) for cell in line.split("\t")]
        # A tab after a bullet or number makes no table.
        if sum(1 for cell in cells if cell.strip()) > 2 or len(cells) > 3:
            return row(place, cells)
    elif bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2:
        return row(place, [_STARS.sub("", cell) for cell in bare[1:-1].split("|")])
    return SourceLine(place, clean(_STARS.sub("", line[:LONGEST_LINE])))
