"""One field changed over many entries: found by the filter, shown with the difference, sent in one by one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from starlette.responses import Response

from bot.staff.knowledge.catalogue import KIND_WORDS, KINDS, Catalogue, Row, State
from bot.staff.knowledge.fields import cell_of, changeable, with_cell
from bot.staff.knowledge.listing import ADDRESS, ASKED, wanted_of
from bot.staff.page import Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.audit import note
from bot.storage.staff import Role
from knowledge.base import KnowledgeBase
from knowledge.drafting import DraftProblem, Overtaken, save_draft, send_in
from knowledge.entries import FAQ_PREFIX
from knowledge.importing.reading import Refusal
from knowledge.serialising import Written
from knowledge.store import calendar_day
from knowledge.tables import Kind
from knowledge.versions import kind_and_code, own_draft, published
from knowledge.wording import WordChange, word_changes

HERE = f"{ADDRESS}/hang-loat"
WHO = roles(Role.EDITOR)
SCANNED = 500
"""Entries looked at in one go, so that the page comes at once."""
SHOWN = 50
HOW = {"thay": "Thay chữ này bằng chữ khác", "ghi": "Ghi lại toàn bộ ô"}
NO_KIND = "Hãy chọn thủ tục hoặc hỏi đáp."
NO_WORDS = "Hãy ghi chữ cần thay."
NO_WHY = "Hãy ghi lý do sửa."
NOTHING_CHOSEN = "Hãy đánh dấu ít nhất một mục."

Change = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One entry with what would change; problem: why it cannot."""

    row: Row
    changes: Sequence[WordChange] = ()
    problem: str = ""


def section(room: Room) -> Section:
    """The pages."""
    catalogue = Catalogue(room)
    return Section(
        pages=(
            Page(address=HERE, answer=partial(show, room, catalogue), roles=WHO),
            Page(address=HERE, answer=partial(apply, room, catalogue), roles=WHO, method="POST"),
        )
    )


async def show(room: Room, catalogue: Catalogue, visit: Visit) -> Response:
    """The form; once it is filled in, what would change."""
    return await _page(room, catalogue, visit, visit.query)


async def apply(room: Room, catalogue: Catalogue, visit: Visit) -> Response:
    """Sends in the change of every entry that is ticked."""
    form = visit.form
    kind, name, change = KINDS.get(form.text("loai")), form.text("truong"), _change(form.text)
    why, chosen = form.text("ly_do"), form.all("muc")[:SHOWN]
    if kind is None or change is None or name not in dict(changeable(kind)):
        return await _page(room, catalogue, visit, form.text, NO_KIND)
    if not why or not chosen:
        return await _page(room, catalogue, visit, form.text, NOTHING_CHOSEN if why else NO_WHY)
    done, problems = 0, []
    async with room.sessions.begin() as session:
        for ref in chosen:
            own, code = kind_and_code(ref)
            now = await published(session, own, code, calendar_day(visit.now))
            if own is not kind or now.written is None:
                continue
            try:
                if await own_draft(session, kind, code):
                    raise DraftProblem("đang có bản nháp")
                number = await save_draft(
                    session,
                    kind,
                    with_cell(kind, now.written, name, change),
                    by=visit.me.name,
                    why=why,
                    now=visit.now,
                    seen_draft=0,
                    seen_base=now.number,
                    origin="bulk",
                )
                await send_in(session, kind, code, number, by=visit.me.name, now=visit.now)
                done += 1
            except (DraftProblem, Overtaken, Refusal) as problem:
                problems.append(f"{ref}: {problem.reason if isinstance(problem, Refusal) else problem}")
        detail = {"kind": kind.value, "field": name, "taken": done, "refused": len(problems)}
        await note(session, visit.deed("entry.bulk", "", detail), visit.now)
    if problems:
        return await _page(
            room, catalogue, visit, form.text, f"Đã gửi duyệt {done} mục. Chưa sửa: {'; '.join(problems)}"
        )
    return visit.go(ADDRESS, "da-gui", tinh_trang=State.REVIEW.value)


async def _page(
    room: Room, catalogue: Catalogue, visit: Visit, value: Callable[[str], str], problem: str = ""
) -> Response:
    wanted, name, change = wanted_of(value), value("truong"), _change(value)
    found: list[Proposed] = []
    more = False
    if wanted.kind is not None and name in dict(changeable(wanted.kind)) and change is not None:
        async with room.sessions() as session:
            rows = [row for row in await catalogue.rows(session, wanted) if State.PUBLISHED in row.states]
        more = len(rows) > SCANNED
        found = await asyncio.to_thread(_proposed, room.base(), wanted.kind, rows[:SCANNED], name, change)
    elif value("cach") and not problem:
        problem = NO_KIND if wanted.kind is None else NO_WORDS
    asked = {key: value(key) for key in (*ASKED, "truong", "cach", "chu", "bang")}
    return visit.page(
        "knowledge_bulk.html",
        status=422 if problem else 200,
        problem=problem,
        asked=asked,
        here=HERE,
        back=f"{ADDRESS}?{urlencode({key: asked[key] for key in ASKED})}",
        kinds=[("", "Chọn loại"), *KIND_WORDS.items()],
        names=changeable(wanted.kind) if wanted.kind else [],
        how=list(HOW.items()),
        found=found[:SHOWN],
        total=len(found),
        looked=change is not None and bool(name),
        more=more,
        scanned=SCANNED,
        why=visit.form.text("ly_do"),
    )


def _proposed(base: KnowledgeBase, kind: Kind, rows: Sequence[Row], name: str, change: Change) -> list[Proposed]:
    found: list[Proposed] = []
    for row in rows:
        said: Written | None = (
            base.faq(row.ref.removeprefix(FAQ_PREFIX)) if kind is Kind.FAQ else base.procedure(row.ref)
        )
        if said is None:
            continue
        text = cell_of(kind, said, name)
        if change(text) == text:
            continue
        # Reading an entry from its fields takes a millisecond: only for those that are shown.
        found.append(_looked_at(kind, row, said, name, change) if len(found) < SHOWN else Proposed(row))
    return found


def _looked_at(kind: Kind, row: Row, said: Written, name: str, change: Change) -> Proposed:
    try:
        return Proposed(row, word_changes(said, with_cell(kind, said, name, change)))
    except Refusal as refusal:
        return Proposed(row, problem=refusal.reason)


def _change(value: Callable[[str], str]) -> Change | None:
    """What is done with the text of a field; None where too little was said."""
    how, old, new = value("cach"), value("chu"), value("bang")
    if how == "ghi":
        return lambda _: new
    if how == "thay" and old:
        return lambda text: text.replace(old, new)
    return None
