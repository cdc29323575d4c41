"""Occurrences follow the Vietnamese clock, whatever the server's."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.campaigns.campaign import CampaignProblem
from bot.campaigns.recurrence import VIETNAM, between, ends, first_after, next_after, understood
from bot.campaigns.resting import NIGHT, QuietHours
from tests.bot.campaigns.sending import PLAN

EIGHT = datetime(2026, 12, 5, 8, 0, tzinfo=VIETNAM)
END = datetime(2027, 12, 31, 23, 0, tzinfo=VIETNAM)


def days(rule: str, number: int) -> list[str]:
    """The first occurrences after the start."""
    plan = replace(PLAN, recurrence=rule, starts_at=EIGHT, expires_at=END)
    understood(plan)
    found, at = [], EIGHT - timedelta(seconds=1)
    for _ in range(number):
        following = next_after(plan, at)
        assert following is not None
        assert following.astimezone(VIETNAM).time() == time(8)
        found.append(f"{following.astimezone(VIETNAM):%d/%m}")
        at = following
    return found


def test_what_departments_want() -> None:
    assert days("FREQ=MONTHLY;BYMONTHDAY=5", 3) == ["05/12", "05/01", "05/02"]
    assert days("FREQ=MONTHLY;BYDAY=1MO", 3) == ["07/12", "04/01", "01/02"]
    assert days("FREQ=MONTHLY;INTERVAL=3", 3) == ["05/12", "05/03", "05/06"]
    assert days("FREQ=MONTHLY;BYMONTHDAY=31", 2) == ["31/12", "31/01"]
    assert days("FREQ=WEEKLY;BYDAY=MO,FR", 3) == ["07/12", "11/12", "14/12"]


def test_an_occurrence_ends_before_the_next() -> None:
    plan = replace(PLAN, recurrence="FREQ=DAILY", starts_at=EIGHT, expires_at=END)
    assert ends(plan, EIGHT) == EIGHT + timedelta(days=1)
    assert ends(replace(plan, lasts_hours=3), EIGHT) == EIGHT + timedelta(hours=3)
    last = datetime(2027, 12, 31, 8, 0, tzinfo=VIETNAM)
    assert ends(plan, last) == END
    assert next_after(plan, last) is None
    assert between(plan, EIGHT, EIGHT + timedelta(days=2)) == [EIGHT + timedelta(days=n) for n in range(3)]
    assert len(between(plan, EIGHT, END)) == 100


def test_what_is_due_when_a_campaign_is_scheduled_late() -> None:
    plan = replace(PLAN, recurrence="FREQ=MONTHLY;BYMONTHDAY=5", starts_at=EIGHT, expires_at=END, lasts_hours=24)
    assert first_after(plan, EIGHT + timedelta(hours=2)) == EIGHT
    assert first_after(plan, EIGHT + timedelta(days=3)) == datetime(2027, 1, 5, 8, 0, tzinfo=VIETNAM)
    assert first_after(plan, END) is None
    once = replace(PLAN, starts_at=EIGHT, expires_at=END)
    assert first_after(once, EIGHT + timedelta(days=1)) == EIGHT
    assert first_after(replace(once, expires_at=EIGHT + timedelta(hours=1)), EIGHT + timedelta(days=1)) is None


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY", "RRULE:FREQ=DAILY"])
def test_one_that_never_ends_needs_an_expiry(rule: str) -> None:
    plan = replace(PLAN, recurrence=rule, starts_at=EIGHT)
    with pytest.raises(CampaignProblem, match="điểm dừng"):
        understood(plan)
    understood(replace(plan, expires_at=END))
    understood(replace(plan, recurrence=rule + ";COUNT=12"))


def test_a_summer_time_elsewhere_changes_nothing() -> None:
    """Viet Nam has none: the same clock time all year, also told in a zone whose clocks change."""
    berlin = EIGHT.astimezone(UTC)
    plan = replace(PLAN, recurrence="FREQ=MONTHLY", starts_at=berlin, expires_at=END)
    found = between(plan, berlin, END)
    assert len(found) == 13
    assert {one.astimezone(VIETNAM).time() for one in found} == {time(8)}


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_the_night_of_viet_nam(hour: int, quiet: bool) -> None:
    assert NIGHT.hold(datetime(2026, 11, 21, hour, 30 if hour != 7 else 0, tzinfo=VIETNAM).astimezone(UTC)) is quiet
    assert not QuietHours(time(0), time(0)).hold(datetime(2026, 11, 21, hour, tzinfo=VIETNAM))
