"""Where one entry stands: what is published of it, what waits, and how each version came about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.editing_tables import version_flow, version_step
from knowledge.entries import FAQ_PREFIX, LocalOverlay, Phrases
from knowledge.serialising import Written, overlay_from_json, to_json
from knowledge.store import StoredVersion, decoder, stored_version
from knowledge.tables import Kind, Status, alias, entry, overlay, version


class Step(StrEnum):
    """What is done to a version."""

    SAVED = "saved"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    URGENT = "urgent"
    LOOKED = "looked"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


WAITING = (Status.DRAFT, Status.IN_REVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How a version came about; the values are those of `editing_tables.version_flow`."""

    base_number: int = 0
    previous_number: int = 0
    why: str = ""
    authors: tuple[str, ...] = ()
    publish_on: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One step of a version."""

    at: datetime
    actor: str
    step: Step
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A version with its story. flow: None for what an import or the terminal wrote."""

    id: int
    stored: StoredVersion
    flow: Flow | None
    steps: tuple[Taken, ...]

    @property
    def authors(self) -> tuple[str, ...]:
        """Everybody who wrote of it."""
        return self.flow.authors if self.flow else (self.stored.created_by,)

    @property
    def written(self) -> Written:
        """What it says."""
        return self.stored.decoded()

    def scheduled(self, today: date) -> bool:
        """True for what is approved and begins later."""
        first = self.stored.effective_from
        return self.stored.status is Status.PUBLISHED and first is not None and first > today


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What answers now, or would if its day had come. number: grows with every change; 0 and None: nothing does."""

    number: int = 0
    written: Written | None = None


def kind_and_code(ref: str) -> tuple[Kind, str]:
    """A procedure's code or "faq:ID" as the tables name it."""
    if ref.startswith(FAQ_PREFIX):
        return Kind.FAQ, ref.removeprefix(FAQ_PREFIX)
    return Kind.PROCEDURE, ref


def ref_of(kind: Kind, code: str) -> str:
    """The entry that a kind and a code speak of, as it is shown outside."""
    return FAQ_PREFIX + code if kind is Kind.FAQ else code


async def published(session: AsyncSession, kind: Kind, code: str, today: date) -> Published:
    """What is published of an entry: what is in force on this day, else what begins next."""
    if kind is Kind.OVERLAY:
        rows = await session.execute(select(overlay).where(overlay.c.code == code).order_by(overlay.c.number))
        known = [(row.number, overlay_from_json(row.body)) for row in rows]
        return Published(number=known[-1][0], written=known[-1][1]) if known else Published()
    if kind is Kind.PHRASES:
        found = (await session.execute(select(alias.c.id, alias.c.phrase).where(alias.c.ref == code))).all()
        said = Phrases(ref=code, phrases=tuple(row.phrase for row in sorted(found)))
        return Published(number=max((row.id for row in found), default=0), written=said if found else None)
    all_ = await all_versions(session, kind, code, (Status.PUBLISHED,))
    standing = [one for one in all_ if one.stored.effective_to is None or one.stored.effective_to >= today]
    now = [one for one in standing if not one.scheduled(today)]
    best = max(now, key=lambda one: one.stored.number) if now else min(standing, key=_first, default=None)
    return Published(number=best.stored.number, written=best.written) if best else Published()


def nothing(kind: Kind, code: str) -> Written | None:
    """What the office has added where it has added nothing; None for entries, which do not begin empty."""
    if kind is Kind.OVERLAY:
        return LocalOverlay(code=code)
    return Phrases(ref=code, phrases=()) if kind is Kind.PHRASES else None


async def all_versions(
    session: AsyncSession, kind: Kind, code: str, statuses: Iterable[Status] = tuple(Status)
) -> list[Told]:
    """The versions of an entry with these statuses, the newest first, each with its story."""
    query = _told().where(entry.c.kind == kind, entry.c.code == code, version.c.status.in_(tuple(statuses)))
    return await _read(session, query.order_by(version.c.number.desc()))


async def one_version(session: AsyncSession, kind: Kind, code: str, number: int) -> Told | None:
    """One version by its number; None where there is none."""
    query = _told().where(entry.c.kind == kind, entry.c.code == code, version.c.number == number)
    return next(iter(await _read(session, query)), None)


