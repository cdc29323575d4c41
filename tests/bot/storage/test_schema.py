"""Migrations make exactly the tables of the code, on both databases, and mind a newer database."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.engine import DatabaseTooNew, StorageProblem, make_engine, make_sync_engine
from bot.storage.engine import database_url as checked
from bot.storage.schema import compare_with_tables, current_and_head, upgrade


def test_an_empty_database_is_brought_to_the_newest_tables(database_url: str) -> None:
    before = upgrade(database_url)

    assert before.current is None
    assert current_and_head(database_url).up_to_date
    compare_with_tables(database_url)
    assert upgrade(database_url).up_to_date


def test_a_database_newer_than_the_program_is_left_alone(database_url: str) -> None:
    upgrade(database_url)
    _set_revision(database_url, "9999")

    with pytest.raises(DatabaseTooNew, match="mới hơn chương trình"):
        upgrade(database_url)
    with pytest.raises(DatabaseTooNew):
        current_and_head(database_url)


async def test_two_that_start_at_once_migrate_once(database_url: str) -> None:
    states = await asyncio.gather(*(asyncio.to_thread(upgrade, database_url) for _ in range(2)))

    assert sorted(state.up_to_date for state in states) == [False, True]


def test_a_failing_migration_leaves_nothing_behind(database_url: str) -> None:
    engine = make_sync_engine(checked(database_url))
    with engine.begin() as connection:
        # The last table of the last migration is in the way.
        connection.execute(text("CREATE TABLE conversation_line (id INTEGER)"))
    with pytest.raises(StorageProblem):
        upgrade(database_url)

    assert current_and_head(database_url).current is None
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE conversation_line"))
    engine.dispose()
    upgrade(database_url)
    compare_with_tables(database_url)


def test_a_locked_database_is_told_in_plain_words(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}"
    upgrade(url)
    _set_revision(url, "0001")
    other = sqlite3.connect(tmp_path / "motcua.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageProblem, match="chương trình khác"):
            upgrade(url, busy_milliseconds=20)
    finally:
        other.close()


def test_a_file_that_is_no_database_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "motcua.db").write_bytes(b"xin chao " * 1000)

    with pytest.raises(StorageProblem, match="không phải SQLite"):
        upgrade(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}")


def test_a_server_that_is_not_there_is_told_in_plain_words() -> None:
    with pytest.raises(StorageProblem, match="kết nối"):
        upgrade("postgresql+psycopg://nobody:very-secret@127.0.0.1:1/none")


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite:///x.db", "sqlite+aiosqlite://", "postgresql://x"])
def test_an_address_that_will_not_do_is_told(url: str) -> None:
    with pytest.raises(StorageProblem):
        checked(url)


async def test_the_engine_makes_the_folder_and_sets_sqlite_up(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'a' / 'b' / 'motcua.db'}")
    async with engine.connect() as connection:
        pragmas = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    await engine.dispose()

    assert pragmas == ["wal", 1, 10_000]


def _set_revision(url: str, revision: str) -> None:
    engine = make_sync_engine(checked(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    engine.dispose()
