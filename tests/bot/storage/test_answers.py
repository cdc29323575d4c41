"""The record of answers, counted."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bot.storage import schema
from bot.storage.answers import AnswerRecord, StoredAnswers
from bot.storage.engine import make_engine
from handlers.messages import Outcome
from tests.fakes import NOON


def a_record(*refs: str, outcome: Outcome = Outcome.ANSWERED, days_ago: int = 0) -> AnswerRecord:
    return AnswerRecord(
        at=NOON - timedelta(days=days_ago),
        channel="web",
        outcome=outcome,
        refs=refs,
        versions=tuple("1" for _ in refs),
        aspects="f",
        choice="",
        confidence=0.9,
        milliseconds=5.0,
        revision=1,
        engine="1",
        text_hash="0" * 64,
    )


async def test_procedures_are_counted_by_what_was_answered(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = make_engine(database_url)
    answers = StoredAnswers(engine)
    records = [
        *(a_record("1.000001", "1.000009") for _ in range(2)),
        *(a_record("1.000001", "1.000008") for _ in range(2)),
        *(a_record("1.000002") for _ in range(3)),
        a_record("1.000003"),
        *(a_record("faq:x", "1.000004") for _ in range(9)),
        *(a_record("1.000005", outcome=Outcome.CLARIFYING) for _ in range(9)),
        *(a_record("1.000006", days_ago=31) for _ in range(9)),
        a_record(),
    ]
    try:
        for record in records:
            await answers.add(record)
        since = NOON - timedelta(days=30)

        assert await answers.most_asked(since, limit=5, least=1) == ["1.000001", "1.000002", "1.000003"]
        assert await answers.most_asked(since, limit=1, least=1) == ["1.000001"]
        assert await answers.most_asked(since, limit=5, least=3) == ["1.000001", "1.000002"]
        assert await answers.most_asked(since, limit=5, least=9) == []
    finally:
        await engine.dispose()


async def test_what_the_database_could_not_take_comes_with_the_next(database_url: str) -> None:
    engine = make_engine(database_url)
    answers = StoredAnswers(engine)
    try:
        with pytest.raises(DBAPIError):
            await answers.add(a_record("1.000001"))  # no tables: it might as well be away
        schema.upgrade(database_url)
        await answers.add(a_record("1.000001"))

        assert await answers.most_asked(NOON - timedelta(days=1), limit=5, least=2) == ["1.000001"]
    finally:
        await engine.dispose()
