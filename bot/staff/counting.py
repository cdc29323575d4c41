"""Counts as people may see them: what is so small that it could point to one person is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""Questions below which a number is hidden."""
SMALL, HIDDEN = f"dưới {LEAST}", "ẩn"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. count: None where it is hidden; shown: in words; share: of all, 0..1, None where hidden or without
    meaning; more: further columns."""

    label: str
    count: int | None
    shown: str
    share: float | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: a table, drawn as a chart beside it. key: of its address; chart: "columns" in their order, or "bars"
    of a list; unit: what is counted; note: what is to be known besides."""

    key: str
    title: str
    heading: str
    rows: Sequence[Row]
    unit: str = "Số câu hỏi"
    chart: str = "bars"
    more: tuple[str, ...] = ()
    note: str = ""

    @property
    def highest(self) -> int:
        """The largest count that is shown; 1 where there is none, to divide by."""
        return max((row.count or 0 for row in self.rows), default=0) or 1

    @property
    def hidden(self) -> bool:
        """Whether something is not shown."""
        return any(row.count is None for row in self.rows)


def guarded(counts: Sequence[int], *, whole: bool = True) -> list[int | None]:
    """The same with what may not be shown as None: every number from 1 to LEAST - 1, and, where the sum of all is known
    (whole), so many of the next smallest that what is hidden cannot be worked out from it."""
    shown: list[int | None] = [None if 0 < count < LEAST else count for count in counts]
    hidden = [count for count, one in zip(counts, shown, strict=True) if one is None]
    if not whole or not hidden:
        return shown
    left = sorted((count, place) for place, count in enumerate(counts) if shown[place])
    while left and (len(hidden) < 2 or sum(hidden) < LEAST):
        count, place = left.pop(0)
        shown[place] = None
        hidden.append(count)
    return shown


def rows_of(
    counted: Sequence[tuple[str, int]], total: int = 0, *, whole: bool = True, more: Sequence[tuple[str, ...]] = ()
) -> list[Row]:
    """Lines of a figure. total: for their shares, 0 = without; more: further columns of each."""
    shown = guarded([count for _, count in counted], whole=whole)
    beside = more or [()] * len(counted)
    return [
        Row(
            label,
            known,
            _words(count, known),
            known / total if known is not None and total else None,
            columns,
        )
        for (label, count), known, columns in zip(counted, shown, beside, strict=True)
    ]


def small_or(count: int) -> str:
    """A number by itself, or that it is small."""
    return SMALL if 0 < count < LEAST else _plain(count)


def _words(count: int, known: int | None) -> str:
    if known is not None:
        return _plain(known)
    return SMALL if count < LEAST else HIDDEN


def _plain(count: int) -> str:
    return f"{count:,}".replace(",", ".")
