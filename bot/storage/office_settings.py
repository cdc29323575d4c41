"""What an office has set at its staff desk."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.storage.office_tables import office_setting as settings

SMALL_OFFICE = "small_office"
"""“on”: leaders approve with one tap, and urgent corrections are published at once."""
ON = "on"


async def setting(session: AsyncSession | AsyncConnection, name: str) -> str:
    """The value of a setting; "" where nobody has set it."""
    return (await session.execute(select(settings.c.value).where(settings.c.name == name))).scalar() or ""


async def is_small_office(session: AsyncSession | AsyncConnection) -> bool:
    """True while the office works with one officer and a leader."""
    return await setting(session, SMALL_OFFICE) == ON


async def put(session: AsyncSession | AsyncConnection, name: str, value: str, *, by: str, now: datetime) -> None:
    """Sets a value, "" takes it away, in the caller's transaction."""
    await session.execute(delete(settings).where(settings.c.name == name))
    if value:
        await session.execute(insert(settings).values(name=name, value=value, at=now, by=by))
