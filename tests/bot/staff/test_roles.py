"""Every address of the staff desk, walked with every role: what it says is open is open, nothing else is."""

import re

import pytest

from bot.staff.gate import SIGN_IN, StaffRoute
from bot.staff.page import Page, Stage
from bot.storage.staff import Role
from tests.bot.staff.office import BY, StaffDesk

HALF_WAY = {"/can-bo/ma-xac-thuc", "/can-bo/doi-mat-khau", "/can-bo/cai-ma-xac-thuc"}


def _pages(desk: StaffDesk) -> list[Page]:
    assert all(isinstance(route, StaffRoute) for route in desk.routes)
    return [route.page for route in desk.routes]


def _address(page: Page) -> str:
    return re.sub(r"\{[^}]*\}", "1", page.address)


async def test_every_page_says_who_may_open_it(desk: StaffDesk) -> None:
    pages = _pages(desk)

    assert len(pages) >= 20
    assert all(page.roles and page.stages and page.method in ("GET", "POST") for page in pages)
    assert all(page.address.startswith("/can-bo") for page in pages)
    assert len({(page.address, page.method) for page in pages}) == len(pages)


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_opens_its_own_pages_and_no_other(desk: StaffDesk, role: Role) -> None:
    inside = [page for page in _pages(desk) if Stage.INSIDE in page.stages]
    wrong = {}
    for page in inside:
        visitor = await desk.signed_in(role)
        answer = visitor.get if page.method == "GET" else visitor.post
        status = (await answer(_address(page))).status_code
        if (status == 403) == (role in page.roles) or status == 500:
            wrong[f"{page.method} {page.address}"] = status

    assert inside
    assert wrong == {}


async def test_whoever_is_outside_only_comes_to_the_door(desk: StaffDesk) -> None:
    for page in _pages(desk):
        visitor = desk.visitor()
        answer = visitor.get if page.method == "GET" else visitor.post
        response = await answer(_address(page))
        if Stage.OUTSIDE in page.stages:
            assert response.status_code in (200, 403), page.address
        else:
            assert response.status_code == 303, page.address
            assert response.headers["location"].startswith(SIGN_IN)


async def test_half_way_in_nothing_else_opens(desk: StaffDesk) -> None:
    ready, new = await desk.account(Role.ADMINISTRATOR), await desk.account(Role.EDITOR, name="moi", ready=False)
    enrolling = await desk.account(Role.APPROVER, name="chua-cai")
    await desk.room.accounts.enrol(enrolling, "", 0, by=BY, now=desk.clock())
    for account, code_given, stage in (
        (ready, False, Stage.CODE),
        (new, True, Stage.PASSWORD),
        (enrolling, True, Stage.ENROL),
    ):
        account = await desk.room.accounts.get(account.id) or account
        for page in (page for page in _pages(desk) if stage not in page.stages):
            visitor = desk.visitor()
            await desk.enter(visitor, account, code_given=code_given)
            answer = visitor.get if page.method == "GET" else visitor.post
            response = await answer(_address(page))
            assert response.status_code == 303, (stage, page.address)
            assert response.headers["location"] in HALF_WAY


async def test_the_menu_shows_what_opens(desk: StaffDesk) -> None:
    for role in Role:
        visitor = await desk.signed_in(role)
        page = (await visitor.get("/can-bo")).text
        linked = set(re.findall(r'<li><a href="(/can-bo[^"?]*)"', page))
        assert linked == {one.address for one in _pages(desk) if one.menu and role in one.roles}


async def test_strangers_are_not_told_which_pages_there_are(desk: StaffDesk) -> None:
    for path in ("/can-bo/khong-co", "/can-bo/nguoi-dung/999999", "/can-bo/dang-nhap/x", "/can-bo/"):
        response = await desk.visitor().get(path)
        assert (response.status_code, response.headers["location"].split("?")[0]) == (303, SIGN_IN)
    inside = await desk.signed_in(Role.EDITOR)
    assert (await inside.get("/can-bo/khong-co")).status_code == 404
