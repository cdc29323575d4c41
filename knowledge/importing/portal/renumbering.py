"""Procedures that the portal gives under a new code: the old one leads there, and ends when that is in force."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.additions import set_code_alias
from knowledge.revising import claim, raise_revision
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, code_alias, entry, version

BY = "portal"


async def renumber(session: AsyncSession, moved: Mapping[str, str], *, now: datetime) -> list[str]:
    """Records old code -> new code in the caller's transaction; returns the old codes that would go in a circle."""
    circles = []
    for old, new in moved.items():
        try:
            await set_code_alias(session, old, new, by=BY, now=now)
        except ValueError:
            circles.append(old)
    return circles


async def end_replaced(session: AsyncSession, *, now: datetime) -> list[str]:
    """Takes renumbered procedures out of force once their new code is in force; returns the old codes.

    Looks at every code that the portal renumbered, because staff may publish the new one on a later day.
    """
    await claim(session)
    rows = await session.execute(
        select(code_alias.c.old_code, code_alias.c.new_code).where(code_alias.c.created_by == BY)
    )
    pairs = {row.old_code: row.new_code for row in rows}
    if not pairs:
        return []
    in_force = set(
        await session.scalars(
            select(entry.c.code)
            .join_from(version, entry)
            .where(
                entry.c.kind == Kind.PROCEDURE,
                version.c.status == Status.PUBLISHED,
                entry.c.code.in_({*pairs, *pairs.values()}),
            )
        )
    )
    over = sorted(old for old, new in pairs.items() if {old, new} <= in_force)
    if over:
        ids = select(entry.c.id).where(entry.c.kind == Kind.PROCEDURE, entry.c.code.in_(over))
        await session.execute(
            update(version)
            .where(version.c.status == Status.PUBLISHED, version.c.entry_id.in_(ids))
            .values(status=Status.REPLACED, effective_to=calendar_day(now), closed_at=now)
        )
        await raise_revision(session)
    return over
