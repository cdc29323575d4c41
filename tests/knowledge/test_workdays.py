"""Working days and the days on which results are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import TimeLimit, TimeUnit
from knowledge.workdays import Workdays

DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 6, 30))


def working(count: float) -> TimeLimit:
    return TimeLimit(amount=count, unit=TimeUnit.WORKING_DAY)


def due(submitted: date, limit: TimeLimit, calendar: Workdays | None = None) -> date:
    found = (calendar or Workdays()).due(submitted, limit)
    assert found is not None
    return found.on


@pytest.mark.parametrize(
    ("submitted", "count", "expected"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),  # Monday to Thursday, the first day not counted
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 20), 3, date(2026, 11, 26)),  # 24 November: Ngày Văn hóa Việt Nam
        (date(2026, 11, 21), 3, date(2026, 11, 27)),  # a Saturday counts as handed in on Monday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day is a Friday
        (date(2026, 8, 28), 2, date(2026, 9, 4)),  # 31 August swapped, 1 and 2 September off
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the Saturday worked for 31 August
        (date(2026, 9, 1), 1, date(2026, 9, 4)),  # handed in on a holiday: received on the 3rd
        (date(2027, 2, 2), 1, date(2027, 2, 3)),  # the last day before Tết
        (date(2027, 2, 3), 1, date(2027, 2, 11)),  # over Tết 2027: 4 to 10 February
        (date(2027, 2, 1), 5, date(2027, 2, 15)),
        (date(2027, 4, 15), 1, date(2027, 4, 19)),  # Giỗ Tổ is a Friday
        (date(2027, 4, 29), 1, date(2027, 5, 4)),  # 30 April, 1 May on a Saturday, 3 May in its place
        (date(2027, 9, 1), 1, date(2027, 9, 6)),  # 2 and 3 September, then a weekend
    ],
)
def test_working_days_by_hand(submitted: date, count: int, expected: date) -> None:
    assert due(submitted, working(count)) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (TimeLimit(amount=5, unit=TimeUnit.DAY), date(2026, 11, 25)),
        (TimeLimit(amount=4, unit=TimeUnit.DAY), date(2026, 11, 25)),  # the 24th is off: the next working day
        (TimeLimit(amount=4, unit=TimeUnit.HOUR), date(2026, 11, 23)),
        (TimeLimit(amount=48, unit=TimeUnit.HOUR), date(2026, 11, 23)),
        (TimeLimit(amount=1, unit=TimeUnit.MONTH), date(2026, 12, 21)),  # the 20th is a Sunday
        (TimeLimit(amount=1, unit=TimeUnit.YEAR), date(2027, 11, 22)),
        (TimeLimit(amount=0.5, unit=TimeUnit.WORKING_DAY), date(2026, 11, 23)),
    ],
)
def test_other_units_end_on_a_working_day(limit: TimeLimit, expected: date) -> None:
    assert due(date(2026, 11, 20), limit) == expected


def test_a_month_ends_on_the_last_day_of_a_shorter_one() -> None:
    assert due(date(2027, 3, 31), TimeLimit(amount=1, unit=TimeUnit.MONTH)) == date(2027, 5, 4)
    assert due(date(2026, 10, 30), TimeLimit(amount=4, unit=TimeUnit.MONTH)) == date(2027, 3, 1)


@pytest.mark.parametrize("limit", [TimeLimit(text="theo thỏa thuận"), TimeLimit(amount=0, unit=TimeUnit.DAY)])
def test_what_names_no_number_has_no_day(limit: TimeLimit) -> None:
    assert Workdays().due(date(2026, 11, 20), limit) is None


def test_the_office_takes_a_day_off_and_works_another() -> None:
    calendar = Workdays(days_off=[date(2026, 11, 23)], working_days=[date(2026, 11, 28), date(2026, 11, 24)])

    assert due(date(2026, 11, 20), working(1), calendar) == date(2026, 11, 24)
    assert due(date(2026, 11, 20), working(5), calendar) == date(2026, 11, 28)
    assert calendar.is_working(date(2026, 11, 28))


def test_a_day_worked_wins_over_a_day_off() -> None:
    day = date(2026, 11, 23)

    assert Workdays(days_off=[day], working_days=[day]).is_working(day)


def test_days_off_on_the_way_are_named_but_not_weekends() -> None:
    found = Workdays().due(date(2026, 11, 20), working(3))

    assert found is not None
    assert [name for _, name in found.off] == ["Ngày Văn hóa Việt Nam"]


def provisional(submitted: date, count: int, calendar: Workdays | None = None) -> tuple[str, ...]:
    found = (calendar or Workdays()).due(submitted, working(count))
    assert found is not None
    return found.provisional


def test_days_off_not_announced_yet_make_a_day_provisional() -> None:
    assert provisional(date(2027, 2, 1), 5) == ("Tết Nguyên Đán 2027",)
    assert provisional(date(2027, 1, 29), 1) == ("Tết Nguyên Đán 2027",)  # the days off may begin earlier
    assert provisional(date(2027, 1, 18), 3) == ()
    assert provisional(date(2027, 8, 27), 5) == ("Quốc khánh 2027",)


def test_what_has_been_announced_is_certain() -> None:
    assert provisional(date(2027, 2, 1), 5, Workdays(announced_until=2027)) == ()
    assert provisional(date(2026, 8, 28), 2) == ()


@given(DAYS, st.integers(1, 40))
def test_a_result_is_due_on_a_working_day_after_the_first(submitted: date, count: int) -> None:
    calendar = Workdays()
    found = calendar.due(submitted, working(count))

    assert found is not None
    assert calendar.is_working(found.on)
    assert submitted <= found.received < found.on
    between = (found.received + timedelta(days=n) for n in range(1, (found.on - found.received).days + 1))
    assert sum(map(calendar.is_working, between)) == count


@given(DAYS, DAYS, st.sampled_from([working(3), TimeLimit(amount=10, unit=TimeUnit.DAY)]))
def test_handing_in_later_is_never_due_earlier(first: date, second: date, limit: TimeLimit) -> None:
    earlier, later = sorted((first, second))

    assert due(earlier, limit) <= due(later, limit)
