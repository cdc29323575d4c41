"""Keys are shown once, kept as a hash, and end when they are revoked."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import schema
from bot.storage.api_keys import PREFIX, StoredApiKeys
from bot.storage.engine import StorageProblem, make_engine
from bot.storage.tables import api_key
from tests.fakes import NOON, TODAY


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


async def test_a_key_is_found_until_it_is_revoked(engine: AsyncEngine) -> None:
    keys = StoredApiKeys(engine)
    secret = await keys.add("cổng tỉnh", NOON, per_minute=600)

    found = await keys.find(secret, TODAY)
    assert found is not None
    assert (found.name, found.per_minute, found.created_at) == ("cổng tỉnh", 600, NOON)
    assert await keys.revoke("cổng tỉnh", NOON)
    assert await keys.find(secret, TODAY) is None
    assert not await keys.revoke("cổng tỉnh", NOON)


@pytest.mark.parametrize("text", ["", "x", PREFIX, "'; DROP TABLE api_key; --", "\ud800", "a" * 10_000])
async def test_no_other_text_is_a_key(engine: AsyncEngine, text: str) -> None:
    keys = StoredApiKeys(engine)
    await keys.add("một", NOON)

    assert await keys.find(text, TODAY) is None


async def test_the_key_itself_is_nowhere(engine: AsyncEngine) -> None:
    secret = await StoredApiKeys(engine).add("một", NOON)

    async with engine.connect() as connection:
        row = (await connection.execute(select(api_key))).one()
    assert secret.startswith(PREFIX)
    assert len(secret) > 40
    assert secret.removeprefix(PREFIX) not in str(row)


async def test_the_last_day_of_use_is_noted(engine: AsyncEngine) -> None:
    keys = StoredApiKeys(engine)
    secret = await keys.add("một", NOON)
    assert [key.used_on for key in await keys.all()] == [None]

    await keys.find(secret, TODAY)
    await keys.find(secret, TODAY + timedelta(days=1))

    assert [key.used_on for key in await keys.all()] == [TODAY + timedelta(days=1)]


async def test_a_name_is_free_again_after_its_key_is_revoked(engine: AsyncEngine) -> None:
    keys = StoredApiKeys(engine)
    await keys.add("một", NOON)
    with pytest.raises(StorageProblem, match="Đã có khóa"):
        await keys.add("một", NOON)

    await keys.revoke("một", NOON)
    await keys.add("một", NOON)

    assert [(key.name, key.revoked_at) for key in await keys.all()] == [("một", NOON), ("một", None)]


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "a\nb", "a\x00"])
async def test_a_name_must_be_readable(engine: AsyncEngine, name: str) -> None:
    with pytest.raises(StorageProblem):
        await StoredApiKeys(engine).add(name, NOON)
