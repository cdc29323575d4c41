"""A question answered badly is settled and published in a real browser: by keyboard, without JavaScript, on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.storage.staff import Role
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.test_queue import QUEUE, ROOF, Office, an_office

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
MEASURED = ("sửa mái nhà", "Trả lời riêng", "Kết quả thử")
"""Headings of the pages that axe looks at here; the lists stand in test_in_a_browser."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}", tmp_path) as made:
        yield made


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (1280, True)])
async def test_from_a_question_to_what_is_published(
    browser: Browser, office: Office, width: int, javascript: bool
) -> None:
    number = await office.group(ROOF)
    async with a_staff_visit(browser, office.desk, Role.EDITOR, width=width, javascript=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard

        async def is_in_order(heading: str) -> None:
            await expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
            assert not await visit.too_wide(), page.url
            if javascript and heading in MEASURED:
                assert await visit.serious_findings() == [], page.url

        await visit.open(QUEUE)
        await is_in_order("Câu hỏi chưa")
        await page.locator(f'main a[href="{QUEUE}/{number}"]').focus()
        await keys.press("Enter")
        await is_in_order("sửa mái nhà")
        await page.get_by_role("link", name="Trả lời riêng").focus()
        await keys.press("Enter")
        await is_in_order("Trả lời riêng")
        await page.get_by_label("Câu trả lời").fill("Sửa mái thì không phải xin phép.")
        await page.get_by_role("button", name="Gửi cho người dân").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Đã gửi câu trả lời")
        await page.get_by_role("button", name="Mở lại").press("Enter")
        await page.get_by_label("Tìm mục").fill("đăng ký tạm trú")
        await keys.press("Enter")
        await page.get_by_role("radio").first.focus()
        await keys.press("Space")
        await page.get_by_label("Thêm các cách hỏi này").fill("xin phép sửa mái nhà")
        await page.locator("#kiem_tra").fill("xin phép sửa mái nhà")
        await page.get_by_role("button", name="Gửi duyệt").first.focus()
        await keys.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Đã gửi người duyệt")
        await visit.open(f"{QUEUE}?xem=xong")
        await is_in_order("Câu hỏi chưa")
        assert visit.complaints == []
    async with a_staff_visit(browser, office.desk, Role.APPROVER, width=width, javascript=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard
        await visit.open("/can-bo/cau-kiem-tra")
        await is_in_order("Câu kiểm tra")
        await visit.open("/can-bo/thu-truoc")
        await is_in_order("Thử trước")
        await page.get_by_role("button", name="Chạy câu kiểm tra").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("heading", name="Tốt lên")).to_be_visible()
        await is_in_order("Kết quả thử")
        await page.get_by_role("button", name="Công bố 1 thay đổi").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Đã công bố")
        assert visit.complaints == []
    assert await office.small.app.refresh()
    assert "tạm trú" in (await office.small.says("xin phép sửa mái nhà", citizen="new")).as_text().lower()
