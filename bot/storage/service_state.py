"""The off-switch of the desk and when each channel last wrote first, shared by all replicas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.audit import Deed, note
from bot.storage.tables import service_state

PAUSED = "paused"
SENT = "sent:"


class _StoredState:
    """Rows of the table. Every method raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def _set(self, name: str, value: str, at: datetime, by: Deed | None = None) -> None:
        said = {"value": value, "at": at.astimezone(UTC)}
        row = self._insert(service_state).values(name=name, **said)
        async with self._connection() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=said))
            if by is not None:
                await note(connection, by, at)


class StoredPause(_StoredState):
    """Whether the desk is paused."""

    async def message(self) -> str | None:
        """What a paused desk says; None while it answers."""
        query = select(service_state.c.value).where(service_state.c.name == PAUSED)
        async with self._connection() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def pause(self, message: str, at: datetime, by: Deed | None = None) -> None:
        """From now on the desk says only this; said again, with another message. by: whose deed it is on the record."""
        await self._set(PAUSED, message, at, by)

    async def resume(self, by: Deed | None = None, at: datetime | None = None) -> bool:
        """The desk answers again; False when it was not paused."""
        gone = delete(service_state).where(service_state.c.name == PAUSED).returning(service_state.c.name)
        async with self._connection() as connection:
            resumed = (await connection.execute(gone)).one_or_none() is not None
            if resumed and by is not None and at is not None:
                await note(connection, by, at)
        return resumed

    async def since(self) -> datetime | None:
        """Since when it is paused; None while it answers."""
        query = select(service_state.c.at).where(service_state.c.name == PAUSED)
        async with self._connection() as connection:
            found = (await connection.execute(query)).scalar_one_or_none()
        return _aware(found) if found else None


class StoredSends(_StoredState):
    """When each channel last wrote to a citizen without being asked."""

    async def note(self, channel: str, at: datetime) -> None:
        """It did so now."""
        await self._set(SENT + channel, "", at)

    async def all(self) -> dict[str, datetime]:
        """The moments by channel."""
        query = select(service_state.c.name, service_state.c.at).where(service_state.c.name.startswith(SENT))
        async with self._connection() as connection:
            return {name.removeprefix(SENT): _aware(at) for name, at in await connection.execute(query)}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
