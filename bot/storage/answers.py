"""The record of replies: what was answered from which versions, without any word of the citizen."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.gathering import Together
from bot.storage.engine import without_transaction
from bot.storage.tables import answer
from handlers.messages import Outcome
from knowledge.entries import FAQ_PREFIX


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """What is kept of every reply: no word of the citizen.

    versions: the version of each entry of refs, "-" where it has none; text_hash: SHA-256 of the text sent.
    """

    at: datetime
    channel: str
    outcome: Outcome
    refs: tuple[str, ...]
    versions: tuple[str, ...]
    aspects: str
    choice: str
    confidence: float
    milliseconds: float
    revision: int
    engine: str
    text_hash: str


MOST_HELD = 10_000
"""Records held in memory while the database is away; about 10 MB."""
MOST_ALONE = 200
"""Records that surely go with one statement."""


class StoredAnswers:
    """The answer table."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        self._together: Together[AnswerRecord, None] = Together(self._add_all)
        self._held: deque[AnswerRecord] = deque(maxlen=MOST_HELD)

    async def add(self, record: AnswerRecord) -> None:
        """Keeps one record; what the database could not take is held, and added with the next that it takes."""
        await self._together(record)

    async def _add_all(self, records: Sequence[AnswerRecord]) -> Sequence[None]:
        self._held.extend(records)
        try:
            engine = self._alone if len(self._held) <= MOST_ALONE else self._engine
            async with engine.begin() as connection:
                await connection.execute(insert(answer).returning(answer.c.id), [_row(record) for record in self._held])
        except (DataError, IntegrityError):
            self._held.clear()  # one that no database takes must not keep all others out
            raise
        self._held.clear()
        return [None] * len(records)

    async def most_asked(self, since: datetime, limit: int, least: int) -> list[str]:
        """Codes of the procedures answered most since a moment, each at least `least` times; the most asked first."""
        query = (
            select(answer.c.refs, func.count())
            .where(answer.c.at >= since.astimezone(UTC), answer.c.outcome == Outcome.ANSWERED.value)
            .group_by(answer.c.refs)
        )
        counted: Counter[str] = Counter()
        async with self._engine.connect() as connection:
            for refs, number in await connection.execute(query):
                first = refs.partition(" ")[0]
                if first and not first.startswith(FAQ_PREFIX):
                    counted[first] += number
        return [code for code, number in counted.most_common(limit) if number >= least]

    async def between(self, since: datetime, until: datetime, *, ref: str = "", limit: int = 100) -> list[AnswerRecord]:
        """The records from one moment up to another, oldest first; ref: only those that speak of this entry."""
        query = select(answer).where(answer.c.at >= since.astimezone(UTC), answer.c.at < until.astimezone(UTC))
        if ref:
            query = query.where((literal(" ") + answer.c.refs + " ").contains(f" {ref} ", autoescape=True))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query.order_by(answer.c.at, answer.c.id).limit(limit))).mappings().all()
        return [_record(row) for row in rows]

    async def count(self, outcome: Outcome, since: datetime) -> int:
        """How many replies came to this outcome since a moment."""
        query = select(func.count()).where(answer.c.at >= since.astimezone(UTC), answer.c.outcome == outcome.value)
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def purge(self, before: datetime) -> int:
        """Deletes records older than a moment; returns how many."""
        async with self._engine.begin() as connection:
            return (await connection.execute(delete(answer).where(answer.c.at < before.astimezone(UTC)))).rowcount


def _row(record: AnswerRecord) -> Mapping[str, Any]:
    return {
        "at": record.at.astimezone(UTC),
        "channel": record.channel,
        "outcome": record.outcome.value,
        "refs": " ".join(record.refs),
        "versions": " ".join(record.versions),
        "aspects": record.aspects,
        "choice": record.choice,
        "confidence": record.confidence,
        "milliseconds": record.milliseconds,
        "revision": record.revision,
        "engine": record.engine,
        "text_hash": record.text_hash,
    }


def _record(row: Mapping[Any, Any]) -> AnswerRecord:
    at: datetime = row["at"]
    kept = {name: row[name] for name in AnswerRecord.__dataclass_fields__}
    kept |= {
        "at": at if at.tzinfo else at.replace(tzinfo=UTC),
        "outcome": Outcome(row["outcome"]),
        "refs": tuple(row["refs"].split()),
        "versions": tuple(row["versions"].split()),
    }
    return AnswerRecord(**kept)
