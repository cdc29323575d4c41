"""Counts failed attempts to come in and makes the next one wait, longer each time."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.staff_tables import staff_attempt as attempts

FREE = 5
"""Failures that cost nothing: people mistype."""
FREE_NETWORK = 50
"""The same for a network address, behind which a whole office may sit."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
"""After so long without an attempt the count starts anew."""


class StoredAttempts:
    """The counts, by what was tried; kept for names that do not exist as well, so that a wait betrays nothing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def take(self, key: str, now: datetime, *, free: int = FREE) -> timedelta:
        """Counts an attempt before it is made, so that many at once count too; zero when it may be made, else the wait.

        An attempt made while waiting is not counted and does not make the wait longer.
        """
        async with self._engine.begin() as connection:
            hashed = _hash(key)
            await _begin(connection, hashed, now)
            query = select(attempts.c.failures, attempts.c.last_at).where(attempts.c.key == hashed)
            row = (await connection.execute(query.with_for_update())).one()
            failures = 0 if now - row.last_at >= FORGOTTEN_AFTER else row.failures
            left: timedelta = row.last_at + wait_after(failures, free) - now
            if left > timedelta(0):
                return left
            await connection.execute(
                update(attempts).where(attempts.c.key == hashed).values(failures=failures + 1, last_at=now)
            )
        return timedelta(0)

    async def succeeded(self, key: str) -> None:
        """Forgets the failures: whoever tried knew."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(attempts).where(attempts.c.key == _hash(key)))

    async def uncount(self, key: str) -> None:
        """Takes one attempt back: it was no failure, but says nothing about the others (a network's)."""
        async with self._engine.begin() as connection:
            one = (attempts.c.key == _hash(key), attempts.c.failures > 0)
            await connection.execute(update(attempts).where(*one).values(failures=attempts.c.failures - 1))

    async def purge(self, now: datetime) -> int:
        """Deletes counts that no longer matter; returns how many."""
        async with self._engine.begin() as connection:
            old = delete(attempts).where(attempts.c.last_at <= now - FORGOTTEN_AFTER)
            return (await connection.execute(old)).rowcount


def wait_after(failures: int, free: int = FREE) -> timedelta:
    """How long to wait after so many failures: nothing, then 1, 2, 4, 8, 15 minutes."""
    if failures < free:
        return timedelta(0)
    doubled: int = 2 ** min(failures - free, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


async def _begin(connection: AsyncConnection, key: str, now: datetime) -> None:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # Also makes SQLite's transaction a writing one before anything is read.
    await connection.execute(make(attempts).values(key=key, failures=0, last_at=now).on_conflict_do_nothing())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
