"""Answers are counted once, on the right day, whoever counts and whenever they are looked at."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import figures, schema
from bot.storage.answers import AnswerRecord, StoredAnswers
from bot.storage.engine import make_engine
from bot.storage.figures import Counts, StoredFigures
from bot.storage.tables import answer
from handlers.messages import Outcome
from tests.fakes import NOON, TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


def a_record(
    at: datetime = NOON,
    outcome: Outcome = Outcome.ANSWERED,
    *,
    channel: str = "web",
    ref: str = "1.001193",
    choice: str = "",
    spent: float = 8.0,
) -> AnswerRecord:
    return AnswerRecord(
        at=at,
        channel=channel,
        outcome=outcome,
        refs=(ref, "1.004194") if ref else (),
        versions=(),
        aspects="fd",
        choice=choice,
        confidence=0.9,
        milliseconds=spent,
        revision=1,
        engine="3",
        text_hash="0",
    )


async def test_what_is_looked_at_is_the_same_before_and_after_it_is_kept(engine: AsyncEngine) -> None:
    answers, counting = StoredAnswers(engine), StoredFigures(engine)
    late = NOON - timedelta(hours=12, minutes=1)  # a minute before midnight in Viet Nam
    for record in (
        a_record(),
        a_record(late, channel="telegram"),
        a_record(outcome=Outcome.CLARIFYING),
        a_record(outcome=Outcome.VOTED, choice="v:-:1.001193", ref=""),
        a_record(outcome=Outcome.TO_PERSON, ref=""),
    ):
        await answers.add(record)

    at_once = await counting.days(YESTERDAY, TODAY)
    counted = [await counting.keep_up() for _ in range(3)]
    kept = await counting.days(YESTERDAY, TODAY)
    await answers.add(a_record())

    assert counted == [0, 5, 0]
    assert kept == at_once
    assert dict(kept[YESTERDAY].outcomes) == {"telegram answered": 1}
    assert dict(kept[YESTERDAY].hours) == {"23": 1}
    assert kept[TODAY].questions() == {"answered": 1, "clarifying": 1}
    assert dict(kept[TODAY].entries) == {"1.001193": 1}
    assert dict(kept[TODAY].aspects) == {"f": 1, "d": 1}
    assert dict(kept[TODAY].votes) == {"- 1.001193": 1}
    assert (await counting.days(TODAY, TODAY))[TODAY].questions() == {"answered": 2, "clarifying": 1}
    assert await counting.days(date(2026, 1, 1), date(2026, 2, 1)) == {}


async def test_much_is_counted_in_several_goes_and_two_replicas_count_once(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "AT_ONCE", 4)
    answers = StoredAnswers(engine)
    for _ in range(10):
        await answers.add(a_record())
    one, other = StoredFigures(engine), StoredFigures(engine)
    await one.keep_up()
    await answers.add(a_record())  # after the mark: its turn comes later

    assert await one.keep_up() + await other.keep_up() == 10
    async with engine.begin() as connection:
        await connection.execute(delete(answer))  # what is kept no longer needs the answers
    assert (await other.days(TODAY, TODAY))[TODAY].questions() == {"answered": 10}
    await other.purge(TODAY + timedelta(days=1))
    assert await one.days(TODAY, TODAY) == {}


def test_median_and_the_slowest_are_near_enough() -> None:
    counts = Counts()
    for spent in range(1, 101):
        counts.take(a_row(float(spent)), NOON)

    assert counts.quantile(0.5) == pytest.approx(50, rel=0.03)
    assert counts.quantile(0.95) == pytest.approx(95, rel=0.03)
    assert Counts().quantile(0.5) is None
    assert Counts.of(counts.as_json()) == counts


def a_row(spent: float) -> AnswerRecord:
    record = a_record(spent=spent)
    object.__setattr__(record, "refs", " ".join(record.refs))
    return record
