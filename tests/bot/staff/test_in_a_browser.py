"""The staff desk in a real browser: by keyboard, without JavaScript, on a phone, measured by axe."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.storage.staff import Role
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.office import OTHER_PASSWORD, PASSWORD, StaffDesk, a_staff_desk

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
PAGES = (
    "/can-bo",
    "/can-bo/cau-hoi",
    "/can-bo/cau-hoi?xem=xong",
    "/can-bo/cach-noi",
    "/can-bo/thu-truoc",
    "/can-bo/cau-kiem-tra",
    "/can-bo/lich",
    "/can-bo/ke-hoach",
    "/can-bo/nhac-viec",
    "/can-bo/tro-chuyen",
    "/can-bo/mau-tra-loi",
    "/can-bo/so-lieu",
    "/can-bo/kenh",
    "/can-bo/da-noi",
    "/can-bo/chien-dich",
    "/can-bo/chien-dich/mau",
    "/can-bo/chien-dich/moi?mau=8-phi-le-phi",
    "/can-bo/chien-dich/don-vi",
    "/can-bo/chien-dich/dong-y",
    "/can-bo/da-noi?ngay=2026-11-21&gio=09:00&muc=đăng ký tạm trú",
    "/can-bo/tinh-trang",
    "/can-bo/canh-bao",
    "/can-bo/canh-bao?loai=flip",
    "/can-bo/quyet-dinh",
    "/can-bo/tin-tuc",
    "/can-bo/tin-tuc/moi",
    "/can-bo/tin-tuc/dem",
    "/can-bo/quy-trinh?q=tạm trú",
    "/can-bo/quy-trinh?ma=1.004194",
    "/can-bo/nhat-ky",
    "/can-bo/nhat-ky/nguyen-ven",
    "/can-bo/nguoi-dung",
    "/can-bo/nguoi-dung/1",
    "/can-bo/tai-khoan",
    "/can-bo/tai-khoan/ma-xac-thuc",
    "/can-bo/kien-thuc",
    "/can-bo/kien-thuc/moi",
    "/can-bo/duyet",
    "/can-bo/nap",
    "/can-bo/kien-thuc/hang-loat?loai=hoi-dap",
    "/can-bo/cach-lam",
    "/can-bo/khong-co",
)
"""Addresses that an administrator who has every role opens; whoever adds a page adds it here."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    async with a_staff_desk(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}") as desk:
        yield desk


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
async def test_no_page_has_serious_findings_or_is_wider_than_the_screen(
    browser: Browser, desk: StaffDesk, width: int, scheme: str
) -> None:
    await desk.account(Role.EDITOR, name="moi-vao", ready=False)
    async with a_staff_visit(browser, desk, *Role, name="tat-ca", width=width) as visit:
        await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in PAGES:
            await visit.open(path)
            assert await visit.serious_findings() == [], path
            assert not await visit.too_wide(), path
        assert [line for line in visit.complaints if "404" not in line] == []


@pytest.mark.parametrize("width", [360, 1280])
async def test_the_ways_in_have_no_serious_findings(browser: Browser, desk: StaffDesk, width: int) -> None:
    await desk.account(Role.APPROVER, name="lanh-dao", ready=False)
    async with a_staff_visit(browser, desk, width=width) as visit:
        page = visit.page
        await visit.open("/can-bo")
        assert await visit.serious_findings() == []
        await page.get_by_label("Tên đăng nhập").fill("lanh-dao")
        await page.get_by_label("Mật khẩu").fill("sai")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("không đúng")
        await expect(page.get_by_role("alert")).to_be_focused()
        assert await visit.serious_findings() == []
        await page.get_by_label("Mật khẩu").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_label("Mật khẩu mới", exact=False).first.fill(OTHER_PASSWORD)
        assert await visit.serious_findings() == []
        assert not await visit.too_wide()
        await page.get_by_label("Nhập lại mật khẩu mới").fill(OTHER_PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator(".qr svg")).to_be_visible()
        assert await visit.serious_findings() == []
        assert not await visit.too_wide()


@pytest.mark.parametrize("javascript", [True, False])
async def test_coming_in_and_adding_somebody_by_keyboard(browser: Browser, desk: StaffDesk, javascript: bool) -> None:
    await desk.account(Role.ADMINISTRATOR, name="quan-tri", ready=False)
    async with a_staff_visit(browser, desk, javascript=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard
        await visit.open("/can-bo/nguoi-dung")
        await page.get_by_label("Tên đăng nhập").focus()
        await keys.type("quan-tri")
        await keys.press("Tab")
        await keys.type(PASSWORD)
        await keys.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Đặt mật khẩu của mình")
        await page.locator("#moi").focus()
        await keys.type(OTHER_PASSWORD)
        await keys.press("Tab")
        await keys.type(OTHER_PASSWORD)
        await keys.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Cài mã xác thực")
        secret = await page.locator(".secret").inner_text()
        await page.get_by_label("Mã 6 số").focus()
        await keys.type(pyotp.TOTP(secret).at(desk.clock()))
        await keys.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Việc hôm nay")
        await page.get_by_role("link", name="Người dùng").focus()
        await keys.press("Enter")
        await page.get_by_label("Họ tên").fill("Trần Thị Bình")
        await page.locator("#ten").fill("binh.tran")
        await page.get_by_label("Biên tập").focus()
        await keys.press("Space")
        await page.get_by_role("button", name="Thêm và cấp mật khẩu").focus()
        await keys.press("Enter")
        await expect(page.locator(".secret").nth(1)).to_have_text(re.compile("[a-z2-9]{4}(-[a-z2-9]{4}){3}"))
        await page.get_by_role("button", name="Đăng xuất").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Đã đăng xuất.")
        assert [line for line in visit.complaints if "403" not in line] == []


async def test_the_menu_opens_on_a_phone(browser: Browser, desk: StaffDesk) -> None:
    async with a_staff_visit(browser, desk, Role.EDITOR, width=360, javascript=False) as visit:
        await visit.open("/can-bo")
        link = visit.page.get_by_role("link", name="Máy đã nói gì")
        await expect(link).to_be_hidden()
        await visit.page.get_by_text("Danh mục").click()
        await link.click()
        await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Máy đã nói gì")


async def test_what_cannot_be_undone_is_asked_first(browser: Browser, desk: StaffDesk) -> None:
    person = await desk.account(Role.EDITOR, name="an")
    async with a_staff_visit(browser, desk, Role.ADMINISTRATOR) as visit:
        await visit.open(f"/can-bo/nguoi-dung/{person.id}")
        visit.page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.dismiss()))
        await visit.page.get_by_role("button", name="Khóa tài khoản").click()
        await expect(visit.page.get_by_text("Đã khóa")).to_have_count(0)
        visit.page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await visit.page.get_by_role("button", name="Khóa tài khoản").click()
        await expect(visit.page.get_by_role("status")).to_contain_text("Đã khóa tài khoản")
