"""Recurrences in the form of RFC 5545: checked, always with an end, and turned into days."""

from datetime import date, datetime, time, timedelta

from dateutil.rrule import DAILY, rrule, rruleset, rrulestr

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


class RuleProblem(ValueError):
    """A recurrence cannot be used; the message is Vietnamese."""


def ending(rule: str, on: date) -> str:
    """A rule with its last day."""
    return f"{rule};UNTIL={on:%Y%m%d}"


def days_of(rule: str, first: date) -> tuple[date, ...]:
    """The days of a recurrence (an RRULE's value) from its first day on. Raises RuleProblem."""
    found = _parsed(rule, first)
    last = first + LONGEST
    days: list[date] = []
    # Bounded by its own end, so that a rule that meets no day does not search for ever.
    for moment in found:
        if moment.date() > last:
            raise RuleProblem(TOO_LONG)
        days.append(moment.date())
        if len(days) > MOST:
            raise RuleProblem(TOO_MANY)
    if not days:
        raise RuleProblem(NEVER)
    return tuple(days)


def _parsed(rule: str, first: date) -> rrule:
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if not rule or len(rule) > LONGEST_RULE or "\n" in rule:
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    start = datetime.combine(first, time())
    try:
        found = rrulestr(rule, dtstart=start)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise RuleProblem(UNREADABLE.format(rule=rule[:60])) from error
    if isinstance(found, rruleset):
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    if found._freq > DAILY:  # noqa: SLF001 - there is no other way to ask
        raise RuleProblem(TOO_OFTEN)
    if "UNTIL" not in parts and "COUNT" not in parts:
        raise RuleProblem(ENDLESS)
    latest = start + LONGEST + timedelta(days=1)
    until = found._until or latest  # noqa: SLF001
    if until.tzinfo is not None:
        raise RuleProblem(UNREADABLE.format(rule=rule[:60]))
    return found.replace(until=min(until, latest))
