"""The talks' pages: who sees what, taking, answering, passing on, giving back."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels import Unreachable
from bot.handover.post import LONGEST
from bot.staff import make_staff
from bot.staff.talks import EMPTY, SOMEBODY_ELSE, TOO_LONG
from bot.storage.audit import AuditFilter
from bot.storage.conversations import StoredConversations
from bot.storage.handovers import State
from bot.storage.staff import Role
from handlers.messages import Conversation, IncomingMessage, Outcome, Reply
from tests.bot.pages.office import text_of
from tests.bot.staff.office import Clock, StaffDesk
from tests.bot.staff.talking import AFTER_HOURS, AN, BINH, IN_HOURS, said

ADDRESS = "/can-bo/tro-chuyen"
ONE = ADDRESS + "/1"


@pytest.fixture
async def waiting(desk: StaffDesk) -> StaffDesk:
    """Somebody has waited for five minutes."""
    people = desk.talking.people
    await people.ask(said("gặp cán bộ"))
    await people.pass_on(said("Hồ sơ <b>của tôi</b> đâu?"))
    desk.clock.moment = IN_HOURS + timedelta(minutes=5)
    return desk


async def test_the_whole_story(waiting: StaffDesk) -> None:
    desk = waiting
    await _earlier(desk)
    lan = await desk.signed_in(Role.OPERATOR, name="lan")
    assert "người đang chờ gặp cán bộ" in (await lan.get("/can-bo")).text
    listed = text_of((await lan.get(ADDRESS)).text)
    assert "Chờ 5 phút" in listed
    assert "trong giờ" in listed

    page = (await lan.get(ONE)).text
    assert "Hồ sơ &lt;b&gt;của tôi&lt;/b&gt; đâu?" in page
    assert "Làm căn cước ở đâu?" in page
    assert "người tiếp theo" in page
    assert "Lời gửi người dân" not in page

    assert (await lan.post(ONE + "/nhan")).headers["location"] == ONE + "?xong=da-nhan"
    assert "Lời gửi người dân" in (await lan.get(ONE)).text
    assert EMPTY in (await lan.post(ONE + "/gui", {"loi": " "})).text
    long = await lan.post(ONE + "/gui", {"loi": "a" * (LONGEST + 1)})
    assert TOO_LONG in long.text
    assert "aaaa" in long.text
    await lan.post(ONE + "/gui", {"loi": "Anh chờ bổ sung giấy tờ."})
    assert (await lan.post(ONE + "/tra-may")).headers["location"].endswith("xong=tra-may")
    told = desk.talking.mailbox.texts()
    assert told[0].startswith("Cán bộ đã vào cuộc trò chuyện.")
    assert told[1] == "Cán bộ trả lời:\nAnh chờ bổ sung giấy tờ."
    assert told[2].startswith("Cán bộ đã kết thúc cuộc trò chuyện.")
    assert text_of((await lan.get(ONE)).text).count("đã gửi") == 3
    assert "Đã kết thúc" in (await lan.get(ADDRESS)).text

    entries, _ = await desk.room.audit.page(AuditFilter(action="talk."), limit=9, offset=0)
    assert [(entry.action, entry.subject) for entry in reversed(entries)] == [
        ("talk.take", "talk:1"),
        ("talk.say", "talk:1"),
        ("talk.end", "talk:1"),
    ]
    assert "bổ sung" not in str(entries)


async def _earlier(desk: StaffDesk) -> None:
    message = IncomingMessage(
        id="e1", citizen=AN, text="Làm căn cước ở đâu?", received_at=IN_HOURS - timedelta(minutes=1)
    )
    reply = Reply(blocks=("Tại công an xã.",), outcome=Outcome.ANSWERED)
    await StoredConversations(desk.room.engine).save(message, reply, Conversation())


async def test_what_did_not_arrive_is_shown_and_can_be_sent_again(waiting: StaffDesk) -> None:
    lan = await waiting.signed_in(Role.OPERATOR, name="lan")
    waiting.talking.mailbox.troubles = [Unreachable("blocked")]
    await lan.post(ONE + "/nhan")

    page = (await lan.get(ONE)).text
    assert "không tới được" in page
    assert "(blocked)" in page
    assert "chưa tới được người dân" in (await lan.get("/can-bo")).text
    line = re.search(r'name="dong" value="(\d+)"', page)
    assert line is not None
    await lan.post(ONE + "/gui-lai", {"dong": line[1]})
    assert len(waiting.talking.mailbox.texts()) == 1
    assert SOMEBODY_ELSE in (await lan.post(ONE + "/gui-lai", {"dong": "x"})).text


async def test_one_takes_it_another_may_take_over(waiting: StaffDesk) -> None:
    lan, minh = [await waiting.signed_in(Role.OPERATOR, name=name) for name in ("lan", "minh")]
    await lan.post(ONE + "/nhan")

    assert SOMEBODY_ELSE in (await minh.post(ONE + "/nhan")).text
    assert SOMEBODY_ELSE in (await minh.post(ONE + "/gui", {"loi": "Tôi nói."})).text
    assert SOMEBODY_ELSE in (await minh.post(ONE + "/tra-hang")).text
    assert (await minh.post(ONE + "/nhan", {"thay": "1"})).status_code == 303
    assert SOMEBODY_ELSE in (await lan.post(ONE + "/gui", {"loi": "Tôi nói."})).text
    await minh.post(ONE + "/tra-hang")
    (talk,) = await waiting.talking.stored.open_ones()
    assert (talk.state, talk.taken_by) == (State.WAITING, "")


async def test_what_is_a_units_work_is_seen_by_its_people(waiting: StaffDesk) -> None:
    await waiting.account(Role.OPERATOR, name="dat-dai", unit="Phòng Đất đai")
    await waiting.account(Role.OPERATOR, name="ho-tich", unit="Phòng Hộ tịch")
    land, birth = [await waiting.signed_in(Role.OPERATOR, name=name) for name in ("dat-dai", "ho-tich")]

    assert (await land.post(ONE + "/chuyen", {"don_vi": "Phòng Không có"})).status_code == 422
    await land.post(ONE + "/chuyen", {"don_vi": "Phòng Hộ tịch"})

    assert (await land.get(ONE)).status_code == 404
    assert (await land.post(ONE + "/nhan")).status_code == 404
    assert "Người dân số 1" not in (await land.get(ADDRESS)).text
    assert "Người dân số 1" in (await birth.get(ADDRESS)).text
    await birth.post(ONE + "/nhan")
    assert "Cán bộ Phòng Hộ tịch đã vào" in waiting.talking.mailbox.texts()[0]
    administrator = await waiting.signed_in(Role.ADMINISTRATOR)
    assert (await administrator.get(ONE)).status_code == 200
    await administrator.post(ONE + "/chuyen", {"don_vi": ""})
    assert (await land.get(ONE)).status_code == 200


async def test_outside_hours_the_page_says_so(waiting: StaffDesk) -> None:
    waiting.clock.moment = AFTER_HOURS
    page = text_of((await (await waiting.signed_in(Role.OPERATOR)).get(ADDRESS)).text)

    assert "ngoài giờ" in page
    assert "25/11/2026 07:30" in page  # the 24th is a holiday


async def test_templates_are_managed_and_put_into_an_answer(waiting: StaffDesk) -> None:
    lan = await waiting.signed_in(Role.OPERATOR, name="lan")
    mau = "/can-bo/mau-tra-loi"
    await lan.post(mau, {"ten_mau": "Chờ bổ sung", "noi_dung": "Hồ sơ đang chờ bổ sung."})
    assert (await lan.post(mau, {"ten_mau": "Chờ bổ sung", "noi_dung": "Khác."})).status_code == 422
    assert (await lan.post(mau, {"ten_mau": "", "noi_dung": "Khác."})).status_code == 422
    await lan.post(mau + "/1", {"ten_mau": "Chờ bổ sung", "noi_dung": "Hồ sơ chờ bổ sung <ảnh>."})
    await lan.post(ONE + "/nhan")

    assert "Hồ sơ chờ bổ sung &lt;ảnh&gt;.</textarea>" in (await lan.get(ONE + "?mau=1")).text
    await lan.post(mau + "/1/xoa")
    assert (await lan.get(mau + "/1")).status_code == 404
    assert waiting.talking.mailbox.texts()[1:] == []


async def test_talks_of_others_are_counted_before_one(waiting: StaffDesk) -> None:
    await waiting.talking.people.ask(said("gặp cán bộ", citizen=BINH))

    page = (await (await waiting.signed_in(Role.OPERATOR)).get(ADDRESS + "/2")).text
    assert "còn 1 người chờ trước" in page


async def test_where_it_is_switched_off_there_are_no_pages(desk: StaffDesk) -> None:
    room = replace(desk.room, talks=None)
    off = StaffDesk(room, make_staff(room), Clock())
    visitor = await off.signed_in(Role.OPERATOR)

    assert ADDRESS not in (await visitor.get("/can-bo")).text
    assert (await visitor.get(ADDRESS)).status_code == 404
