"""A desk with the starter knowledge over either database; the knowledge is taken in once for each kind."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.storage import schema
from bot.storage.engine import make_engine, make_sessions
from knowledge.importing import import_starter
from tests.fakes import NOON
from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def stocked_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the starter knowledge; to be copied, not used."""
    file = tmp_path_factory.mktemp("stocked") / "motcua.db"
    asyncio.run(_stock(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def stocked_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a PostgreSQL database with the starter knowledge; to be copied, not used."""
    name = postgres_server.create_database()
    asyncio.run(_stock(postgres_server.url(name)))
    yield name
    postgres_server.drop_database(name)


async def _stock(url: str) -> None:
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    await import_starter(make_sessions(engine), publish=True, dry_run=False, now=NOON)
    await engine.dispose()


@pytest.fixture
def sqlite_copy(stocked_file: Path, tmp_path: Path) -> str:
    """The address of a SQLite database of this test's own."""
    shutil.copy(stocked_file, tmp_path / "motcua.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}"


@pytest.fixture
def postgres_copy(stocked_database: str, postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own."""
    name = postgres_server.create_database(template=stocked_database)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite_copy", "postgres_copy"])
def stocked_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the starter knowledge; a test that takes it runs on both databases."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
async def desk(stocked_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """The real desk at noon of the tests' day."""
    index = tmp_path_factory.getbasetemp() / "journeys-index.npz"
    opened = await App.open(Settings(database_url=stocked_url, index_file=str(index)), now=lambda: NOON)
    yield opened
    await opened.close()
