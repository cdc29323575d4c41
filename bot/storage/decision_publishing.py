"""Publishing a decision: every accepted row together, in one transaction with the record of who did it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.storage.audit import Deed, note
from bot.storage.decision_tables import decision
from bot.storage.decisions import (
    NOT_WAITING,
    Decision,
    DecisionProblem,
    DecisionRow,
    DecisionStatus,
    RowState,
    rows_of,
)
from bot.storage.engine import make_sessions
from knowledge.deciding import DecisionConflict, put_in_force
from knowledge.differences import Change, difference
from knowledge.entries import Procedure
from knowledge.importing.decisions import ChangeKind
from knowledge.importing.decisions.effects import shall_say
from knowledge.importing.harvest import proposal_of
from knowledge.store import get_version
from knowledge.tables import Kind, Status, entry, version

OWN_WORK = "Người nhập, nhận dòng hoặc trình quyết định không tự công bố; cần người duyệt khác."
GONE = "Dòng {place}: thủ tục {code} không có bản đang công bố để sửa hay bãi bỏ."
NO_DRAFT = "Dòng {place}: bản nháp số {number} của {code} không còn chờ."
TWICE = "Thủ tục {code} có ở nhiều dòng đã nhận."
LATER = "Đã có bản công bố bắt đầu sau ngày áp dụng của quyết định này: {codes}. Hãy xử lý các bản ấy trước."


@dataclass(frozen=True, slots=True)
class Effect:
    """What a row will do. before: what is published, after: what shall be; None = nothing (added, abolished)."""

    before: Procedure | None
    after: Procedure | None

    def changes(self) -> list[Change]:
        """Part by part; of a new procedure all it says."""
        if self.after is None:
            return []
        return difference(self.before or Procedure(code=self.after.code, name=""), self.after)


class Publisher:
    """Tells what a decision will do, and does it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def effect(self, known: Decision, row: DecisionRow) -> Effect:
        """What a row will do. Raises DecisionProblem where it can do nothing."""
        async with self._sessions() as session:
            return await _effect(session, known, row)

    async def drafts(self, code: str) -> list[tuple[int, str, datetime]]:
        """Number, source and moment of the drafts that wait under a code, the newest first."""
        query = (
            select(version.c.number, version.c.source, version.c.created_at)
            .join_from(version, entry)
            .where(entry.c.kind == Kind.PROCEDURE, entry.c.code == code)
            .where(version.c.status.in_((Status.DRAFT, Status.IN_REVIEW)))
            .order_by(version.c.number.desc())
        )
        async with self._sessions() as session:
            return [(row.number, row.source, row.created_at) for row in await session.execute(query)]

    async def publish(self, known: Decision, *, by: Deed, now: datetime) -> int:
        """Puts a decision in force on its day; returns the revision. Raises DecisionProblem."""
        if by.actor in (known.created_by, known.sent_by):
            raise DecisionProblem(OWN_WORK)
        try:
            async with self._sessions.begin() as session:
                moved = await session.execute(
                    update(decision)
                    .where(decision.c.id == known.id, decision.c.status == DecisionStatus.IN_REVIEW)
                    .values(status=DecisionStatus.PUBLISHED, published_at=now, published_by=by.actor)
                    .returning(decision.c.effective_on)
                )
                on = moved.scalar_one_or_none()
                if on is None:
                    raise DecisionProblem(NOT_WAITING)
                rows = [row for row in await rows_of(session, known.id) if row.state is RowState.ACCEPTED]
                if by.actor in {row.decided_by for row in rows}:
                    raise DecisionProblem(OWN_WORK)
                revision = await _carry_out(session, known, rows, on, by.actor, now)
                detail = {"number": known.number, "rows": len(rows), "on": on.isoformat()}
                deed = replace(by, action="decision.publish", subject=f"decision:{known.id}", detail=detail)
                await note(session, deed, now)
                return revision
        except DecisionConflict as conflict:
            raise DecisionProblem(LATER.format(codes=", ".join(conflict.codes))) from conflict


async def _carry_out(
    session: AsyncSession, known: Decision, rows: list[DecisionRow], on: date, by: str, now: datetime
) -> int:
    codes = [row.code for row in rows]
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise DecisionProblem(TWICE.format(code=twice))
    proposals, abolished, drafts = [], [], []
    for row in rows:
        effect = await _effect(session, known, row)
        if effect.after is None:
            abolished.append(row.code)
        else:
            proposals.append(proposal_of(row.code, effect.after))
            drafts += [(row.code, row.draft)] if row.draft else []
    source = f"Quyết định {known.number}"
    return await put_in_force(session, proposals, abolished, on=on, drafts=drafts, source=source, by=by, now=now)


async def _effect(session: AsyncSession, known: Decision, row: DecisionRow) -> Effect:
    stored = await get_version(session, Kind.PROCEDURE, row.code) if row.code else None
    held = stored.decoded() if stored else None
    before = held if isinstance(held, Procedure) else None
    if row.change is ChangeKind.ABOLISHED or (row.change is ChangeKind.CHANGED and not row.draft):
        if before is None:
            raise DecisionProblem(GONE.format(place=row.annex.place, code=row.code or "?"))
        if row.change is ChangeKind.ABOLISHED:
            return Effect(before, None)
    fuller: Procedure | None = before
    if row.draft:
        drafted = await get_version(session, Kind.PROCEDURE, row.code, row.draft)
        content = drafted.decoded() if drafted and drafted.status in (Status.DRAFT, Status.IN_REVIEW) else None
        if not isinstance(content, Procedure):
            raise DecisionProblem(NO_DRAFT.format(place=row.annex.place, number=row.draft, code=row.code))
        fuller = content
    after = shall_say(row.annex, fuller, code=row.code, decision=known.number, on=known.effective_on)
    return Effect(before, after)
