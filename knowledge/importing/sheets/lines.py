"""Several values in one cell: one a line, parts split by bars, and a way to write the marks themselves."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from knowledge.importing.reading import Refusal

Value = TypeVar("Value")

LINE_END = "⏎"
"""Stands for a line end inside one value."""
BLANK = "\\"
"""Stands for a value that is there but empty."""
_MARKS = r"\\|;:⏎-"
_TOKEN = re.compile(rf"\\[{_MARKS}]|.", re.DOTALL)
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def escape(value: str, marks: str = "") -> str:
    """A value as it may stand in a cell: one line, and a backslash before each of `marks`."""
    for mark in "\\" + LINE_END + marks:
        value = value.replace(mark, "\\" + mark)
    return value.replace("\n", LINE_END)


def unescape(written: str) -> str:
    """The value that `escape` wrote; a backslash before anything else stays."""
    tokens = _TOKEN.findall(written)
    return "".join("\n" if token == LINE_END else token[-1] for token in tokens).strip()


def pieces(written: str, separators: str) -> list[str]:
    """The text between separators that are not escaped; the pieces are still escaped."""
    found: list[list[str]] = [[]]
    for token in _TOKEN.findall(written):
        if token in separators:
            found.append([])
        else:
            found[-1].append(token)
    return ["".join(tokens).strip() for tokens in found]


def parts(line: str) -> list[str]:
    """The values of one line that are split by bars."""
    return [unescape(part) for part in pieces(line, "|")]


def joined(*values: str) -> str:
    """A line of values split by bars; empty ones at the end are left out."""
    written = [escape(value, "|") for value in values]
    while len(written) > 1 and not written[-1]:
        written.pop()
    return " | ".join(written).strip() or "|"


def filled_lines(text: str) -> list[str]:
    """The lines that hold anything."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def read_list(text: str) -> list[str]:
    """Values split by line ends or semicolons."""
    found = [piece for line in filled_lines(text) for piece in pieces(line, ";")]
    return ["" if piece == BLANK else unescape(piece) for piece in found if piece]


def write_list(values: tuple[str, ...]) -> str:
    """What `read_list` reads: one value a line."""
    return "\n".join(escape(value, ";") or BLANK for value in values)


def simplest(plain: str, exact: str, read: Callable[[str], Value], meant: Value) -> str:
    """The plain way to write a value where it is read back as meant, the exact way elsewhere."""
    try:
        return plain if plain and read(plain) == meant else exact
    except Refusal:
        return exact


def day_or_none(written: str) -> date | None:
    """A day written as 31/12/2026 or 2026-12-31; None for anything else."""
    if found := _DATE.fullmatch(written):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(written):
        year, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def shown_day(day: date | None) -> str:
    """31/12/2026; "" for none."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""
