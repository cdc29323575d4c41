"""A campaign in a real browser on a phone: looked at before, approved, and followed without loading the page anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.storage.staff import Role
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.campaigning import HERE, CampaignDesk, a_campaign_desk

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def work(tmp_path: Path) -> AsyncIterator[CampaignDesk]:
    async with a_campaign_desk(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}") as work:
        yield work


async def test_written_approved_and_followed_on_a_phone(browser: Browser, work: CampaignDesk) -> None:
    await work.people(11)
    async with a_staff_visit(browser, work.desk, Role.EDITOR, name="soan", width=360, javascript=False) as visit:
        page = visit.page
        await visit.open(f"{HERE}/mau")
        await page.get_by_role("link", name="Dùng mẫu này Tra cứu tình trạng hồ sơ").click()
        await page.get_by_label("Địa chỉ 1").fill(f"{work.links}/tin")
        await page.get_by_role("button", name="Xem trước và đếm").click()
        await expect(page.get_by_text("11 người sẽ được nhắn")).to_be_visible()
        assert not await visit.too_wide()
        await page.get_by_role("button", name="Lưu bản nháp").click()
        await page.get_by_role("button", name="Gửi duyệt").click()
        await expect(page.get_by_role("status")).to_contain_text("Đã gửi duyệt")
        one = page.url.partition("?")[0].removeprefix(visit.address)
        assert visit.complaints == []
    async with a_staff_visit(browser, work.desk, Role.APPROVER, name="duyet", width=360) as visit:
        page = visit.page
        await visit.open(one)
        assert await visit.serious_findings() == []
        assert not await visit.too_wide()
        page.once("dialog", lambda dialog: dialog.accept())
        await page.get_by_role("button", name="Duyệt và hẹn gửi").click()
        await expect(page.get_by_role("status")).to_contain_text("Đã duyệt")
        await work.sender().tick()
        await visit.open(f"{one}/tien-do")
        await expect(page.get_by_text("0 trên 11 người")).to_be_visible()
        await work.sends()
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.get_by_text("11 trên 11 người")).to_be_visible()
        assert await visit.serious_findings() == []
        assert not await visit.too_wide()
        await visit.open(f"{one}/nguoi-nhan")
        assert await visit.serious_findings() == []
        assert not await visit.too_wide()
        assert visit.complaints == []
