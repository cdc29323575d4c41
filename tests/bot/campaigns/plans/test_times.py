"""What Vietnamese time expressions mean, what is unsure about them, and what nobody can understand."""

from datetime import date, datetime, time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaigns.plans.rules import LONGEST, RuleProblem, days_of
from bot.campaigns.plans.times import TimeKind, understood
from knowledge.text import fold

YEAR = 2023
ONCE = {
    "Q.I - II/2023": "30/6",
    "Q.I/2023": "31/3",
    "QI/2023": "31/3",
    "Quý 1/2023": "31/3",
    "Quý II năm 2023": "30/6",
    "Quý IV": "31/12",
    "Quý I, III": "31/3 30/9",
    "Quý I và quý III": "31/3 30/9",
    "Quý I-III/2023": "30/9",
    "Từ quý I đến quý III": "30/9",
    "Trước quý II": "31/3",
    "Cuối quý II": "30/6",
    "Trước ngày 15/12": "14/12",
    "trước 15/12/2023": "14/12",
    "Trước ngày 01/3/2023": "28/2",
    "Chậm nhất ngày 30 tháng 6": "30/6",
    "Ngày 02 tháng 9 năm 2023": "2/9",
    "Hoàn thành trước ngày 05/6 và 05/12": "4/6 5/12",
    "6 tháng trước ngày 05/6 và cả năm trước ngày 05/12": "4/6 4/12",
    "15.11.2023": "15/11",
    "Từ 01/3 đến 30/6/2023": "30/6",
    "01/3/2023 - 30/6/2023": "30/6",
    "Tháng 3/2023": "31/3",
    "3/2023": "31/3",
    "T5": "31/5",
    "Tháng 3, 6, 9": "31/3 30/6 30/9",
    "Tháng 3 - 5/2023": "31/5",
    "Từ tháng 3 đến tháng 5": "31/5",
    "Trước tháng 6": "31/5",
    "6 tháng đầu năm": "30/6",
    "6 tháng cuối năm 2023": "31/12",
    "Cả năm": "31/12",
    "Trong năm 2023": "31/12",
    "Năm 2023": "31/12",
}
AGAIN = {
    "Hằng tháng": ("FREQ=MONTHLY;BYMONTHDAY=-1", 12),
    "hàng tháng": ("FREQ=MONTHLY;BYMONTHDAY=-1", 12),
    "Ngày 05 hằng tháng": ("FREQ=MONTHLY;BYMONTHDAY=5", 12),
    "Trước ngày 20 hàng tháng": ("FREQ=MONTHLY;BYMONTHDAY=19", 12),
    "Cuối mỗi quý": ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", 4),
    "Thứ Hai đầu tiên hằng tháng": ("FREQ=MONTHLY;BYDAY=1MO", 12),
    "Thứ Sáu cuối cùng của tháng": ("FREQ=MONTHLY;BYDAY=-1FR", 12),
    "Thứ Sáu hằng tuần": ("FREQ=WEEKLY;BYDAY=FR", 52),
}
UNSURE_AGAIN = {
    "Hằng quý": ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", 4),
    "Quý, 6 tháng, 01 năm": ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", 4),
    "6 tháng, năm": ("FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=-1", 2),
    "Hằng năm": ("FREQ=MONTHLY;BYMONTH=12;BYMONTHDAY=-1", 1),
    "2 lần/năm": ("FREQ=MONTHLY;BYMONTH=6,12;BYMONTHDAY=-1", 2),
    "Mỗi quý 01 lần": ("FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", 4),
    "Hằng tuần": ("FREQ=WEEKLY;BYDAY=FR", 52),
}
UNSURE_ONCE = {
    "Q.I - II/2022": (date(2022, 6, 30), "năm 2022"),
    "Đầu tháng 3": (date(2023, 3, 10), "ước chừng"),
    "2021 - 2025": (date(2025, 12, 31), "nhiều năm"),
    "Quý I và theo yêu cầu của Sở Nội vụ": (date(2023, 3, 31), "một phần"),
}
EVENTS = (
    "Khi có kế hoạch của UBND tỉnh",
    "Sau khi được phê duyệt",
    "Theo kế hoạch của Sở Nội vụ",
    "Theo yêu cầu",
    "Đột xuất",
)
NOT_UNDERSTOOD = (
    "",
    "-",
    "Sớm",
    "30/02",
    "32/13/2023",
    "Định kỳ",
    "xyz 99",
    "Tháng 13",
    "Quý V",
    "...",
    "Quý I, " * 100,
)


