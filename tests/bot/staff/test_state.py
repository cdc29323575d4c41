"""What needs a hand today: machine errors, refused rows, failed readings, stale entries, drafts."""

import html
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.staff import make_room, make_staff
from bot.storage.answers import AnswerRecord, StoredAnswers
from bot.storage.engine import make_sessions
from bot.storage.staff import Role
from handlers.messages import Outcome
from knowledge.aging import stale_procedures
from knowledge.confirming import write_down
from knowledge.entries import OfficeProfile
from knowledge.importing.portal.history import FAILED
from knowledge.staleness import confirmed_on
from knowledge.tables import Kind, import_run, portal_run
from tests.bot.staff.office import Clock, StaffDesk, quick_hasher
from tests.fakes import NOON, TODAY
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk

HERE = "/can-bo/tinh-trang"
FAILURE = AnswerRecord(
    at=NOON,
    channel="web",
    outcome=Outcome.FAILED,
    refs=(),
    versions=(),
    aspects="",
    choice="",
    confidence=0.0,
    milliseconds=1.0,
    revision=1,
    engine="3",
    text_hash="0" * 64,
)
IMPORTED = {
    "at": NOON,
    "source": "thu-tuc.xlsx",
    "kind": "procedure",
    "published": False,
    "new": 5,
    "changed": 1,
    "unchanged": 0,
    "refused": 3,
    "outcome": "done",
    "digest": "0" * 64,
    "revision": 1,
}


async def test_an_office_where_all_is_well_has_nothing_to_do(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(*Role, name="tat-ca")

    page = (await visitor.get("/can-bo")).text

    assert "chưa có việc nào" in page
    assert '<ul class="todo"' not in page


async def test_errors_and_refused_rows_are_counted_for_whose_work_they_are(desk: StaffDesk) -> None:
    await StoredAnswers(desk.room.engine).add(FAILURE)
    async with desk.room.engine.begin() as connection:
        await connection.execute(insert(import_run).values(IMPORTED))
        run = {"started_at": NOON, "trigger": "nightly", "scope": "", "outcome": FAILED, "error": "Cổng không trả lời"}
        await connection.execute(insert(portal_run).values(run))
    operator, editor = await desk.signed_in(Role.OPERATOR), await desk.signed_in(Role.EDITOR)

    to_operate = html.unescape((await operator.get("/can-bo")).text)
    to_edit = html.unescape((await editor.get("/can-bo")).text)
    state = html.unescape((await operator.get(HERE)).text)

    assert "câu hỏi gặp lỗi máy" in to_operate
    assert "Cổng quốc gia bị lỗi" in to_operate
    assert "<strong>3</strong> <span>dòng bị từ chối" in to_operate
    assert "gặp lỗi máy" not in to_edit
    assert "dòng bị từ chối" in to_edit
    assert "1 câu hỏi" in state
    assert "thu-tuc.xlsx" in state
    assert "Cổng không trả lời" in state


async def test_what_is_long_over_needs_no_hand(desk: StaffDesk) -> None:
    await StoredAnswers(desk.room.engine).add(FAILURE)
    async with desk.room.engine.begin() as connection:
        await connection.execute(insert(import_run).values(IMPORTED))
    desk.clock.moment += timedelta(days=8)
    visitor = await desk.signed_in(Role.OPERATOR)

    assert "chưa có việc nào" in (await visitor.get("/can-bo")).text


async def test_stale_entries_are_those_whose_answers_carry_a_caution(database_url: str, tmp_path: Path) -> None:
    async with a_small_desk(database_url, tmp_path) as small:
        for days in (90, 365, 0):
            await _compare(small, days)


async def _compare(small: SmallDesk, days: int) -> None:
    async with make_sessions(small.app.engine)() as session:
        stale = await stale_procedures(session, TODAY, days)
    base = small.app.base
    entries = [found for code in base.codes() if (found := base.procedure(code))]
    expected = {
        entry.code: day for entry in entries if days and (day := confirmed_on(entry)) and (TODAY - day).days > days
    }

    assert entries
    assert dict(stale) == expected
    assert [day for _, day in stale] == sorted(day for _, day in stale)


async def test_a_confirmation_makes_an_entry_fresh(sqlite_url: str, tmp_path: Path) -> None:
    async with a_small_desk(sqlite_url, tmp_path) as small:
        room = make_room(
            small.app.engine,
            lambda: small.app.base,
            OfficeProfile(confirm_days=90),
            lambda: small.moment,
            hasher=quick_hasher(),
        )
        desk = StaffDesk(room, make_staff(room), Clock(NOON))
        visitor = await desk.signed_in(Role.EDITOR)
        before = html.unescape((await visitor.get(HERE)).text)
        async with room.sessions.begin() as session:
            await write_down(session, [{"kind": Kind.PROCEDURE, "code": STAY.code, "day": TODAY}])
        small.later(days=1)
        after = html.unescape((await (await desk.signed_in(Role.EDITOR)).get(HERE)).text)
        await desk.close()

    assert STAY.code in before
    assert STAY.code not in after
