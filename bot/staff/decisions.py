"""Publishing decisions: read from a file or entered by hand, accepted row by row, published by somebody else."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.forms import Form, Upload, day_of, whole
from bot.staff.page import HOME, Attention, Page, Section, roles
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.audit import Deed
from bot.storage.decision_publishing import Publisher
from bot.storage.decisions import Decision, DecisionProblem, DecisionStatus, RowState, StoredDecisions
from bot.storage.staff import Role
from knowledge.importing import ImportProblem
from knowledge.importing.decisions import CHANGE_NAMES, Annexes, Head, read_decision
from knowledge.importing.decisions.matching import matched
from knowledge.store import calendar_day

ADDRESS = f"{HOME}/quyet-dinh"
ONE = ADDRESS + "/{number}"
WRITERS = roles(Role.EDITOR, Role.APPROVER)
APPROVERS = roles(Role.APPROVER)
LARGEST_FILE = 20_000_000
LARGEST_FORM = LARGEST_FILE + 100_000
STATUS_NAMES = {
    DecisionStatus.DRAFT: "Đang nhập",
    DecisionStatus.IN_REVIEW: "Chờ công bố",
    DecisionStatus.PUBLISHED: "Đã công bố",
}
STATE_NAMES = {RowState.WAITING: "Chưa xem", RowState.ACCEPTED: "Nhận", RowState.REFUSED: "Bỏ"}
NO_FILE = "Hãy chọn tệp quyết định (.docx, .xlsx hoặc .pdf có chữ)."
NO_NUMBER = "Cần số quyết định, ví dụ 2145/QĐ-UBND."
NO_REASON = "Hãy ghi lý do trả lại."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages of decisions work with."""

    room: Room
    stored: StoredDecisions
    publisher: Publisher


def section(room: Room) -> Section:
    """The pages."""
    desk = Desk(room, StoredDecisions(room.engine), Publisher(room.engine))
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show_all, desk), roles=WRITERS, menu="Quyết định công bố"),
            Page(address=ADDRESS, answer=partial(read, desk), roles=WRITERS, method="POST", largest=LARGEST_FORM),
            Page(address=ADDRESS + "/moi", answer=partial(enter, desk), roles=WRITERS, method="POST"),
            Page(address=ONE, answer=partial(show, desk), roles=WRITERS),
            Page(address=ONE, answer=partial(describe, desk), roles=WRITERS, method="POST"),
            Page(address=ONE + "/gui", answer=partial(send, desk), roles=WRITERS, method="POST"),
            Page(address=ONE + "/xoa", answer=partial(remove, desk), roles=WRITERS, method="POST"),
            Page(address=ONE + "/tra-lai", answer=partial(give_back, desk), roles=APPROVERS, method="POST"),
            Page(address=ONE + "/cong-bo", answer=partial(publish, desk), roles=APPROVERS, method="POST"),
        ),
        attention=partial(waiting, desk),
    )


async def show_all(desk: Desk, visit: Visit) -> Response:
    """The decisions, and the forms of a new one."""
    return await _list(desk, visit)


async def read(desk: Desk, visit: Visit) -> Response:
    """A new decision out of a file."""
    upload = visit.form.file("tep")
    if upload is None:
        return await _list(desk, visit, NO_FILE)
    try:
        annexes = await asyncio.to_thread(_annexes, upload)
    except ImportProblem as problem:
        return await _list(desk, visit, str(problem))
    matches = await asyncio.to_thread(matched, desk.room.base(), annexes.rows)
    made = await desk.stored.add(
        annexes.head,
        list(zip(annexes.rows, matches, strict=True)),
        file=upload.name,
        notes=annexes.notes,
        by=visit.deed("decision.add"),
        now=visit.now,
    )
    return visit.go(f"{ADDRESS}/{made}", "qd-da-doc")


async def enter(desk: Desk, visit: Visit) -> Response:
    """A new decision by hand, its rows to follow."""
    try:
        head = head_of(visit.form)
    except DecisionProblem as problem:
        return await _list(desk, visit, str(problem))
    made = await desk.stored.add(head, (), file="", notes=(), by=visit.deed("decision.add"), now=visit.now)
    return visit.go(f"{ADDRESS}/{made}", "da-luu")


async def show(desk: Desk, visit: Visit) -> Response:
    """One decision with its rows."""
    return await one_page(desk, visit, await decision_of(desk, visit))


