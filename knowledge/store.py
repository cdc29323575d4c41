"""What is published, read for answering and for looking back: the queries over the knowledge tables."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.confirming import last_confirmed
from knowledge.entries import Faq, LegalDocument, LocalOverlay, Office
from knowledge.serialising import (
    Written,
    faq_from_json,
    legal_document_from_json,
    office_from_json,
    overlay_from_json,
    phrases_from_json,
    procedure_from_json,
)
from knowledge.tables import Kind, Status, alias, code_alias, entry, knowledge_state, metadata, overlay, version

__all__ = [
    "Kind",
    "Publication",
    "Status",
    "StoredBody",
    "StoredFaq",
    "StoredVersion",
    "calendar_day",
    "counts",
    "get_version",
    "history",
    "in_force_at",
    "load_publication",
    "metadata",
    "overlay_at",
    "overlay_history",
    "published_revision",
]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class StoredBody:
    """One procedure in force, still as JSON: decoding all of them takes longer than a start may.

    confirmed: the last day on which its source still said the same, None = not since it was published.
    """

    version: int
    body: bytes
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class StoredFaq:
    """One question in force."""

    version: int
    faq: Faq


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Everything in force on the day `on`, as of one revision.

    aliases: everyday phrases added by staff, by ref; code_aliases: renumbered procedures, old code to new.
    """

    revision: int
    on: date
    procedures: dict[str, StoredBody]
    faqs: dict[str, StoredFaq]
    offices: tuple[Office, ...]
    legal_documents: tuple[LegalDocument, ...]
    overlays: dict[str, LocalOverlay]
    code_aliases: dict[str, str]
    aliases: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of one entry with its history; moments are aware, days are Vietnamese calendar days."""

    kind: Kind
    code: str
    number: int
    status: Status
    effective_from: date | None
    effective_to: date | None
    body: bytes
    content_hash: str
    review_reasons: tuple[str, ...]
    decision: str
    source: str
    created_at: datetime
    created_by: str
    published_at: datetime | None
    closed_at: datetime | None

    def decoded(self) -> Written:
        """What it says."""
        return _DECODERS[self.kind](self.body)


_DECODERS: dict[Kind, Callable[[bytes], Written]] = {
    Kind.PROCEDURE: procedure_from_json,
    Kind.FAQ: faq_from_json,
    Kind.OFFICE: office_from_json,
    Kind.LEGAL_DOCUMENT: legal_document_from_json,
    Kind.OVERLAY: overlay_from_json,
    Kind.PHRASES: phrases_from_json,
}


def decoder(kind: Kind) -> Callable[[bytes], Written]:
    """What reads the body of a version of this kind."""
    return _DECODERS[kind]


def calendar_day(moment: datetime) -> date:
    """The Vietnamese calendar day of an aware moment: the day that effective dates speak of."""
    return moment.astimezone(VIETNAM).date()


def contains(day: date) -> ColumnElement[bool]:
    """True for versions whose effective dates contain `day`."""
    return and_(
        or_(version.c.effective_from.is_(None), version.c.effective_from <= day),
        or_(version.c.effective_to.is_(None), version.c.effective_to >= day),
    )


async def published_revision(session: AsyncSession) -> int:
    """The number that goes up whenever what is published changes; 0 for a base that never was."""
    return (await session.execute(select(knowledge_state.c.revision))).scalar() or 0


async def load_publication(session: AsyncSession, on: date) -> Publication:
    """Everything in force on the day `on`."""
    # First, so that a change while we read is seen as a newer revision and read again.
    revision = await published_revision(session)
    bodies: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
    rows = await session.execute(
        select(entry.c.kind, entry.c.code, version.c.number, version.c.body, version.c.published_at)
        .join_from(version, entry)
        .where(version.c.status == Status.PUBLISHED, contains(on))
        .order_by(version.c.number)
    )
    confirmed = await last_confirmed(session, Kind.PROCEDURE, on)
    since: dict[str, date | None] = {}
    for kind, code, number, body, published_at in rows:
        bodies[kind][code] = (number, body)
        if kind == Kind.PROCEDURE:
            day = confirmed.get(code)
            # A confirmation speaks of the version that was in force on its day.
            since[code] = day if day and (published_at is None or day >= calendar_day(published_at)) else None
    phrases: dict[str, list[str]] = defaultdict(list)
    for ref, phrase in await session.execute(select(alias.c.ref, alias.c.phrase).order_by(alias.c.id)):
        phrases[ref].append(phrase)
    renumbered = await session.execute(select(code_alias.c.old_code, code_alias.c.new_code))
    return Publication(
        revision=revision,
        on=on,
        procedures={
            code: StoredBody(n, body.encode(), since[code]) for code, (n, body) in bodies[Kind.PROCEDURE].items()
        },
        faqs={code: StoredFaq(n, faq_from_json(body)) for code, (n, body) in bodies[Kind.FAQ].items()},
        offices=tuple(office_from_json(body) for _, body in bodies[Kind.OFFICE].values()),
        legal_documents=tuple(legal_document_from_json(body) for _, body in bodies[Kind.LEGAL_DOCUMENT].values()),
        overlays=await _overlays(session, on),
        code_aliases={row.old_code: row.new_code for row in renumbered},
        aliases={ref: tuple(said) for ref, said in phrases.items()},
    )


async def _overlays(session: AsyncSession, on: date) -> dict[str, LocalOverlay]:
    latest: dict[str, tuple[date, LocalOverlay]] = {}
    for row in await session.execute(select(overlay).order_by(overlay.c.number)):
        begins = row.effective_from or calendar_day(row.created_at)
        # What was written later counts from its first moment on, whatever the clock of the machine says.
        if (row.effective_from is None or begins <= on) and (row.code not in latest or begins >= latest[row.code][0]):
            latest[row.code] = begins, overlay_from_json(row.body)
    return {code: added for code, (_, added) in latest.items() if added != LocalOverlay(code=code)}


async def overlay_at(session: AsyncSession, code: str, moment: datetime) -> LocalOverlay | None:
    """What the office had added to a procedure at an aware moment; None where it added nothing."""
    rows = await session.execute(select(overlay).where(overlay.c.code == code).order_by(overlay.c.number))
    begun = [
        (row.effective_from or calendar_day(row.created_at), row.number, row.body)
        for row in rows
        if row.created_at <= moment and (row.effective_from is None or row.effective_from <= calendar_day(moment))
    ]
    added = overlay_from_json(max(begun)[2]) if begun else None
    return None if added == LocalOverlay(code=code) else added


async def get_version(session: AsyncSession, kind: Kind, code: str, number: int | None = None) -> StoredVersion | None:
    """One version by its number, or the newest published one when no number is given; None if there is none."""
    query = _versions().where(entry.c.kind == kind, entry.c.code == code)
    if number is None:
        query = query.where(version.c.status == Status.PUBLISHED)
    else:
        query = query.where(version.c.number == number)
    return _first(list((await session.execute(query)).mappings()))


async def in_force_at(session: AsyncSession, kind: Kind, code: str, moment: datetime) -> StoredVersion | None:
    """The version that answered at an aware moment; None if there was none."""
    query = _versions().where(
        entry.c.kind == kind,
        entry.c.code == code,
        version.c.published_at <= moment,
        or_(version.c.closed_at.is_(None), version.c.closed_at > moment),
        contains(calendar_day(moment)),
    )
    return _first(list((await session.execute(query)).mappings()))


async def history(session: AsyncSession, kind: Kind, code: str) -> list[StoredVersion]:
    """All versions of one entry, newest first."""
    rows = await session.execute(_versions().where(entry.c.kind == kind, entry.c.code == code))
    return [stored_version(row) for row in rows.mappings()]


async def overlay_history(session: AsyncSession, code: str) -> list[tuple[int, datetime, str, LocalOverlay]]:
    """What the office added to a procedure over time: number, moment, author, overlay; newest first."""
    rows = await session.execute(select(overlay).where(overlay.c.code == code).order_by(overlay.c.number.desc()))
    return [(row.number, row.created_at, row.created_by, overlay_from_json(row.body)) for row in rows]


async def counts(session: AsyncSession) -> dict[Kind, dict[Status, int]]:
    """How many versions of each kind stand where; combinations that do not occur are left out."""
    rows = await session.execute(
        select(entry.c.kind, version.c.status, func.count())
        .join_from(version, entry)
        .group_by(entry.c.kind, version.c.status)
    )
    found: dict[Kind, dict[Status, int]] = defaultdict(dict)
    for kind, status, number in rows:
        found[Kind(kind)][Status(status)] = number
    return dict(found)


def _versions() -> Select[Any]:
    return select(entry.c.kind, entry.c.code, version).join_from(version, entry).order_by(version.c.number.desc())


def _first(rows: list[RowMapping]) -> StoredVersion | None:
    return stored_version(rows[0]) if rows else None


def stored_version(row: Mapping[Any, Any]) -> StoredVersion:
    """A row of the version table, with the kind and code of its entry, as a value."""
    return StoredVersion(
        kind=Kind(row["kind"]),
        code=row["code"],
        number=row["number"],
        status=Status(row["status"]),
        effective_from=row["effective_from"],
        effective_to=row["effective_to"],
        body=row["body"].encode(),
        content_hash=row["content_hash"],
        review_reasons=tuple(json.loads(row["review_reasons"])),
        decision=row["decision"],
        source=row["source"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        published_at=row["published_at"],
        closed_at=row["closed_at"],
    )
