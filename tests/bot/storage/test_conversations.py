"""Conversations and the record of answers survive in both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.answers import AnswerRecord, StoredAnswers
from bot.storage.conversations import StoredConversations
from bot.storage.engine import make_engine
from bot.storage.tables import answer, line
from handlers.messages import Choice, Citizen, Conversation, Line, Outcome, Reply
from knowledge.entries import Aspect, Topic
from tests.fakes import CITIZEN, NOON, a_message

REPLY = Reply(
    blocks=("Lệ phí: 15.000 đồng",),
    outcome=Outcome.ANSWERED,
    choices=(Choice("Giấy tờ", "p:1.001193:d"),),
    aspects=(Aspect.FEE,),
    topic=Topic(ref="1.001193", question="khai sinh", aspects=(Aspect.FEE,)),
)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


async def test_state_and_lines_come_back(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    state = Conversation().after(REPLY, NOON)

    await store.save(a_message("phí khai sinh"), REPLY, state)

    assert await store.load(CITIZEN) == state
    assert await store.history(CITIZEN) == [Line(at=NOON, said="phí khai sinh"), Line(at=NOON, reply=REPLY)]


async def test_a_stranger_has_nothing(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)

    assert await store.load(CITIZEN) == Conversation()
    assert await store.history(CITIZEN) == []
    assert await store.append(CITIZEN, REPLY, NOON) is False


async def test_the_last_reply_is_found_whatever_the_desk_said_since(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    assert await store.last_reply(CITIZEN) is None
    first, second, news = (replace(REPLY, blocks=(text,)) for text in ("một", "hai", "tin"))
    await store.save(a_message("a"), first, Conversation())
    await store.save(a_message("b"), second, Conversation())
    await store.append(CITIZEN, news, NOON)

    assert await store.last_reply(CITIZEN) == second


async def test_only_the_newest_lines_are_shown_oldest_first(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    for word in ("một", "hai", "ba"):
        await store.save(a_message(word), REPLY, Conversation())

    assert [entry.said for entry in await store.history(CITIZEN, limit=3)] == ["", "ba", ""]


async def test_forgetting_leaves_others_alone(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    other = Citizen("test", "citizen-2")
    await store.save(a_message("một"), REPLY, Conversation())
    await store.save(a_message("hai", citizen=other), REPLY, Conversation())

    await store.forget(CITIZEN)

    assert await store.history(CITIZEN) == []
    assert len(await store.history(other)) == 2


async def test_old_lines_are_purged(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    await store.save(a_message("cũ", at=NOON - timedelta(days=31)), REPLY, Conversation())
    await store.save(a_message("mới", citizen=Citizen("test", "2")), REPLY, Conversation())

    assert await store.purge(NOON - timedelta(days=30)) == 1

    async with engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(line))).scalar_one() == 2


async def test_records_are_kept_and_purged(engine: AsyncEngine) -> None:
    store = StoredAnswers(engine)
    record = AnswerRecord(
        at=NOON,
        channel="test",
        outcome=Outcome.ANSWERED,
        refs=("1.001193", "faq:x"),
        versions=("3", "-"),
        aspects="f",
        choice="",
        confidence=0.9,
        milliseconds=3.5,
        revision=7,
        engine="e1",
        text_hash="0" * 64,
    )
    await store.add(record)
    await store.add(replace(record, at=NOON - timedelta(days=400)))

    assert await store.purge(NOON - timedelta(days=365)) == 1

    async with engine.connect() as connection:
        row = (await connection.execute(select(answer))).one()
    assert (row.refs, row.versions, row.text_hash) == ("1.001193 faq:x", "3 -", "0" * 64)
    assert (row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)) == NOON


async def test_what_was_said_unasked_is_told_apart(engine: AsyncEngine) -> None:
    store = StoredConversations(engine)
    at = a_message("x").received_at
    other = Citizen("test", "citizen-2")
    for citizen in (CITIZEN, other):
        await store.save(a_message("phí khai sinh", citizen=citizen), REPLY, Conversation())
        await store.append(citizen, REPLY, at)
    await store.append(CITIZEN, REPLY, at)

    ours = await store.news("test", [CITIZEN.id], 0)

    assert [(whose, line.reply) for whose, line in ours] == [(CITIZEN.id, REPLY)] * 2
    assert await store.news("test", [CITIZEN.id, other.id], ours[0][1].number) != []
    assert await store.news("test", [CITIZEN.id], ours[-1][1].number) == []
    assert await store.news("web", [CITIZEN.id], 0) == []
    assert (await store.history(CITIZEN))[-1].number == ours[-1][1].number
