"""Writing: a question whole, a procedure part by part, what the office adds; looked at before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.knowledge.entry import ONE, address_of, changes_between, ref_part
from bot.staff.knowledge.fields import FORMS, KIND_NAMES, PARTS, Field, fields_of, name_of, parts_of, read, typed
from bot.staff.knowledge.listing import ADDRESS
from bot.staff.knowledge.preview import Previews, reply_of
from bot.staff.page import Page, Section, roles
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.office_settings import is_small_office
from bot.storage.staff import Role
from knowledge.approving import publish_urgently
from knowledge.drafting import DraftProblem, Overtaken, code_of, draft_faq, save_draft, send_in, with_id
from knowledge.entries import Faq
from knowledge.importing.reading import Refusal
from knowledge.serialising import Written
from knowledge.store import calendar_day, get_version
from knowledge.tables import Kind
from knowledge.versions import (
    WAITING,
    Published,
    Told,
    kind_and_code,
    nothing,
    one_version,
    own_draft,
    published,
    ref_of,
)
from knowledge.wording import Clash, merged

WHO = roles(Role.EDITOR)
EDIT = ONE + "/sua/{kind}"
NEW = f"{ADDRESS}/moi"
EMPTY = Faq(id="", question="", answer="", topic="")
NO_WHY = "Hãy ghi lý do sửa: người duyệt và người sau cần biết vì sao."
CHANGED = (
    "Trong lúc Anh/Chị sửa, {who} đã lưu một bản khác của mục này. Chưa ghi đè gì: phần chỉ một người sửa đã được gộp; "
    "phần cả hai cùng sửa hiện cả hai bản bên dưới để Anh/Chị chọn rồi lưu lại."
)
PUBLISHED_MEANWHILE = "một bản khác đã được công bố"
NOT_SMALL = "Công bố khẩn chỉ dùng khi quản trị viên đã bật cách làm của cơ quan nhỏ."
DOES = {"luu": "save", "gui": "send", "xem": "look", "khan": "urgent"}


@dataclass(frozen=True, slots=True)
class Opened:
    """What somebody is writing on. draft, base: numbers of what they have before them; came: why it was merged."""

    kind: Kind
    ref: str
    said: Written
    draft: int
    base: int
    publish_on: date | None = None
    clashes: Sequence[Clash] = ()
    came: str = ""


def section(room: Room) -> Section:
    """The pages."""
    previews = Previews(room.profile)
    return Section(
        pages=(
            Page(address=NEW, answer=partial(begin, room), roles=WHO),
            Page(address=NEW, answer=partial(make, room, previews), roles=WHO, method="POST"),
            Page(address=EDIT, answer=partial(show, room), roles=WHO),
            Page(address=EDIT, answer=partial(save, room, previews), roles=WHO, method="POST"),
        )
    )


async def begin(room: Room, visit: Visit) -> Response:
    """The form of a new question."""
    return await _form(room, visit, Opened(Kind.FAQ, "", EMPTY, 0, 0), _new_fields())


async def make(room: Room, previews: Previews, visit: Visit) -> Response:
    """A new question: looked at, kept or sent in."""
    opened, fields = Opened(Kind.FAQ, "", EMPTY, 0, 0), typed(_new_fields(), visit.form)
    try:
        faq = with_id(_new_faq(visit))
    except Refusal as refusal:
        return await _form(room, visit, opened, fields, problem=f"{refusal.field}: {refusal.reason}.")
    does = DOES.get(visit.form.text("viec"), "look")
    if does == "look":
        return await _form(room, visit, opened, fields, look=faq, previews=previews)
    why = visit.form.text("ly_do") or "Câu hỏi mới"
    try:
        async with room.sessions.begin() as session:
            number = await draft_faq(session, faq, by=visit.me.name, why=why, now=visit.now)
            await _further(session, visit, does, Kind.FAQ, faq.id, number, why)
    except DraftProblem as problem:
        return await _form(room, visit, opened, fields, problem=str(problem))
    return visit.go(address_of(f"faq:{faq.id}"), _done(does))


async def show(room: Room, visit: Visit) -> Response:
    """The form over the draft that there is, else over what is published; `ban`: over an older version or a draft."""
    async with room.sessions() as session:
        opened = await _opened(session, visit)
    return await _form(room, visit, opened, fields_of(opened.kind, opened.said, _part(visit)))


async def save(room: Room, previews: Previews, visit: Visit) -> Response:
    """Looked at, kept as a draft, sent in or, in a small office, published at once."""
    form, part = visit.form, _part(visit)
    does = DOES.get(form.text("viec"), "look")
    async with room.sessions() as session:
        kind, ref, code = _named(visit)
        started = await _started(session, visit, kind, code)
    if started is None:
        raise HTTPException(404)
    draft, base = form.number("ban_nhap") or 0, form.number("ban_goc") or 0
    on = day_of(form.text("tu_ngay"))
    opened = Opened(kind, ref, started, draft, base, on)
    fields = typed(fields_of(kind, started, part), form)
    try:
        shall = read(kind, started, form, part)
    except Refusal as refusal:
        return await _form(room, visit, opened, fields, problem=f"{refusal.field}: {refusal.reason}.")
    if does == "look":
        return await _form(room, visit, opened, fields, look=shall, previews=previews)
    why = form.text("ly_do")
    if not why:
        return await _form(room, visit, opened, fields, problem=NO_WHY)
    try:
        async with room.sessions.begin() as session:
            number = await save_draft(
                session,
                kind,
                shall,
                by=visit.me.name,
                why=why,
                now=visit.now,
                seen_draft=draft,
                seen_base=base,
                publish_on=on,
            )
            await _further(session, visit, does, kind, code, number, why)
    except DraftProblem as problem:
        return await _form(room, visit, opened, fields, problem=str(problem))
    except Overtaken as overtaken:
        return await _both(room, visit, opened, shall, started, overtaken)
    return visit.go(address_of(ref), _done(does))


async def _both(
    room: Room, visit: Visit, opened: Opened, shall: Written, started: Written, overtaken: Overtaken
) -> Response:
    """The form again with what somebody else made of the entry, and both texts where both changed the same part."""
    theirs = overtaken.written or nothing(opened.kind, code_of(shall)) or started
    # Without what both began from every difference is shown; what was begun from is what this form was filled with.
    whole, clashes = merged(started, shall, theirs)
    draft = overtaken.draft
    who = draft.stored.created_by if draft else PUBLISHED_MEANWHILE
    again = Opened(
        opened.kind,
        opened.ref,
        whole,
        draft.stored.number if draft else 0,
        overtaken.now.number,
        opened.publish_on,
        clashes,
        CHANGED.format(who=who),
    )
    part = "" if _part(visit) and any(clash.field not in PARTS[_part(visit)][1] for clash in clashes) else _part(visit)
    return await _form(room, visit, again, fields_of(opened.kind, whole, part), status=409)


async def _further(
    session: AsyncSession, visit: Visit, does: str, kind: Kind, code: str, number: int, why: str
) -> None:
    """What is done with a draft that was just kept, and the record of it."""
    by, subject, detail = visit.me.name, ref_of(kind, code), {"kind": kind.value, "version": number}
    if does == "urgent":
        if not await is_small_office(session):
            raise DraftProblem(NOT_SMALL)
        await publish_urgently(session, kind, code, number, by=by, why=why, now=visit.now)
        await note(session, visit.deed("entry.urgent", subject, detail), visit.now)
        return
    if does == "send":
        await send_in(session, kind, code, number, by=by, now=visit.now)
        await note(session, visit.deed("entry.send", subject, detail), visit.now)
        return
    await note(session, visit.deed("entry.draft", subject, detail), visit.now)


def _done(does: str) -> str:
    return {"send": "da-gui", "urgent": "da-khan"}.get(does, "da-luu")


async def _opened(session: AsyncSession, visit: Visit) -> Opened:
    """What the form begins with. Raises HTTPException 404 for what is not there."""
    kind, ref, code = _named(visit)
    base = await published(session, kind, code, calendar_day(visit.now))
    draft = await own_draft(session, kind, code)
    number = visit.number("ban", 0)
    chosen = await one_version(session, kind, code, number) if number else None
    if chosen and not draft and not chosen.flow and chosen.stored.status in WAITING:
        return Opened(kind, ref, chosen.written, number, base.number)
    said = chosen.written if chosen else None
    if draft and said is None:
        return await _onto(session, Opened(kind, ref, draft.written, draft.stored.number, base.number), draft, base)
    said = said or base.written or nothing(kind, code)
    if said is None or (kind in (Kind.OVERLAY, Kind.PHRASES) and not await _is_procedure(session, visit, ref)):
        raise HTTPException(404)
    return Opened(kind, ref, said, draft.stored.number if draft else 0, base.number)


async def _onto(session: AsyncSession, opened: Opened, draft: Told, base: Published) -> Opened:
    """A draft brought onto what was published since it was begun."""
    flow = draft.flow
    on = flow.publish_on if flow else None
    if flow is None or flow.base_number == base.number or base.written is None:
        return Opened(opened.kind, opened.ref, opened.said, opened.draft, opened.base, on)
    began = None
    if opened.kind in (Kind.FAQ, Kind.PROCEDURE):
        before = await get_version(session, opened.kind, draft.stored.code, flow.base_number)
        began = before.decoded() if before else None
    whole, clashes = merged(began, draft.written, base.written)
    return Opened(
        opened.kind,
        opened.ref,
        whole,
        opened.draft,
        opened.base,
        on,
        clashes,
        CHANGED.format(who=PUBLISHED_MEANWHILE),
    )


async def _started(session: AsyncSession, visit: Visit, kind: Kind, code: str) -> Written | None:
    """What the form that was sent had been filled with; its numbers say so."""
    form = visit.form
    shown = form.number("ban_hien") or form.number("ban_nhap") or 0
    if shown and (told := await one_version(session, kind, code, shown)):
        if not told.flow or shown != form.number("ban_nhap"):
            return told.written
        now = await published(session, kind, code, calendar_day(visit.now))
        return (await _onto(session, Opened(kind, code, told.written, shown, now.number), told, now)).said
    number = form.number("ban_goc") or 0
    if number and kind in (Kind.FAQ, Kind.PROCEDURE) and (stored := await get_version(session, kind, code, number)):
        return stored.decoded()
    now = await published(session, kind, code, calendar_day(visit.now))
    if kind in (Kind.OVERLAY, Kind.PHRASES) and not await _is_procedure(session, visit, code):
        return None
    return now.written or nothing(kind, code)


async def _is_procedure(session: AsyncSession, visit: Visit, code: str) -> bool:
    if (await published(session, Kind.PROCEDURE, code, calendar_day(visit.now))).written:
        return True
    return await own_draft(session, Kind.PROCEDURE, code) is not None


async def _form(
    room: Room,
    visit: Visit,
    opened: Opened,
    fields: Sequence[Field],
    *,
    problem: str = "",
    status: int = 200,
    look: Written | None = None,
    previews: Previews | None = None,
) -> Response:
    values: dict[str, Any] = {"shown": None, "changes": []}
    async with room.sessions() as session:
        small = await is_small_office(session)
        if look is not None and previews is not None:
            today = calendar_day(visit.now)
            reply = await reply_of(session, room.base(), opened.kind, look, today)
            values["shown"] = previews.of(reply, visit.now) if reply else None
            now = await published(session, opened.kind, code_of(look), today)
            values["changes"] = changes_between(now.written or nothing(opened.kind, code_of(look)), look)
    part = _part(visit)
    return visit.page(
        "knowledge_edit.html",
        status=status if not problem else 422,
        problem=problem or opened.came,
        opened=opened,
        here=address_of(opened.ref) if opened.ref else "",
        action=f"{address_of(opened.ref)}/sua/{opened.kind.value}" if opened.ref else NEW,
        name=name_of(opened.said) or opened.ref,
        kind_name=KIND_NAMES[opened.kind],
        fields=fields,
        part=part,
        part_name=PARTS[part][0] if part in PARTS else "",
        parts=parts_of(opened.kind) if opened.ref else [],
        shown_version=_shown_version(visit, opened),
        why=visit.form.text("ly_do"),
        on=visit.form.text("tu_ngay") or (opened.publish_on.isoformat() if opened.publish_on else ""),
        looked=look is not None,
        small=small,
        **values,
    )


def _shown_version(visit: Visit, opened: Opened) -> int:
    """The version whose text fills the form, where it is neither the draft nor what is published; 0 else."""
    if opened.came:
        return 0
    return visit.form.number("ban_hien") or visit.number("ban", 0)


def _part(visit: Visit) -> str:
    part = visit.form.text("phan") or visit.query("phan")
    return part if part in PARTS and visit.request.path_params.get("kind") == Kind.PROCEDURE.value else ""


def _named(visit: Visit) -> tuple[Kind, str, str]:
    """Kind, entry and code that the address names. Raises HTTPException 404."""
    ref, word = ref_part(visit), visit.part("kind")
    main, code = kind_and_code(ref)
    kind = Kind(word) if word in {known.value for known in FORMS} else None
    if kind is None or (main is Kind.FAQ) != (kind is Kind.FAQ):
        raise HTTPException(404)
    return kind, ref, code


def _new_fields() -> list[Field]:
    own = Field("ma", "id", "Mã câu hỏi", "", "text", "Để trống thì máy đặt theo câu hỏi. Chữ thường không dấu, số.")
    return [*fields_of(Kind.FAQ, EMPTY), own]


def _new_faq(visit: Visit) -> Faq:
    """The question that was typed. Raises Refusal."""
    filled = Faq(id=visit.form.text("ma") or "moi", question="?", answer="?", topic="?")
    made = read(Kind.FAQ, filled, visit.form)
    if not isinstance(made, Faq):
        raise TypeError("a question was read as something else")
    return made if visit.form.text("ma") else Faq(**{**_values(made), "id": ""})


def _values(faq: Faq) -> dict[str, Any]:
    return {name: getattr(faq, name) for name in Faq.__dataclass_fields__}