async def by_id(session: AsyncSession, version_id: int) -> Told | None:
    """One version by the number of its row; None where there is none."""
    return next(iter(await _read(session, _told().where(version.c.id == version_id))), None)


async def returned(session: AsyncSession) -> int:
    """How many drafts of this desk were sent back and wait to be mended."""
    back = select(version_step.c.version_id).where(version_step.c.step == Step.RETURNED)
    query = select(func.count()).select_from(version).where(version.c.status == Status.DRAFT, version.c.id.in_(back))
    return await session.scalar(query) or 0


async def own_draft(session: AsyncSession, kind: Kind, code: str) -> Told | None:
    """The one version of this entry that somebody at the desk is writing or has sent in."""
    return next((one for one in await all_versions(session, kind, code, WAITING) if one.flow), None)


async def waiting(
    session: AsyncSession, status: Status, *, written: bool, limit: int, offset: int = 0
) -> tuple[list[Told], int]:
    """Versions that wait, oldest first, and how many there are. written: at the desk, else by imports."""
    made_here = version_flow.c.version_id.is_not(None)
    condition = (version.c.status == status, made_here if written else ~made_here)
    return await _some(session, condition, limit, offset)


async def scheduled(session: AsyncSession, today: date, *, limit: int, offset: int = 0) -> tuple[list[Told], int]:
    """What is approved and begins later, and how much there is of it."""
    return await _some(session, (version.c.status == Status.PUBLISHED, version.c.effective_from > today), limit, offset)


async def to_look_at(session: AsyncSession) -> list[Told]:
    """Urgent corrections that nobody else has looked at since they were published, the oldest first."""
    looked = select(version_step.c.version_id).where(version_step.c.step == Step.LOOKED)
    urgent = select(version_step.c.version_id).where(
        version_step.c.step == Step.URGENT, version_step.c.version_id.not_in(looked)
    )
    return await _read(session, _told().where(version.c.id.in_(urgent)).order_by(version.c.published_at))


def same(one: Written, other: Written) -> bool:
    """True where both say the same, up to the day on which it was read."""
    return to_json(one) == to_json(other)


async def _some(session: AsyncSession, condition: Any, limit: int, offset: int) -> tuple[list[Told], int]:
    joined = version.outerjoin(version_flow, version_flow.c.version_id == version.c.id)
    total = await session.scalar(select(func.count()).select_from(joined).where(*condition))
    query = _told().where(*condition).order_by(version.c.created_at, version.c.id).limit(limit).offset(offset)
    return await _read(session, query), total or 0


def _first(one: Told) -> date:
    return one.stored.effective_from or date.min


def _told() -> Select[Any]:
    joined = version.join(entry).outerjoin(version_flow, version_flow.c.version_id == version.c.id)
    return select(
        entry.c.kind,
        entry.c.code,
        version,
        version_flow.c.version_id,
        version_flow.c.base_number,
        version_flow.c.previous_number,
        version_flow.c.why,
        version_flow.c.authors,
        version_flow.c.publish_on,
        version_flow.c.origin,
    ).select_from(joined)


async def _read(session: AsyncSession, query: Select[Any]) -> list[Told]:
    rows = (await session.execute(query)).mappings().all()
    steps: dict[int, list[Taken]] = defaultdict(list)
    mine = version_step.c.version_id.in_([row["id"] for row in rows])
    for row in await session.execute(select(version_step).where(mine).order_by(version_step.c.id)):
        steps[row.version_id].append(Taken(at=row.at, actor=row.actor, step=Step(row.step), said=row.said))
    return [
        Told(id=row["id"], stored=stored_version(row), flow=_flow(row), steps=tuple(steps[row["id"]])) for row in rows
    ]


def _flow(row: Any) -> Flow | None:
    if row["version_id"] is None:
        return None
    return Flow(
        base_number=row["base_number"],
        previous_number=row["previous_number"],
        why=row["why"],
        authors=tuple(row["authors"].split()),
        publish_on=row["publish_on"],
        origin=row["origin"],
    )


def read_body(kind: Kind, body: str | bytes) -> Written:
    """What was stored under this kind. Raises pydantic.ValidationError."""
    return decoder(kind)(body if isinstance(body, bytes) else body.encode())
