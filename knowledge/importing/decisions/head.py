"""What the head of a decision says: its number, who issued it and when, and from when it counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.text import clean, fold

_NUMBER = re.compile(
    r"\b(\d{1,6})\s*/\s*((?:[A-ZĐ]{1,6}\d?\s*[-–]\s*)*QĐ\s*[-–]\s*[A-ZĐ]{2,12}(?:\s*[-–]\s*[A-ZĐ0-9]{1,12})*)"
)
_DAY = r"ngày\s*(\d{1,2})\s*(?:tháng|/|-|\.)\s*(\d{1,2})\s*(?:năm|/|-|\.)\s*(\d{4})"
_ISSUED = re.compile(r"^[^\d]{2,40},\s*" + _DAY, re.IGNORECASE)
_ATTACHED = re.compile(r"quyết định số.{3,60}?" + _DAY, re.IGNORECASE)
_IN_FORCE = re.compile(r"hiệu lực\s+(?:thi hành\s+)?(?:kể\s+)?(?:từ\s+)?" + _DAY, re.IGNORECASE)
_AT_ONCE = re.compile(r"hiệu lực\s+(?:thi hành\s+)?(?:kể\s+)?từ ngày (?:ký|ban hành)", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:v/v|về việc|công bố)\b", re.IGNORECASE)
_FIRST_LINES = 60
LONGEST_TITLE = 500
LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """number: "1234/QĐ-UBND", "" where none is found; effective_on: the first day, None where it does not say."""

    number: str = ""
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_on: date | None = None


def read_head(lines: Sequence[str]) -> Head:
    """The head of a decision out of its lines; what cannot be told is left empty for people to fill in."""
    first = lines[:_FIRST_LINES]
    number = next((_tidy(found) for line in first if (found := _NUMBER.search(line))), "")
    issued = next((day for line in first if (found := _ISSUED.search(line)) and (day := _day(found))), None)
    if issued is None:
        issued = next((day for line in first if (found := _ATTACHED.search(line)) and (day := _day(found))), None)
    effective = next((day for line in lines if (found := _IN_FORCE.search(line)) and (day := _day(found))), None)
    if effective is None and any(_AT_ONCE.search(line) for line in lines):
        effective = issued
    return Head(
        number=number[:LONGEST_NUMBER],
        title=_title(first)[:LONGEST_TITLE],
        issuer=next((clean(line) for line in first if _is_issuer(line)), "")[:200],
        issued_on=issued,
        effective_on=effective,
    )


def _tidy(found: re.Match[str]) -> str:
    kind = "".join(found[2].split()).replace("–", "-")
    return f"{found[1]}/{kind}"


def _title(lines: Sequence[str]) -> str:
    for place, line in enumerate(lines):
        if fold(clean(line)) == "quyet dinh":
            return next((clean(after) for after in lines[place + 1 : place + 4] if after.strip()), "")
    return next((clean(line) for line in lines if _ABOUT.match(clean(line))), "")


def _is_issuer(line: str) -> bool:
    words = fold(clean(line))
    return (
        len(words) <= 80 and words.startswith(("uy ban nhan dan", "ubnd", "chu tich uy ban", "bo ")) and line.isupper()
    )


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
