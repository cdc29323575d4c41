"""Finds the heading row of a sheet and the column of each field, however the headings are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.importing.sheets.columns import Column, Sheet
from knowledge.text import clean, fold

SEARCHED_ROWS = 30
"""Rows from the top in which the headings are looked for."""
_CONTINUED = re.compile(r"\s*\((?:tiếp|tiep)(?:\s*(\d+))?\)\s*$", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LONG_FORMS = (("thu tuc hanh chinh", "thu tuc"), ("tthc", "thu tuc"), ("cq ", "co quan "), ("hs ", "ho so "))


@dataclass(slots=True)
class Headings:
    """Where each field stands. rows: how many rows the headings take; places: columns from 0, several where a long
    cell is continued; unused: headings that mean nothing here; twice: headings that name the same field."""

    sheet: Sheet
    rows: int = 1
    places: dict[str, list[int]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[Column]:
        """Required columns that are not there."""
        return [column for column in self.sheet.required if column.name not in self.places]

    @property
    def score(self) -> tuple[bool, int, int]:
        """Higher is a better match."""
        return not self.missing, len(self.places), -self.rows


def same_heading(text: str) -> str:
    """A heading in the form in which headings are compared."""
    words = " ".join(re.findall(r"[a-z0-9]+", fold(_BRACKETS.sub(" ", clean(text)))))
    for long, short in _LONG_FORMS:
        words = words.replace(long, short)
    return re.sub(r"^(?:cac|so thu tu)\s+", "", words)


def match(sheet: Sheet, texts: Sequence[str]) -> Headings:
    """The columns of a sheet among one row of headings."""
    known: dict[str, str] = {}
    for column in sheet.columns:
        known.setdefault(same_heading(column.heading), column.name)
    for column in sheet.columns:
        for other in column.also:
            known.setdefault(same_heading(other), column.name)
    found = Headings(sheet)
    for place, text in enumerate(texts):
        if not text.strip():
            continue
        continued = _CONTINUED.search(text)
        name = known.get(same_heading(text[: continued.start()] if continued else text))
        if name is None:
            found.unused.append(clean(text)[:60])
        elif name in found.places and not continued:
            found.twice.append(clean(text)[:60])
        else:
            found.places.setdefault(name, []).append(place)
    return found


def combined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of headings as one: what stands above (merged heads repeated) before what stands below."""
    width = max(len(upper), len(lower))
    pairs = zip([*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))], strict=True)
    return [above if clean(above) == clean(below) else f"{above} {below}".strip() for above, below in pairs]


def best(sheets: Sequence[Sheet], rows: Sequence[Sequence[str]]) -> tuple[int, Headings] | None:
    """The best match within the first rows: index of the first heading row and the headings; None if nothing fits.

    At least two columns, or all of them, have to fit.
    """
    found: list[tuple[tuple[bool, int, int], int, Headings]] = []
    for index, texts in enumerate(rows):
        candidates = [match(sheet, texts) for sheet in sheets]
        if index + 1 < len(rows):
            for headings in (match(sheet, combined(texts, rows[index + 1])) for sheet in sheets):
                headings.rows = 2
                candidates.append(headings)
        found += [(headings.score, -index, headings) for headings in candidates if len(headings.places) > 1]
    if not found:
        return None
    _, index, headings = max(found, key=lambda one: one[:2])
    return -index, headings
