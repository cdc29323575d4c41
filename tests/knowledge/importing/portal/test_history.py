"""The nightly reading happens once a night, and its silence is noticed."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from knowledge.importing.portal import history
from knowledge.importing.portal.history import BY_HAND, DONE, FAILED, NIGHTLY, STOPPED
from tests.knowledge.databases import NOW, Sessions, a_base

TONIGHT = NOW.replace(hour=18)
"""One in the morning of 22 November in Viet Nam."""
HOUR = timedelta(hours=1)


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def begun(base: Sessions, now: datetime) -> int | None:
    return await history.begin_if_due(base, hour=1, scope="all", now=now)


async def ended(base: Sessions, run: int | None, outcome: str, now: datetime, error: str = "") -> None:
    assert run is not None
    await history.finish(base, run, outcome=outcome, now=now, error=error)


async def alarm(base: Sessions, now: datetime) -> history.Alarm | None:
    return await history.alarm(base, scope="all", now=now)


async def test_a_night_has_one_reading(base: Sessions) -> None:
    run = await begun(base, TONIGHT)
    assert await begun(base, TONIGHT + HOUR) is None

    await ended(base, run, DONE, TONIGHT + HOUR)

    assert await begun(base, TONIGHT + 20 * HOUR) is None
    assert await begun(base, TONIGHT + 24 * HOUR) is not None


async def test_what_was_missed_at_night_is_made_up_for_in_the_day(base: Sessions) -> None:
    assert await begun(base, TONIGHT + 8 * HOUR) is not None


async def test_a_failed_reading_is_tried_again_later_and_not_for_ever(base: Sessions) -> None:
    now, attempts = TONIGHT, 0
    while now < TONIGHT + 23 * HOUR:
        if (run := await begun(base, now)) is not None:
            attempts += 1
            await ended(base, run, FAILED, now)
        now += timedelta(minutes=10)

    assert attempts == history.ATTEMPTS
    runs = await history.recent(base)
    assert runs[0].started_at - runs[1].started_at == HOUR


async def test_a_reading_that_was_stopped_begins_again_at_once(base: Sessions) -> None:
    await ended(base, await begun(base, TONIGHT), STOPPED, TONIGHT)

    assert await begun(base, TONIGHT) is not None


async def test_a_reading_killed_with_its_process_does_not_block_for_ever(base: Sessions) -> None:
    assert await begun(base, TONIGHT) is not None

    assert await begun(base, TONIGHT + 8 * HOUR) is None
    assert await begun(base, TONIGHT + 9 * HOUR) is not None


async def test_a_reading_by_hand_does_not_take_the_place_of_the_nightly_one(base: Sessions) -> None:
    run = await history.begin(base, trigger=BY_HAND, scope="G10", now=TONIGHT)
    await ended(base, run, DONE, TONIGHT)

    assert await begun(base, TONIGHT) is not None


async def test_there_is_no_alarm_while_it_is_off_or_young(base: Sessions) -> None:
    assert await alarm(base, NOW) is None
    await history.switch(base, on=True, now=NOW)

    assert await alarm(base, NOW + timedelta(days=2)) is None


async def test_three_days_without_success_raise_the_alarm(base: Sessions) -> None:
    await history.switch(base, on=True, now=NOW)
    await ended(base, await begun(base, TONIGHT), FAILED, TONIGHT, "Tường lửa của Cổng từ chối máy này.")

    raised = await alarm(base, NOW + timedelta(days=3))

    assert raised is not None
    assert (raised.days, raised.since) == (3, NOW)
    assert str(raised) == (
        "Đã 3 ngày chưa đọc được Cổng dịch vụ công quốc gia (từ 21/11/2026). "
        "Lỗi gần nhất: Tường lửa của Cổng từ chối máy này."
    )


async def test_a_success_puts_the_alarm_off(base: Sessions) -> None:
    await history.switch(base, on=True, now=NOW)
    await ended(base, await begun(base, TONIGHT), DONE, TONIGHT)

    assert await alarm(base, NOW + timedelta(days=3)) is None
    assert await alarm(base, TONIGHT + timedelta(days=3)) is not None


async def test_a_reading_by_hand_counts_when_it_reads_the_same(base: Sessions) -> None:
    await history.switch(base, on=True, now=NOW)
    later = NOW + timedelta(days=4)
    await ended(base, await history.begin(base, trigger=BY_HAND, scope="G10", now=later), DONE, later)
    assert await alarm(base, later) is not None
    await ended(base, await history.begin(base, trigger=BY_HAND, scope="all", now=later), DONE, later)
    assert await alarm(base, later) is None


async def test_switching_on_again_starts_anew(base: Sessions) -> None:
    await history.switch(base, on=True, now=NOW)
    await history.switch(base, on=False, now=NOW + timedelta(days=1))
    assert await alarm(base, NOW + timedelta(days=9)) is None
    await history.switch(base, on=True, now=NOW + timedelta(days=9))
    await history.switch(base, on=True, now=NOW + timedelta(days=10))

    raised = await alarm(base, NOW + timedelta(days=12))
    assert raised is not None
    assert raised.since == NOW + timedelta(days=9)


async def test_the_history_shows_readings_newest_first(base: Sessions) -> None:
    await history.switch(base, on=True, now=NOW)
    await ended(base, await begun(base, TONIGHT), FAILED, TONIGHT, "x" * 900)
    await ended(base, await begun(base, TONIGHT + HOUR), DONE, TONIGHT + HOUR)

    last, first = await history.recent(base)
    assert (last.outcome, first.outcome, first.trigger) == (DONE, FAILED, NIGHTLY)
    assert len(first.error) == 500
    assert len(await history.recent(base, 1)) == 1


def test_the_scope_names_the_agencies() -> None:
    assert history.scope_of(()) == "all"
    assert history.scope_of(("G10", "G02")) == "G02,G10"
