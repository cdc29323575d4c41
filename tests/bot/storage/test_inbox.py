"""An event is kept once, taken by one worker, in the order of its conversation, and ends without its text."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.events import Event
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import FORGOTTEN, Ending, State, StoredInbox
from bot.storage.tables import inbox
from tests.fakes import NOON

LEASE = timedelta(minutes=1)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


@pytest.fixture
def store(engine: AsyncEngine) -> StoredInbox:
    return StoredInbox(engine)


def an_event(id_: str, conversation: str = "an", channel: str = "test") -> Event:
    return Event(channel=channel, id=id_, conversation=conversation, payload=f"said {id_}", received_at=NOON)


async def taken(store: StoredInbox, limit: int = 10, at: datetime = NOON) -> list[str]:
    return [event.id for event in await store.claim(["test"], limit, at, at + LEASE)]


async def ended(store: StoredInbox, id_: str, state: State = State.DONE) -> None:
    await store.end([Ending(event=an_event(id_), state=state, outcome="answered", at=NOON)])


async def test_an_event_is_kept_once(store: StoredInbox) -> None:
    assert await store.put([an_event("1"), an_event("2"), an_event("1")]) == [True, True, False]
    assert await store.put([an_event("2"), an_event("3")]) == [False, True]
    assert await store.put([an_event("1", channel="other")]) == [True]

    await ended(store, "1")
    assert await store.put([an_event("1")]) == [False]


async def test_it_comes_back_as_it_was_put(store: StoredInbox) -> None:
    await store.put([an_event("1")])

    assert await store.claim(["test"], 1, NOON, NOON + LEASE) == [an_event("1")]


async def test_one_of_a_conversation_at_a_time_the_oldest_first(store: StoredInbox) -> None:
    await store.put([an_event("1"), an_event("2"), an_event("3", "binh"), an_event("4", "binh"), an_event("5", "chi")])

    assert await taken(store) == ["1", "3", "5"]
    assert await taken(store) == []
    await ended(store, "3")
    assert await taken(store) == ["4"]


async def test_no_more_than_asked_and_only_of_the_channel(store: StoredInbox) -> None:
    await store.put([an_event(str(n), f"c{n}") for n in range(5)] + [an_event("9", channel="other")])

    assert await taken(store, 2) == ["0", "1"]
    assert await taken(store) == ["2", "3", "4"]


async def test_what_somebody_did_not_end_in_time_is_taken_again(store: StoredInbox) -> None:
    await store.put([an_event("1"), an_event("2")])
    await taken(store)

    assert await taken(store, at=NOON + LEASE / 2) == []
    (again,) = await store.claim(["test"], 10, NOON + LEASE, NOON + 2 * LEASE)
    assert (again.id, again.attempt) == ("1", 2)


async def test_put_off_until_a_moment_with_those_behind_it(store: StoredInbox) -> None:
    await store.put([an_event("1"), an_event("2"), an_event("3", "binh")])
    first, _ = await store.claim(["test"], 10, NOON, NOON + LEASE)
    await store.put_off(first, NOON + timedelta(seconds=30), 2, "busy")

    assert await taken(store, at=NOON + timedelta(seconds=29)) == []
    (again,) = await store.claim(["test"], 10, NOON + timedelta(seconds=30), NOON + LEASE)
    assert (again.id, again.sent, again.attempt) == ("1", 2, 2)


async def test_who_lost_his_lease_puts_nothing_off(store: StoredInbox) -> None:
    await store.put([an_event("1")])
    (mine,) = await store.claim(["test"], 10, NOON, NOON + LEASE)
    await store.claim(["test"], 10, NOON + LEASE, NOON + 2 * LEASE)

    await store.put_off(mine, NOON, 0, "late")

    assert await taken(store, at=NOON + LEASE) == []


@pytest.mark.parametrize("state", [State.DONE, State.IGNORED, State.GIVEN_UP])
async def test_nothing_of_what_came_is_left_at_the_end(store: StoredInbox, engine: AsyncEngine, state: State) -> None:
    await store.put([an_event("1")])
    await taken(store)

    await store.end([Ending(event=an_event("1"), state=state, outcome="answered", at=NOON, error="E")])

    async with engine.connect() as connection:
        row = (await connection.execute(select(inbox))).one()
    assert (row.payload, row.state, row.outcome, row.error) == ("", state.value, "answered", "E")
    assert await taken(store, at=NOON + 2 * LEASE) == []


async def test_the_figures_tell_how_a_channel_is(store: StoredInbox) -> None:
    assert (await store.figures("test")).last_event is None
    await store.put([an_event("1"), an_event("2", "binh"), an_event("3", "chi")])
    await taken(store, 2)
    await ended(store, "1")
    failed = an_event("2", "binh")
    await store.end([Ending(event=failed, state=State.GIVEN_UP, outcome="refused", at=NOON, error="-210")])

    figures = await store.figures("test")

    assert (figures.waiting, figures.oldest_waiting, figures.last_event) == (1, NOON, NOON)
    assert (figures.last_answer, figures.failed, figures.last_error) == (NOON, 1, "-210")


async def test_old_events_go_and_a_citizen_is_forgotten(store: StoredInbox, engine: AsyncEngine) -> None:
    await store.put([an_event("1"), an_event("2"), an_event("3")])
    await ended(store, "1")
    await store.forget("test", "an")

    async with engine.connect() as connection:
        rows = (await connection.execute(select(inbox.c.conversation).order_by(inbox.c.id))).scalars().all()
    assert rows == [FORGOTTEN, "an", "an"]
    assert await store.put([an_event("1")]) == [False]
    assert await store.purge(NOON + LEASE) == 1
    assert await taken(store) == ["2"]


async def test_a_database_that_is_away_is_a_lost_connection(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with pytest.raises(ConnectionError):
        await StoredInbox(engine).put([an_event("1")])
    await engine.dispose()
