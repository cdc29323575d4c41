"""Lets what was written answer people: approved by somebody else, from a day on, or at once where it is urgent."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.additions import save_overlay, set_aliases
from knowledge.drafting import NO_WHY, NOT_WAITING, DraftProblem, add_step, waiting_version
from knowledge.entries import LocalOverlay, Phrases
from knowledge.revising import claim, ending, raise_revision
from knowledge.serialising import Written
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, version
from knowledge.versions import WAITING, Step, Told, one_version, to_look_at

LOOK_WITHIN = timedelta(hours=24)
"""How soon somebody else looks at an urgent correction."""
OWN_WORK = "Anh/Chị đã viết bản này nên không tự duyệt được; cần một người khác duyệt."
NOT_SENT = "Bản này chưa được gửi duyệt."
OVER = "Ngày hết hiệu lực đã qua trước ngày công bố."
AT_ONCE_ONLY = "Cách gọi của người dân được công bố ngay, không hẹn ngày."
NOT_SCHEDULED = "Bản này không còn chờ ngày: đã có hiệu lực hoặc đã được rút."


async def approve(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, now: datetime, on: date | None = None
) -> date | None:
    """Publishes a version that was sent in, or that an import left as a draft; returns the day on which it begins.

    on: the day wanted, None = at once. None is returned where it answers at once. Raises DraftProblem, above all for
    one's own work.
    """
    told = await waiting_version(session, kind, code, number, *WAITING)
    if by in told.authors:
        raise DraftProblem(OWN_WORK)
    if told.flow and told.stored.status is not Status.IN_REVIEW:
        raise DraftProblem(NOT_SENT)
    begins = await _publish(session, told, on, by=by, now=now)
    await add_step(session, told.id, Step.APPROVED, by, "", now)
    return begins


async def publish_urgently(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, why: str, now: datetime
) -> None:
    """Publishes a correction at once, to be looked at by somebody else within LOOK_WITHIN. Raises DraftProblem.

    Whether the office allows it is the caller's to know.
    """
    if not why.strip():
        raise DraftProblem(NO_WHY)
    told = await waiting_version(session, kind, code, number, *WAITING)
    await _publish(session, told, None, by=by, now=now)
    await add_step(session, told.id, Step.URGENT, by, why, now)


async def look_again(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, said: str, now: datetime
) -> None:
    """Notes that somebody else has looked at an urgent correction and lets it stand. Raises DraftProblem."""
    await claim(session)
    told = next((one for one in await to_look_at(session) if _is(one, kind, code, number)), None)
    if told is None:
        raise DraftProblem(NOT_WAITING)
    if by in told.authors or by in {one.actor for one in told.steps if one.step is Step.URGENT}:
        raise DraftProblem(OWN_WORK)
    await add_step(session, told.id, Step.LOOKED, by, said, now)


async def withdraw(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, said: str, now: datetime
) -> None:
    """Takes back what was approved and has not begun; what it was to replace goes on. Raises DraftProblem."""
    await claim(session)
    today, told = calendar_day(now), await one_version(session, kind, code, number)
    if told is None or not told.scheduled(today) or kind is Kind.OVERLAY:
        raise DraftProblem(NOT_SCHEDULED)
    first = told.stored.effective_from
    await _set(session, told.id, status=Status.REPLACED, closed_at=now)
    for held in await _published(session, kind, code):
        if first is not None and held.effective_to == first - timedelta(days=1):
            before = await one_version(session, kind, code, held.number)
            said_so = getattr(before.written, "effective_to", None) if before else None
            await _set(session, held.id, effective_to=said_so)
    await add_step(session, told.id, Step.WITHDRAWN, by, said, now)
    await raise_revision(session)


def begins_on(told: Told, on: date | None, today: date) -> date | None:
    """The first day on which a version answers; None = at once."""
    days = [day for day in (on, told.stored.effective_from) if day is not None and day > today]
    return max(days, default=None)


async def _publish(session: AsyncSession, told: Told, on: date | None, *, by: str, now: datetime) -> date | None:
    today, stored = calendar_day(now), told.stored
    begins, last = begins_on(told, on, today), stored.effective_to
    if begins and last and last < begins:
        raise DraftProblem(OVER)
    await _put_in_place(session, told.written, begins, by=by, now=now)
    for held in await _published(session, stored.kind, stored.code):
        starts = held.effective_from if held.effective_from and held.effective_from > today else None
        if starts and (begins is None or starts > begins):
            # What was approved for a later day still replaces this one on that day.
            last = min(last or starts, starts - timedelta(days=1))
        else:
            values = ending(held, begins, today, now)
            await _set(session, values.pop("key"), **values)
    over = last is not None and last < today
    await _set(
        session,
        told.id,
        status=Status.EXPIRED if over else Status.PUBLISHED,
        effective_from=begins or stored.effective_from,
        effective_to=last,
        published_at=now,
        closed_at=now if over else None,
    )
    await raise_revision(session)
    return begins


async def _put_in_place(session: AsyncSession, shall: Written, begins: date | None, *, by: str, now: datetime) -> None:
    """Writes what the office adds to where it answers from."""
    if isinstance(shall, LocalOverlay):
        await save_overlay(session, shall, by=by, now=now, begins=begins)
    elif isinstance(shall, Phrases):
        if begins:
            raise DraftProblem(AT_ONCE_ONLY)
        await set_aliases(session, shall.ref, shall.phrases, origin=by)


async def _published(session: AsyncSession, kind: Kind, code: str) -> list[Any]:
    rows = await session.execute(
        select(version.c.id, version.c.number, version.c.effective_from, version.c.effective_to)
        .join_from(version, entry)
        .where(entry.c.kind == kind, entry.c.code == code, version.c.status == Status.PUBLISHED)
        .order_by(version.c.number)
    )
    return list(rows)


async def _set(session: AsyncSession, version_id: int, **values: Any) -> None:
    await session.execute(update(version).where(version.c.id == version_id).values(**values))


def _is(told: Told, kind: Kind, code: str, number: int) -> bool:
    stored = told.stored
    return (stored.kind, stored.code, stored.number) == (kind, code, number)
