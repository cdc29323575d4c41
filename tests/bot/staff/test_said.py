"""“What did the desk say then?” is answered to the letter from versions and hashes, after everything has changed."""

import html
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.staff import make_room, make_staff
from bot.staff.said import NO_MOMENT, NOT_IN_FORCE, NOTHING_FOUND, moment_of
from bot.storage.staff import Role
from bot.storage.tables import answer
from knowledge.store import VIETNAM
from tests.bot.staff.office import Clock, StaffDesk, StaffVisitor, quick_hasher
from tests.fakes import HOW_TO_SUBMIT, NOON
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk
from tests.journeys.test_conversations import DEARER

QUESTION = "đăng ký tạm trú hết bao nhiêu tiền"


@pytest.fixture
async def small(database_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    async with a_small_desk(database_url, tmp_path) as small:
        yield small


async def _visitor(small: SmallDesk) -> tuple[StaffVisitor, StaffDesk]:
    app = small.app
    room = make_room(app.engine, lambda: app.base, app.base.profile, lambda: small.moment, hasher=quick_hasher())
    desk = StaffDesk(room, make_staff(room), Clock(small.moment))
    return await desk.signed_in(Role.OPERATOR), desk


def _asked(moment: str, about: str, around: str = "60") -> str:
    return f"/can-bo/da-noi?ngay=2026-11-21&gio={moment}&muc={about}&quanh={around}"


async def test_an_answer_is_told_again_after_the_entry_has_changed(small: SmallDesk) -> None:
    said = (await small.says(QUESTION)).as_text()
    small.later(minutes=30)
    await small.publishes(DEARER)
    small.later(minutes=30)
    dearer = (await small.says(QUESTION)).as_text()
    assert "20.000 đồng" in dearer
    visitor, desk = await _visitor(small)

    then = html.unescape((await visitor.get(_asked("12:00", STAY.code, "15"))).text)
    later = html.unescape((await visitor.get(_asked("13:00", STAY.code, "15"))).text)

    assert said in then
    assert dearer not in then
    assert "bản số 1" in then
    assert "Đúng từng chữ" in then
    assert dearer in later
    assert "bản số 2" in later
    assert "Đúng từng chữ" in later
    await desk.close()


async def test_a_question_of_the_faq_base_is_told_again_too(small: SmallDesk) -> None:
    said = (await small.says(choice=f"q:{HOW_TO_SUBMIT.id}")).as_text()
    visitor, desk = await _visitor(small)

    for about in (f"faq:{HOW_TO_SUBMIT.id}", HOW_TO_SUBMIT.id):
        page = html.unescape((await visitor.get(_asked("12:00", about))).text)
        assert said in page
        assert "Đúng từng chữ" in page
    await desk.close()


async def test_pressed_buttons_and_whole_pages_are_told_again(small: SmallDesk) -> None:
    pressed = [f"p:{STAY.code}:d", f"p:{STAY.code}:t", f"p:{STAY.code}:", f"full:{STAY.code}"]
    said = [(await small.says(choice=value)).as_text() for value in pressed]
    visitor, desk = await _visitor(small)

    page = html.unescape((await visitor.get(_asked("12:00", STAY.code))).text)

    assert [text for text in said if text not in page] == []
    assert page.count("Đúng từng chữ") == len(pressed)
    await desk.close()


async def test_the_entry_is_looked_for_by_its_words(small: SmallDesk) -> None:
    visitor, desk = await _visitor(small)

    page = html.unescape((await visitor.get(_asked("12:00", "tạm trú"))).text)

    assert f"muc={STAY.code}" in page
    assert STAY.name in page
    await desk.close()


async def test_what_cannot_be_told_is_said_so(small: SmallDesk) -> None:
    visitor, desk = await _visitor(small)

    assert NOT_IN_FORCE in (await visitor.get(_asked("08:00", STAY.code))).text
    assert "Không có câu trả lời nào" in (await visitor.get(_asked("12:00", STAY.code))).text
    assert NO_MOMENT in (await visitor.get(f"/can-bo/da-noi?muc={STAY.code}")).text
    assert NOTHING_FOUND in (await visitor.get(_asked("12:00", "zzz qqq xxx"))).text
    assert NOT_IN_FORCE in (await visitor.get(_asked("12:00", "9.999999"))).text
    await desk.close()


async def test_an_answer_whose_hash_differs_is_marked(small: SmallDesk) -> None:
    await small.says(QUESTION)
    visitor, desk = await _visitor(small)
    async with desk.room.engine.begin() as connection:
        await connection.execute(update(answer).values(text_hash="0" * 64))
    page = (await visitor.get(_asked("12:00", STAY.code))).text

    assert "Chưa khớp" in page
    assert "Đúng từng chữ" not in page
    await desk.close()


@pytest.mark.parametrize(
    ("day", "clock"), [("", "09:00"), ("2026-13-01", "09:00"), ("2026-11-21", "25:00"), ("9999-12-31", ""), ("x", "y")]
)
def test_what_is_no_moment(day: str, clock: str) -> None:
    assert moment_of(day, clock) is None


def test_a_moment_is_on_the_clock_of_viet_nam() -> None:
    found = moment_of("2026-11-21", "12:00")

    assert found == NOON
    assert found.tzinfo is VIETNAM
    assert moment_of("2026-11-21", "") == NOON - timedelta(hours=12)
