"""Office hours as they are published are read, or not understood; holidays and swapped days count."""

from datetime import date, datetime

import pytest

from knowledge.entries import Office, OfficeProfile
from knowledge.opening import VIETNAM, OfficeHours, hours_of, read_hours
from knowledge.workdays import Workdays

USUAL = "Thứ 2 đến thứ 6: 7h30–11h30, 13h30–17h"


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (USUAL, "thứ Hai đến thứ Sáu 07:30–11:30, 13:30–17:00"),
        ("7 giờ 30 đến 17 giờ", "thứ Hai đến thứ Sáu 07:30–17:00"),
        ("Sáng 07:30 - 11:30, chiều 1h30 - 5h (thứ Hai – thứ Sáu)", "thứ Hai đến thứ Sáu 07:30–11:30, 13:30–17:00"),
        (
            "Từ thứ Hai đến thứ Sáu (trừ ngày lễ): 7g30-11g30, 13g30-17g; thứ Bảy: 7h30 phút-11h30",
            "thứ Hai đến thứ Sáu 07:30–11:30, 13:30–17:00; thứ Bảy 07:30–11:30",
        ),
        ("Thứ 2, thứ 4: 8h-11h; T3: 14.00-16.30", "thứ Hai, thứ Tư 08:00–11:00; thứ Ba 14:00–16:30"),
        ("Hằng ngày 8h-17h", "thứ Hai đến Chủ nhật 08:00–17:00"),
        ("thứ Hai đến thứ Sáu", ""),
        ("Giờ hành chính", ""),
        ("24/7", ""),
        ("7h-11h, nghỉ chiều thứ 6", ""),
        ("7h30-17h, nghỉ trưa 11h30-13h30", ""),
        ("17h-8h", ""),
        ("25h-26h", ""),
        ("", ""),
    ],
)
def test_hours_are_read_or_left_alone(text: str, read: str) -> None:
    assert str(OfficeHours(read_hours(text), Workdays())) == read


def test_open_in_its_hours_only() -> None:
    hours = OfficeHours(read_hours(USUAL), Workdays())
    told = {moment: hours.is_open(moment) for moment in (at(23, 7, 29), at(23, 7, 30), at(23, 11, 30), at(23, 16, 59))}

    assert list(told.values()) == [False, True, False, True]
    assert hours.next_opening(at(23, 11, 45)) == at(23, 13, 30)
    assert hours.next_opening(at(20, 17)) == at(23, 7, 30)  # over the weekend
    assert (hours.opens_again_today(at(23, 12)), hours.opens_again_today(at(23, 17))) == (True, False)


def test_holidays_are_off_and_swapped_saturdays_are_worked() -> None:
    hours = OfficeHours(read_hours(USUAL), Workdays(days_off=[date(2026, 11, 23)], working_days=[date(2026, 11, 28)]))

    assert not hours.is_open(at(23, 9))
    assert hours.is_open(at(28, 9))
    assert not hours.is_open(at(2, 9, month=9))  # Quốc khánh
    assert hours.next_opening(at(1, 18, month=9)) == at(3, 7, 30, month=9)


def test_a_saturday_of_its_own_is_open_unless_it_is_a_holiday() -> None:
    hours = OfficeHours(read_hours("Thứ 2 - thứ 7: 8h-11h"), Workdays(days_off=[date(2026, 11, 28)]))

    assert hours.is_open(at(21, 9))
    assert not hours.is_open(at(28, 9))
    assert not hours.is_open(at(22, 9))


def test_hours_that_are_not_known_are_never_open() -> None:
    hours = OfficeHours((), Workdays())

    assert not hours.known
    assert not hours.is_open(at(23, 9))
    assert hours.next_opening(at(23, 9)) is None


def test_the_published_entry_of_the_office_comes_before_the_settings() -> None:
    profile = OfficeProfile(name="Sở Khoa học và Công nghệ", hours="8h-9h")
    other = Office(id="x", name="Nơi khác", hours="10h-11h")
    own = Office(id="so", name="Sở khoa học và công nghệ", hours="7h-8h")

    assert str(hours_of(profile, [other, own], Workdays())).endswith("07:00–08:00")
    assert str(hours_of(profile, [other], Workdays())).endswith("08:00–09:00")
