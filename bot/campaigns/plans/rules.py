"""Recurrences in the form of RFC 5545: checked, always with an end, and turned into days."""

from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

LONGEST = timedelta(days=366 * 5)
"""How far from its first day a recurrence may go on; plans are made for a year, programmes for five."""
MOST = 400
"""Days of one recurrence at most: one a day for a year."""
LONGEST_RULE = 200
ENDLESS = "Lịch lặp phải có ngày kết thúc."
UNREADABLE = "Không đọc được lịch lặp “{rule}”."
TOO_OFTEN = "Lịch lặp dày hơn mỗi ngày một lần không dùng được."
TOO_MANY = f"Lịch lặp có hơn {MOST} lần; hãy đặt ngày kết thúc sớm hơn."
TOO_LONG = "Lịch lặp kéo dài quá năm năm; hãy đặt ngày kết thúc sớm hơn."
NEVER = "Lịch lặp không rơi vào ngày nào."


_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class RuleProblem(ValueError):
    """A recurrence cannot be used; the message is Vietnamese."""


def ending(rule: str, on: date) -> str:
    """A rule with its last day."""
    return f"{rule};UNTIL={on:%Y%m%d}"


def days_of(rule: str, first: date) -> tuple[date, ...]:
    """The days of a recurrence (an RRULE's value) from its first day on. Raises RuleProblem."""
    parts = _checked(rule)
    latest = first + LONGEST
    # `count` cannot stand beside a bound of our own.
    count = int(parts.pop("COUNT", MOST + 1))
    until = parts.pop("UNTIL", "")
    if until and until[:8] > f"{latest:%Y%m%d}":
        raise RuleProblem(TOO_LONG)
    bounded = ";".join(f"{name}={value}" for name, value in parts.items())
    try:
        found = rrulestr(f"{bounded};UNTIL={until[:8] or f'{latest:%Y%m%d}'}", dtstart=datetime.combine(first, time()))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise RuleProblem(UNREADABLE.format(rule=rule[:60])) from error
    days = [moment.date() for moment in islice(found, min(count, MOST + 1))]
    if len(days) > MOST:
        raise RuleProblem(TOO_MANY)
    if not days:
        raise RuleProblem(NEVER)
    return tuple(days)


def _checked(rule: str) -> dict[str, str]:
    """The parts of a rule that has an end and repeats daily at most."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    frequency, count, until = parts.get("FREQ", ""), parts.get("COUNT"), parts.get("UNTIL")
    if frequency in {"HOURLY", "MINUTELY", "SECONDLY"} or {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
        raise RuleProblem(TOO_OFTEN)
    if frequency not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} or len(rule) > LONGEST_RULE or not rule.isprintable():
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    if count is None and until is None:
        raise RuleProblem(ENDLESS)
    if parts.keys() - _PARTS or (frequency == "DAILY" and "INTERVAL" in parts and len(parts) > 3):
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    if not _meets_a_day(parts.get("BYMONTH", ""), parts.get("BYMONTHDAY", "")):
        raise RuleProblem(NEVER)
    readable = (count is None or (count.isdecimal() and len(count) < 6)) and (until is None or until[:8].isdecimal())
    if not readable or (count is not None and until is not None):
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    return parts


def _meets_a_day(months: str, days: str) -> bool:
    """False for the 30th of February and its like: dateutil would look for it until the year 9999."""
    if not days:
        return True
    try:
        wanted = [int(one) for one in months.split(",")] if months else range(1, 13)
        longest = max(_LONGEST_MONTHS[month - 1] for month in wanted)
        return any(1 <= abs(int(one)) <= longest for one in days.split(","))
    except (ValueError, IndexError):
        return True
