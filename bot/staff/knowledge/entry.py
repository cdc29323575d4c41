"""One entry: what it says now and on each channel, what waits, and every version with who, when and why."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.knowledge.fields import FORMS, KIND_NAMES, name_of, parts_of, shown_parts
from bot.staff.knowledge.listing import ADDRESS
from bot.staff.knowledge.preview import ASPECTS, Previews, reply_of
from bot.staff.page import ANY_ROLE, Page, Section
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.office_settings import is_small_office
from knowledge.entries import Faq, Procedure
from knowledge.serialising import Written
from knowledge.staleness import stale_caution
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status
from knowledge.versions import (
    WAITING,
    Published,
    Step,
    Told,
    all_versions,
    kind_and_code,
    nothing,
    one_version,
    published,
)
from knowledge.wording import WordChange, word_changes

ENTRIES = f"{ADDRESS}/muc"
ONE = ENTRIES + "/{ref}"
LONGEST_REF = 70
STATUS_NAMES = {
    Status.DRAFT: "Bản nháp",
    Status.IN_REVIEW: "Chờ duyệt",
    Status.PUBLISHED: "Đã công bố",
    Status.EXPIRED: "Hết hiệu lực",
    Status.REPLACED: "Đã thay",
}
STEP_NAMES = {
    Step.SAVED: "Lưu",
    Step.SENT: "Gửi duyệt",
    Step.RETURNED: "Trả lại",
    Step.APPROVED: "Duyệt",
    Step.URGENT: "Công bố khẩn",
    Step.LOOKED: "Xem lại bản khẩn",
    Step.WITHDRAWN: "Rút",
    Step.DISCARDED: "Bỏ",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things that make up an entry. waits: its drafts, newest first; told: all its versions."""

    kind: Kind
    code: str
    now: Published
    told: list[Told]

    @property
    def name(self) -> str:
        """As people read it."""
        return KIND_NAMES[self.kind]

    @property
    def waits(self) -> list[Told]:
        """What is being written or waits for approval."""
        return [one for one in self.told if one.stored.status in WAITING]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What is published, field by field."""
        return shown_parts(self.kind, self.now.written) if self.now.written else []


def section(room: Room) -> Section:
    """The pages."""
    previews = Previews(room.profile)
    return Section(
        pages=(
            Page(address=ONE, answer=partial(show, room, previews), roles=ANY_ROLE),
            Page(address=ONE + "/ban/{kind}/{number}", answer=partial(show_version, room, previews), roles=ANY_ROLE),
        )
    )


def address_of(ref: str) -> str:
    """The page of an entry."""
    return f"{ENTRIES}/{quote(ref, safe=':')}"


def version_address(told: Told) -> str:
    """The page of one version."""
    stored = told.stored
    ref = f"faq:{stored.code}" if stored.kind is Kind.FAQ else stored.code
    return f"{address_of(ref)}/ban/{stored.kind.value}/{stored.number}"


async def show(room: Room, previews: Previews, visit: Visit) -> Response:
    """One entry whole."""
    ref = ref_part(visit)
    today, letters = calendar_day(visit.now), visit.query("phan")
    async with room.sessions() as session:
        sides = await sides_of(session, ref, today)
        small = await is_small_office(session)
        main = sides[0]
        said = main.now.written or (main.told[0].written if main.told else None)
        reply = await reply_of(session, room.base(), main.kind, said, today, letters) if said else None
    if said is None:
        raise HTTPException(404)
    drafted = main.waits[0].written if main.waits else None
    return visit.page(
        "knowledge_entry.html",
        ref=ref,
        here=address_of(ref),
        name=name_of(said) or ref,
        drafted_name=name_of(drafted) if drafted else "",
        sides=sides,
        main=main,
        parts=parts_of(main.kind),
        caution=_caution(said, today, room.profile.confirm_days),
        shown=previews.of(reply, visit.now) if reply and main.now.written else None,
        aspects=ASPECTS if main.kind is Kind.PROCEDURE else [],
        letters=letters,
        small=small,
        today=today,
        status_name=status_name,
        version_address=version_address,
        url_kinds=FORMS,
    )


async def show_version(room: Room, previews: Previews, visit: Visit) -> Response:
    """One version with what it says otherwise than what is published, or than the one before it."""
    ref, number = ref_part(visit), whole(visit.part("number"))
    kind = _kind(visit.part("kind"))
    main, code = kind_and_code(ref)
    if number is None or kind is None or (kind in (Kind.FAQ, Kind.PROCEDURE) and kind is not main):
        raise HTTPException(404)
    today, letters = calendar_day(visit.now), visit.query("phan")
    async with room.sessions() as session:
        told = await one_version(session, kind, _stored_code(kind, ref, code), number)
        if told is None:
            raise HTTPException(404)
        now = await published(session, kind, told.stored.code, today)
        before = await _before(session, told, now)
        reply = await reply_of(session, room.base(), kind, told.written, today, letters)
        small = await is_small_office(session)
    return visit.page(
        "knowledge_version.html",
        ref=ref,
        here=address_of(ref),
        page=version_address(told),
        told=told,
        now=now,
        name=name_of(told.written) or ref,
        kind_name=KIND_NAMES[kind],
        changes=changes_between(before, told.written),
        first=before is None,
        fields=shown_parts(kind, told.written),
        moved=bool(told.flow and told.stored.status in WAITING and told.flow.base_number != now.number),
        own=visit.me.name in told.authors,
        shown=previews.of(reply, visit.now) if reply else None,
        aspects=ASPECTS if kind in (Kind.PROCEDURE, Kind.OVERLAY) else [],
        letters=letters,
        small=small,
        today=today,
        status_name=status_name,
        step_names=STEP_NAMES,
    )


async def sides_of(session: AsyncSession, ref: str, today: date) -> list[Side]:
    """The entry itself, then what the office adds to it."""
    kind, code = kind_and_code(ref)
    kinds = [(kind, code)]
    if kind is Kind.PROCEDURE:
        kinds += [(Kind.OVERLAY, code), (Kind.PHRASES, code)]
    return [
        Side(one, key, await published(session, one, key, today), await all_versions(session, one, key))
        for one, key in kinds
    ]


def changes_between(before: Written | None, after: Written) -> list[WordChange]:
    """The parts that differ, word by word; none where there was nothing before."""
    return word_changes(before, after) if before is not None else []


def status_name(told: Told, today: date) -> str:
    """Where a version stands, as people read it."""
    if told.scheduled(today):
        return f"Đã duyệt, từ {told.stored.effective_from:%d/%m/%Y}"
    stored = told.stored
    if stored.status is Status.PUBLISHED and stored.effective_to and stored.effective_to < today:
        return STATUS_NAMES[Status.EXPIRED]
    if stored.status is Status.REPLACED and stored.published_at is None:
        return "Bản nháp cũ" if not told.steps or told.steps[-1].step is Step.SAVED else "Đã bỏ"
    return STATUS_NAMES[stored.status]


def ref_part(visit: Visit) -> str:
    """The entry that the address names. Raises HTTPException 404 for what cannot be one."""
    ref = visit.part("ref")
    if not ref or len(ref) > LONGEST_REF or not ref.isprintable():
        raise HTTPException(404)
    return ref


def _kind(word: str) -> Kind | None:
    return Kind(word) if word in {kind.value for kind in FORMS} else None


def _stored_code(kind: Kind, ref: str, code: str) -> str:
    return ref if kind is Kind.PHRASES else code


async def _before(session: AsyncSession, told: Told, now: Published) -> Written | None:
    """What a version is compared with: what is published where it waits, else what was published before it."""
    stored = told.stored
    if stored.status in WAITING:
        return now.written or nothing(stored.kind, stored.code)
    earlier = [
        one
        for one in await all_versions(session, stored.kind, stored.code)
        if one.stored.number < stored.number and one.stored.published_at is not None
    ]
    if earlier:
        return earlier[0].written
    return nothing(stored.kind, stored.code) if stored.kind in (Kind.OVERLAY, Kind.PHRASES) else None


def _caution(said: Written, today: date, confirm_days: int) -> str:
    return stale_caution(said, today, confirm_days) if isinstance(said, Faq | Procedure) else ""
