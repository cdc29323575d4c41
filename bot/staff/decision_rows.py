"""One procedure of a publishing decision: which it is, what will change, accepted or refused."""

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.decisions import ONE, WRITERS, Desk, decision_of
from bot.staff.forms import Form, whole
from bot.staff.page import Page, Section
from bot.staff.room import Room
from bot.staff.visit import Visit
from bot.storage.decision_publishing import Effect, Publisher
from bot.storage.decisions import Decision, DecisionProblem, DecisionRow, RowState, StoredDecisions
from knowledge.importing.decisions import CHANGE_NAMES, AnnexRow, ChangeKind
from knowledge.importing.decisions.matching import Matcher

ROW = ONE + "/dong/{row}"
LONGEST = 20_000
NO_NAME = "Cần tên thủ tục."
NO_CHANGE = "Hãy chọn: mới ban hành, được sửa đổi hay bị bãi bỏ."
NO_CODE = "Cần mã thủ tục dạng 1.001193."
NO_REASON = "Hãy ghi lý do bỏ dòng này."
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{2,59}")
_STATES = {"nhan": RowState.ACCEPTED, "bo": RowState.REFUSED, "luu": RowState.WAITING}
_PARTS = {
    "time": "thoi_han",
    "where": "dia_diem",
    "way": "cach_thuc",
    "fee": "phi",
    "legal": "can_cu",
    "field": "linh_vuc",
    "agency": "co_quan",
}
"""The cells of a row and the fields of the form that hold them."""


def section(room: Room) -> Section:
    """The pages."""
    desk = Desk(room, StoredDecisions(room.engine), Publisher(room.engine))
    return Section(
        pages=(
            Page(address=ONE + "/them", answer=partial(add, desk), roles=WRITERS, method="POST"),
            Page(address=ROW, answer=partial(show, desk), roles=WRITERS),
            Page(address=ROW, answer=partial(decide, desk), roles=WRITERS, method="POST"),
        )
    )


async def add(desk: Desk, visit: Visit) -> Response:
    """A row by hand, matched like those of a file."""
    known = await decision_of(desk, visit)
    row = _typed(AnnexRow(place=0, change=None, name="", code=visit.form.text("ma")[:60]), visit.form)
    if not row.name and not row.code:
        return visit.go(_address(known), "thieu-ten")
    match = await asyncio.to_thread(lambda: Matcher(desk.room.base()).match(row))
    named = row if row.name or not match.candidates else replace(row, name=match.candidates[0].name)
    try:
        made = await desk.stored.add_row(known, named, match, by=visit.deed("decision.row"), now=visit.now)
    except DecisionProblem as problem:
        raise HTTPException(409, str(problem)) from problem
    return visit.go(f"{_address(known)}/dong/{made}")


async def show(desk: Desk, visit: Visit) -> Response:
    """One row: what the annex says, what is published, what will differ."""
    known, row = await _row_of(desk, visit)
    return await _page(desk, visit, known, row)


async def decide(desk: Desk, visit: Visit) -> Response:
    """Keeps corrections; accepts or refuses."""
    known, row = await _row_of(desk, visit)
    form = visit.form
    state = _STATES.get(form.text("viec"), RowState.WAITING)
    draft = form.number("ban_nhap")
    shall = replace(
        row,
        annex=_typed(row.annex, form),
        code=(form.text("ma") or form.text("chon"))[:60],
        draft=draft or None,
        state=state,
        reason=form.text("ly_do")[:300],
    )
    try:
        if state is RowState.ACCEPTED:
            await _check(desk, known, shall)
        elif state is RowState.REFUSED and not shall.reason:
            raise DecisionProblem(NO_REASON)
        await desk.stored.decide(row, shall, by=visit.deed("decision.row"), now=visit.now)
    except DecisionProblem as problem:
        return await _page(desk, visit, known, shall, str(problem))
    if state is RowState.WAITING:
        return visit.go(f"{_address(known)}/dong/{row.id}", "da-luu")
    after = next((one for one in await desk.stored.rows(known.id) if one.state is RowState.WAITING), None)
    return visit.go(f"{_address(known)}/dong/{after.id}" if after else _address(known), "da-luu")


async def _check(desk: Desk, known: Decision, row: DecisionRow) -> Effect:
    if row.change is None:
        raise DecisionProblem(NO_CHANGE)
    if not row.annex.name:
        raise DecisionProblem(NO_NAME)
    if not _CODE.fullmatch(row.code):
        raise DecisionProblem(NO_CODE)
    return await desk.publisher.effect(known, row)


async def _page(desk: Desk, visit: Visit, known: Decision, row: DecisionRow, problem: str = "") -> Response:
    effect, hindrance = None, ""
    try:
        effect = await _check(desk, known, row)
    except DecisionProblem as found:
        hindrance = str(found)
    rows = [one.id for one in await desk.stored.rows(known.id)]
    place = rows.index(row.id)
    return visit.page(
        "decision_row.html",
        status=422 if problem else 200,
        problem=problem,
        known=known,
        row=row,
        effect=effect,
        hindrance=hindrance,
        drafts=[("", "Theo phụ lục")]
        + [(number, f"Bản nháp số {number} ({source})") for number, source, _ in await desk.publisher.drafts(row.code)],
        changes=[("", "Chưa rõ"), *CHANGE_NAMES.items()],
        parts=_PARTS,
        before=rows[place - 1] if place else None,
        after=rows[place + 1] if place + 1 < len(rows) else None,
        place=place + 1,
        total=len(rows),
    )


def _typed(annex: AnnexRow, form: Form) -> AnnexRow:
    """The row with what was typed."""
    change = form.text("loai")
    parts: dict[str, Any] = {name: form.text(field)[:LONGEST] for name, field in _PARTS.items() if field in form.fields}
    return replace(
        annex,
        change=ChangeKind(change) if change in set(ChangeKind) else None,
        name=" ".join(form.text("ten").split())[:2000],
        **parts,
    )


async def _row_of(desk: Desk, visit: Visit) -> tuple[Decision, DecisionRow]:
    known, number = await decision_of(desk, visit), whole(visit.part("row"))
    row = await desk.stored.row(known.id, number) if number is not None else None
    if row is None:
        raise HTTPException(404)
    return known, row


def _address(known: Decision) -> str:
    return ONE.replace("{number}", str(known.id))
