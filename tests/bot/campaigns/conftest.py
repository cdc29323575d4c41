"""One desk on SQLite for the tests that only ask."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.campaigns.sending import Desk, a_desk


@pytest.fixture(scope="module")
def one_sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of one database for a whole file of tests."""
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('desk') / 'motcua.db'}"


@pytest.fixture
async def sqlite_desk(one_sqlite_url: str) -> AsyncIterator[Desk]:
    """A desk on it."""
    async with a_desk(one_sqlite_url) as desk:
        yield desk
