"""Plain text, typed or pasted, as the lines and table rows of a plan."""

import re
from collections.abc import Iterator

from bot.campaigns.plans.tasks import LONGEST_LINE, PlanProblem, SourceLine
from knowledge.text import clean, clean_block

MOST_LINES = 20_000
TOO_LONG = f"Kế hoạch dài quá {MOST_LINES} dòng."
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
    return list(_filled(lines))


def _filled(lines: list[str]) -> Iterator[SourceLine]:
    for number, line in enumerate(lines, start=1):
        place, bare = f"dòng {number}", line.strip()
        if not clean(bare) or (bare.startswith(("|", "-")) and _RULER.fullmatch(bare)):
            continue
        if "\t" in line.strip(" ").strip("\n") and "\t" in line:
            cells = [_STARS.sub("", cell) for cell in line.split("\t")]
            # A tab after a bullet or number makes no table.
            if sum(1 for cell in cells if cell.strip()) > 2 or len(cells) > 3:
                yield row(place, cells)
                continue
        elif bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2:
            yield row(place, [_STARS.sub("", cell) for cell in bare[1:-1].split("|")])
            continue
        yield SourceLine(place, clean(_STARS.sub("", line[:LONGEST_LINE])))
