"""What staff look at before they publish: drafts, and what each says otherwise than what is in force."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.differences import Change, difference
from knowledge.store import get_version
from knowledge.tables import Kind, Status, entry, version


async def waiting(session: AsyncSession, kind: Kind) -> list[tuple[str, int]]:
    """Code and version number of every draft and of what is in review, oldest first."""
    rows = await session.execute(
        select(entry.c.code, version.c.number)
        .join_from(version, entry)
        .where(entry.c.kind == kind, version.c.status.in_((Status.DRAFT, Status.IN_REVIEW)))
        .order_by(version.c.created_at, entry.c.code)
    )
    return [(row.code, row.number) for row in rows]


async def changes_of(session: AsyncSession, kind: Kind, code: str, number: int) -> list[Change] | None:
    """What a version says otherwise than the one published now; None where nothing is published.

    Raises LookupError if there is no such version.
    """
    proposed = await get_version(session, kind, code, number)
    if proposed is None:
        raise LookupError(f"{code} has no version {number}")
    published = await get_version(session, kind, code)
    return difference(published.decoded(), proposed.decoded()) if published else None
