"""Staff see per channel what came, what was answered, what failed and what waits."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channel_states import NEVER, states
from bot.events import Event
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import Ending, Figures, State, StoredInbox
from bot.storage.service_state import StoredSends
from tests.bot.test_inbox import Toy
from tests.fakes import NOON


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


@pytest.fixture
def store(engine: AsyncEngine) -> StoredInbox:
    return StoredInbox(engine)


def an_event(number: int) -> Event:
    at = NOON + timedelta(minutes=number)
    return Event(channel="toy", id=str(number), conversation=str(number), payload="hỏi riêng", received_at=at)


async def test_a_channel_that_has_worked(store: StoredInbox, engine: AsyncEngine) -> None:
    events = [an_event(number) for number in range(4)]
    await store.put(events)
    await store.end(
        [
            Ending(event=events[0], state=State.DONE, outcome="answered", at=NOON + timedelta(minutes=1)),
            Ending(event=events[1], state=State.GIVEN_UP, outcome="refused", at=NOON, error="400"),
        ]
    )
    await StoredSends(engine).note("toy", NOON + timedelta(minutes=5))

    (state,) = await states([Toy()], store, StoredSends(engine))

    assert "tin đến cuối: 12:03 21/11/2026" in state.detail
    assert "trả lời cuối: 12:01 21/11/2026" in state.detail
    assert "đang chờ: 2; không trả lời được: 1; chờ từ: 12:02 21/11/2026; lỗi cuối: 400" in state.detail
    assert "chủ động gửi cuối: 12:05 21/11/2026" in state.detail
    told = json.loads(json.dumps(state.as_json()))
    assert told["channel"] == "toy"
    assert (told["well"], told["waiting"], told["failed"], told["last_error"]) == (True, 2, 1, "400")
    assert told["last_event"] == (NOON + timedelta(minutes=3)).isoformat()
    assert told["last_send"] == (NOON + timedelta(minutes=5)).isoformat()
    assert "hỏi riêng" not in json.dumps(told)


async def test_a_channel_where_nothing_has_happened(store: StoredInbox, engine: AsyncEngine) -> None:
    (state,) = await states([Toy()], store, StoredSends(engine))

    assert state.figures == Figures()
    assert f"tin đến cuối: {NEVER}" in state.detail
    assert state.as_json()["last_event"] is None


async def test_without_a_database_the_platform_is_told_all_the_same() -> None:
    engine = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")

    (state,) = await states([Toy()], StoredInbox(engine), StoredSends(engine))

    assert state.figures is None
    assert state.as_json() == {"channel": "toy", "well": True, "detail": "", "mend": ""}
    await engine.dispose()
