"""A publishing decision from its file to the day on which the old procedures stop answering."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from bot.staff import make_room, make_staff
from bot.storage.audit import AuditFilter
from bot.storage.decisions import StoredDecisions
from bot.storage.engine import make_sessions
from bot.storage.staff import Role
from knowledge.entries import Aspect, Level, OfficeProfile
from knowledge.importing.decisions import AnnexRow, ChangeKind
from knowledge.importing.decisions.matching import Matcher
from knowledge.importing.harvest import proposal_of
from knowledge.revising import carry_out, claim, plan
from knowledge.store import in_force_at
from knowledge.tables import Kind
from tests.bot.staff.office import Clock, StaffDesk, StaffVisitor, quick_hasher
from tests.fakes import NOON
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk
from tests.knowledge.catalogue import BIRTH, BIRTH_AGAIN, procedure
from tests.knowledge.importing.decisions.annexes import NUMBER, a_word_decision

NEW = procedure("1.555001", "Cấp bản sao trích lục hộ tịch điện tử", "Hộ tịch")
HERE = "/can-bo/quyet-dinh"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class SmallClock(Clock):
    """The staff desk's clock shows what the small desk's does."""

    def __init__(self, small: SmallDesk) -> None:
        self._small = small

    def __call__(self) -> datetime:
        return self._small.moment


@asynccontextmanager
async def an_office(url: str, folder: Path) -> AsyncIterator[tuple[SmallDesk, StaffDesk]]:
    """A desk that answers citizens, and the staff desk over the same database."""
    async with a_small_desk(url, folder) as small:
        room = make_room(
            small.app.engine, lambda: small.app.base, OfficeProfile(), lambda: small.moment, hasher=quick_hasher()
        )
        desk = StaffDesk(room, make_staff(room), SmallClock(small))
        try:
            yield small, desk
        finally:
            await desk.close()


async def uploaded(visitor: StaffVisitor, file: Path) -> str:
    """The address of the decision that was read from a file."""
    await visitor.get(HERE)
    content = await asyncio.to_thread(file.read_bytes)
    response = await visitor.post(HERE, files={"tep": (file.name, content, DOCX)})
    assert response.status_code == 303, html.unescape(response.text)
    return response.headers["location"].split("?")[0]


async def accepted(visitor: StaffVisitor, decision: str) -> None:
    """Accepts every row as it was matched."""
    page = (await visitor.get(decision)).text
    for row in re.findall(rf'href="({decision}/dong/\d+)"', page):
        shown = html.unescape((await visitor.get(row)).text)
        fields = dict(re.findall(r'<input id="(ma|ten|linh_vuc|co_quan)"[^>]*value="([^"]*)"', shown))
        fields |= dict(re.findall(r'<textarea id="(\w+)"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL))
        fields["loai"] = re.findall(r'<option value="(\w+)" selected', shown)[0]
        done = await visitor.post(row, {**fields, "viec": "nhan"})
        assert done.status_code == 303, html.unescape(done.text)


async def test_old_procedures_stop_answering_on_the_decision_s_day(database_url: str, tmp_path: Path) -> None:
    file = a_word_decision(tmp_path / "qd.docx", [NEW], [STAY], [BIRTH_AGAIN])
    async with an_office(database_url, tmp_path) as (small, desk):
        editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
        decision = await uploaded(editor, file)
        early = await editor.post(decision + "/gui")
        row = re.findall(rf'href="({decision}/dong/\d+)"', (await editor.get(decision)).text)[1]
        difference = html.unescape((await editor.get(row)).text)
        await accepted(editor, decision)
        sent = await editor.post(decision + "/gui")
        late = await editor.post(row, {"viec": "bo", "ly_do": "x"})
        await approver.get(decision)
        published = await approver.post(decision + "/cong-bo")
        again = await approver.post(decision + "/cong-bo")
        small.later(days=9)  # noon of 30 November
        await small.app.refresh()
        eve = small.app.base
        small.later(hours=13)  # one in the morning of 1 December
        await small.app.refresh()
        day = small.app.base
        async with make_sessions(small.app.engine)() as session:
            then = await in_force_at(session, Kind.PROCEDURE, BIRTH_AGAIN.code, NOON)
            now = await in_force_at(session, Kind.PROCEDURE, BIRTH_AGAIN.code, small.moment)

    assert early.status_code == 422
    assert "Còn 3 dòng" in html.unescape(early.text)
    assert "Đăng ký tạm trú" in difference
    assert "15.000 đồng" in difference
    assert sent.headers["location"].endswith("xong=da-trinh")
    assert late.status_code == 422
    assert published.headers["location"].endswith("xong=qd-cong-bo")
    assert again.status_code == 422
    assert eve.procedure(BIRTH_AGAIN.code) is not None
    assert eve.procedure(NEW.code) is None
    before, after = eve.procedure(STAY.code), day.procedure(STAY.code)
    assert before is not None
    assert after is not None
    assert before.methods == STAY.methods
    assert [fee.amount for method in after.methods for fee in method.fees] == [0, 0]
    assert (after.decision_number, after.effective_from) == (NUMBER, date(2026, 12, 1))
    assert after.cases == STAY.cases
    assert day.procedure(BIRTH_AGAIN.code) is None
    added = day.procedure(NEW.code)
    assert added is not None
    assert (added.name, added.level, added.field) == (NEW.name, Level.PROVINCE, "Hộ tịch")
    found = day.find("trích lục hộ tịch điện tử mất bao lâu")
    assert found.hits[0].ref == NEW.code
    assert found.aspects == (Aspect.TIME,)
    assert then is not None
    assert now is None


async def test_nobody_publishes_own_work_and_only_approvers_publish(sqlite_url: str, tmp_path: Path) -> None:
    file = a_word_decision(tmp_path / "qd.docx", [], [], [BIRTH_AGAIN])
    async with an_office(sqlite_url, tmp_path) as (_, desk):
        writer = await desk.signed_in(Role.EDITOR, Role.APPROVER, name="ca-hai")
        editor, other = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
        decision = await uploaded(editor, file)
        await accepted(writer, decision)
        await editor.post(decision + "/gui")
        own = await writer.post(decision + "/cong-bo")
        strange = await editor.post(decision + "/cong-bo")
        missing = await other.post(HERE + "/999/cong-bo")
        silent = await other.post(decision + "/tra-lai")
        back = await other.post(decision + "/tra-lai", {"ly_do": "Sai ngày"})
        removed = await editor.post(decision + "/xoa")
        gone = await editor.get(decision)
        actions = [entry.action for entry in (await desk.room.audit.page(AuditFilter(), limit=20))[0]]

    assert own.status_code == 422
    assert "người duyệt khác" in html.unescape(own.text)
    assert (strange.status_code, missing.status_code, silent.status_code) == (403, 404, 422)
    assert (back.status_code, removed.status_code, gone.status_code) == (303, 303, 404)
    assert actions[:5] == [
        "decision.remove",
        "decision.give_back",
        "decision.send",
        "decision.row",
        "decision.add",
    ]


async def test_what_cannot_be_carried_out_is_told_and_nothing_is_written(sqlite_url: str, tmp_path: Path) -> None:
    file = a_word_decision(tmp_path / "qd.docx", [], [STAY], [procedure("1.777777", "Thủ tục không ai biết", "X")])
    async with an_office(sqlite_url, tmp_path) as (small, desk):
        editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
        decision = await uploaded(editor, file)
        rows = re.findall(rf'href="({decision}/dong/\d+)"', (await editor.get(decision)).text)
        unknown = await editor.post(rows[1], {"loai": "abolished", "ten": "x", "ma": "1.777777", "viec": "nhan"})
        nameless = await editor.post(rows[1], {"loai": "abolished", "ten": "x", "ma": "", "viec": "nhan"})
        unasked = await editor.post(rows[1], {"loai": "abolished", "ten": "x", "ma": "", "viec": "bo"})
        await editor.post(rows[1], {"loai": "abolished", "ten": "x", "viec": "bo", "ly_do": "Không có ở cơ quan"})
        await editor.post(rows[0], {"loai": "changed", "ten": STAY.name, "chon": STAY.code, "viec": "nhan"})
        await editor.post(decision + "/gui")
        later = replace(STAY, effective_from=date(2027, 1, 1), conditions="Mới")
        async with make_sessions(small.app.engine).begin() as session:
            await claim(session)
            made = await plan(session, Kind.PROCEDURE, [proposal_of(STAY.code, later)], publish=True)
            await carry_out(session, made, source="x", by="x", now=NOON)
        await approver.get(decision)
        conflict = await approver.post(decision + "/cong-bo")
        status = (await StoredDecisions(small.app.engine).all())[0][0].status
        stranger = (await editor.get(HERE + "/1/dong/999")).status_code
        text = (await editor.post(HERE, files={"tep": ("x.docx", b"MZ virus", DOCX)})).text

    assert (unknown.status_code, nameless.status_code, unasked.status_code) == (422, 422, 422)
    assert "không có bản đang công bố" in html.unescape(unknown.text)
    assert conflict.status_code == 422
    assert STAY.code in conflict.text
    assert status == "in_review"
    assert stranger == 404
    assert "bị hỏng" in html.unescape(text)


async def test_a_decision_by_hand_in_force_at_once(sqlite_url: str, tmp_path: Path) -> None:
    async with an_office(sqlite_url, tmp_path) as (small, desk):
        editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
        await editor.get(HERE)
        made = await editor.post(HERE + "/moi", {"so": "9/QĐ-UBND", "ngay_ap_dung": "2026-11-20"})
        decision = made.headers["location"].split("?")[0]
        row = await editor.post(decision + "/them", {"loai": "abolished", "ma": BIRTH.code})
        await accepted(editor, decision)
        await editor.post(decision + "/gui")
        await approver.get(decision)
        await approver.post(decision + "/cong-bo")
        await small.app.refresh()
        known = small.app.base.procedure(BIRTH.code)
        async with make_sessions(small.app.engine)() as session:
            morning = await in_force_at(session, Kind.PROCEDURE, BIRTH.code, NOON)
            await session.rollback()

    assert row.status_code == 303
    assert known is None
    assert morning is None  # it was closed at this very moment


async def test_rows_are_matched_by_code_else_by_name(sqlite_url: str, tmp_path: Path) -> None:
    async with a_small_desk(sqlite_url, tmp_path) as small:
        matcher = Matcher(small.app.base)

        def matched(name: str, code: str = "") -> str:
            return matcher.match(AnnexRow(place=1, change=ChangeKind.CHANGED, name=name, code=code)).code

        assert matched("tên cũ", BIRTH.code) == BIRTH.code
        assert matched("Đăng ký khai sinh") == BIRTH.code
        assert matched("ĐĂNG KÝ LẠI KHAI SINH") == BIRTH_AGAIN.code
        unsure = matcher.match(AnnexRow(place=1, change=ChangeKind.CHANGED, name="Đăng ký khai sinh lưu động"))
        assert unsure.code == ""
        assert BIRTH.code in [one.code for one in unsure.candidates]


async def test_the_internal_process_is_for_staff_only(sqlite_url: str, tmp_path: Path) -> None:
    steps = "Tiếp nhận | Một cửa | 4\nThẩm định | Phòng chuyên môn | 2 ngày"
    async with an_office(sqlite_url, tmp_path) as (small, desk):
        editor, operator = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.OPERATOR)
        await editor.get(f"/can-bo/quy-trinh?ma={STAY.code}")
        bad = await editor.post("/can-bo/quy-trinh", {"ma": STAY.code, "buoc": "Tiếp nhận | Một cửa | lâu"})
        saved = await editor.post("/can-bo/quy-trinh", {"ma": STAY.code, "buoc": steps, "can_cu": "QĐ 5/QĐ-UBND"})
        unknown = await editor.post("/can-bo/quy-trinh", {"ma": "1.000000", "buoc": steps})
        forbidden = await operator.post("/can-bo/quy-trinh", {"ma": STAY.code, "buoc": ""})
        page = html.unescape((await operator.get(f"/can-bo/quy-trinh?ma={STAY.code}")).text)
        listed = html.unescape((await operator.get("/can-bo/quy-trinh?q=tạm trú")).text)
        answer = await small.says("Đăng ký tạm trú cần những bước nào?")

    assert (bad.status_code, saved.status_code, unknown.status_code, forbidden.status_code) == (422, 303, 404, 403)
    assert "Tổng: 20" in page
    assert "thời hạn công bố: 24" in page
    assert "Phòng chuyên môn" in page
    assert "Ghi bản mới" not in page
    assert "QĐ 5/QĐ-UBND" in listed
    assert "Phòng chuyên môn" not in str(answer)
