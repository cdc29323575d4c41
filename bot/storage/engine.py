"""Opens the database, SQLite or PostgreSQL, and says in Vietnamese what is wrong when it cannot."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from knowledge.faults import message_of, why
from knowledge.problem import Problem

BUSY_MILLISECONDS = 10_000
"""How long SQLite waits for another writer; the longest writer is an import, of a few seconds."""

MOST_CONNECTIONS = 15
"""Of one process to PostgreSQL, kept open: making one costs as much as answering a question. It allows 100 in all."""
IDLE_SECONDS = 1.0
"""After which a connection may have been closed by the other side."""


class StorageProblem(Problem):
    """The database cannot be used. The message is Vietnamese and says how to mend it."""


class DatabaseTooNew(StorageProblem):
    """The database was upgraded by a newer version of the program."""


def database_url(url: str) -> URL:
    """The address, checked. Raises StorageProblem for anything but sqlite+aiosqlite and postgresql+psycopg."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageProblem("Địa chỉ cơ sở dữ liệu (MOTCUA_DATABASE_URL) không đọc được.") from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+psycopg"):
        raise StorageProblem(
            "Cơ sở dữ liệu phải là sqlite+aiosqlite:///TỆP hoặc postgresql+psycopg://…, "
            f"không phải “{parsed.drivername}”."
        )
    if is_sqlite(parsed) and not parsed.database:
        raise StorageProblem("Địa chỉ SQLite phải có tên tệp, ví dụ sqlite+aiosqlite:///var/motcua.db.")
    return parsed


def is_sqlite(url: URL) -> bool:
    """True for the embedded database."""
    return url.get_backend_name() == "sqlite"


def sqlite_file(url: URL) -> Path:
    """The file of an embedded database."""
    return Path(url.database or "")


def make_engine(url: str, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> AsyncEngine:
    """The engine of the service; makes the folder of a SQLite file. Raises StorageProblem."""
    parsed = database_url(url)
    if not is_sqlite(parsed):
        engine = create_async_engine(parsed, hide_parameters=True, pool_size=MOST_CONNECTIONS, max_overflow=0)
        _look_before_use(engine.sync_engine)
        return engine
    _make_folder(parsed)
    engine = create_async_engine(parsed, hide_parameters=True)
    _prepare_sqlite(engine.sync_engine, busy_milliseconds)
    return engine


def without_transaction(engine: AsyncEngine) -> AsyncEngine:
    """The same connections for single statements: on PostgreSQL BEGIN and COMMIT are two trips more, on SQLite none."""
    return engine.execution_options(isolation_level="AUTOCOMMIT") if engine.dialect.name == "postgresql" else engine


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


def make_sync_engine(url: URL, *, busy_milliseconds: int = BUSY_MILLISECONDS) -> Engine:
    """A synchronous engine for migrations: on SQLite every transaction is a writing one and covers DDL as well."""
    if not is_sqlite(url):
        return create_engine(url)
    _make_folder(url)
    engine = create_engine(url.set(drivername="sqlite"))
    _prepare_sqlite(engine, busy_milliseconds)

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def plain_words() -> Iterator[None]:
    """Turns what the database reports inside the block into StorageProblem."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StorageProblem(message_of(error)) from error


def _make_folder(url: URL) -> None:
    try:
        sqlite_file(url).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageProblem(
            f"Không tạo được thư mục {sqlite_file(url).parent} cho cơ sở dữ liệu: {why(error)}."
        ) from error


def _look_before_use(engine: Engine) -> None:
    """Asks a connection that has lain idle whether it still stands; SQLAlchemy's own pre-ping asks every time."""

    @event.listens_for(engine, "checkin")
    def _left(_connection: Any, record: Any) -> None:
        record.info["left"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("left", math.inf) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _prepare_sqlite(engine: Engine, busy_milliseconds: int) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={busy_milliseconds}",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
