"""What one reading of the portal leaves for the next: marks, confirmations and renumbered codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge import confirming
from knowledge.faults import message_of
from knowledge.importing.portal.renumbering import end_replaced, renumber
from knowledge.importing.reading import ImportProblem
from knowledge.revising import claim
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, portal_item, version

_AT_ONCE = 500

Sessions = async_sessionmaker[AsyncSession]


async def last_read(sessions: Sessions) -> dict[str, dict[str, Any]]:
    """What was last read of each procedure of the portal, by the portal's own identity."""
    async with sessions() as session:
        return {row["id"]: dict(row) for row in (await session.execute(select(portal_item))).mappings()}


async def held(sessions: Sessions) -> dict[tuple[str, str], tuple[Status, str]]:
    """Every text of a procedure that the base holds, by code and hash; the body only where it is not published."""
    async with sessions() as session:
        rows = await session.execute(
            select(entry.c.code, version.c.content_hash, version.c.status, version.c.id)
            .join_from(version, entry)
            .where(entry.c.kind == Kind.PROCEDURE, version.c.status == Status.PUBLISHED)
        )
        found = {(row.code, row.content_hash): (Status.PUBLISHED, "") for row in rows}
        others = await session.execute(
            select(entry.c.code, version.c.content_hash, version.c.status, version.c.body)
            .join_from(version, entry)
            .join(portal_item, portal_item.c.content_hash == version.c.content_hash)
            .where(entry.c.kind == Kind.PROCEDURE, version.c.status != Status.PUBLISHED)
        )
        for row in others:
            found.setdefault((row.code, row.content_hash), (Status(row.status), row.body))
    return found


async def remember(
    sessions: Sessions,
    *,
    read: Sequence[Mapping[str, Any]],
    skipped: Mapping[str, str],
    moved: Mapping[str, str],
    now: datetime,
) -> None:
    """Keeps the marks for the next reading, confirms what was skipped (code -> hash), and renumbers (old -> new)."""
    try:
        async with sessions() as session, session.begin():
            await claim(session)
            for start in range(0, len(read), _AT_ONCE):
                ids = [row["id"] for row in read[start : start + _AT_ONCE]]
                await session.execute(delete(portal_item).where(portal_item.c.id.in_(ids)))
            if read:
                await session.execute(insert(portal_item), [dict(row) for row in read])
            today = calendar_day(now)
            published = await _published_hashes(session)
            same = {code: today for code, digest in skipped.items() if published.get(code) == digest}
            await confirming.write_down(session, await confirming.due(session, Kind.PROCEDURE, same))
            await renumber(session, moved, now=now)
            await end_replaced(session, now=now)
    except SQLAlchemyError as error:
        raise ImportProblem(message_of(error)) from error


async def _published_hashes(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(
        select(entry.c.code, version.c.content_hash)
        .join_from(version, entry)
        .where(entry.c.kind == Kind.PROCEDURE, version.c.status == Status.PUBLISHED)
        .order_by(version.c.number)
    )
    return {row.code: row.content_hash for row in rows}
