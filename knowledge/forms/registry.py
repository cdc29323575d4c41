"""What is kept of the form files, in memory: looked up for every page and answer, read again when it changes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.forms import KEPT, LocalForm
from knowledge.tables import form_file

LOOKED_AGAIN = 10.0
"""Seconds after which the database is asked whether copies have come or gone."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The copies on this machine at one moment. stamp: another one for another content, ASCII."""

    stamp: str = ""
    by_code: Mapping[str, Mapping[str, LocalForm]] = field(default_factory=dict)
    by_hash: Mapping[str, LocalForm] = field(default_factory=dict)

    def of(self, code: str) -> Mapping[str, LocalForm]:
        """The copies of a procedure's forms, by the address under which they are published."""
        return self.by_code.get(code, {})


EMPTY = Registry()
Forms = Callable[[], Awaitable[Registry]]
"""The copies that are kept now."""


async def no_forms() -> Registry:
    """A desk that keeps no copies."""
    return EMPTY


class KeptForms:
    """Reads the copies of one folder; while the database is away, what was read last counts.

    clock: seconds, never going back.
    """

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._folder = folder
        self._clock = clock
        self._reading = asyncio.Lock()
        self._looked: float | None = None
        self._registry = EMPTY

    async def current(self) -> Registry:
        """The copies, at most LOOKED_AGAIN seconds old."""
        async with self._reading:
            if self._looked is None or self._clock() - self._looked >= LOOKED_AGAIN:
                with suppress(DBAPIError):
                    await self._look()
                self._looked = self._clock()
            return self._registry

    async def _look(self) -> None:
        async with self._sessions() as session:
            mark = (
                await session.execute(
                    select(func.count(), func.max(form_file.c.fetched_at)).where(form_file.c.outcome == KEPT)
                )
            ).one()
            stamp = f"{mark[0]}-{mark[1].timestamp():.6f}" if mark[0] else ""
            if stamp == self._registry.stamp:
                return
            rows = await session.execute(
                select(form_file).where(form_file.c.outcome == KEPT).order_by(form_file.c.code, form_file.c.id)
            )
            found = [
                (
                    row.code,
                    LocalForm(
                        name=row.name,
                        url=row.url,
                        path=self._folder / row.path,
                        sha256=row.sha256,
                        size=row.size,
                        type=row.type,
                    ),
                )
                for row in rows
            ]
        self._registry = await asyncio.to_thread(_registry, stamp, found)


def _registry(stamp: str, found: list[tuple[str, LocalForm]]) -> Registry:
    by_code: dict[str, dict[str, LocalForm]] = {}
    by_hash: dict[str, LocalForm] = {}
    for code, form in found:
        if form.path.is_file():
            by_code.setdefault(code, {})[form.url] = form
            by_hash.setdefault(form.sha256, form)
    return Registry(stamp, by_code, by_hash)
