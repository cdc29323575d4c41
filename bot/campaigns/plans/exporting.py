"""The calendar to take away: as rows of a table and as iCalendar."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from bot.campaigns.plans.kept import STATE_NAMES, CalendarLine, DueState, Evidence
from bot.campaigns.plans.tasks import AUDIENCE_NAMES

HEADINGS = (
    "Hạn",
    "Số",
    "Nội dung",
    "Đơn vị chủ trì",
    "Đơn vị phối hợp",
    "Sản phẩm",
    "Đối tượng",
    "Tình trạng",
    "Ngày xong",
    "Minh chứng",
    "Số người tiếp cận",
    "Kinh phí (nghìn đồng)",
    "Kế hoạch",
)
Cell = str | int | date | None
_MARKS = {DueState.DONE: "[Xong] ", DueState.DONE_LATE: "[Xong muộn] ", DueState.OVERDUE: "[Quá hạn] "}
LONGEST_SUMMARY = 120


def rows_of(
    lines: Sequence[CalendarLine], shown: Mapping[int, Sequence[Evidence]], today: date
) -> list[tuple[Cell, ...]]:
    """The lines as rows under HEADINGS. shown: the evidence by due day."""
    return [_row(line, shown.get(line.due.id, ()), today) for line in lines]


def ics_of(lines: Sequence[CalendarLine], *, name: str, now: datetime, today: date) -> bytes:
    """The lines as an iCalendar file of whole days; one event for each due day, which keeps its identity."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mot Cua//Ke hoach//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for line in lines:
        event = Event()
        event.add("uid", f"han-{line.due.id}@motcua")
        event.add("dtstamp", now)
        event.add("dtstart", line.due.due_on)
        event.add("dtend", line.due.due_on + timedelta(days=1))
        event.add("summary", _MARKS.get(line.due.state(today), "") + _short(line.content))
        event.add("description", _told(line))
        event.add("transp", "TRANSPARENT")
        if line.lead:
            event.add("categories", [line.lead])
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _row(line: CalendarLine, shown: Sequence[Evidence], today: date) -> tuple[Cell, ...]:
    people = [one.people for one in shown if one.people is not None]
    cost = [one.cost for one in shown if one.cost is not None]
    return (
        line.due.due_on,
        line.key,
        line.content,
        line.lead,
        "; ".join(line.support),
        line.product,
        AUDIENCE_NAMES[line.audience],
        STATE_NAMES[line.due.state(today)],
        line.due.done_on,
        "; ".join(part for one in shown for part in (one.product, one.link, one.file_name) if part),
        sum(people) if people else None,
        sum(cost) if cost else None,
        line.plan,
    )


def _told(line: CalendarLine) -> str:
    parts = (
        ("Nội dung", line.content),
        ("Chủ trì", line.lead),
        ("Phối hợp", "; ".join(line.support)),
        ("Sản phẩm", line.product),
        ("Kế hoạch", line.plan),
    )
    return "\n".join(f"{name}: {text}" for name, text in parts if text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rsplit(" ", 1)[0] + "…"
