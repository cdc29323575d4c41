"""Working days in Viet Nam: which they are, and on which day a result is due."""

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from holidays import HolidayBase, country_holidays
from holidays.countries.vietnam import VietnamStaticHolidays

from knowledge.entries import TimeLimit, TimeUnit

HOURS_A_DAY = 8
AROUND = timedelta(days=4)
"""How far from a holiday the Government may still lay days off and days worked instead."""
_TET_DAYS = ("Tết Nguyên Đán", "29 Tết")
_NATIONAL_DAY = "Quốc khánh"
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """Until when a result is to be had.

    received: the working day from which on it counts (not counted itself); off: days off on the way that are no
    ordinary weekend, with their names; provisional: holidays on the way whose days off are not announced yet.
    """

    received: date
    on: date
    off: tuple[tuple[date, str], ...] = ()
    provisional: tuple[str, ...] = ()


class Workdays:
    """The calendar of one office.

    days_off, working_days: what the office knows better than the law (swapped days, local days off), the latter
    wins; announced_until: the last year whose days off the Government has announced, 0 = as far as the
    calendar itself knows.
    """

    def __init__(
        self, days_off: Iterable[date] = (), working_days: Iterable[date] = (), announced_until: int = 0
    ) -> None:
        self._worked = frozenset(working_days)
        self._off = frozenset(days_off) - self._worked
        self._announced = announced_until or max(VietnamStaticHolidays.special_public_holidays)

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day in self._worked:
            return True
        if day in self._off or self.day_off(day):
            return False
        return day.weekday() < _SATURDAY or day in _swapped(day.year)

    def day_off(self, day: date) -> str:
        """The name of the holiday, "" for a day that is none; a weekend is none."""
        if day in self._worked:
            return ""
        return "ngày nghỉ của cơ quan" if day in self._off else _holidays(day.year).get(day, "")

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted itself."""
        for _ in range(count):
            day = self.on_or_after(day + _ONE_DAY)
        return day

    def due(self, submitted: date, limit: TimeLimit) -> Due | None:
        """When a dossier handed in complete on a day is due; None where the limit names no number of days.

        The day of receipt is not counted, and a time that ends on a day off ends on the next working day (Bộ luật
        Dân sự, Điều 147 và 148).
        """
        if limit.amount is None or limit.amount <= 0 or limit.unit is TimeUnit.OTHER:
            return None
        received = self.on_or_after(submitted)
        on = self._end(received, limit.amount, limit.unit)
        days = (submitted + timedelta(days=n) for n in range((on - submitted).days + 1))
        off = tuple((day, name) for day in days if (name := self.day_off(day)) and day.weekday() < _SATURDAY)
        return Due(received, on, off, self._provisional(submitted, on))

    def _end(self, received: date, amount: float, unit: TimeUnit) -> date:
        match unit:
            case TimeUnit.WORKING_DAY:
                return self.after(received, math.ceil(amount))
            case TimeUnit.HOUR if amount <= HOURS_A_DAY:
                return self.after(received, 1)
            case TimeUnit.HOUR:
                return self.on_or_after(received + timedelta(days=math.ceil(amount / 24)))
            case TimeUnit.MONTH:
                return self.on_or_after(_months_later(received, math.ceil(amount)))
            case TimeUnit.YEAR:
                return self.on_or_after(_months_later(received, math.ceil(amount * 12)))
            case _:
                return self.on_or_after(received + timedelta(days=math.ceil(amount)))

    def _provisional(self, first: date, last: date) -> tuple[str, ...]:
        years = (year for year in range(first.year, last.year + 1) if year > self._announced)
        unsure = ((name, day) for year in years for day, name in _moving(year))
        return tuple(dict.fromkeys(name for name, day in unsure if first - AROUND <= day <= last + AROUND))


def _calendar(*years: int) -> HolidayBase:
    return country_holidays("VN", years=years, language="vi")


@functools.cache
def _holidays(year: int) -> Mapping[date, str]:
    return dict(_calendar(year))


@functools.cache
def _swapped(year: int) -> frozenset[date]:
    """Saturdays and Sundays worked for a day off elsewhere in the year, as announced."""
    return frozenset(day for day in _calendar(year, year + 1).weekend_workdays if day.year == year)


@functools.cache
def _moving(year: int) -> tuple[tuple[date, str], ...]:
    """The holidays whose days off the Government lays anew every year."""
    named = ((day, name.partition(" (")[0]) for day, name in _holidays(year).items())
    return tuple(
        (day, f"Tết Nguyên Đán {year}" if name.endswith(_TET_DAYS) else f"Quốc khánh {year}")
        for day, name in named
        if name.endswith(_TET_DAYS) or name == _NATIONAL_DAY
    )


def _months_later(day: date, count: int) -> date:
    """The same day of a later month, the last of a shorter one."""
    months = day.year * 12 + day.month - 1 + count
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
