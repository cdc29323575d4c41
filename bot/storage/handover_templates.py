"""Ready-made words that staff put into an answer to a citizen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.audit import Deed, note
from bot.storage.handover_tables import handover_template as templates


class TitleTaken(Exception):
    """There is a template of this title."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template. changed_by: the name of an account."""

    id: int
    title: str
    body: str
    changed_at: datetime
    changed_by: str


class StoredTemplates:
    """The templates. Every change is recorded in its own transaction. Raises ConnectionError, TitleTaken."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise TitleTaken from error
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def all(self) -> list[Template]:
        """Every template, by title."""
        async with self._begin() as connection:
            rows = (await connection.execute(select(templates).order_by(templates.c.title))).all()
        return [Template(*row) for row in rows]

    async def get(self, number: int) -> Template | None:
        """One template."""
        async with self._begin() as connection:
            row = (await connection.execute(select(templates).where(templates.c.id == number))).one_or_none()
        return Template(*row) if row else None

    async def add(self, title: str, body: str, by: Deed, at: datetime) -> None:
        """A new one."""
        values = {"title": title, "body": body, "changed_at": at, "changed_by": by.actor}
        async with self._begin() as connection:
            await connection.execute(insert(templates).values(values))
            await note(connection, by, at)

    async def change(self, number: int, title: str, body: str, by: Deed, at: datetime) -> None:
        """Other words."""
        values = {"title": title, "body": body, "changed_at": at, "changed_by": by.actor}
        async with self._begin() as connection:
            await connection.execute(update(templates).where(templates.c.id == number).values(values))
            await note(connection, by, at)

    async def remove(self, number: int, by: Deed, at: datetime) -> None:
        """Away with it."""
        async with self._begin() as connection:
            await connection.execute(delete(templates).where(templates.c.id == number))
            await note(connection, by, at)
