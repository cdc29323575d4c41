"""Internal processes: through which hands a procedure goes within the office, version by version."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.audit import Deed, note
from bot.storage.decision_tables import internal_process
from bot.storage.engine import make_sessions


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step. hours: working hours it may take, 0 = not recorded."""

    step: str
    unit: str
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalProcess:
    """The internal process of one procedure, one version of it. source: the decision that approves it."""

    code: str
    number: int
    steps: tuple[ProcessStep, ...]
    source: str
    created_at: datetime
    created_by: str

    @property
    def hours(self) -> float:
        """Working hours of all steps together."""
        return sum(step.hours for step in self.steps)


class StoredProcesses:
    """The internal processes; nothing is overwritten."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def save(self, code: str, steps: Sequence[ProcessStep], source: str, *, by: Deed, now: datetime) -> int:
        """Writes a new version; one without steps takes the process away. Returns its number."""
        async with self._sessions.begin() as session:
            last = await session.scalar(
                select(func.max(internal_process.c.number)).where(internal_process.c.code == code)
            )
            number = (last or 0) + 1
            await session.execute(
                insert(internal_process).values(
                    code=code,
                    number=number,
                    steps=json.dumps([asdict(step) for step in steps], ensure_ascii=False),
                    source=source[:300],
                    created_at=now,
                    created_by=by.actor,
                )
            )
            detail = {"steps": len(steps), "version": number}
            await note(session, replace(by, action="process.save", subject=code, detail=detail), now)
        return number

    async def versions(self, code: str) -> list[InternalProcess]:
        """Every version of a procedure's process, the newest first."""
        query = select(internal_process).where(internal_process.c.code == code)
        async with self._sessions() as session:
            rows = (await session.execute(query.order_by(internal_process.c.number.desc()))).mappings().all()
        return [_process(row) for row in rows]

    async def all(self) -> list[InternalProcess]:
        """The newest version of each, by code; those taken away are left out."""
        newest = (
            select(internal_process.c.code, func.max(internal_process.c.number).label("number"))
            .group_by(internal_process.c.code)
            .subquery()
        )
        query = (
            select(internal_process)
            .join(newest, (newest.c.code == internal_process.c.code) & (newest.c.number == internal_process.c.number))
            .order_by(internal_process.c.code)
        )
        async with self._sessions() as session:
            found = [_process(row) for row in (await session.execute(query)).mappings()]
        return [process for process in found if process.steps]


def _process(row: Any) -> InternalProcess:
    kept = {name: row[name] for name in InternalProcess.__dataclass_fields__ if name != "steps"}
    return InternalProcess(**kept, steps=tuple(ProcessStep(**step) for step in json.loads(row["steps"])))
