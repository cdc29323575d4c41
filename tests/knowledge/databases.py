"""A migrated database for tests that need the knowledge tables."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.storage.engine import make_engine, make_sessions
from bot.storage.schema import upgrade

Sessions = async_sessionmaker[AsyncSession]
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
"""Ten in the morning of 21 November 2026 in Vietnam."""


@asynccontextmanager
async def a_base(url: str) -> AsyncIterator[Sessions]:
    """Sessions of a new, empty knowledge base."""
    await asyncio.to_thread(upgrade, url)
    engine = make_engine(url)
    try:
        yield make_sessions(engine)
    finally:
        await engine.dispose()
