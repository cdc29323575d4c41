"""What citizens teach by their buttons, gathered until enough of them agree and staff have decided."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, distinct, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.storage.tables import alias_decision, alias_vote, conversation
from handlers.learning import Lesson, Verdict
from handlers.messages import Citizen
from knowledge.additions import add_aliases
from knowledge.learning import Wording

ORIGIN = "suggestion"
"""Marks in the alias table what came from citizens and was accepted by staff."""
POSITIVE = (Verdict.CHOSEN.value, Verdict.HELPFUL.value)
MOST_WORDINGS = 3
_ID_LENGTH = 8

Worded = Callable[[str], Wording | None]
"""The words of a question that name its subject (knowledge.base.KnowledgeBase.worded)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Words that citizens use for an entry, with the evidence.

    wordings: how it was said, the most frequent first; agreed: different citizens; chosen, helpful: how each of them
    said so, by their last word; against: different citizens who said otherwise.
    """

    id: str
    ref: str
    question: str
    wordings: tuple[str, ...]
    agreed: int
    chosen: int
    helpful: int
    against: int
    first_at: datetime
    last_at: datetime

    @property
    def wording(self) -> str:
        """The way of saying it that staff are asked about."""
        return self.wordings[0]


class StoredSuggestions:
    """The lessons and decisions of one desk; a lesson goes with the conversation that it came from."""

    def __init__(self, engine: AsyncEngine, worded: Worded) -> None:
        self._engine = engine
        self._worded = worded

    async def note(self, lesson: Lesson) -> None:
        """Keeps one citizen's word on a question; the last one counts. Nothing is kept of what has been decided."""
        wording = self._worded(lesson.question)
        if wording is None:
            return
        async with self._engine.begin() as connection:
            number = await _conversation(connection, lesson.citizen)
            if number is None or await _decided(connection, _key(lesson.ref, wording.key)):
                return
            mine = (
                alias_vote.c.conversation_id == number,
                alias_vote.c.question == wording.key,
                alias_vote.c.ref == lesson.ref,
            )
            await connection.execute(delete(alias_vote).where(*mine))
            values = {
                "conversation_id": number,
                "question": wording.key,
                "wording": wording.text,
                "ref": lesson.ref,
                "verdict": lesson.verdict.value,
                "at": lesson.at.astimezone(UTC),
            }
            await connection.execute(insert(alias_vote).values(values))

    async def pending(self, least: int) -> list[Suggestion]:
        """What at least this many different citizens agree on, and fewer deny; the most agreed first."""
        agreed_on = (
            select(alias_vote.c.question)
            .where(alias_vote.c.verdict.in_(POSITIVE))
            .group_by(alias_vote.c.question, alias_vote.c.ref)
            .having(func.count(distinct(alias_vote.c.conversation_id)) >= max(least, 1))
        )
        query = select(alias_vote).where(alias_vote.c.question.in_(agreed_on)).order_by(alias_vote.c.id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        by_question: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            by_question[row.question].append(row)
        found = [one for votes in by_question.values() for one in _suggestions(votes)]
        kept = [one for one in found if one.agreed >= least and one.against < one.agreed]
        return sorted(kept, key=lambda one: (-one.agreed, one.against, one.question, one.ref))

    async def accept(self, session: AsyncSession, suggestion: Suggestion, *, text: str, by: str, now: datetime) -> int:
        """Makes the words an alias of the entry, published at once; returns the revision. Commits nothing."""
        revision = await add_aliases(session, suggestion.ref, [text], origin=ORIGIN)
        await _decide(session, suggestion, accepted=True, by=by, now=now)
        return revision

    async def reject(self, session: AsyncSession, suggestion: Suggestion, *, by: str, now: datetime) -> None:
        """Remembers that these words are not for this entry. Commits nothing."""
        await _decide(session, suggestion, accepted=False, by=by, now=now)

    async def decide(
        self, session: AsyncSession, suggestion: Suggestion, *, accepted: bool, by: str, now: datetime
    ) -> None:
        """Remembers what was decided, so that it does not come again; the caller has drafted the words. Commits
        nothing."""
        await _decide(session, suggestion, accepted=accepted, by=by, now=now)

    async def purge(self, before: datetime) -> int:
        """Deletes lessons older than a moment; returns how many."""
        async with self._engine.begin() as connection:
            old = delete(alias_vote).where(alias_vote.c.at < before.astimezone(UTC))
            return (await connection.execute(old)).rowcount


async def _conversation(connection: AsyncConnection, citizen: Citizen) -> int | None:
    query = select(conversation.c.id).where(
        conversation.c.channel == citizen.channel, conversation.c.citizen == citizen.id
    )
    number: int | None = (await connection.execute(query)).scalar_one_or_none()
    return number


async def _decided(connection: AsyncConnection, key: str) -> bool:
    query = select(alias_decision.c.key).where(alias_decision.c.key == key)
    return (await connection.execute(query)).first() is not None


async def _decide(session: AsyncSession, suggestion: Suggestion, *, accepted: bool, by: str, now: datetime) -> None:
    key = _key(suggestion.ref, suggestion.question)
    await session.execute(delete(alias_decision).where(alias_decision.c.key == key))
    values = {"key": key, "accepted": accepted, "at": now.astimezone(UTC), "by": by}
    await session.execute(insert(alias_decision).values(values))
    decided = (alias_vote.c.question == suggestion.question, alias_vote.c.ref == suggestion.ref)
    await session.execute(delete(alias_vote).where(*decided))


def _suggestions(votes: list[Row[Any]]) -> Iterable[Suggestion]:
    """The suggestions of one question, one for each entry that anybody supports."""
    supporters: dict[str, set[int]] = defaultdict(set)
    for vote in votes:
        if vote.verdict in POSITIVE:
            supporters[vote.ref].add(vote.conversation_id)
    everybody = {vote.conversation_id for vote in votes if vote.verdict in POSITIVE}
    for ref, agreed in supporters.items():
        denied = {vote.conversation_id for vote in votes if vote.ref == ref and vote.verdict not in POSITIVE}
        own = [vote for vote in votes if vote.ref == ref and vote.verdict in POSITIVE]
        said = Counter(vote.verdict for vote in own)
        yield Suggestion(
            id=_key(ref, own[0].question)[:_ID_LENGTH],
            ref=ref,
            question=own[0].question,
            wordings=tuple(text for text, _ in Counter(vote.wording for vote in own).most_common(MOST_WORDINGS)),
            agreed=len(agreed),
            chosen=said[Verdict.CHOSEN.value],
            helpful=said[Verdict.HELPFUL.value],
            against=len((everybody | denied) - agreed),
            first_at=_aware(min(vote.at for vote in own)),
            last_at=_aware(max(vote.at for vote in own)),
        )


def _key(ref: str, question: str) -> str:
    return hashlib.sha256(f"{ref}\n{question}".encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
