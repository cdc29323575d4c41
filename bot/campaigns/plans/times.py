"""Time expressions of Vietnamese plans (“Q.I - II/2022”, “Thường xuyên”, “Trước ngày 15/12”) as days or recurrences."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.campaigns.plans.rules import RuleProblem, days_of, ending
from knowledge.text import clean, fold


class TimeKind(StrEnum):
    """What sort of time a plan sets."""

    DATES = "dates"
    REPEATED = "repeated"
    ALWAYS = "always"
    EVENT = "event"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """When a task is due.

    words: as the plan says it; days: every due day, in order; rule: an RRULE's value (RFC 5545) that gives them, "" for
    single days, counted from first; doubt: what is unsure about it, Vietnamese, "" = nothing.
    """

    words: str
    kind: TimeKind
    days: tuple[date, ...] = ()
    rule: str = ""
    first: date | None = None
    doubt: str = ""


LONGEST = 500
"""Characters of a time expression; what is longer is a whole text."""
NO_TIME = "Kế hoạch không ghi thời gian."
NOT_UNDERSTOOD = "Không hiểu thời gian “{words}”; hãy ghi ngày cụ thể."
PARTLY = "Chỉ hiểu một phần thời gian “{words}”."
WAITING = "Chưa có ngày, phải chờ: “{words}”. Đặt hạn khi đã rõ."
NO_SUCH_DAY = "Không có ngày {day}."
OTHER_YEAR = "Ghi năm {said}, nhưng là kế hoạch năm {year}: có thể ghi nhầm."
_MISPRINTED = "có thể ghi nhầm"
END_OF_PERIOD = "Không ghi ngày nộp; tạm lấy ngày cuối kỳ."
NO_PERIOD = "Ghi “định kỳ” nhưng không rõ kỳ nào."
NO_WEEKDAY = "Không ghi thứ mấy; tạm lấy thứ Sáu."
EVENLY = "Không ghi ngày; tạm chia đều trong kỳ."
ROUGHLY = "Thời gian chỉ ước chừng; tạm lấy ngày {day}."
PROGRAMME = "Thời gian nhiều năm; tạm lấy ngày cuối cùng."

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WEEKDAYS = {"hai": "MO", "2": "MO", "ba": "TU", "3": "TU", "tu": "WE", "4": "WE", "nam": "TH", "5": "TH", "sau": "FR",
             "6": "FR", "bay": "SA", "7": "SA"}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_EVENT = re.compile(
    r"(?:^|[,;]\s*)(?:ngay\s+)?(?:khi|sau\s+khi|theo\s+(?!quy\s+[1-4iv])|dot\s+xuat|tuy\s+(?:theo|thuoc)|trong\s+vong|sau\s+\d+)\b"
)
_ALWAYS = re.compile(r"thuong\s*xuyen|lien\s+tuc|hang\s+ngay|moi\s+ngay|quanh\s+nam|xuyen\s+suot|kip\s+thoi|suot\s+nam")
_BEFORE = r"(?P<before>truoc|xong\s+truoc)?\s*(?:het\s+)?(?:ngay\s+)?"
_FULL = re.compile(rf"{_BEFORE}\b(?P<d>\d{{1,2}})\s*(?P<s>[/.-])\s*(?P<m>\d{{1,2}})\s*(?P=s)\s*(?P<y>20\d\d)\b")
_WORDED = re.compile(rf"{_BEFORE}\b(?P<d>\d{{1,2}})\s+thang\s+(?P<m>\d{{1,2}})(?:\s*(?:nam|/)\s*(?P<y>20\d\d))?\b")
_MONTH_YEAR = re.compile(
    r"(?P<before>truoc)?\s*(?:thang\s*|\bt\.?\s*)?(?<!quy\s)(?<!q)(?<!q\.)\b(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>20\d\d)\b"
)
_SHORT = re.compile(rf"{_BEFORE}\b(?P<d>\d{{1,2}})\s*/\s*(?P<m>\d{{1,2}})\b(?!\s*[/\d])")
_TO = re.compile(r"\s*(?:-|–|—|den|toi)\s*")
_QUARTER_WORD = r"(?:quy|q)\s*\.?\s*"
_QUARTERS = re.compile(
    rf"(?P<when>truoc|dau|cuoi)?\s*(?:trong\s+)?\b{_QUARTER_WORD}(?P<list>(?:iv|i{{1,3}}|[1-4])\b"
    rf"(?:\s*(?:-|–|—|,|;|va|den|toi|&|/)\s*(?:{_QUARTER_WORD})?(?:iv|i{{1,3}}|[1-4])\b)*)"
)
_MONTHS = re.compile(
    r"(?P<when>truoc|dau|giua|cuoi)?\s*(?:trong\s+)?\b(?:cac\s+)?(?:thang|t)\s*\.?\s*(?P<list>(?:1[0-2]|0?[1-9])\b"
    r"(?:\s*(?:-|–|—|,|;|va|den|toi|&)\s*(?:(?:thang|t)\s*\.?\s*)?(?:1[0-2]|0?[1-9])\b)*)"
)
_HALF = re.compile(r"\b(?:0?6|sau)\s*thang\s*(dau|cuoi)(?:\s*nam)?\b")
_EVERY = r"(?:hang|moi|dinh\s+ky(?:\s+(?:hang|moi))?)"
_DAY_OF_MONTH = re.compile(
    rf"(?P<before>truoc)?\s*ngay\s+(?:mung\s+)?(?P<d>\d{{1,2}})\s*(?:{_EVERY}|cua(?:\s+{_EVERY})?)\s+thang\b"
)
_LAST_OF_MONTH = re.compile(rf"(?:ngay\s+)?cuoi(?:\s+cung)?\s+(?:cua\s+)?{_EVERY}\s+(?P<unit>thang|quy|nam)\b")
_NTH_WEEKDAY = re.compile(
    rf"(?:thu\s+(?P<w>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu\s+nhat))\s+"
    rf"(?P<nth>dau(?:\s+tien)?|cuoi(?:\s+cung)?|tuan\s+dau|tuan\s+cuoi)\s+(?:cua\s+)?(?:{_EVERY}\s+)?thang\b"
)
_WEEKDAY = re.compile(
    rf"(?:thu\s+(?P<w>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu\s+nhat))\s*,?\s*(?:cua\s+)?{_EVERY}\s+tuan\b"
)
_TIMES = re.compile(
    r"(?P<n>\d{1,2})\s*lan\s*(?:/|mot|moi|trong|1|\s)\s*(?P<unit>tuan|thang|quy|nam)\b"
    r"|(?:moi|hang)\s+(?P<unit2>tuan|thang|quy|nam)\s+(?P<n2>\d{1,2})\s*lan\b"
)
_REPORTED = re.compile(
    rf"\b(?:{_EVERY}\s+)?(?:(?P<week>tuan)|(?P<half>(?:0?6|sau)\s*thang)|(?P<nine>(?:0?9|chin)\s*thang)"
    rf"|(?P<quarter>0?3\s*thang|quy)|(?P<month>(?:0?1\s*)?thang)|(?P<year>(?:0?1|mot|ca|hang)?\s*nam))\b(?!\s*(?:\d|[ivx]+\b))"
)
_FILLER = re.compile(
    r"\b(?:trong|nam|quy|thang|tuan|ngay|den|het|tu|va|vao|hoan\s+thanh|thuc\s+hien|cham\s+nhat|xong|ca|hang|moi|dinh\s+ky"
    r"|la|bao\s+cao|cua|dau|cuoi|ky|dip|giai\s+doan|khoang|du\s+kien|cac|thoi\s+gian|01|0?6|hoac|lan|va\s+hang|nay|tiep\s+tuc)\b"
)
_LEFT = re.compile(r"[a-z0-9]{2,}")


def understood(words: str, year: int) -> PlannedTime:
    """What a time expression of a plan for this year means; what is not sure carries a doubt, nothing is guessed
    silently. Days before which something is due give the day before ("trước ngày 15/12" is the 14th)."""
    said = clean(words)
    if not re.search(r"\w", said):
        return PlannedTime(words=said, kind=TimeKind.UNKNOWN, doubt=NO_TIME)
    reading = _Reading(said, fold(said), year)
    found = next((one for way in _WAYS if (one := way(reading))), None) if len(said) <= LONGEST else None
    if found is None:
        return PlannedTime(words=said, kind=TimeKind.UNKNOWN, doubt=NOT_UNDERSTOOD.format(words=said[:100]))
    doubts = [found.doubt] if found.doubt else []
    if found.days and reading.years - {year} and found.kind is not TimeKind.ALWAYS and PROGRAMME not in doubts:
        doubts.append(OTHER_YEAR.format(said=", ".join(map(str, sorted(reading.years - {year}))), year=year))
    if found.kind in (TimeKind.DATES, TimeKind.REPEATED, TimeKind.ALWAYS) and reading.left():
        doubts.append(PARTLY.format(words=said))
    return replace(found, doubt=" ".join(doubts))


@dataclass(slots=True)
class _Reading:
    """One expression while it is read. rest: folded, what was understood taken out."""

    words: str
    rest: str
    year: int

    @property
    def years(self) -> set[int]:
        return {int(one) for one in _YEAR.findall(fold(self.words))}

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.rest))
        for match in reversed(found):
            self.rest = f"{self.rest[: match.start()]} # {self.rest[match.end() :]}"
        return found

    def only_year(self) -> int:
        return max(self.years, default=self.year)

    def left(self) -> bool:
        return bool(_LEFT.search(_FILLER.sub(" ", _YEAR.sub(" ", self.rest))))

    def on(self, days: Iterable[date], doubt: str = "") -> PlannedTime:
        found = tuple(sorted(set(days)))
        return PlannedTime(words=self.words, kind=TimeKind.DATES, days=found, doubt=doubt)

    def again(self, rule: str, doubt: str = "", kind: TimeKind = TimeKind.REPEATED) -> PlannedTime | None:
        year = self.only_year()
        first, whole = date(year, 1, 1), ending(rule, date(year, 12, 31))
        try:
            days = days_of(whole, first)
        except RuleProblem:
            return None
        return PlannedTime(words=self.words, kind=kind, days=days, rule=whole, first=first, doubt=doubt)


def _recurring_days(reading: _Reading) -> PlannedTime | None:
    if found := reading.take(_DAY_OF_MONTH):
        day = int(found[0]["d"]) - (1 if found[0]["before"] else 0)
        return reading.again(f"FREQ=MONTHLY;BYMONTHDAY={day}") if 1 <= day <= 31 else None
    if found := reading.take(_NTH_WEEKDAY):
        nth = "-1" if "cuoi" in found[0]["nth"] else "1"
        return reading.again(f"FREQ=MONTHLY;BYDAY={nth}{_weekday(found[0])}")
    if found := reading.take(_WEEKDAY):
        return reading.again(f"FREQ=WEEKLY;BYDAY={_weekday(found[0])}")
    if found := reading.take(_LAST_OF_MONTH):
        months = {"thang": range(1, 13), "quy": (3, 6, 9, 12), "nam": (12,)}[found[0]["unit"]]
        return reading.again(_month_ends(months))
    return None


def _several_times(reading: _Reading) -> PlannedTime | None:
    found = reading.take(_TIMES)
    if not found:
        return None
    number, unit = int(found[0]["n"] or found[0]["n2"]), found[0]["unit"] or found[0]["unit2"]
    if unit == "nam" and number in (1, 2, 3, 4, 6, 12):
        return reading.again(_month_ends(range(12 // number, 13, 12 // number)), EVENLY)
    if unit == "quy" and number in (1, 3):
        return reading.again(_month_ends(range(4 - number if number == 1 else 1, 13, 3 // number)), EVENLY)
    if unit == "thang" and number in (1, 2):
        return reading.again("FREQ=MONTHLY;BYMONTHDAY=" + ("15,-1" if number == 2 else "-1"), EVENLY)
    if unit == "thang" and number == 4:
        return reading.again("FREQ=WEEKLY;BYDAY=FR", EVENLY)
    return reading.again("FREQ=WEEKLY;BYDAY=FR", EVENLY) if unit == "tuan" and number == 1 else None


def _single_days(reading: _Reading) -> PlannedTime | None:
    spans: list[tuple[int, int, date]] = []
    text = reading.rest
    for pattern in (_FULL, _WORDED, _SHORT):
        for match in pattern.finditer(text):
            named = match.groupdict()
            year = int(named.get("y") or reading.only_year())
            day = _day(year, int(match["m"]), int(match["d"]))
            if day is None:
                reading.take(pattern)
                return PlannedTime(
                    words=reading.words, kind=TimeKind.UNKNOWN, doubt=NO_SUCH_DAY.format(day=match[0].strip())
                )
            if match["before"]:
                day -= timedelta(days=1)
            if all(match.end() <= start or end <= match.start() for start, end, _ in spans):
                spans.append((*match.span(), day))
    if not spans:
        return None
    spans.sort()
    days = [
        day
        for number, (_, end, day) in enumerate(spans)
        # "từ 01/3 đến 30/6": due at its end.
        if number + 1 == len(spans) or not _TO.fullmatch(text[end : spans[number + 1][0]] or "#")
    ]
    for pattern in (_FULL, _WORDED, _SHORT):
        reading.take(pattern)
    return reading.on(days)


def _months_of_years(reading: _Reading) -> PlannedTime | None:
    text, found = reading.rest, reading.take(_MONTH_YEAR)
    if not found or not all(1 <= int(one["m"]) <= 12 for one in found):
        return None
    days = [
        _before_month(int(one["y"]), int(one["m"])) if one["before"] else _end(int(one["y"]), int(one["m"]))
        for place, one in enumerate(found)
        if place + 1 == len(found) or not _TO.fullmatch(text[one.end() : found[place + 1].start()] or "#")
    ]
    return reading.on(days)


def _halves(reading: _Reading) -> PlannedTime | None:
    found = reading.take(_HALF)
    return reading.on(_end(reading.only_year(), 6 if one[1] == "dau" else 12) for one in found) if found else None


def _quarters(reading: _Reading) -> PlannedTime | None:
    return _numbered(reading, _QUARTERS, lambda text: [_ROMAN[one] for one in re.findall(r"\b(?:iv|i+|[1-4])\b", text)])


def _months(reading: _Reading) -> PlannedTime | None:
    return _numbered(reading, _MONTHS, lambda text: [int(one) for one in re.findall(r"\d+", text)], months=1)


def _numbered(
    reading: _Reading, pattern: re.Pattern[str], numbers_of: Callable[[str], list[int]], months: int = 3
) -> PlannedTime | None:
    """Quarters or months: a stretch ("I - II") is due at its end, a list ("I, III") at the end of each."""
    found, year, days, doubt = reading.take(pattern), reading.only_year(), list[date](), ""
    for match in found:
        numbers, when = numbers_of(match["list"]), match["when"] or ""
        stretch = re.search(r"-|–|—|den|toi", match["list"]) is not None
        for number in numbers[-1:] if stretch else numbers:
            start = date(year, (number - 1) * months + 1, 1)
            last = _end(year, number * months)
            day = {
                "truoc": start - timedelta(days=1),
                "dau": start.replace(day=10) if months == 1 else _end(year, start.month),
                "giua": start.replace(day=20),
            }.get(when, last)
            if when in ("dau", "giua"):
                doubt = ROUGHLY.format(day=f"{day:%d/%m/%Y}")
            days.append(day)
    # "từ tháng 3 đến tháng 5", "quý I đến quý III"
    stretched = len(found) > 1 and re.search(r"\btu\b.*#.*\b(?:den|toi)\b.*#", reading.rest)
    return reading.on(days[-1:] if stretched else days, doubt) if days else None


def _reports(reading: _Reading) -> PlannedTime | None:
    """ "Hằng tháng", "Quý, 6 tháng, 01 năm": periods after each of which something is due."""
    text = _YEAR.sub(" ", reading.rest)
    # "Năm 2023" alone is no "hằng năm".
    if not re.search(rf"\b{_EVERY}\b|\bquy\b|\bthang\b|\bca\s+nam\b|\b0?1\s+nam\b|\btuan\b", text):
        return None
    reading.rest = text
    found = reading.take(_REPORTED)
    if not found:
        return None
    kinds = {name for one in found for name, value in one.groupdict().items() if value}
    if kinds == {"year"} and re.search(r"\bca\s+nam\b", text) and not re.search(rf"\b{_EVERY}\b", text):
        return reading.on([_end(reading.only_year(), 12)])
    if "week" in kinds:
        return reading.again("FREQ=WEEKLY;BYDAY=FR", NO_WEEKDAY)
    each = {"month": range(1, 13), "quarter": (3, 6, 9, 12), "half": (6, 12), "nine": (9,), "year": (12,)}
    months = sorted({month for kind in kinds for month in each[kind]})
    return reading.again(_month_ends(months), "" if kinds == {"month"} else END_OF_PERIOD)


def _always(reading: _Reading) -> PlannedTime | None:
    if not reading.take(_ALWAYS):
        return None
    return reading.again(_month_ends(range(1, 13)), kind=TimeKind.ALWAYS)


def _event(reading: _Reading) -> PlannedTime | None:
    if not _EVENT.search(reading.rest):
        return None
    return PlannedTime(words=reading.words, kind=TimeKind.EVENT, doubt=WAITING.format(words=reading.words))


def _years(reading: _Reading) -> PlannedTime | None:
    if not reading.years:
        if re.search(r"\b(?:trong|ca|cuoi)\s+nam\b", reading.rest):
            return reading.on([_end(reading.year, 12)])
        return None
    return reading.on([_end(max(reading.years), 12)], PROGRAMME if len(reading.years) > 1 else "")


def _periodically(reading: _Reading) -> PlannedTime | None:
    if not re.search(r"\bdinh\s+ky\b", reading.rest):
        return None
    return PlannedTime(words=reading.words, kind=TimeKind.UNKNOWN, doubt=NO_PERIOD)


def with_year(time_words: str, doubt: str, year: int) -> str:
    """The words with the plan's own year, where the doubt is that another one was misprinted; else as they are."""
    return _YEAR.sub(str(year), time_words) if _MISPRINTED in doubt else time_words


_WAYS: tuple[Callable[[_Reading], PlannedTime | None], ...] = (
    _recurring_days,
    _several_times,
    _single_days,
    _months_of_years,
    _halves,
    _quarters,
    _months,
    _event,
    _always,
    _reports,
    _years,
    _periodically,
)
"""The ways to read an expression, the more exact first."""


def _weekday(match: re.Match[str]) -> str:
    return "SU" if match["sunday"] else _WEEKDAYS[match["w"]]


def _month_ends(months: Iterable[int]) -> str:
    numbers = list(months)
    if len(numbers) == 12:
        return "FREQ=MONTHLY;BYMONTHDAY=-1"
    return f"FREQ=MONTHLY;BYMONTH={','.join(map(str, numbers))};BYMONTHDAY=-1"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _before_month(year: int, month: int) -> date:
    return date(year, month, 1) - timedelta(days=1)
