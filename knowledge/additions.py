"""What the office adds to the published base: overlays, renumbered codes, everyday words."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.entries import LocalOverlay
from knowledge.revising import raise_revision
from knowledge.serialising import to_json
from knowledge.tables import alias, code_alias, overlay


async def save_overlay(
    session: AsyncSession, added: LocalOverlay, *, by: str, now: datetime, begins: date | None = None
) -> int:
    """Stores what the office adds to a procedure; an overlay that says nothing takes it away. Returns the revision.

    begins: the day from which it counts, None = at once.
    """
    revision = await raise_revision(session)
    last = await session.scalar(select(func.max(overlay.c.number)).where(overlay.c.code == added.code))
    await session.execute(
        insert(overlay).values(
            code=added.code,
            number=(last or 0) + 1,
            body=to_json(added).decode(),
            created_at=now,
            created_by=by,
            effective_from=begins,
        )
    )
    return revision


async def set_code_alias(session: AsyncSession, old_code: str, new_code: str, *, by: str, now: datetime) -> int:
    """Says that a procedure was renumbered; returns the revision. Raises ValueError if that would go in a circle."""
    revision = await raise_revision(session)
    rows = await session.execute(select(code_alias.c.old_code, code_alias.c.new_code))
    known = {row.old_code: row.new_code for row in rows}
    seen, step = {old_code}, new_code
    while step:
        if step in seen:
            raise ValueError(f"{old_code} -> {new_code} goes in a circle")
        seen.add(step)
        step = known.get(step, "")
    values = {"new_code": new_code, "created_at": now, "created_by": by}
    if old_code in known:
        await session.execute(update(code_alias).where(code_alias.c.old_code == old_code).values(values))
    else:
        await session.execute(insert(code_alias).values(old_code=old_code, **values))
    return revision


async def add_aliases(session: AsyncSession, ref: str, phrases: Iterable[str], *, origin: str) -> int:
    """Teaches the desk everyday words for an entry; words it knows already are left. Returns the revision.

    A phrase that another entry has too is marked ambiguous on both.
    """
    revision = await raise_revision(session)
    for phrase in dict.fromkeys(phrases):
        holders = set(await session.scalars(select(alias.c.ref).where(alias.c.phrase == phrase)))
        if ref not in holders:
            shared = bool(holders)
            await session.execute(insert(alias).values(ref=ref, phrase=phrase, ambiguous=shared, origin=origin))
            if shared:
                await session.execute(update(alias).where(alias.c.phrase == phrase).values(ambiguous=True))
    return revision


async def set_aliases(session: AsyncSession, ref: str, phrases: Iterable[str], *, origin: str) -> int:
    """Makes these, and no others, the everyday words of an entry. Returns the revision."""
    wanted = tuple(dict.fromkeys(phrases))
    known = set(await session.scalars(select(alias.c.phrase).where(alias.c.ref == ref)))
    gone = known - set(wanted)
    if gone:
        await session.execute(delete(alias).where(alias.c.ref == ref, alias.c.phrase.in_(gone)))
    for phrase in gone:
        left = list(await session.scalars(select(alias.c.id).where(alias.c.phrase == phrase)))
        if len(left) == 1:
            await session.execute(update(alias).where(alias.c.id == left[0]).values(ambiguous=False))
    return await add_aliases(session, ref, wanted, origin=origin)
