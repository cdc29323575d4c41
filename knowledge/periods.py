"""Periods named in Vietnamese official text: "từ ngày ... đến hết ngày ...", "đến hết ...", "kể từ ngày ... trở đi"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DATE = r"(?:[nN]gày\s+)*(\d{1,2})\s*(?:[/.-]|tháng)\s*(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})(?!\d)"
_RULE = r"(?:[áÁ]p\s+dụng|[tT]hực\s+hiện|[hH]iệu\s+lực|[tT]hời\s+hạn|[tT]hí\s+điểm)"
_RANGE = re.compile(rf"[tT]ừ\s+{_DATE}\s*,?\s*(?:cho\s+)?(?:đến|tới)\s+(hết\s+|trước\s+)?{_DATE}")
_UNTIL = re.compile(rf"(?:[đĐ]ến\s+hết\s+|{_RULE}\s+(?:cho\s+)?(?:đến|tới)\s+(?:hết\s+)?){_DATE}")
_UNTIL_YEAR = re.compile(r"[đĐ]ến\s+hết\s+(?:tháng\s+(\d{1,2})\s*(?:năm|/)\s*|năm\s+)(\d{4})(?!\d)")
_FILED_BEFORE = re.compile(rf"[hH]ồ\s+sơ\s+(?:đã\s+)?nộp\s+trước\s+{_DATE}")
_LAPSED = re.compile(rf"[hH]ết\s+hiệu\s+lực\s+(?:thi\s+hành\s+)?(?:kể\s+)?(?:từ\s+)?{_DATE}")
_START = re.compile(rf"[tT]ừ\s+{_DATE}(?:\s+trở\s+đi)?")
_LIKELY = re.compile(r"(?:[/.-]|năm)\s*20[1-9]\d")
HISTORY = 2015
"""Periods that ended before this year are facts of somebody's life (service in a war), not limits of a rule."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days and where the text names it. start or end is None where the text leaves it open."""

    start: date | None
    end: date | None
    span: tuple[int, int]


def find_periods(text: str) -> tuple[Period, ...]:
    """All periods a text names, in order; dates that do not exist and history are left out."""
    found: list[Period] = []
    if not _LIKELY.search(text):
        return ()

    def keep(start: date | None, end: date | None, match: re.Match[str]) -> None:
        free = all(match.end() <= p.span[0] or match.start() >= p.span[1] for p in found)
        if free and (end or start) and (end is None or end.year >= HISTORY):
            found.append(Period(start, end, match.span()))

    for match in _RANGE.finditer(text):
        end = _day(match[5], match[6], match[7])
        if end and match[4] and match[4].startswith("trước"):
            end -= timedelta(days=1)
        if end:
            keep(_day(match[1], match[2], match[3]), end, match)
    for match in _UNTIL.finditer(text):
        keep(None, _day(match[1], match[2], match[3]), match)
    for match in _UNTIL_YEAR.finditer(text):
        keep(None, _last_day(int(match[2]), int(match[1] or 12)), match)
    for pattern in (_FILED_BEFORE, _LAPSED):
        for match in pattern.finditer(text):
            first_day_after = _day(match[1], match[2], match[3])
            keep(None, first_day_after - timedelta(days=1) if first_day_after else None, match)
    for match in _START.finditer(text):
        start = _day(match[1], match[2], match[3])
        if start and start.year >= HISTORY:
            keep(start, None, match)
    return tuple(sorted(found, key=lambda period: period.span))


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _last_day(year: int, month: int) -> date | None:
    if not 1 <= month <= 12:
        return None
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
