"""The office's own test questions, and what came of asking them before something was published."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.storage.unanswered_tables import test_question as questions
from bot.storage.unanswered_tables import test_run as runs
from knowledge.text import fold

LONGEST_TEXT = 500
MOST_REFS = 10
MOST_ASKED = 2_000
"""Questions asked in one run; more would take minutes."""


class Expect(StrEnum):
    """What should become of a question: an answer, a question back, or a refusal because it is none of ours."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    REFUSE = "refuse"


class Origin(StrEnum):
    """Where a test question comes from."""

    QUEUE = "queue"
    IMPORT = "import"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestQuestion:
    """One question with what is expected. refs: entries that will do; contains: words that the answer has to hold."""

    __test__ = False

    text: str
    expect: Expect
    refs: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuestion(TestQuestion):
    """A test question as it is kept. retired_at: since when it is not asked any more."""

    id: int
    origin: Origin
    created_at: datetime
    created_by: str
    retired_at: datetime | None
    retired_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """One run. changes, report: as they were given, report "" while it is under way; reason: why it was published all
    the same."""

    id: int
    at: datetime
    by: str
    revision: int
    changes: Any
    report: Any
    published_at: datetime | None
    published_by: str
    reason: str


class StoredTestQuestions:
    """The test questions of one desk."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def active(self) -> list[StoredQuestion]:
        """Every question that is asked, at most MOST_ASKED."""
        query = select(questions).where(questions.c.retired_at.is_(None)).order_by(questions.c.id).limit(MOST_ASKED)
        async with self._engine.connect() as connection:
            return [_question(row) for row in await connection.execute(query)]

    async def count(self) -> int:
        """How many are asked."""
        query = select(func.count()).select_from(questions).where(questions.c.retired_at.is_(None))
        async with self._engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def listed(self, words: str, *, retired: bool, limit: int, offset: int) -> tuple[list[StoredQuestion], int]:
        """A page of those that hold some words or an entry, the newest first, and how many there are."""
        query: Select[Any] = select(questions).where(
            questions.c.retired_at.is_not(None) if retired else questions.c.retired_at.is_(None)
        )
        if words:
            query = query.where(
                questions.c.folded.contains(fold(words), autoescape=True)
                | questions.c.refs.contains(words, autoescape=True)
            )
        async with self._engine.connect() as connection:
            total = int((await connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one())
            rows = await connection.execute(query.order_by(questions.c.id.desc()).limit(limit).offset(offset))
            return [_question(row) for row in rows], total

    async def retire(self, session: AsyncSession, number: int, *, by: str, now: datetime) -> bool:
        """Asks it no longer; False where it is not asked. Commits nothing."""
        changed = await session.execute(
            update(questions)
            .where(questions.c.id == number, questions.c.retired_at.is_(None))
            .values(retired_at=now, retired_by=by)
            .returning(questions.c.id)
        )
        return changed.first() is not None

    async def begin_run(self, *, by: str, revision: int, changes: Any, now: datetime) -> int:
        """Notes that a run has begun; returns its number."""
        values = {"at": now, "by": by, "revision": revision, "changes": _json(changes), "report": ""}
        async with self._engine.begin() as connection:
            added = await connection.execute(insert(runs).values(values).returning(runs.c.id))
            return int(added.scalar_one())

    async def end_run(self, number: int, report: Any) -> None:
        """Keeps what came of it."""
        async with self._engine.begin() as connection:
            await connection.execute(update(runs).where(runs.c.id == number).values(report=_json(report)))

    async def run(self, number: int) -> StoredRun | None:
        """One run; None if there is none."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(runs).where(runs.c.id == number))).one_or_none()
        return _run(row) if row else None

    async def recent_runs(self, limit: int) -> list[StoredRun]:
        """The last runs, the newest first."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit))
            return [_run(row) for row in rows]


async def published(session: AsyncSession, number: int, *, by: str, reason: str, now: datetime) -> bool:
    """Notes that what a run tried was published; False if it was before. Commits nothing."""
    changed = await session.execute(
        update(runs)
        .where(runs.c.id == number, runs.c.published_at.is_(None))
        .values(published_at=now, published_by=by, reason=reason)
        .returning(runs.c.id)
    )
    return changed.first() is not None


async def add(
    session: AsyncSession | AsyncConnection,
    new: Iterable[TestQuestion],
    *,
    origin: Origin,
    by: str,
    now: datetime,
) -> int:
    """Adds questions; those that are asked already, word by word, are left out. Returns how many. Commits nothing."""
    known = set(await _texts(session))
    rows = []
    for one in new:
        if one.text in known:
            continue
        known.add(one.text)
        rows.append(
            {
                "text": one.text,
                "folded": fold(one.text),
                "expect": one.expect.value,
                "refs": " ".join(one.refs),
                "contains": _json(list(one.contains)),
                "origin": origin.value,
                "created_at": now,
                "created_by": by,
            }
        )
    if rows:
        await session.execute(insert(questions), rows)
    return len(rows)


async def _texts(session: AsyncSession | AsyncConnection) -> Sequence[str]:
    rows = await session.execute(select(questions.c.text).where(questions.c.retired_at.is_(None)))
    return [text for (text,) in rows]


def _question(row: Row[Any]) -> StoredQuestion:
    return StoredQuestion(
        id=row.id,
        text=row.text,
        expect=Expect(row.expect),
        refs=tuple(row.refs.split()),
        contains=tuple(json.loads(row.contains)),
        origin=Origin(row.origin),
        created_at=row.created_at,
        created_by=row.created_by,
        retired_at=row.retired_at,
        retired_by=row.retired_by,
    )


def _run(row: Row[Any]) -> StoredRun:
    return StoredRun(
        id=row.id,
        at=row.at,
        by=row.by,
        revision=row.revision,
        changes=json.loads(row.changes),
        report=json.loads(row.report) if row.report else "",
        published_at=row.published_at,
        published_by=row.published_by,
        reason=row.reason,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