async def describe(desk: Desk, visit: Visit) -> Response:
    """Corrects number, title and days."""

    async def move(known: Decision, *, by: Deed, now: datetime) -> None:
        await desk.stored.describe(known, head_of(visit.form), by=by, now=now)

    return await _moved(desk, visit, move, action="decision.describe", done="da-luu")


async def send(desk: Desk, visit: Visit) -> Response:
    """Hands the decision to the approver."""
    return await _moved(desk, visit, desk.stored.send, action="decision.send", done="da-trinh")


async def give_back(desk: Desk, visit: Visit) -> Response:
    """Gives it back to its author, with the reason."""
    reason = visit.form.text("ly_do")

    async def move(known: Decision, *, by: Deed, now: datetime) -> None:
        if not reason:
            raise DecisionProblem(NO_REASON)
        await desk.stored.give_back(known, reason, by=by, now=now)

    return await _moved(desk, visit, move, action="decision.give_back", done="da-tra")


async def publish(desk: Desk, visit: Visit) -> Response:
    """Puts everything accepted in force on the decision's day."""
    return await _moved(desk, visit, desk.publisher.publish, action="decision.publish", done="qd-cong-bo")


async def remove(desk: Desk, visit: Visit) -> Response:
    """Removes a draft."""
    return await _moved(desk, visit, desk.stored.remove, action="decision.remove", done="da-xoa", stays=False)


async def _moved(
    desk: Desk, visit: Visit, move: Callable[..., Awaitable[object]], *, action: str, done: str, stays: bool = True
) -> Response:
    known = await decision_of(desk, visit)
    try:
        await move(known, by=visit.deed(action), now=visit.now)
    except DecisionProblem as problem:
        return await one_page(desk, visit, known, str(problem))
    return visit.go(f"{ADDRESS}/{known.id}" if stays else ADDRESS, done)


async def waiting(desk: Desk) -> Sequence[Attention]:
    """Decisions that somebody has begun, or that wait for an approver."""
    drafts, sent = await desk.stored.waiting()
    return [
        Attention(sent, "quyết định công bố chờ duyệt", ADDRESS, APPROVERS, urgent=True),
        Attention(drafts, "quyết định công bố đang nhập dở", ADDRESS, WRITERS),
    ]


async def decision_of(desk: Desk, visit: Visit) -> Decision:
    """The decision that the address names. Raises HTTPException 404."""
    number = whole(visit.part("number"))
    known = await desk.stored.get(number) if number is not None else None
    if known is None:
        raise HTTPException(404)
    return known


async def one_page(desk: Desk, visit: Visit, known: Decision, problem: str = "") -> Response:
    """One decision with its rows, and what went wrong."""
    rows = await desk.stored.rows(known.id)
    states = [row.state for row in rows]
    return visit.page(
        "decision.html",
        status=422 if problem else 200,
        problem=problem,
        known=known,
        rows=rows,
        counts=[(STATE_NAMES[state], states.count(state)) for state in RowState],
        open_rows=states.count(RowState.WAITING),
        status_name=STATUS_NAMES[known.status],
        states=STATE_NAMES,
        changes=CHANGE_NAMES,
        mine=visit.me.name in {known.created_by, known.sent_by, *(row.decided_by for row in rows)},
        late=known.effective_on is not None and known.effective_on <= calendar_day(visit.now),
    )


def head_of(form: Form) -> Head:
    """Number, title and days as typed. Raises DecisionProblem."""
    number = form.text("so")
    if not number or len(number) > 60:
        raise DecisionProblem(NO_NUMBER)
    return Head(
        number=number,
        title=form.text("trich_yeu")[:500],
        issuer=form.text("co_quan")[:200],
        issued_on=day_of(form, "ngay_ky", DecisionProblem),
        effective_on=day_of(form, "ngay_ap_dung", DecisionProblem),
    )


def _annexes(upload: Upload) -> Annexes:
    """Reads an upload from a file of our own name; of its name only the ending counts."""
    ending = Path(upload.name).suffix.lower()
    if len(upload.content) > LARGEST_FILE:
        raise ImportProblem("Tệp lớn quá 20 MB.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"quyet-dinh{ending if ending in ('.docx', '.xlsx', '.pdf') else '.bin'}"
        path.write_bytes(upload.content)
        return read_decision(path)


async def _list(desk: Desk, visit: Visit, problem: str = "") -> Response:
    return visit.page(
        "decisions.html",
        status=422 if problem else 200,
        problem=problem,
        decisions=await desk.stored.all(),
        statuses=STATUS_NAMES,
        typed=visit.form,
    )
