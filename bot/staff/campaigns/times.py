"""Days, hours and recurrences of a campaign as people choose them, and as the campaign keeps them."""

from collections.abc import Mapping
from datetime import date, datetime, time

from bot.campaigns.recurrence import VIETNAM

OWN = "khac"
RULES: Mapping[str, tuple[str, str]] = {
    "": ("Một lần", ""),
    "tuan": ("Hằng tuần, vào thứ của ngày bắt đầu", "FREQ=WEEKLY"),
    "thang": ("Hằng tháng, vào ngày của ngày bắt đầu", "FREQ=MONTHLY"),
    "thu-hai": ("Thứ Hai đầu tiên hằng tháng", "FREQ=MONTHLY;BYDAY=1MO"),
    "quy": ("Hằng quý (3 tháng một lần)", "FREQ=MONTHLY;INTERVAL=3"),
    "nua-nam": ("6 tháng một lần", "FREQ=MONTHLY;INTERVAL=6"),
    "nam": ("Hằng năm", "FREQ=YEARLY"),
    OWN: ("Quy tắc khác (RFC 5545)", ""),
}
"""By the form's value: words, and the rule."""
NOT_A_TIME = "Không hiểu thời điểm “{text}”; hãy chọn đủ ngày và giờ."
MORNING, EVENING = time(8), time(23, 59)


def rule_of(chosen: str, own: str) -> str:
    """The rule that the form says."""
    return own if chosen == OWN else RULES.get(chosen, ("", ""))[1]


def chosen_of(rule: str) -> tuple[str, str]:
    """What the form shows for a rule: the choice, and the words of one's own."""
    found = next((key for key, (_, known) in RULES.items() if known == rule and key != OWN), OWN)
    return found, rule if found == OWN else ""


def rule_words(rule: str) -> str:
    """A rule for people."""
    chosen, own = chosen_of(rule)
    return own or RULES[chosen][0]


def moment_of(day: str, clock: str, default: time) -> datetime | None:
    """The moment of two fields on the clock of Viet Nam; None for no day. Raises ValueError for no such day or hour."""
    if not day:
        return None
    try:
        at = time.fromisoformat(clock) if clock else default
        return datetime.combine(date.fromisoformat(day), at.replace(tzinfo=None), VIETNAM)
    except ValueError:
        raise ValueError(NOT_A_TIME.format(text=f"{day} {clock}".strip())) from None


def fields_of(moment: datetime | None) -> tuple[str, str]:
    """The two fields of a moment."""
    if moment is None:
        return "", ""
    local = moment.astimezone(VIETNAM)
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}"
