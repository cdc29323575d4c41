"""“Chờ duyệt”: what was sent in, with the difference word by word, approved, sent back, or looked at once more."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import whole
from bot.staff.knowledge.entry import changes_between, status_name, version_address
from bot.staff.knowledge.fields import KIND_NAMES, name_of
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.audit import Detail, note
from bot.storage.office_settings import is_small_office
from bot.storage.staff import Role
from knowledge.approving import LOOK_WITHIN, approve, look_again, withdraw
from knowledge.drafting import DraftProblem, discard, send_back, send_in
from knowledge.store import calendar_day
from knowledge.tables import Status
from knowledge.versions import (
    Step,
    Told,
    by_id,
    kind_and_code,
    nothing,
    published,
    ref_of,
    returned,
    scheduled,
    to_look_at,
    waiting,
)
from knowledge.wording import WordChange

ADDRESS = f"{HOME}/duyet"
READERS = roles(Role.APPROVER, Role.EDITOR)
APPROVERS = roles(Role.APPROVER)
EDITORS = roles(Role.EDITOR)
PAGE = 20
LISTS = {"": "Chờ duyệt", "khan": "Bản khẩn cần xem lại", "hen": "Đã duyệt, chờ ngày", "nap": "Bản nháp từ nguồn"}
NOT_CHOSEN = "Hãy chọn ít nhất một bản."


@dataclass(frozen=True, slots=True)
class Waits:
    """A version in one of the lists. own: the visitor wrote of it; name: of its entry; until: to be looked at."""

    told: Told
    name: str
    ref: str
    changes: Sequence[WordChange]
    new: bool
    own: bool
    until: datetime | None = None


Doing = Callable[[Room, Visit, Told, AsyncSession], Awaitable[str]]
"""What is done to a version; gives the key of the notice."""


def section(room: Room) -> Section:
    """The pages."""
    one = ADDRESS + "/{number}"
    deeds: Sequence[tuple[str, Doing, frozenset[Role]]] = (
        ("duyet", _approve, APPROVERS),
        ("tra", _with_words(send_back, action="entry.return", done="da-tra"), APPROVERS),
        ("xem-lai", _with_words(look_again, action="entry.look", done="da-xem-lai"), APPROVERS),
        ("rut", _with_words(withdraw, action="entry.withdraw", done="da-rut"), APPROVERS),
        ("bo", _with_words(discard, action="entry.discard", done="da-bo"), READERS),
        ("gui", _send, EDITORS),
    )
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=READERS, menu="Chờ duyệt"),
            Page(address=ADDRESS, answer=partial(approve_many, room), roles=APPROVERS, method="POST"),
            *(
                Page(address=f"{one}/{word}", answer=partial(_do, room, deed), roles=who, method="POST")
                for word, deed, who in deeds
            ),
        ),
        attention=partial(attention, room),
    )


async def show(room: Room, visit: Visit) -> Response:
    """One of the lists."""
    return await _list(room, visit)


async def approve_many(room: Room, visit: Visit) -> Response:
    """Several versions at once; those that cannot be approved are named, the others are."""
    chosen = [number for text in visit.form.all("ban") if (number := whole(text)) is not None]
    if not chosen:
        return await _list(room, visit, NOT_CHOSEN)
    problems = []
    for number in chosen:
        try:
            async with room.sessions.begin() as session:
                await _approve(room, visit, await _version(session, number), session)
        except DraftProblem as problem:
            problems.append(str(problem))
    if problems:
        words = "; ".join(dict.fromkeys(problems))
        return await _list(room, visit, f"{len(problems)} bản chưa duyệt được: {words}")
    return visit.go(ADDRESS, "da-duyet", xem=visit.form.text("xem"))


async def attention(room: Room) -> list[Attention]:
    """What waits for approvers, and what writers got back."""
    now = room.now()
    async with room.sessions() as session:
        _, sent = await waiting(session, Status.IN_REVIEW, written=True, limit=1)
        urgent = await to_look_at(session)
        back = await returned(session)
    late = [one for one in urgent if one.stored.published_at and one.stored.published_at + LOOK_WITHIN < now]
    soon = len(urgent) - len(late)
    return [
        Attention(len(late), "bản khẩn quá 24 giờ chưa ai xem lại", f"{ADDRESS}?xem=khan", APPROVERS, urgent=True),
        Attention(soon, "bản khẩn cần xem lại trong 24 giờ", f"{ADDRESS}?xem=khan", APPROVERS),
        Attention(sent, "bản chờ duyệt", ADDRESS, APPROVERS),
        Attention(back, "bản bị trả lại để sửa", f"{HOME}/kien-thuc?tinh_trang=nhap", EDITORS),
    ]


async def _list(room: Room, visit: Visit, problem: str = "") -> Response:
    which, page = visit.form.text("xem") or visit.query("xem"), max(1, visit.number("trang"))
    which = which if which in LISTS else ""
    today, offset = calendar_day(visit.now), (page - 1) * PAGE
    async with room.sessions() as session:
        if which == "khan":
            told = await to_look_at(session)
            told, total = told[offset : offset + PAGE], len(told)
        elif which == "hen":
            told, total = await scheduled(session, today, limit=PAGE, offset=offset)
        elif which == "nap":
            told, total = await waiting(session, Status.DRAFT, written=False, limit=PAGE, offset=offset)
        else:
            told, total = await waiting(session, Status.IN_REVIEW, written=True, limit=PAGE, offset=offset)
        found = [await _waits(session, visit, one, today) for one in told]
        small = await is_small_office(session)
    return visit.page(
        "knowledge_queue.html",
        status=422 if problem else 200,
        problem=problem,
        which=which,
        lists=list(LISTS.items()),
        found=found,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        small=small,
        kind_names=KIND_NAMES,
        status_name=status_name,
        version_address=version_address,
        today=today,
    )


async def _waits(session: AsyncSession, visit: Visit, told: Told, today: date) -> Waits:
    stored = told.stored
    now = await published(session, stored.kind, stored.code, today)
    before = now.written or nothing(stored.kind, stored.code)
    ref = ref_of(stored.kind, stored.code)
    name = name_of(told.written) or await _name(session, ref, today)
    at = next((one.at for one in told.steps if one.step is Step.URGENT), None)
    return Waits(
        told,
        name,
        ref,
        changes_between(before, told.written),
        before is None,
        visit.me.name in told.authors,
        at + LOOK_WITHIN if at else None,
    )


async def _name(session: AsyncSession, ref: str, today: date) -> str:
    kind, code = kind_and_code(ref)
    return name_of((await published(session, kind, code, today)).written) or ref


async def _do(room: Room, deed: Doing, visit: Visit) -> Response:
    """Carries out a deed on one version and goes back to the list."""
    number = whole(visit.part("number"))
    try:
        async with room.sessions.begin() as session:
            done = await deed(room, visit, await _version(session, number), session)
    except DraftProblem as problem:
        if visit.may(*READERS):
            return await _list(room, visit, str(problem))
        raise
    if visit.form.text("ve") == "muc":
        async with room.sessions() as session:
            return visit.go(version_address(await _version(session, number)), done)
    return visit.go(ADDRESS, done, **({"xem": visit.form.text("xem")} if visit.form.text("xem") else {}))


async def _version(session: AsyncSession, number: int | None) -> Told:
    told = await by_id(session, number) if number is not None else None
    if told is None or told.stored.kind not in KIND_NAMES:
        raise HTTPException(404)
    return told


async def _approve(room: Room, visit: Visit, told: Told, session: AsyncSession) -> str:
    stored = told.stored
    on = day_of(visit.form.text("tu_ngay")) if "tu_ngay" in visit.form.fields else None
    if "tu_ngay" not in visit.form.fields and told.flow:
        on = told.flow.publish_on
    begins = await approve(session, stored.kind, stored.code, stored.number, by=visit.me.name, now=visit.now, on=on)
    await _note(session, visit, "entry.approve", told, {"from": begins.isoformat() if begins else ""})
    return "da-duyet"


def _with_words(move: Callable[..., Awaitable[object]], *, action: str, done: str) -> Doing:
    """A step to which something may be said: back to the author, looked at again, withdrawn, dropped."""

    async def step(room: Room, visit: Visit, told: Told, session: AsyncSession) -> str:
        stored, said = told.stored, visit.form.text("ly_do")
        await move(session, stored.kind, stored.code, stored.number, by=visit.me.name, said=said, now=visit.now)
        await _note(session, visit, action, told)
        return done

    return step


async def _send(room: Room, visit: Visit, told: Told, session: AsyncSession) -> str:
    stored = told.stored
    await send_in(session, stored.kind, stored.code, stored.number, by=visit.me.name, now=visit.now)
    await _note(session, visit, "entry.send", told)
    return "da-gui"


async def _note(session: AsyncSession, visit: Visit, action: str, told: Told, more: Detail | None = None) -> None:
    stored = told.stored
    detail = {"kind": stored.kind.value, "version": stored.number, **(more or {})}
    await note(session, visit.deed(action, ref_of(stored.kind, stored.code), detail), visit.now)
