"""Enough citizens have to agree, and none too many to deny; what was decided does not come again."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.conversations import StoredConversations
from bot.storage.engine import make_engine, make_sessions
from bot.storage.suggestions import ORIGIN, StoredSuggestions
from bot.storage.tables import alias_decision, alias_vote
from handlers.learning import Lesson, Verdict
from handlers.messages import Citizen, Conversation, Outcome, Reply
from knowledge.learning import Wording
from knowledge.store import published_revision
from knowledge.tables import alias
from tests.fakes import NOON, a_message

BIRTH, DEATH = "1.001193", "1.000656"


def in_lower_case(text: str) -> Wording | None:
    return Wording(text.lower(), text) if text else None


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


@pytest.fixture
def suggestions(engine: AsyncEngine) -> StoredSuggestions:
    return StoredSuggestions(engine, in_lower_case)


class Town:
    """Citizens who talk to the desk and press buttons."""

    def __init__(self, engine: AsyncEngine, suggestions: StoredSuggestions) -> None:
        self.talks = StoredConversations(engine)
        self.suggestions = suggestions

    async def says(
        self,
        who: str,
        ref: str = BIRTH,
        verdict: Verdict = Verdict.CHOSEN,
        question: str = "giấy cho bé",
        at: datetime = NOON,
    ) -> None:
        citizen = Citizen("web", who)
        reply = Reply(blocks=("…",), outcome=Outcome.ANSWERED)
        await self.talks.save(a_message(question, at=at, citizen=citizen), reply, Conversation())
        await self.suggestions.note(Lesson(citizen=citizen, question=question, ref=ref, verdict=verdict, at=at))


@pytest.fixture
def town(engine: AsyncEngine, suggestions: StoredSuggestions) -> Town:
    return Town(engine, suggestions)


async def test_three_who_agree_make_a_suggestion_with_its_evidence(town: Town) -> None:
    await town.says("a", question="giấy cho bé", at=NOON - timedelta(days=2))
    await town.says("b", question="Giấy cho bé", verdict=Verdict.HELPFUL)
    assert await town.suggestions.pending(3) == []

    await town.says("c")
    (found,) = await town.suggestions.pending(3)

    assert (found.ref, found.wording, found.wordings) == (BIRTH, "giấy cho bé", ("giấy cho bé", "Giấy cho bé"))
    assert (found.agreed, found.chosen, found.helpful, found.against) == (3, 2, 1, 0)
    assert (found.first_at, found.last_at) == (NOON - timedelta(days=2), NOON)
    assert len(found.id) == 8


async def test_one_citizen_counts_once_however_often_they_press(town: Town) -> None:
    for _ in range(5):
        await town.says("a")

    assert await town.suggestions.pending(2) == []
    assert [one.agreed for one in await town.suggestions.pending(1)] == [1]


async def test_the_last_word_of_a_citizen_counts(town: Town) -> None:
    await town.says("a")
    await town.says("b")
    await town.says("b", verdict=Verdict.NOT_RIGHT)

    assert await town.suggestions.pending(2) == []
    assert [(one.agreed, one.against) for one in await town.suggestions.pending(1)] == []
    await town.says("c")
    assert [(one.agreed, one.against) for one in await town.suggestions.pending(1)] == [(2, 1)]


async def test_what_as_many_deny_or_mean_otherwise_is_not_shown(town: Town) -> None:
    for who in ("a", "b", "c"):
        await town.says(who)
    for who in ("d", "e"):
        await town.says(who, ref=DEATH)
    assert [(one.ref, one.against) for one in await town.suggestions.pending(3)] == [(BIRTH, 2)]

    await town.says("f", verdict=Verdict.NOT_RIGHT)

    assert await town.suggestions.pending(3) == []


async def test_what_is_no_phrase_or_of_no_kept_talk_is_not_noted(town: Town, engine: AsyncEngine) -> None:
    await town.says("a", question="")
    await town.suggestions.note(
        Lesson(citizen=Citizen("web", "x"), question="y", ref=BIRTH, verdict=Verdict.CHOSEN, at=NOON)
    )

    assert await _count(engine) == 0


async def test_accepting_publishes_an_alias_and_drops_the_lessons(town: Town, engine: AsyncEngine) -> None:
    for who in ("a", "b", "c"):
        await town.says(who)
    (found,) = await town.suggestions.pending(3)

    async with make_sessions(engine).begin() as session:
        before = await published_revision(session)
        raised = await town.suggestions.accept(session, found, text="giấy cho bé", by="cán bộ", now=NOON)

    assert raised == before + 1
    async with engine.connect() as connection:
        rows = (await connection.execute(select(alias.c.ref, alias.c.phrase, alias.c.origin))).all()
        decided = (await connection.execute(select(alias_decision))).one()
    assert [tuple(row) for row in rows] == [(BIRTH, "giấy cho bé", ORIGIN)]
    assert (decided.accepted, decided.by) == (True, "cán bộ")
    assert await _count(engine) == 0
    assert await town.suggestions.pending(1) == []


async def test_what_was_rejected_is_not_gathered_again_and_leaves_no_words(town: Town, engine: AsyncEngine) -> None:
    for who in ("a", "b", "c"):
        await town.says(who)
    (found,) = await town.suggestions.pending(3)
    async with make_sessions(engine).begin() as session:
        await town.suggestions.reject(session, found, by="cán bộ", now=NOON)

    for who in ("d", "e", "f"):
        await town.says(who)
        await town.says(who, ref=DEATH)

    assert [one.ref for one in await town.suggestions.pending(3)] == [DEATH]
    async with engine.connect() as connection:
        decided = (await connection.execute(select(alias_decision))).one()
        assert (await connection.execute(select(func.count()).select_from(alias))).scalar_one() == 0
    assert "bé" not in str(decided)


async def test_forgetting_a_talk_takes_its_lessons_along(town: Town, engine: AsyncEngine) -> None:
    for who in ("a", "b", "c"):
        await town.says(who)

    await town.talks.forget(Citizen("web", "b"))

    assert await _count(engine) == 2
    assert await town.suggestions.pending(3) == []


async def test_the_night_takes_old_lessons_and_those_of_old_talks(town: Town, engine: AsyncEngine) -> None:
    old = NOON - timedelta(days=31)
    await town.says("a", at=old)
    await town.says("b", at=old)
    await town.says("b", question="việc khác", at=NOON)
    limit = NOON - timedelta(days=30)

    assert await town.suggestions.purge(limit) == 2
    await town.talks.purge(limit)

    assert await _count(engine) == 1


async def _count(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(alias_vote))).scalar_one())
