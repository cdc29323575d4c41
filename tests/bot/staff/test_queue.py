"""Questions answered badly are settled on one screen, and every decision is held to by a test question."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.staff import make_room, make_staff
from bot.staff.in_person import BY_A_PERSON, NO_WAY, TAKEN
from bot.staff.queue import GONE, NO_ANSWER, NO_ENTRY
from bot.storage.audit import AuditFilter
from bot.storage.staff import Role
from bot.storage.subscribers import StoredSubscribers
from bot.storage.test_questions import Expect, StoredTestQuestions
from bot.storage.unanswered_groups import How, StoredGroups
from handlers.messages import Citizen, Outcome, Reply
from knowledge.store import Kind, Status
from knowledge.versions import own_draft
from tests.bot.staff.office import Clock, StaffDesk, StaffVisitor, quick_hasher
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk

ROOF = "xin giấy phép sửa mái nhà <b>cần</b> gì, máy 0912345678"
GOLD = "giá vàng hôm nay bao nhiêu"
QUEUE = "/can-bo/cau-hoi"


@dataclass
class Office:
    """A small desk with its staff and what was sent to citizens; trouble: what the next sending raises."""

    small: SmallDesk
    desk: StaffDesk
    sent: list[tuple[Citizen, Reply]] = field(default_factory=list)
    trouble: Exception | None = None

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """The channel "test"."""
        trouble, self.trouble = self.trouble, None
        if trouble:
            raise trouble
        self.sent.append((citizen, reply))

    async def group(self, question: str) -> int:
        """The number of the group of a question that citizens ask now."""
        await self.small.says(question, citizen=f"who-{self.small.said}")
        self.small.later(minutes=40)
        self.desk.clock.moment = self.small.moment
        await self.small.app.gather()
        groups, _ = await StoredGroups(self.small.app.engine).listed(settled=False, reason=None, limit=50, offset=0)
        plain = question.split(",")[0]
        return next(one.id for one in groups if any(plain in asked for asked in one.questions))

    async def settled(self, number: int) -> tuple[How, str]:
        """How a group was settled, and with which entry."""
        found = await StoredGroups(self.small.app.engine).group(number)
        assert found is not None
        return found.how, found.ref

    async def deeds(self) -> list[str]:
        """What the record says was done to groups."""
        lines, _ = await self.desk.room.audit.page(AuditFilter(subject="question:"), limit=50, offset=0)
        return [line.action for line in lines]


@asynccontextmanager
async def an_office(url: str, folder: Path) -> AsyncIterator[Office]:
    """An office over a new database."""
    async with a_small_desk(url, folder) as small:
        offices: list[Office] = []

        async def send(citizen: Citizen, reply: Reply) -> None:
            await offices[0].send(citizen, reply)

        app, clock = small.app, Clock(small.moment)
        room = make_room(
            app.engine,
            lambda: app.base,
            app.base.profile,
            clock,
            hasher=quick_hasher(),
            channels={"test": send},
            agreement=2,
        )
        offices.append(Office(small, StaffDesk(room, make_staff(room), clock)))
        yield offices[0]
        for client in offices[0].desk._clients:
            await client.aclose()


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(sqlite_url, tmp_path) as made:
        yield made


async def _text(visitor: StaffVisitor, path: str) -> str:
    response = await visitor.get(path)
    assert response.status_code == 200, path
    return html.unescape(response.text)


async def test_the_queue_shows_groups_with_masked_numbers_and_escaped_words(office: Office) -> None:
    roof, gold = await office.group(ROOF), await office.group(GOLD)
    await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)

    raw = (await editor.get(QUEUE)).text
    page = html.unescape(raw)

    assert page.index(f"{QUEUE}/{roof}") < page.index(f"{QUEUE}/{gold}")
    assert "0912345678" not in page
    assert "<b>cần</b>" not in raw
    assert "nhóm câu hỏi máy chưa trả lời được" in await _text(editor, "/can-bo")
    assert f"{QUEUE}/{roof}" not in await _text(editor, f"{QUEUE}?vi=not_right")
    assert f"{QUEUE}/{roof}" not in await _text(editor, f"{QUEUE}?xem=xong")
    assert (await editor.get(f"{QUEUE}/999999")).status_code == 404
    assert (await editor.get(f"{QUEUE}/x")).status_code == 404


async def test_pointing_at_an_entry_makes_a_draft_and_a_test_question(office: Office) -> None:
    number = await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)
    page = await _text(editor, f"{QUEUE}/{number}?tim=đăng ký tạm trú")
    assert f'value="{STAY.code}"' in page
    fields = {"muc": STAY.code, "cach_hoi": "xin phép sửa mái nhà\nsửa mái 0987654321", "kiem_tra": "sửa mái nhà"}

    wrong = await editor.post(f"{QUEUE}/{number}/chi-muc", {**fields, "muc": "9.999999"})
    assert (wrong.status_code, NO_ENTRY in wrong.text) == (422, True)
    assert "xin phép sửa mái nhà" in wrong.text
    done = await editor.post(f"{QUEUE}/{number}/chi-muc", fields)

    assert done.status_code == 303
    assert await office.settled(number) == (How.POINTED, STAY.code)
    async with office.desk.room.sessions() as session:
        draft = await own_draft(session, Kind.PHRASES, STAY.code)
    assert draft is not None
    assert (draft.stored.status, draft.authors) == (Status.IN_REVIEW, ("editor",))
    assert "0987654321" not in draft.stored.body.decode()
    (question,) = await StoredTestQuestions(office.small.app.engine).active()
    assert (question.text, question.expect, question.refs) == ("sửa mái nhà", Expect.ANSWER, (STAY.code,))
    again = await editor.post(f"{QUEUE}/{number}/chi-muc", {**fields, "cach_hoi": "lợp lại mái"})
    assert (again.status_code, GONE in html.unescape(again.text)) == (422, True)
    assert "Đăng ký tạm trú" in await _text(editor, f"{QUEUE}?xem=xong")
    assert await office.deeds() == ["queue.point"]
    await editor.post(f"{QUEUE}/{number}/mo-lai")
    assert (await office.settled(number))[0] is How.OPEN


async def test_a_new_question_is_written_from_a_group(office: Office) -> None:
    number = await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)
    fields = {"cau_hoi": "Sửa mái nhà có phải xin phép không?", "cach_hoi": "lợp lại mái", "tra_loi": "Không phải xin."}

    wrong = await editor.post(f"{QUEUE}/{number}/soan", fields)
    assert (wrong.status_code, NO_ANSWER in wrong.text) == (422, True)
    assert "Không phải xin." in wrong.text
    done = await editor.post(
        f"{QUEUE}/{number}/soan", {**fields, "nguon": "Luật Xây dựng", "chu_de": "fees", "ngay_nguon": "2026-01-01"}
    )

    assert done.status_code == 303
    how, ref = await office.settled(number)
    assert how is How.WRITTEN
    async with office.desk.room.sessions() as session:
        draft = await own_draft(session, Kind.FAQ, ref.removeprefix("faq:"))
    assert draft is not None
    assert "lợp lại mái" in draft.stored.body.decode()
    assert getattr(draft.written, "topic", "") == "fees"
    (question,) = await StoredTestQuestions(office.small.app.engine).active()
    assert question.refs == (ref,)


async def test_what_is_out_of_scope_or_of_no_use_is_put_away(office: Office) -> None:
    gold, roof = await office.group(GOLD), await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)

    await editor.get(f"{QUEUE}/{gold}")
    await editor.post(f"{QUEUE}/{gold}/ngoai-pham-vi", {"kiem_tra": "giá vàng hôm nay"})
    await editor.post(f"{QUEUE}/{roof}/bo-qua")

    assert await office.settled(gold) == (How.OUT_OF_SCOPE, "")
    assert await office.settled(roof) == (How.DISMISSED, "")
    questions = await StoredTestQuestions(office.small.app.engine).active()
    assert [(one.text, one.expect) for one in questions] == [("giá vàng hôm nay", Expect.REFUSE)]
    assert "Không còn nhóm nào" in await _text(editor, QUEUE)
    assert "Bỏ qua" in await _text(editor, f"{QUEUE}?xem=xong")
    await office.small.app.unanswered.purge(office.small.moment)
    assert "giá vàng hôm nay" in await _text(editor, f"{QUEUE}/{gold}")
    assert (await editor.get(f"{QUEUE}/{roof}")).status_code == 404
    assert ROOF.split(",")[0] not in await _text(editor, f"{QUEUE}?xem=xong")


async def test_a_question_that_asks_for_something_else_stands_alone(office: Office) -> None:
    number = await office.group(ROOF)
    assert await office.group(ROOF) == number
    editor = await office.desk.signed_in(Role.EDITOR)
    page = await _text(editor, f"{QUEUE}/{number}")
    case = int(re.findall(r'name="cau" value="(\d+)"', page)[0])

    moved = await editor.post(f"{QUEUE}/{number}/tach", {"cau": str(case)})

    other = int(moved.headers["location"].split("?")[0].rsplit("/", 1)[1])
    assert other != number
    assert (await editor.post(f"{QUEUE}/{other}/tach", {"cau": str(case)})).status_code == 404
    assert (await editor.post(f"{QUEUE}/{number}/tach", {"cau": str(case)})).status_code == 404


async def test_a_citizen_is_answered_in_person_once(office: Office) -> None:
    number = await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)
    address = re.findall(rf"{QUEUE}/{number}/tra-loi/\d+", await _text(editor, f"{QUEUE}/{number}"))[0]
    assert (await editor.get(f"{QUEUE}/{number + 1}/tra-loi/{address.rsplit('/', 1)[1]}")).status_code == 404
    answer = {"tra_loi": "Sửa mái thì không phải xin phép."}
    for trouble in (TryLater(90), Refused("too_long")):
        office.trouble = trouble
        assert (await editor.post(address, answer)).status_code == 422
    assert (await editor.post(address, {"tra_loi": "x"})).status_code == 422
    assert office.sent == []

    assert (await editor.post(address, answer)).status_code == 303
    again = await editor.post(address, answer)

    assert (again.status_code, TAKEN in html.unescape(again.text)) == (422, True)
    ((citizen, reply),) = office.sent
    assert reply.blocks[1:] == (answer["tra_loi"], BY_A_PERSON)
    assert "sửa mái nhà" in reply.blocks[0]
    lines = await office.small.app.conversations.history(citizen)
    assert lines[-1].reply == reply
    assert (await office.settled(number))[0] is How.ANSWERED
    assert await office.deeds() == ["queue.answer"] * 3
    assert reply.outcome is Outcome.ANSWERED


async def test_who_has_left_is_not_written_to(office: Office) -> None:
    number = await office.group(ROOF)
    editor = await office.desk.signed_in(Role.EDITOR)
    address = re.findall(rf"{QUEUE}/{number}/tra-loi/\d+", await _text(editor, f"{QUEUE}/{number}"))[0]
    answer = {"tra_loi": "Sửa mái thì không phải xin phép."}
    office.trouble = Unreachable("blocked")
    assert NO_WAY in html.unescape((await editor.post(address, answer)).text)
    (case,) = await office.small.app.unanswered.cases(number)
    people = StoredSubscribers(office.small.app.engine)
    await people.lost(case.citizen, "blocked", office.small.moment)
    assert NO_WAY in html.unescape((await editor.post(address, answer)).text)
    assert office.sent == []

    await people.reached(case.citizen, office.small.moment)
    office.trouble = MaybeSent()
    assert (await editor.post(address, answer)).headers["location"].endswith("co-the-da-toi")
    assert "chưa chắc đã tới" in await _text(editor, f"{QUEUE}/{number}")


async def test_words_that_citizens_confirmed_are_taken_over_or_rejected(office: Office) -> None:
    small = office.small
    for citizen in ("p1", "p2"):
        for question in ("đăng ký cư trú", "thủ tục đăng ký"):
            reply = await small.says(question, citizen=citizen)
            if reply.outcome is Outcome.CLARIFYING:
                await small.says(reply.choices[-1].label, reply.choices[-1].value, citizen)
    pending = await small.app.suggestions.pending(2)
    assert pending
    office.desk.clock.moment = small.moment
    editor = await office.desk.signed_in(Role.EDITOR)
    page = await _text(editor, "/can-bo/cach-noi")
    shown = re.findall(r"/can-bo/cach-noi/([0-9a-f]+)/nhan", page)
    assert shown

    bad = await editor.post(f"/can-bo/cach-noi/{shown[0]}/nhan", {"cach_hoi": "x" * 201})
    done = await editor.post(f"/can-bo/cach-noi/{shown[0]}/nhan", {"cach_hoi": "giấy hộ tịch"})

    assert (bad.status_code, done.status_code) == (422, 303)
    (tested,) = await StoredTestQuestions(small.app.engine).active()
    assert tested.text == "giấy hộ tịch"
    for other in shown[1:]:
        assert (await editor.post(f"/can-bo/cach-noi/{other}/bo")).status_code == 303
    assert "Chưa có cách nói nào" in await _text(editor, "/can-bo/cach-noi")
    assert (await editor.post(f"/can-bo/cach-noi/{shown[0]}/bo")).status_code == 404
