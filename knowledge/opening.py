"""When the office is open: read from its hours as published, with the working days of the year."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.entries import Office, OfficeProfile
from knowledge.text import fold
from knowledge.workdays import Workdays

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING_WEEK = frozenset(range(5))
MONDAY = 0
LOOKED_AHEAD = 30
"""Days in which the next opening is looked for; no holiday is as long."""
DAY_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_NUMBERS = {
    "hai": 0,
    "ba": 1,
    "tu": 2,
    "nam": 3,
    "sau": 4,
    "bay": 5,
    "chu nhat": 6,
    "cn": 6,
    **{str(number): number - 2 for number in range(2, 8)},
}
_NAME = re.compile(r"chu nhat|cn|[2-7]|hai|bay|ba|tu|nam|sau")
_DAY = r"thu\s*(?:[2-7]|hai|ba|tu|nam|sau|bay)\b|\bt[2-7]\b|chu nhat|\bcn\b"
_CLOCK = r"\d{1,2}\s*(?:(?:gio|g|h|:)\s*(?:\d{2})?(?:\s*(?:phut|p)\b)?|\.\d{2})"
_TO = r"\s*(?:-|den|toi)\s*"
_PIECE = re.compile(
    rf"(?P<not>\b(?:tru|nghi|khong lam)\b(?!\s+(?:cac\s+)?(?:ngay\s+)?(?:le|tet)\b))"
    rf"|(?P<days>(?:{_DAY}){_TO}(?:{_DAY}|(?:[2-7]|hai|ba|tu|nam|sau|bay)\b))"
    rf"|(?P<day>{_DAY})"
    rf"|(?P<week>ngay lam viec|ngay thuong)"
    rf"|(?P<all>hang ngay|ca tuan|tat ca cac ngay)"
    rf"|(?P<later>\bchieu\b)"
    rf"|(?P<span>{_CLOCK}{_TO}{_CLOCK})"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on some days of the week (0 = Monday)."""

    days: frozenset[int]
    start: time
    end: time


class OfficeHours:
    """The opening hours of one office. shifts: () = not known, so that it is never open."""

    def __init__(self, shifts: Sequence[Shift], workdays: Workdays) -> None:
        self.shifts = tuple(shifts)
        self._workdays = workdays

    @property
    def known(self) -> bool:
        """False where the hours are not published, or cannot be read."""
        return bool(self.shifts)

    def on(self, day: date) -> list[tuple[time, time]]:
        """The hours of one day; [] when the office is shut."""
        if self._workdays.day_off(day):
            return []
        weekday = day.weekday()
        if weekday in WORKING_WEEK:
            return self._of(weekday) if self._workdays.is_working(day) else []
        # A Saturday worked for a day off elsewhere has the hours of a Monday.
        return self._of(weekday) or (self._of(MONDAY) if self._workdays.is_working(day) else [])

    def _of(self, weekday: int) -> list[tuple[time, time]]:
        return sorted((shift.start, shift.end) for shift in self.shifts if weekday in shift.days)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there now."""
        here = at.astimezone(VIETNAM)
        return any(start <= here.time() < end for start, end in self.on(here.date()))

    def opens_again_today(self, at: datetime) -> bool:
        """Whether the office is open now, or will be later on the same day."""
        here = at.astimezone(VIETNAM)
        return any(here.time() < end for _, end in self.on(here.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens next, after a moment at which it is shut; None where that is not known."""
        here = at.astimezone(VIETNAM)
        for ahead in range(LOOKED_AHEAD):
            day = here.date() + timedelta(days=ahead)
            for start, _ in self.on(day):
                opening = datetime.combine(day, start, VIETNAM)
                if opening > here:
                    return opening
        return None

    def __str__(self) -> str:
        """As it was understood: "thứ Hai đến thứ Sáu 07:30–11:30, 13:30–17:00"; "" where nothing was."""
        told: dict[frozenset[int], list[str]] = {}
        for shift in self.shifts:
            told.setdefault(shift.days, []).append(f"{shift.start:%H:%M}–{shift.end:%H:%M}")
        return "; ".join(f"{_named(days)} {', '.join(spans)}" for days, spans in told.items())


def hours_of(profile: OfficeProfile, offices: Iterable[Office], workdays: Workdays) -> OfficeHours:
    """The hours of the desk's own office: its published entry where it says them, else the settings."""
    own = fold(profile.name)
    published = next((one.hours for one in offices if one.hours and own and fold(one.name) == own), "")
    return OfficeHours(read_hours(published or profile.hours), workdays)


def read_hours(text: str) -> tuple[Shift, ...]:
    """Hours as offices write them ("Thứ 2 đến thứ 6: 7h30–11h30, 13h30–17h"); () for what is not understood.

    Times without a day are those of Monday to Friday. What speaks of exceptions is not understood: nothing may be
    promised for a time at which nobody is there.
    """
    plain = re.sub(r"[–—−]", "-", fold(text))
    found: list[tuple[set[int] | None, time, time]] = []
    days: set[int] | None = None
    fresh, excepted, later = False, False, False
    for piece in _PIECE.finditer(plain):
        kind, said = piece.lastgroup, piece.group()
        if excepted and kind != "later":
            return ()
        if kind == "not":
            excepted = True
        elif kind == "later":
            later = True
        elif kind == "span":
            span = _span(said, later=later)
            if span is None:
                return ()
            found.append((days, *span))
            fresh, later = True, False
        else:
            days = _days(kind or "", said) | (set() if fresh or days is None else days)
            fresh = False
    if found and all(own is None for own, _, _ in found):
        found = [(days, start, end) for _, start, end in found]  # the days stand behind their hours
    return tuple(Shift(frozenset(WORKING_WEEK if own is None else own), start, end) for own, start, end in found)


def _days(kind: str, said: str) -> set[int]:
    if kind == "week":
        return set(WORKING_WEEK)
    if kind == "all":
        return set(range(7))
    numbers = [_NUMBERS[word] for word in _NAME.findall(said)]
    first, last = numbers[0], numbers[-1]
    return set(range(first, last + 1)) or {first}


def _span(said: str, *, later: bool) -> tuple[time, time] | None:
    clocks = []
    for hour, minute in re.findall(r"(\d{1,2})\s*(?:gio|g|h|:|\.)\s*(\d{2})?", said):
        if int(hour) > 23 or int(minute or 0) > 59:
            return None
        clocks.append(time(int(hour), int(minute or 0)))
    if len(clocks) != 2:
        return None
    start, end = clocks
    if later and end.hour <= 7:
        start, end = (one.replace(hour=one.hour % 12 + 12) for one in (start, end))
    return (start, end) if start < end else None


def _named(days: frozenset[int]) -> str:
    listed = sorted(days)
    if len(listed) > 2 and listed[-1] - listed[0] == len(listed) - 1:
        return f"{DAY_NAMES[listed[0]]} đến {DAY_NAMES[listed[-1]]}"
    return ", ".join(DAY_NAMES[day] for day in listed)
