"""Publishing decisions: entered once, accepted row by row, published by somebody else than who wrote them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.storage.audit import Deed, Detail, note
from bot.storage.decision_tables import decision, decision_row
from bot.storage.engine import StorageProblem, make_sessions
from knowledge.entries import Level
from knowledge.importing.decisions import AnnexRow, ChangeKind, Head
from knowledge.importing.decisions.matching import Candidate, Match

NOT_WAITING = "Quyết định này không còn ở bước ấy; hãy tải lại trang."
UNDECIDED = "Còn {count} dòng chưa nhận hay bỏ."
NOTHING_ACCEPTED = "Chưa nhận dòng nào."
INCOMPLETE = "Cần số quyết định và ngày bắt đầu áp dụng."


class DecisionStatus(StrEnum):
    """Where a decision stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


class RowState(StrEnum):
    """What was decided on a row."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class DecisionProblem(StorageProblem):
    """What was asked for cannot be done; the message is Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. notes: what the reading of its file left out."""

    id: int
    number: str
    title: str
    issuer: str
    issued_on: date | None
    effective_on: date | None
    status: DecisionStatus
    file: str
    notes: str
    created_at: datetime
    created_by: str
    sent_at: datetime | None
    sent_by: str
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One procedure of a decision.

    annex: as the annex says, with what people corrected; code: of the procedure meant, "" = not told yet; draft: the
    number of the version whose content is taken instead of the annex's.
    """

    id: int
    decision_id: int
    annex: AnnexRow
    given_code: str
    code: str
    candidates: tuple[Candidate, ...]
    draft: int | None
    state: RowState
    reason: str
    decided_at: datetime | None
    decided_by: str

    @property
    def change(self) -> ChangeKind | None:
        """What the decision does to the procedure."""
        return self.annex.change


class StoredDecisions:
    """The decisions. Every change is recorded in the same transaction; `by` is whose deed it is (actor, place)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def add(
        self,
        head: Head,
        rows: Sequence[tuple[AnnexRow, Match]],
        *,
        file: str,
        notes: Sequence[str],
        by: Deed,
        now: datetime,
    ) -> int:
        """Writes a decision down as a draft; returns its id."""
        values = {
            **asdict(head),
            "status": DecisionStatus.DRAFT,
            "file": file[:200],
            "notes": "\n".join(notes),
            "created_at": now,
            "created_by": by.actor,
        }
        async with self._sessions.begin() as session:
            made = (await session.execute(insert(decision).values(values).returning(decision.c.id))).scalar_one()
            if rows:
                await session.execute(
                    insert(decision_row), [{"decision_id": made, **_row_values(row, match)} for row, match in rows]
                )
            detail: Detail = {"number": head.number, "rows": len(rows)}
            await note(session, replace(by, action="decision.add", subject=f"decision:{made}", detail=detail), now)
        return int(made)

    async def all(self, limit: int = 100) -> list[tuple[Decision, int, int]]:
        """The newest decisions, each with the number of its rows and of those not decided yet."""
        waiting = func.sum((decision_row.c.state == RowState.WAITING).cast(decision.c.id.type))
        counted = (
            select(decision_row.c.decision_id, func.count().label("rows"), waiting.label("waiting"))
            .group_by(decision_row.c.decision_id)
            .subquery()
        )
        query = (
            select(
                decision,
                func.coalesce(counted.c.rows, 0).label("rows"),
                func.coalesce(counted.c.waiting, 0).label("waiting"),
            )
            .outerjoin(counted, counted.c.decision_id == decision.c.id)
            .order_by(decision.c.id.desc())
            .limit(limit)
        )
        async with self._sessions() as session:
            found = (await session.execute(query)).mappings().all()
        return [(_decision(row), row["rows"], row["waiting"]) for row in found]

    async def get(self, number: int) -> Decision | None:
        """One decision."""
        async with self._sessions() as session:
            row = (await session.execute(select(decision).where(decision.c.id == number))).mappings().one_or_none()
        return _decision(row) if row else None

    async def rows(self, number: int) -> list[DecisionRow]:
        """The rows of a decision in their order."""
        async with self._sessions() as session:
            return await rows_of(session, number)

    async def row(self, number: int, row: int) -> DecisionRow | None:
        """One row of this decision."""
        query = select(decision_row).where(decision_row.c.decision_id == number, decision_row.c.id == row)
        async with self._sessions() as session:
            found = (await session.execute(query)).mappings().one_or_none()
        return _row(found) if found else None

    async def describe(self, known: Decision, head: Head, *, by: Deed, now: datetime) -> None:
        """Corrects number, title and days of a draft. Raises DecisionProblem."""
        deed = replace(by, action="decision.describe", subject=f"decision:{known.id}", detail={"number": head.number})
        await self._change(known.id, DecisionStatus.DRAFT, asdict(head), deed, now)

    async def add_row(self, known: Decision, row: AnnexRow, match: Match, *, by: Deed, now: datetime) -> int:
        """Adds a procedure by hand; returns the row's id. Raises DecisionProblem."""
        async with self._sessions.begin() as session:
            await _require(session, known.id, DecisionStatus.DRAFT)
            last = await session.scalar(
                select(func.max(decision_row.c.place)).where(decision_row.c.decision_id == known.id)
            )
            values = _row_values(replace(row, place=(last or 0) + 1), match)
            made = await session.execute(
                insert(decision_row).values(decision_id=known.id, **values).returning(decision_row.c.id)
            )
            deed = replace(by, action="decision.row", subject=f"decision:{known.id}", detail={"row": values["place"]})
            await note(session, deed, now)
            return int(made.scalar_one())

    async def decide(self, known: DecisionRow, shall: DecisionRow, *, by: Deed, now: datetime) -> None:
        """Writes a row as it was corrected and decided. Raises DecisionProblem."""
        values = {
            **_annex_values(shall.annex),
            "code": shall.code,
            "draft": shall.draft,
            "state": shall.state,
            "reason": shall.reason[:300],
            "decided_at": now if shall.state is not RowState.WAITING else None,
            "decided_by": by.actor if shall.state is not RowState.WAITING else "",
        }
        async with self._sessions.begin() as session:
            await _require(session, known.decision_id, DecisionStatus.DRAFT)
            await session.execute(update(decision_row).where(decision_row.c.id == known.id).values(values))
            detail = {"row": known.annex.place, "state": shall.state.value, "code": shall.code}
            subject = f"decision:{known.decision_id}"
            await note(session, replace(by, action="decision.row", subject=subject, detail=detail), now)

    async def send(self, known: Decision, *, by: Deed, now: datetime) -> None:
        """Hands a draft to the approver. Raises DecisionProblem while anything is open."""
        if not known.number or known.effective_on is None:
            raise DecisionProblem(INCOMPLETE)
        async with self._sessions.begin() as session:
            states = [row.state for row in await rows_of(session, known.id)]
            if waiting := states.count(RowState.WAITING):
                raise DecisionProblem(UNDECIDED.format(count=waiting))
            if RowState.ACCEPTED not in states:
                raise DecisionProblem(NOTHING_ACCEPTED)
            await _move(
                session,
                known.id,
                DecisionStatus.DRAFT,
                {"status": DecisionStatus.IN_REVIEW, "sent_at": now, "sent_by": by.actor},
            )
            await note(session, replace(by, action="decision.send", subject=f"decision:{known.id}"), now)

    async def give_back(self, known: Decision, reason: str, *, by: Deed, now: datetime) -> None:
        """Gives a decision back to its author. Raises DecisionProblem."""
        deed = replace(by, action="decision.give_back", subject=f"decision:{known.id}", detail={"reason": reason[:300]})
        values = {"status": DecisionStatus.DRAFT, "sent_at": None, "sent_by": ""}
        await self._change(known.id, DecisionStatus.IN_REVIEW, values, deed, now)

    async def remove(self, known: Decision, *, by: Deed, now: datetime) -> None:
        """Removes a draft with its rows. Raises DecisionProblem."""
        async with self._sessions.begin() as session:
            await _require(session, known.id, DecisionStatus.DRAFT)
            await session.execute(delete(decision_row).where(decision_row.c.decision_id == known.id))
            await session.execute(delete(decision).where(decision.c.id == known.id))
            deed = replace(
                by, action="decision.remove", subject=f"decision:{known.id}", detail={"number": known.number}
            )
            await note(session, deed, now)

    async def waiting(self) -> tuple[int, int]:
        """How many decisions are drafts, and how many wait for an approver."""
        query = select(decision.c.status, func.count()).group_by(decision.c.status)
        async with self._sessions() as session:
            counts = {row[0]: row[1] for row in await session.execute(query)}
        return counts.get(DecisionStatus.DRAFT, 0), counts.get(DecisionStatus.IN_REVIEW, 0)

    async def _change(
        self, number: int, status: DecisionStatus, values: Mapping[str, Any], deed: Deed, now: datetime
    ) -> None:
        async with self._sessions.begin() as session:
            await _move(session, number, status, values)
            await note(session, deed, now)


