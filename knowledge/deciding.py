"""A publishing decision put into force: what it adds and changes starts, what it abolishes ends, all on its day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.revising import Proposal, carry_out, claim, plan, raise_revision
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, version

_AT_ONCE = 500


class DecisionConflict(Exception):
    """Something published starts later than the decision. codes: of the procedures."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


async def put_in_force(
    session: AsyncSession,
    proposals: Sequence[Proposal],
    abolished: Collection[str],
    *,
    on: date,
    drafts: Collection[tuple[str, int]] = (),
    source: str,
    by: str,
    now: datetime,
) -> int:
    """Publishes the proposals from the day `on`, ends what is abolished with the day before; returns the revision.

    Written at once, in the caller's transaction: from `on` the new versions answer by their effective dates, without
    anybody doing anything on that day. drafts: code and number of the drafts that have gone into proposals.
    Raises DecisionConflict where a version is already published that starts after `on`.
    """
    await claim(session)
    codes = [*(proposal.code for proposal in proposals), *abolished]
    if later := await _starting_after(session, codes, on):
        raise DecisionConflict(later)
    made = await plan(session, Kind.PROCEDURE, proposals, publish=True)
    await carry_out(session, made, source=source, by=by, now=now)
    for code, number in drafts:
        await _used(session, code, number, now)
    await _end(session, abolished, on, now)
    return await raise_revision(session)


async def _starting_after(session: AsyncSession, codes: Sequence[str], on: date) -> list[str]:
    found: set[str] = set()
    for some in _slices(codes):
        rows = await session.scalars(
            select(entry.c.code)
            .join_from(version, entry)
            .where(
                entry.c.kind == Kind.PROCEDURE,
                version.c.status == Status.PUBLISHED,
                version.c.effective_from > on,
                entry.c.code.in_(some),
            )
        )
        found.update(rows)
    return sorted(found)


async def _end(session: AsyncSession, codes: Collection[str], on: date, now: datetime) -> None:
    """A day to come ends what is published with the day before; a day that has come ends it now."""
    today = calendar_day(now)
    for some in _slices(list(codes)):
        rows = await session.execute(
            select(version.c.id, version.c.effective_from, version.c.effective_to)
            .join_from(version, entry)
            .where(entry.c.kind == Kind.PROCEDURE, version.c.status == Status.PUBLISHED, entry.c.code.in_(some))
        )
        for row in rows.all():
            last = on - timedelta(days=1)
            values: dict[str, object] = {"effective_to": min(row.effective_to or last, last)}
            if on <= today:
                # It answered this morning: the last day stays today, the moment says until when.
                ended = min(row.effective_to or today, today)
                values = {"status": Status.EXPIRED, "effective_to": ended, "closed_at": now}
            await session.execute(update(version).where(version.c.id == row.id).values(values))


async def _used(session: AsyncSession, code: str, number: int, now: datetime) -> None:
    mine = select(entry.c.id).where(entry.c.kind == Kind.PROCEDURE, entry.c.code == code).scalar_subquery()
    await session.execute(
        update(version)
        .where(version.c.entry_id == mine, version.c.number == number, version.c.status == Status.DRAFT)
        .values(status=Status.REPLACED, closed_at=now)
    )


def _slices(codes: Sequence[str]) -> list[Sequence[str]]:
    return [codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE)]
