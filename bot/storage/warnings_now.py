"""Warnings that the database tells at once: what ends, what the portal says otherwise, missing forms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.decision_tables import decision, decision_row
from bot.storage.decisions import DecisionStatus, RowState
from bot.storage.tables import answer
from handlers.messages import Outcome
from knowledge.entries import FAQ_PREFIX
from knowledge.forms import KEPT
from knowledge.importing.decisions import ChangeKind
from knowledge.importing.portal import SOURCE
from knowledge.tables import Kind, Status, entry, form_file, version

SOON = timedelta(days=30)
"""So long before its last day an entry is about to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A version that somebody should look at. ref: a code or "faq:ID"; day: its last day, or when it was read."""

    ref: str
    version: int
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingForm:
    """A form file that could not be kept. reason: Vietnamese."""

    code: str
    name: str
    url: str
    reason: str


class WarningsNow:
    """The queries; each reads a column or two of what it finds."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def expiring(self, today: date) -> list[Standing]:
        """What ends within SOON with nothing published to follow it, the nearest first."""
        return await self._standing(
            _published().where(
                version.c.effective_to >= today,
                version.c.effective_to <= today + SOON,
                ~_followed(or_(_other.c.effective_to.is_(None), _other.c.effective_to > version.c.effective_to)),
                ~_abolished(),
            )
        )

    async def expired(self, today: date) -> list[Standing]:
        """What has ended and is still listed as published, with nothing in force in its place."""
        return await self._standing(
            _published().where(
                version.c.effective_to < today,
                ~_followed(or_(_other.c.effective_to.is_(None), _other.c.effective_to >= today)),
                ~_abolished(),
            )
        )

    async def changed_at_the_portal(self) -> list[Standing]:
        """Drafts that the portal's reading has left of what is published."""
        query = (
            select(entry.c.kind, entry.c.code, version.c.number, version.c.created_at)
            .join_from(version, entry)
            .where(version.c.status.in_((Status.DRAFT, Status.IN_REVIEW)), version.c.source == SOURCE)
            .where(_followed(_other.c.id > 0))
            .order_by(version.c.created_at, entry.c.code)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [Standing(ref=_ref(row.kind, row.code), version=row.number, day=row.created_at.date()) for row in rows]

    async def missing_forms(self) -> list[MissingForm]:
        """Form files that were asked for and could not be kept."""
        query = select(form_file.c.code, form_file.c.name, form_file.c.url, form_file.c.reason)
        query = query.where(form_file.c.outcome != KEPT).order_by(form_file.c.code, form_file.c.name)
        async with self._engine.connect() as connection:
            return [MissingForm(**row) for row in (await connection.execute(query)).mappings()]

    async def asked_back(self, since: datetime, least: int) -> list[tuple[str, str, int]]:
        """Pairs of entries between which the desk had to ask back, with how often; the most frequent first."""
        query = (
            select(answer.c.refs, func.count().label("times"))
            .where(answer.c.at >= since, answer.c.outcome == Outcome.CLARIFYING.value, answer.c.refs.contains(" "))
            .group_by(answer.c.refs)
            .having(func.count() >= least)
            .order_by(func.count().desc())
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [(*row.refs.split()[:2], row.times) for row in rows]

    async def asked_about(self, since: datetime) -> frozenset[str]:
        """Every entry that any answer since a moment was about or offered."""
        query = select(answer.c.refs).where(answer.c.at >= since).distinct()
        async with self._engine.connect() as connection:
            return frozenset(ref for refs in (await connection.execute(query)).scalars() for ref in refs.split())

    async def published_after(self, moment: datetime) -> frozenset[str]:
        """Entries whose first version was published after a moment."""
        query = (
            select(entry.c.kind, entry.c.code)
            .join_from(version, entry)
            .where(version.c.published_at.is_not(None))
            .group_by(entry.c.kind, entry.c.code)
            .having(func.min(version.c.published_at) > moment)
        )
        async with self._engine.connect() as connection:
            return frozenset(_ref(row.kind, row.code) for row in await connection.execute(query))

    async def _standing(self, query: Select[Any]) -> list[Standing]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        return [Standing(ref=_ref(row.kind, row.code), version=row.number, day=row.effective_to) for row in rows]


_other = version.alias("other")


def _published() -> Select[Any]:
    return (
        select(entry.c.kind, entry.c.code, version.c.number, version.c.effective_to)
        .join_from(version, entry)
        .where(version.c.status == Status.PUBLISHED, entry.c.kind.in_((Kind.PROCEDURE, Kind.FAQ)))
        .order_by(version.c.effective_to, entry.c.code)
    )


def _followed(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """True where another version of the entry is published that meets a condition."""
    same = and_(_other.c.entry_id == version.c.entry_id, _other.c.id != version.c.id)
    return select(_other.c.id).where(same, _other.c.status == Status.PUBLISHED, condition).exists()


def _abolished() -> ColumnElement[bool]:
    """True where a published decision abolishes the procedure: it is meant to end."""
    return (
        select(decision_row.c.id)
        .join(decision, decision.c.id == decision_row.c.decision_id)
        .where(
            decision.c.status == DecisionStatus.PUBLISHED,
            decision_row.c.state == RowState.ACCEPTED,
            decision_row.c.change == ChangeKind.ABOLISHED,
            decision_row.c.code == entry.c.code,
        )
        .exists()
    )


def _ref(kind: str, code: str) -> str:
    return FAQ_PREFIX + code if kind == Kind.FAQ else code
