"""Values of buttons that are too long for a platform, kept under the short reference that it carries instead."""

import base64
import hashlib
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.tables import button

MARK = "#"
"""Begins every reference; no value of a button begins so."""


class StoredButtons:
    """The button table. Both methods raise ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def keep(self, value: str, at: datetime) -> str:
        """The reference of a value, of 23 ASCII characters; the same value always has the same."""
        ref = reference(value)
        new = self._insert(button).values(ref=ref, value=value, at=at.astimezone(UTC))
        renewed = new.on_conflict_do_update(index_elements=["ref"], set_={"at": at.astimezone(UTC)})
        try:
            async with self._engine.begin() as connection:
                await connection.execute(renewed)
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
        return ref

    async def value(self, ref: str) -> str | None:
        """The value behind a reference; None when it is not known (any more)."""
        try:
            async with self._engine.connect() as connection:
                found = await connection.execute(select(button.c.value).where(button.c.ref == ref))
                value: str | None = found.scalar_one_or_none()
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
        return value

    async def purge(self, before: datetime) -> int:
        """Deletes what was last shown before a moment; returns how much."""
        async with self._engine.begin() as connection:
            return (await connection.execute(delete(button).where(button.c.at < before.astimezone(UTC)))).rowcount


def reference(value: str) -> str:
    """What a platform carries instead of a long value."""
    digest = hashlib.sha256(value.encode()).digest()[:16]
    return MARK + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
