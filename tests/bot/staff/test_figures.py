"""The figures' page: numbers that are right, nothing that points to one person, sheets to take away."""

import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from bot.staff.counting import HIDDEN, LEAST, SMALL, guarded
from bot.storage.answers import StoredAnswers
from bot.storage.figures import StoredFigures
from bot.storage.staff import Role
from handlers.messages import Outcome
from tests.bot.pages.office import text_of
from tests.bot.staff.office import StaffDesk
from tests.bot.storage.test_figures import a_record
from tests.fakes import NOON

ADDRESS = "/can-bo/so-lieu"


@pytest.fixture
async def asked(desk: StaffDesk) -> StaffDesk:
    """Forty answers of today about one procedure, two about another, six of a month and more ago."""
    answers = StoredAnswers(desk.room.engine)
    for number in range(40):
        await answers.add(a_record(ref="1.004194", channel="telegram" if number % 2 else "web"))
    for _ in range(2):
        await answers.add(a_record(ref="1.001193", channel="zalo_oa", outcome=Outcome.ANSWERED))
    for _ in range(8):
        await answers.add(a_record(outcome=Outcome.NOT_FOUND, ref=""))
    for _ in range(6):
        await answers.add(a_record(outcome=Outcome.VOTED, choice="v:-:1.004194", ref="1.004194"))
        await answers.add(a_record(NOON - timedelta(days=35), ref="1.004194"))
    await StoredFigures(desk.room.engine).keep_up()
    return desk


async def test_the_page_shows_what_was_asked(asked: StaffDesk) -> None:
    visitor = await asked.signed_in(Role.EDITOR)
    response = await visitor.get(ADDRESS)
    page = text_of(response.text)

    assert response.status_code == 200
    assert "style=" not in response.text
    assert "84,0 %" in page  # 42 of 50
    assert "Đăng ký tạm trú (1.004194)" in page
    assert "1.001193" not in page
    assert "Kỳ 23/10/2026 – 21/11/2026, 30 ngày" in page
    assert SMALL in page
    assert "11–12 giờ" in page
    wide = text_of((await visitor.get(f"{ADDRESS}?tu=2026-10-01&den=2026-11-21")).text)
    assert "52 ngày" in wide
    for wrong in ("tu=2026-11-22&den=2026-11-21", "tu=2020-01-01&den=2026-01-01", "tu=x&den=y", "tu=0001-01-01"):
        assert "Kỳ phải có" in (await visitor.get(f"{ADDRESS}?{wrong}")).text


async def test_every_figure_is_a_sheet_with_the_same_hidden(asked: StaffDesk) -> None:
    visitor = await asked.signed_in(Role.OPERATOR)
    page = (await visitor.get(ADDRESS)).text
    keys = [part.split('.xlsx"')[0].split(".xlsx?")[0] for part in page.split(ADDRESS + "/")[1:]]

    assert len(keys) >= 7
    for key in keys:
        assert (await visitor.get(f"{ADDRESS}/{key}.xlsx")).headers["content-type"].endswith("sheet")
    sheet = load_workbook(io.BytesIO((await visitor.get(f"{ADDRESS}/kenh.xlsx")).content)).active
    assert sheet is not None
    rows = [list(row)[:2] for row in sheet.iter_rows(values_only=True)]
    assert rows == [["Kênh", "Số câu hỏi"], ["Trang web", 28], ["Telegram", HIDDEN], ["Zalo OA", SMALL]]
    assert (await visitor.get(f"{ADDRESS}/khong-co.xlsx")).status_code == 404


async def test_an_empty_desk_has_a_page_too(desk: StaffDesk) -> None:
    page = await (await desk.signed_in(Role.APPROVER)).get(ADDRESS)

    assert page.status_code == 200
    assert "Chưa đủ câu hỏi để hiện." in page.text


@given(some.lists(some.integers(0, 40), max_size=12))
def test_what_is_hidden_cannot_be_worked_out_from_the_sum(counts: list[int]) -> None:
    shown = guarded(counts)
    hidden = [count for count, one in zip(counts, shown, strict=True) if one is None]

    assert all(one is None or one == count for count, one in zip(counts, shown, strict=True))
    assert not [one for one in shown if one is not None and 0 < one < LEAST]
    if hidden and any(one for one in shown):
        assert len(hidden) >= 2
        assert sum(hidden) >= LEAST
