"""New versions of entries: planned against what the base holds, written, published, ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, knowledge_state, version

NOTIFY_CHANNEL = "motcua_knowledge"
"""PostgreSQL channel on which a new revision is announced; the payload is the revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What an entry shall say from now on, ready to be stored."""

    code: str
    body: str
    content_hash: str
    effective_from: date | None = None
    effective_to: date | None = None
    review_reasons: tuple[str, ...] = ()
    decision: str = ""

    def with_reasons(self, reasons: tuple[str, ...]) -> "Proposal":
        """The same with the reasons why staff should look at it."""
        return replace(self, review_reasons=reasons)


@dataclass(slots=True)
class _Standing:
    """What the base holds of one entry. Each version: id, number, hash, first day, last day, author."""

    entry_id: int
    last_number: int = 0
    published: list[Any] = field(default_factory=list)
    draft: Any = None


@dataclass(slots=True)
class Plan:
    """What writing the proposals would do; counted before anything is written."""

    kind: Kind
    publish: bool
    new: list[Proposal] = field(default_factory=list)
    changed: list[Proposal] = field(default_factory=list)
    unchanged: int = 0
    standing: dict[str, _Standing] = field(default_factory=dict)


async def claim(session: AsyncSession) -> int:
    """Makes this transaction the only one that writes knowledge until it ends; returns the revision."""
    held = await session.execute(
        update(knowledge_state).values(revision=knowledge_state.c.revision).returning(knowledge_state.c.revision)
    )
    revision = held.scalar()
    if revision is None:
        await session.execute(insert(knowledge_state).values(id=1, revision=0))
    return revision or 0


async def raise_revision(session: AsyncSession) -> int:
    """Counts one change of what is published, in the transaction of the change, and tells other replicas."""
    await claim(session)
    raised = await session.execute(
        update(knowledge_state).values(revision=knowledge_state.c.revision + 1).returning(knowledge_state.c.revision)
    )
    revision: int = raised.scalar_one()
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_notify(:channel, :payload)"), {"channel": NOTIFY_CHANNEL, "payload": str(revision)}
        )
    return revision


async def plan(session: AsyncSession, kind: Kind, proposals: Sequence[Proposal], *, publish: bool) -> Plan:
    """Tells what is new or changed; reads only. With `publish` the comparison is with what is published."""
    made = Plan(kind=kind, publish=publish, standing=await _standing(session, kind))
    for proposal in proposals:
        known = made.standing.get(proposal.code)
        published = known.published[-1] if known and known.published else None
        drafted = known.draft if known and not publish else None
        if any(held is not None and held.content_hash == proposal.content_hash for held in (published, drafted)):
            made.unchanged += 1
        elif published is None and drafted is None:
            made.new.append(proposal)
        else:
            made.changed.append(proposal)
    return made


async def carry_out(session: AsyncSession, made: Plan, *, source: str, by: str, now: datetime) -> bool:
    """Writes a plan in the caller's transaction; True if what is published has changed.

    The caller holds `claim` since before the plan was made, and raises the revision once for all its plans.
    """
    proposals = [*made.new, *made.changed]
    if not proposals:
        return False
    fresh = [{"kind": made.kind, "code": p.code} for p in proposals if p.code not in made.standing]
    if fresh:
        await session.execute(insert(entry), fresh)
        for id_, code in await session.execute(select(entry.c.id, entry.c.code).where(entry.c.kind == made.kind)):
            made.standing.setdefault(code, _Standing(entry_id=id_))
    today = calendar_day(now)
    rows, promoted, ended = [], [], []
    for proposal in proposals:
        known = made.standing[proposal.code]
        draft = known.draft
        if made.publish:
            ended += [ending(held, proposal.effective_from, today, now) for held in known.published]
        if made.publish and draft is not None and draft.content_hash == proposal.content_hash:
            promoted.append({"key": draft.id, "status": Status.PUBLISHED, "published_at": now})
            continue
        if draft is not None and draft.created_by == by:
            ended.append(
                {"key": draft.id, "status": Status.REPLACED, "effective_to": draft.effective_to, "closed_at": now}
            )
        known.last_number += 1
        rows.append(_row(proposal, known, publish=made.publish, source=source, by=by, now=now))
    await _set(session, ended)
    await _set(session, promoted)
    if rows:
        await session.execute(insert(version), rows)
    return made.publish


async def publish_version(session: AsyncSession, kind: Kind, code: str, number: int, *, now: datetime) -> int:
    """Puts a draft or a version in review in force in place of the former; returns the new revision.

    Raises LookupError if there is no such version, ValueError if it is not waiting for publication.
    """
    await claim(session)
    known = (await _standing(session, kind)).get(code)
    row = (
        await session.execute(
            select(version.c.id, version.c.status, version.c.effective_from)
            .join_from(version, entry)
            .where(entry.c.kind == kind, entry.c.code == code, version.c.number == number)
        )
    ).one_or_none()
    if row is None or known is None:
        raise LookupError(f"{code} has no version {number}")
    if row.status not in (Status.DRAFT, Status.IN_REVIEW):
        raise ValueError(f"version {number} of {code} is {row.status}, not waiting for publication")
    today = calendar_day(now)
    await _set(session, [ending(held, row.effective_from, today, now) for held in known.published])
    await session.execute(
        update(version).where(version.c.id == row.id).values(status=Status.PUBLISHED, published_at=now)
    )
    return await raise_revision(session)


async def expire_due(session: AsyncSession, *, now: datetime) -> int:
    """Marks published versions whose last day is over; returns how many. They had stopped answering already."""
    await claim(session)
    due = await session.execute(
        update(version)
        .where(version.c.status == Status.PUBLISHED, version.c.effective_to < calendar_day(now))
        .values(status=Status.EXPIRED)
        .returning(version.c.id)
    )
    number = len(due.all())
    if number:
        await raise_revision(session)
    return number


def _row(proposal: Proposal, known: _Standing, *, publish: bool, source: str, by: str, now: datetime) -> dict[str, Any]:
    return {
        "entry_id": known.entry_id,
        "number": known.last_number,
        "status": Status.PUBLISHED if publish else Status.DRAFT,
        "effective_from": proposal.effective_from,
        "effective_to": proposal.effective_to,
        "body": proposal.body,
        "content_hash": proposal.content_hash,
        "review_reasons": json.dumps(proposal.review_reasons, ensure_ascii=False),
        "decision": proposal.decision[:200],
        "source": source[:300],
        "created_at": now,
        "created_by": by,
        "published_at": now if publish else None,
        "closed_at": None,
    }


async def _standing(session: AsyncSession, kind: Kind) -> dict[str, _Standing]:
    found = {
        code: _Standing(entry_id=id_)
        for id_, code in await session.execute(select(entry.c.id, entry.c.code).where(entry.c.kind == kind))
    }
    rows = await session.execute(
        select(
            entry.c.code,
            version.c.id,
            version.c.number,
            version.c.status,
            version.c.content_hash,
            version.c.effective_from,
            version.c.effective_to,
            version.c.created_by,
        )
        .join_from(version, entry)
        .where(entry.c.kind == kind)
        .order_by(version.c.number)
    )
    for row in rows:
        known = found[row.code]
        known.last_number = row.number
        if row.status == Status.PUBLISHED:
            known.published.append(row)
        elif row.status == Status.DRAFT:
            known.draft = row
    return found


def ending(held: Any, next_from: date | None, today: date, now: datetime) -> dict[str, Any]:
    """How a published version ends when another starts on `next_from` (None: at once)."""
    starts_later = next_from is not None and next_from > today
    if starts_later and next_from is not None and (held.effective_from is None or held.effective_from < next_from):
        last = next_from - timedelta(days=1)
        return {
            "key": held.id,
            "status": Status.PUBLISHED,
            "effective_to": min(held.effective_to or last, last),
            "closed_at": None,
        }
    return {
        "key": held.id,
        "status": Status.REPLACED,
        "effective_to": min(held.effective_to or today, today),
        "closed_at": now,
    }


async def _set(session: AsyncSession, changes: list[dict[str, Any]]) -> None:
    if not changes:
        return
    columns: dict[str, Any] = {name: bindparam(name) for name in changes[0] if name != "key"}
    connection = await session.connection()
    await connection.execute(update(version).where(version.c.id == bindparam("key")).values(columns), changes)
