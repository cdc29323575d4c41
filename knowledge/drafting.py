"""Writes drafts of what the desk shall say, so that nobody's words are lost and everybody who wrote is known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.editing_tables import version_flow, version_step
from knowledge.entries import FAQ_PREFIX, Faq, Phrases, Procedure
from knowledge.importing.sheets.cells import made_id
from knowledge.revising import claim
from knowledge.serialising import Written, content_hash, to_json
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status, entry, version
from knowledge.text import clean
from knowledge.versions import (
    WAITING,
    Published,
    Step,
    Told,
    kind_and_code,
    nothing,
    one_version,
    own_draft,
    published,
    same,
)

SOURCE = "bàn cán bộ"
"""The source of what is written at the staff desk."""
LONGEST_WAY = 200
UNCHANGED = "Chưa có gì khác với bản đang công bố."
NO_ENTRY = "Không có mục này."
TAKEN = "Đã có câu hỏi mang mã “{id}”. Hãy mở mục ấy để sửa, hoặc đặt mã khác."
NOT_WAITING = "Bản này không còn chờ: đã có người sửa, duyệt hoặc bỏ. Hãy mở lại mục để xem."
NO_WHY = "Hãy ghi lý do."
NO_WAY = "Hãy ghi ít nhất một cách hỏi, mỗi cách dài nhất 200 ký tự."
KNOWN_WAYS = "Các cách hỏi này đã có rồi."
TOO_SOON = "Ngày hết hiệu lực phải sau ngày bắt đầu."


class DraftProblem(Exception):
    """What was asked for cannot be done; nothing was written. The message is Vietnamese."""


class Overtaken(Exception):
    """Somebody else changed the entry since it was opened. draft, now: how it stands."""

    def __init__(self, draft: Told | None, now: Published) -> None:
        super().__init__("the entry has changed since it was opened")
        self.draft, self.now = draft, now

    @property
    def written(self) -> Written | None:
        """What somebody else made of it."""
        return self.draft.written if self.draft else self.now.written


async def save_draft(
    session: AsyncSession,
    kind: Kind,
    shall: Written,
    *,
    by: str,
    why: str,
    now: datetime,
    seen_draft: int,
    seen_base: int,
    publish_on: date | None = None,
    origin: str = "",
) -> int:
    """Keeps what an entry shall say as a new draft in place of the one before; returns its number.

    seen_draft, seen_base: numbers of the draft and of what was published when the writer opened it, 0 = none; a draft
    of an import may be taken up as well. Raises Overtaken where either has changed since, DraftProblem.
    """
    await claim(session)
    code, today = code_of(shall), calendar_day(now)
    draft, base = await own_draft(session, kind, code), await published(session, kind, code, today)
    taken_up = draft
    if draft is None and seen_draft:
        other = await one_version(session, kind, code, seen_draft)
        taken_up = other if other and not other.flow and other.stored.status in WAITING else None
    if (taken_up.stored.number if taken_up else 0) != seen_draft or base.number != seen_base:
        raise Overtaken(draft, base)
    before = base.written or nothing(kind, code)
    # Taking up what differs and making it say what is published again is a way of giving up: told, not stored.
    if before is not None and same(before, shall):
        raise DraftProblem(UNCHANGED)
    _check_days(shall)
    if draft and same(draft.written, shall) and draft.flow and draft.flow.publish_on == publish_on:
        return draft.stored.number
    authors = dict.fromkeys((*(draft.authors if draft else ()), by))
    number, made = await _insert(session, kind, code, shall, by=by, now=now)
    if taken_up:
        await session.execute(
            update(version).where(version.c.id == taken_up.id).values(status=Status.REPLACED, closed_at=now)
        )
    values = {
        "version_id": made,
        "base_number": base.number,
        "previous_number": taken_up.stored.number if taken_up else 0,
        "why": why.strip(),
        "authors": " ".join(authors),
        "publish_on": publish_on,
        "origin": (origin or (draft.flow.origin if draft and draft.flow else ""))[:100],
    }
    await session.execute(insert(version_flow).values(values))
    await add_step(session, made, Step.SAVED, by, why, now)
    return number


async def draft_faq(
    session: AsyncSession, faq: Faq, *, by: str, why: str, now: datetime, origin: str = "", send: bool = False
) -> int:
    """Begins the draft of a new question of the FAQ base; returns the number of its version.

    For every page that makes a question out of something (a citizen's question, a document). faq.id "" = made from the
    question; origin: what gave rise to it ("question:12"); send: it goes to the approvers at once. The caller's
    transaction also writes the audit line. Raises DraftProblem where the id is taken.
    """
    faq = with_id(faq)
    if await known(session, Kind.FAQ, faq.id):
        raise DraftProblem(TAKEN.format(id=faq.id))
    number = await save_draft(session, Kind.FAQ, faq, by=by, why=why, now=now, seen_draft=0, seen_base=0, origin=origin)
    if send:
        await send_in(session, Kind.FAQ, faq.id, number, by=by, now=now)
    return number


async def draft_more_ways(
    session: AsyncSession,
    ref: str,
    ways: Iterable[str],
    *,
    by: str,
    why: str,
    now: datetime,
    origin: str = "",
    send: bool = False,
) -> tuple[Kind, str, int]:
    """Adds ways to ask for an entry as a draft; returns kind, code and number of the version.

    ref: a procedure's code or "faq:ID". A question gets them among its own ways, a procedure among the people's words
    for it; both beside what a waiting draft adds already, whose writer stays an author. origin, send: as in
    `draft_faq`. Raises DraftProblem for an unknown entry and for ways that are all known.
    """
    said = tuple(dict.fromkeys(filter(None, map(clean, ways))))
    if not said or any(len(way) > LONGEST_WAY for way in said):
        raise DraftProblem(NO_WAY)
    kind, code = kind_and_code(ref)
    await claim(session)
    today = calendar_day(now)
    base, draft = await published(session, kind, code, today), await own_draft(session, kind, code)
    if base.written is None and draft is None:
        raise DraftProblem(NO_ENTRY)
    if kind is Kind.PROCEDURE:
        kind = Kind.PHRASES
        base, draft = await published(session, kind, code, today), await own_draft(session, kind, code)
    shall = draft.written if draft else base.written or nothing(kind, code)
    longer = _with_ways(shall, said)
    if longer == shall:
        raise DraftProblem(KNOWN_WAYS)
    number = await save_draft(
        session,
        kind,
        longer,
        by=by,
        why=why,
        now=now,
        seen_draft=draft.stored.number if draft else 0,
        seen_base=base.number,
        publish_on=draft.flow.publish_on if draft and draft.flow else None,
        origin=origin,
    )
    if send:
        await send_in(session, kind, code, number, by=by, now=now)
    return kind, code, number


async def send_in(session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, now: datetime) -> None:
    """Sends a draft to the approvers. Raises DraftProblem."""
    told = await waiting_version(session, kind, code, number, Status.DRAFT)
    await session.execute(update(version).where(version.c.id == told.id).values(status=Status.IN_REVIEW))
    await add_step(session, told.id, Step.SENT, by, "", now)


async def send_back(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, said: str, now: datetime
) -> None:
    """Gives a version in review back to its writers, with the reason. Raises DraftProblem."""
    if not said.strip():
        raise DraftProblem(NO_WHY)
    told = await waiting_version(session, kind, code, number, Status.IN_REVIEW)
    await session.execute(update(version).where(version.c.id == told.id).values(status=Status.DRAFT))
    await add_step(session, told.id, Step.RETURNED, by, said, now)


async def discard(
    session: AsyncSession, kind: Kind, code: str, number: int, *, by: str, said: str, now: datetime
) -> None:
    """Gives up a version that waits; it stays in the history. Raises DraftProblem."""
    told = await waiting_version(session, kind, code, number, *WAITING)
    await session.execute(update(version).where(version.c.id == told.id).values(status=Status.REPLACED, closed_at=now))
    await add_step(session, told.id, Step.DISCARDED, by, said, now)


async def waiting_version(session: AsyncSession, kind: Kind, code: str, number: int, *statuses: Status) -> Told:
    """A version that has one of these statuses, held until the transaction ends. Raises DraftProblem."""
    await claim(session)
    told = await one_version(session, kind, code, number)
    if told is None or told.stored.status not in statuses:
        raise DraftProblem(NOT_WAITING)
    return told


async def add_step(session: AsyncSession, version_id: int, step: Step, actor: str, said: str, now: datetime) -> None:
    """Writes down what was done to a version."""
    values = {"version_id": version_id, "at": now, "actor": actor[:40], "step": step, "said": said.strip()}
    await session.execute(insert(version_step).values(values))


async def known(session: AsyncSession, kind: Kind, code: str) -> bool:
    """True if an entry of this code was ever written."""
    return bool(await session.scalar(select(entry.c.id).where(entry.c.kind == kind, entry.c.code == code)))


def retired(shall: Written, day: date) -> Written:
    """The same as it shall stand when it no longer counts from `day` on. Raises DraftProblem."""
    if not isinstance(shall, Faq | Procedure):
        raise DraftProblem("Chỉ bãi bỏ được thủ tục và câu hỏi.")
    last = day - timedelta(days=1)
    first = shall.effective_from
    # Without days between first and last it never counts, which is what was asked for.
    return replace(shall, effective_to=last, effective_from=first if first is None or first <= last else None)


def code_of(shall: Written) -> str:
    """The code under which it is stored."""
    if isinstance(shall, Phrases):
        return shall.ref
    return str(getattr(shall, "id", "") or getattr(shall, "code", ""))


def with_id(faq: Faq) -> Faq:
    """The question with an id, made from its words where it has none."""
    return faq if faq.id else replace(faq, id=made_id(faq.question))


def _with_ways(shall: Written | None, said: tuple[str, ...]) -> Written:
    if isinstance(shall, Faq):
        asked = {shall.question, *shall.variants}
        return replace(shall, variants=(*shall.variants, *(way for way in said if way not in asked)))
    if isinstance(shall, Phrases):
        return replace(shall, phrases=tuple(dict.fromkeys((*shall.phrases, *said))))
    raise DraftProblem(NO_ENTRY)


def _check_days(shall: Written) -> None:
    first, last = getattr(shall, "effective_from", None), getattr(shall, "effective_to", None)
    if first and last and last < first:
        raise DraftProblem(TOO_SOON)


async def _insert(
    session: AsyncSession, kind: Kind, code: str, shall: Written, *, by: str, now: datetime
) -> tuple[int, int]:
    entry_id = await session.scalar(select(entry.c.id).where(entry.c.kind == kind, entry.c.code == code))
    if entry_id is None:
        made = await session.execute(insert(entry).values(kind=kind, code=code).returning(entry.c.id))
        entry_id = made.scalar_one()
    last = await session.scalar(select(func.max(version.c.number)).where(version.c.entry_id == entry_id))
    values: dict[str, Any] = {
        "entry_id": entry_id,
        "number": (last or 0) + 1,
        "status": Status.DRAFT,
        "effective_from": getattr(shall, "effective_from", None),
        "effective_to": getattr(shall, "effective_to", None),
        "body": to_json(shall).decode(),
        "content_hash": content_hash(shall),
        "review_reasons": "[]",
        "decision": getattr(shall, "decision_number", "")[:200],
        "source": SOURCE,
        "created_at": now,
        "created_by": by,
    }
    inserted = await session.execute(insert(version).values(values).returning(version.c.id))
    return values["number"], inserted.scalar_one()


__all__ = ["FAQ_PREFIX", "DraftProblem", "Overtaken", "draft_faq", "draft_more_ways", "save_draft"]
