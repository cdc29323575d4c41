"""Abolishing a procedure or a question from a day on: a draft like any other, which somebody else approves."""

from functools import partial

from starlette.responses import Response

from bot.staff.knowledge.entry import ONE, address_of, ref_part
from bot.staff.page import Page, Section, roles
from bot.staff.room import Room
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.audit import Detail, note
from bot.storage.staff import Role
from knowledge.drafting import NO_ENTRY, NO_WHY, DraftProblem, Overtaken, retired, save_draft, send_in
from knowledge.store import calendar_day
from knowledge.versions import kind_and_code, own_draft, published

NO_DAY = "Hãy chọn ngày bắt đầu bãi bỏ."
BEING_WRITTEN = "Mục này đang có bản nháp. Hãy gửi duyệt hoặc bỏ bản nháp trước."


def section(room: Room) -> Section:
    """The page."""
    retire_ = partial(retire, room)
    return Section(pages=(Page(address=ONE + "/bai-bo", answer=retire_, roles=roles(Role.EDITOR), method="POST"),))


async def retire(room: Room, visit: Visit) -> Response:
    """Sends in that an entry shall no longer count from a day on."""
    ref, form = ref_part(visit), visit.form
    kind, code = kind_and_code(ref)
    day, why = day_of(form.text("tu_ngay")), form.text("ly_do")
    try:
        if day is None or not why:
            raise DraftProblem(NO_WHY if day else NO_DAY)
        async with room.sessions.begin() as session:
            now = await published(session, kind, code, calendar_day(visit.now))
            if now.written is None:
                raise DraftProblem(NO_ENTRY)
            if await own_draft(session, kind, code):
                raise DraftProblem(BEING_WRITTEN)
            by = visit.me.name
            number = await save_draft(
                session,
                kind,
                retired(now.written, max(day, calendar_day(visit.now))),
                by=by,
                why=why,
                now=visit.now,
                seen_draft=0,
                seen_base=now.number,
            )
            await send_in(session, kind, code, number, by=by, now=visit.now)
            detail: Detail = {"version": number, "from": day.isoformat()}
            await note(session, visit.deed("entry.retire", ref, detail), visit.now)
    except (DraftProblem, Overtaken) as problem:
        words = str(problem) if isinstance(problem, DraftProblem) else BEING_WRITTEN
        status = 404 if words == NO_ENTRY else 422
        return visit.page("knowledge_problem.html", status=status, problem=words, back=address_of(ref))
    return visit.go(address_of(ref), "da-gui")