async def rows_of(session: AsyncSession, number: int) -> list[DecisionRow]:
    """The rows of a decision in their order, within a transaction."""
    query = select(decision_row).where(decision_row.c.decision_id == number).order_by(decision_row.c.place)
    return [_row(row) for row in (await session.execute(query)).mappings()]


async def _move(session: AsyncSession, number: int, status: DecisionStatus, values: Mapping[str, Any]) -> None:
    moved = await session.execute(
        update(decision)
        .where(decision.c.id == number, decision.c.status == status)
        .values(values)
        .returning(decision.c.id)
    )
    if moved.one_or_none() is None:
        raise DecisionProblem(NOT_WAITING)


async def _require(session: AsyncSession, number: int, status: DecisionStatus) -> None:
    """Holds the decision in this state until the transaction ends."""
    await _move(session, number, status, {"status": status})


def _row_values(row: AnnexRow, match: Match) -> dict[str, Any]:
    candidates = [[one.code, one.name, one.likeness, one.by_code] for one in match.candidates]
    return {
        **_annex_values(row),
        "given_code": row.code[:60],
        "code": match.code[:60],
        "candidates": json.dumps(candidates, ensure_ascii=False),
        "state": RowState.WAITING,
    }


def _annex_values(row: AnnexRow) -> dict[str, Any]:
    body = {name: value for name, value in asdict(row).items() if name not in ("place", "change", "name", "code")}
    return {
        "place": row.place,
        "change": row.change or "",
        "name": row.name,
        "body": json.dumps(body, ensure_ascii=False),
    }


def _decision(row: Mapping[Any, Any]) -> Decision:
    kept = {name: row[name] for name in Decision.__dataclass_fields__}
    return Decision(**{**kept, "status": DecisionStatus(row["status"])})


def _row(row: Mapping[Any, Any]) -> DecisionRow:
    body = json.loads(row["body"])
    annex = AnnexRow(
        place=row["place"],
        change=ChangeKind(row["change"]) if row["change"] else None,
        name=row["name"],
        code=row["given_code"],
        **{**body, "level": Level(body["level"])},
    )
    return DecisionRow(
        id=row["id"],
        decision_id=row["decision_id"],
        annex=annex,
        given_code=row["given_code"],
        code=row["code"],
        candidates=tuple(Candidate(*one) for one in json.loads(row["candidates"])),
        draft=row["draft"],
        state=RowState(row["state"]),
        reason=row["reason"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
    )
