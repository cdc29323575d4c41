"""Who was met, greeted once, lost and found again; long values of buttons are kept."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.buttons import MARK, StoredButtons, reference
from bot.storage.engine import make_engine
from bot.storage.subscribers import Standing, StoredSubscribers
from handlers.messages import Citizen
from tests.fakes import CITIZEN, NOON


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


async def test_everybody_is_greeted_once(engine: AsyncEngine) -> None:
    subscribers, other_replica = StoredSubscribers(engine), StoredSubscribers(engine)

    assert await subscribers.greet(CITIZEN, "m-1", NOON)
    assert not await subscribers.greet(CITIZEN, "m-2", NOON)
    assert not await other_replica.greet(CITIZEN, "m-3", NOON)
    assert await other_replica.greet(Citizen("test", "other"), "m-3", NOON)


async def test_the_same_message_again_is_greeted_again(engine: AsyncEngine) -> None:
    assert await StoredSubscribers(engine).greet(CITIZEN, "m-1", NOON)
    assert await StoredSubscribers(engine).greet(CITIZEN, "m-1", NOON)


async def test_lost_and_found(engine: AsyncEngine) -> None:
    subscribers = StoredSubscribers(engine)
    assert await subscribers.standing(CITIZEN) is None

    await subscribers.lost(CITIZEN, "blocked", NOON)
    assert await subscribers.standing(CITIZEN) == Standing(False, "blocked")
    await subscribers.reached(CITIZEN, NOON)
    assert await subscribers.standing(CITIZEN) == Standing(True)
    assert await subscribers.greet(CITIZEN, "m-1", NOON)
    assert await subscribers.standing(CITIZEN) == Standing(True)


async def test_who_asked_to_be_forgotten_is_a_stranger(engine: AsyncEngine) -> None:
    subscribers = StoredSubscribers(engine)
    await subscribers.greet(CITIZEN, "m-1", NOON)

    await subscribers.forget(CITIZEN)

    assert await subscribers.standing(CITIZEN) is None
    assert await subscribers.greet(CITIZEN, "m-2", NOON)
    assert await subscribers.standing(CITIZEN) == Standing(True)


async def test_a_database_that_is_away_is_a_lost_connection(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    for asked in (StoredSubscribers(engine).greet(CITIZEN, "m", NOON), StoredButtons(engine).keep("x", NOON)):
        with pytest.raises(ConnectionError):
            await asked
    await engine.dispose()


async def test_long_values_of_buttons_come_back(engine: AsyncEngine) -> None:
    buttons, value = StoredButtons(engine), "p:" + "mã" * 100

    ref = await buttons.keep(value, NOON)

    assert ref == reference(value) == await buttons.keep(value, NOON + timedelta(days=1))
    assert ref.startswith(MARK)
    assert len(ref.encode()) <= 64
    assert await buttons.value(ref) == value
    assert await buttons.value(MARK + "other") is None
    assert await buttons.purge(NOON + timedelta(hours=1)) == 0
    assert await buttons.purge(NOON + timedelta(days=2)) == 1