def _days(text: str) -> tuple[date, ...]:
    return tuple(date(YEAR, int(month), int(day)) for day, month in (one.split("/") for one in text.split()))


def test_single_days() -> None:
    for words, days in ONCE.items():
        found = understood(words, YEAR)
        assert (found.kind, found.days, found.doubt, found.words) == (TimeKind.DATES, _days(days), "", words), words
        assert understood(fold(words), YEAR).days == found.days, words


def test_recurrences_that_are_sure() -> None:
    for words, (rule, count) in AGAIN.items():
        found = understood(words, YEAR)
        assert (found.kind, found.rule, found.doubt) == (TimeKind.REPEATED, f"{rule};UNTIL=20231231", ""), words
        assert len(found.days) == count, words


def test_recurrences_whose_days_are_assumed_carry_a_mark() -> None:
    for words, (rule, count) in UNSURE_AGAIN.items():
        found = understood(words, YEAR)
        assert (found.kind, found.rule, len(found.days)) == (TimeKind.REPEATED, f"{rule};UNTIL=20231231", count), words
        assert found.doubt, words


def test_days_that_are_unsure_say_why() -> None:
    for words, (day, why) in UNSURE_ONCE.items():
        found = understood(words, YEAR)
        assert found.days == (day,), words
        assert why in found.doubt, words


def test_what_is_always_done_is_looked_at_every_month() -> None:
    for words in ("Thường xuyên", "Thường xuyên, liên tục", "Hằng ngày", "Thường xuyên trong năm"):
        found = understood(words, YEAR)
        assert (found.kind, len(found.days), found.doubt) == (TimeKind.ALWAYS, 12, ""), words


def test_what_waits_for_an_event_has_no_day() -> None:
    for words in EVENTS:
        found = understood(words, YEAR)
        assert (found.kind, found.days) == (TimeKind.EVENT, ()), words
        assert words in found.doubt


def test_what_nobody_understands_is_told_and_never_guessed() -> None:
    for words in NOT_UNDERSTOOD:
        found = understood(words, YEAR)
        assert (found.kind, found.days) == (TimeKind.UNKNOWN, ()), words
        assert found.doubt


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="quyQIV1236/-., thángnămtrướcđếnhằg", max_size=40), st.integers(2000, 2099))
def test_any_words_give_bounded_days_in_order(words: str, year: int) -> None:
    found = understood(words, year)

    assert list(found.days) == sorted(set(found.days))
    assert len(found.days) <= 366
    assert found.doubt or found.days


def test_a_rule_gives_the_days_that_dateutil_gives() -> None:
    found = understood("thứ Hai đầu tiên hằng tháng", YEAR)
    assert found.first is not None

    assert found.days == tuple(
        one.date() for one in rrulestr(found.rule, dtstart=datetime.combine(found.first, time()))
    )
    assert days_of("FREQ=WEEKLY;COUNT=3", date(2026, 11, 2)) == (
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 16),
    )


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=MONTHLY", "ngày kết thúc"),
        ("FREQ=DAILY;BYMONTHDAY=5", "ngày kết thúc"),
        ("FREQ=DAILY;UNTIL=20991231", "năm năm"),
        ("FREQ=DAILY;COUNT=1000", "400"),
        ("FREQ=HOURLY;COUNT=3", "dày hơn"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "không rơi vào ngày nào"),
        ("FREQ=MONTHLY;UNTIL=20261231;COUNT=2", "Không đọc được"),
        ("FREQ=SOMETIMES;COUNT=2", "Không đọc được"),
        ("FREQ=DAILY;BYDAY=XX;COUNT=2", "Không đọc được"),
        ("RRULE:FREQ=DAILY;COUNT=2", "Không đọc được"),
        ("", "Không đọc được"),
        ("FREQ=DAILY;COUNT=2\nEXDATE:20260101", "Không đọc được"),
    ],
)
def test_a_rule_without_end_or_sense_is_refused(rule: str, why: str) -> None:
    with pytest.raises(RuleProblem, match=why):
        days_of(rule, date(2026, 1, 1))


def test_a_rule_stays_within_five_years() -> None:
    days = days_of("FREQ=YEARLY;COUNT=5", date(2026, 1, 1))

    assert days[-1] - days[0] < LONGEST
