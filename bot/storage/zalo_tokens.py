"""The pair of tokens of the Zalo Official Account: committed before use, renewed by one replica at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Column, DateTime, Integer, Row, String, Table, Text, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.tables import metadata

pairs = Table(
    "zalo_tokens",
    metadata,
    Column("app_id", String(40), primary_key=True),
    Column("access_token", Text, nullable=False),
    Column("refresh_token", Text, nullable=False),
    Column("access_until", DateTime(timezone=True), nullable=False),
    Column("refresh_until", DateTime(timezone=True), nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("claimed_by", String(40), nullable=False, default=""),
    Column("claimed_until", DateTime(timezone=True), nullable=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("failed_at", DateTime(timezone=True), nullable=True),
    Column("failure", String(60), nullable=False, default=""),
)
"""One row per app, the tokens as they are: they have to be sent as they are, so no hash will do. Whoever reads the
database can write in the account's name; docs/how-to/zalo.md says how to guard it."""
LONGEST_REASON = 60


class Pair(Protocol):
    """What is to be stored."""

    @property
    def access_token(self) -> str: ...

    @property
    def refresh_token(self) -> str: ...

    @property
    def access_until(self) -> datetime: ...

    @property
    def refresh_until(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTokens:
    """The pair in force; the tokens do not show when it is printed.

    stored_at: when Zalo gave it; failures: renewals that went wrong since, the last at failed_at with this reason.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_until: datetime
    refresh_until: datetime
    stored_at: datetime
    failures: int = 0
    failed_at: datetime | None = None
    failure: str = ""


class StoredZaloTokens:
    """The row of one app in zalo_tokens. Raises ConnectionError while the database is away.

    The right to renew is a lease in the row, not an open transaction: SQLite has one writer, and no question could be
    stored while Zalo is being asked.
    """

    def __init__(self, engine: AsyncEngine, app_id: str) -> None:
        self._engine = engine
        self._app_id = app_id
        self._ours = pairs.c.app_id == app_id
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def load(self) -> StoredTokens | None:
        """The pair in force; None before the first consent."""
        async with self._connection() as connection:
            row = (await connection.execute(select(pairs).where(self._ours))).one_or_none()
        return _tokens(row) if row else None

    async def begin(self, refresh_token: str, now: datetime, until: datetime) -> bool:
        """Takes in the first refresh token, to be renewed before anything else; False where a pair is stored already.

        until: when that token dies.
        """
        seed = StoredTokens(
            access_token="", refresh_token=refresh_token, access_until=now, refresh_until=until, stored_at=now
        )
        adding = self._insert(pairs).values(app_id=self._app_id, **_values(seed, now)).on_conflict_do_nothing()
        async with self._connection() as connection:
            return (await connection.execute(adding.returning(pairs.c.app_id))).first() is not None

    async def store(self, pair: Pair, now: datetime) -> None:
        """Puts the first pair of a new consent in the place of whatever is there."""
        async with self._connection() as connection:
            await connection.execute(delete(pairs).where(self._ours))
            await connection.execute(self._insert(pairs).values(app_id=self._app_id, **_values(pair, now)))

    async def claim(self, owner: str, now: datetime, until: datetime) -> StoredTokens | None:
        """Gives this owner alone the right to renew until a moment, and the pair; None while another has it."""
        free = or_(pairs.c.claimed_until.is_(None), pairs.c.claimed_until < _utc(now), pairs.c.claimed_by == owner)
        taken = update(pairs).where(self._ours, free).values(claimed_by=owner, claimed_until=_utc(until))
        async with self._connection() as connection:
            row = (await connection.execute(taken.returning(*pairs.c))).one_or_none()
        return _tokens(row) if row else None

    async def replace(self, used: str, pair: Pair, now: datetime) -> bool:
        """Commits the pair in the place of the one whose refresh token was used, whoever holds the lease by now.

        A refresh token is good once, so at most one replica can come with its successor.
        """
        changed = update(pairs).where(self._ours, pairs.c.refresh_token == used).values(**_values(pair, now))
        async with self._connection() as connection:
            return bool((await connection.execute(changed)).rowcount)

    async def failed(self, owner: str, reason: str, now: datetime) -> None:
        """Gives the right back and notes that nothing came of it."""
        values = {"failures": pairs.c.failures + 1, "failed_at": _utc(now), "failure": reason[:LONGEST_REASON]}
        async with self._connection() as connection:
            await connection.execute(update(pairs).where(self._ours).values(**values))
            await self._free(connection, owner)

    async def release(self, owner: str) -> None:
        """Gives the right back."""
        async with self._connection() as connection:
            await self._free(connection, owner)

    async def _free(self, connection: AsyncConnection, owner: str) -> None:
        mine = (self._ours, pairs.c.claimed_by == owner)
        await connection.execute(update(pairs).where(*mine).values(claimed_by="", claimed_until=None))


def _values(pair: Pair, now: datetime) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "access_until": _utc(pair.access_until),
        "refresh_until": _utc(pair.refresh_until),
        "stored_at": _utc(now),
        "claimed_by": "",
        "claimed_until": None,
        "failures": 0,
        "failed_at": None,
        "failure": "",
    }


def _tokens(row: Row[Any]) -> StoredTokens:
    return StoredTokens(
        access_token=row.access_token,
        refresh_token=row.refresh_token,
        access_until=_aware(row.access_until),
        refresh_until=_aware(row.refresh_until),
        stored_at=_aware(row.stored_at),
        failures=row.failures,
        failed_at=_aware(row.failed_at) if row.failed_at else None,
        failure=row.failure,
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
