"""When the portal was read and with what outcome, whether the nightly reading is due, and when to raise the alarm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.importing.report import ImportReport
from knowledge.revising import claim
from knowledge.store import VIETNAM
from knowledge.tables import portal_run

Sessions = async_sessionmaker[AsyncSession]

NIGHTLY, BY_HAND, SWITCH = "nightly", "command", "switch"
RUNNING, DONE, FAILED, STOPPED, ON, OFF = "running", "done", "failed", "stopped", "on", "off"
ALL = "all"
ALARM_AFTER = timedelta(days=3)
ATTEMPTS = 3
"""Readings begun in one night at most."""
BETWEEN_ATTEMPTS = timedelta(hours=1)
LONGEST = timedelta(hours=8)
LOST_AFTER = LONGEST + timedelta(hours=1)
"""A reading that has been running for longer was killed with its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalRun:
    """One reading, or a moment at which the nightly one was switched on or off (trigger SWITCH)."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    trigger: str
    scope: str
    outcome: str
    listed: int
    read: int
    new: int
    changed: int
    unchanged: int
    refused: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The nightly reading has not succeeded since `since`. error: what the last attempt said."""

    since: datetime
    days: int
    error: str

    def __str__(self) -> str:
        why = f" Lỗi gần nhất: {self.error}" if self.error else ""
        return (
            f"Đã {self.days} ngày chưa đọc được Cổng dịch vụ công quốc gia "
            f"(từ {self.since.astimezone(VIETNAM):%d/%m/%Y}).{why}"
        )


def scope_of(agencies: Sequence[str]) -> str:
    """The agencies of a reading in one word for the history."""
    return ",".join(sorted(agencies))[:300] or ALL


async def begin(sessions: Sessions, *, trigger: str, scope: str, now: datetime) -> int:
    """Writes down that a reading begins; returns its number."""
    async with sessions() as session, session.begin():
        return await _begun(session, trigger, scope, now)


async def finish(
    sessions: Sessions,
    run: int,
    *,
    outcome: str,
    now: datetime,
    listed: int = 0,
    read: int = 0,
    report: ImportReport | None = None,
    error: str = "",
) -> None:
    """Writes down how a reading ended."""
    counts = (
        {}
        if report is None
        else {
            "new": report.new,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": len(report.refused),
        }
    )
    values = {"outcome": outcome, "finished_at": now, "listed": listed, "read": read, "error": error[:500], **counts}
    async with sessions() as session, session.begin():
        await session.execute(update(portal_run).where(portal_run.c.id == run).values(values))


async def begin_if_due(sessions: Sessions, *, hour: int, scope: str, now: datetime) -> int | None:
    """Begins tonight's reading if nobody has; None if it is not due. One replica of several gets it."""
    async with sessions() as session, session.begin():
        await claim(session)
        if not is_due(await _since(session, _last_start(now, hour)), now=now):
            return None
        return await _begun(session, NIGHTLY, scope, now)


def is_due(tonight: Sequence[PortalRun], *, now: datetime) -> bool:
    """Whether a nightly reading may begin, given the runs since the hour at which it should."""
    attempts = [run for run in tonight if run.trigger == NIGHTLY]
    if any(run.outcome == DONE for run in attempts) or len(attempts) >= ATTEMPTS:
        return False
    for run in attempts:
        if run.outcome == RUNNING and now - run.started_at < LOST_AFTER:
            return False
        if run.outcome == FAILED and now - (run.finished_at or run.started_at) < BETWEEN_ATTEMPTS:
            return False
    return True


async def switch(sessions: Sessions, *, on: bool, now: datetime) -> None:
    """Writes down that the nightly reading is switched on or off, when that is new."""
    async with sessions() as session, session.begin():
        await claim(session)
        last = await session.scalar(
            select(portal_run.c.outcome).where(portal_run.c.trigger == SWITCH).order_by(portal_run.c.id.desc()).limit(1)
        )
        if (last or OFF) != (ON if on else OFF):
            run = await _begun(session, SWITCH, "", now)
            await session.execute(
                update(portal_run).where(portal_run.c.id == run).values(outcome=ON if on else OFF, finished_at=now)
            )


async def alarm(sessions: Sessions, *, scope: str, now: datetime) -> Alarm | None:
    """The alarm, when the nightly reading is switched on and has not succeeded for ALARM_AFTER; else None.

    A reading by hand of the same scope counts as well; the time begins when it was switched on.
    """
    async with sessions() as session:
        last_switch = (
            await session.execute(
                select(portal_run.c.outcome, portal_run.c.started_at)
                .where(portal_run.c.trigger == SWITCH)
                .order_by(portal_run.c.id.desc())
                .limit(1)
            )
        ).one_or_none()
        if last_switch is None or last_switch.outcome != ON:
            return None
        success = await session.scalar(
            select(portal_run.c.started_at)
            .where(portal_run.c.outcome == DONE, portal_run.c.scope == scope)
            .order_by(portal_run.c.started_at.desc())
            .limit(1)
        )
        error = await session.scalar(
            select(portal_run.c.error)
            .where(portal_run.c.outcome == FAILED)
            .order_by(portal_run.c.started_at.desc())
            .limit(1)
        )
    since = max(last_switch.started_at, success) if success else last_switch.started_at
    waited = now - since
    return Alarm(since=since, days=waited.days, error=error or "") if waited >= ALARM_AFTER else None


async def recent(sessions: Sessions, limit: int = 20) -> list[PortalRun]:
    """The last readings, newest first."""
    async with sessions() as session:
        rows = await session.execute(
            select(portal_run).where(portal_run.c.trigger != SWITCH).order_by(portal_run.c.id.desc()).limit(limit)
        )
        return [PortalRun(**row) for row in rows.mappings()]


async def _begun(session: AsyncSession, trigger: str, scope: str, now: datetime) -> int:
    values = {"started_at": now, "trigger": trigger, "scope": scope, "outcome": RUNNING}
    made = await session.execute(insert(portal_run).values(values).returning(portal_run.c.id))
    return int(made.scalar_one())


async def _since(session: AsyncSession, moment: datetime) -> list[PortalRun]:
    rows = await session.execute(select(portal_run).where(portal_run.c.started_at >= moment))
    return [PortalRun(**row) for row in rows.mappings()]


def _last_start(now: datetime, hour: int) -> datetime:
    """The last moment at which the clock in Viet Nam showed this hour."""
    local = now.astimezone(VIETNAM)
    start = datetime.combine(local.date(), time(hour), VIETNAM)
    return start if start <= local else start - timedelta(days=1)
