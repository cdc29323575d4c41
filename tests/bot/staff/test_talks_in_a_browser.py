"""Talking with a citizen in a real browser: by keyboard, on a phone without JavaScript, and what comes by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.storage.staff import Role
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.office import StaffDesk, a_staff_desk
from tests.bot.staff.talking import IN_HOURS, said

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    async with a_staff_desk(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}") as desk:
        desk.clock.moment = IN_HOURS + timedelta(minutes=5)
        await desk.talking.people.ask(said("gặp cán bộ"))
        await desk.talking.people.pass_on(said("Hồ sơ của tôi đâu?"))
        yield desk


@pytest.mark.parametrize(("javascript", "width"), [(True, 360), (False, 1280)])
async def test_the_main_story_by_keyboard(browser: Browser, desk: StaffDesk, javascript: bool, width: int) -> None:
    async with a_staff_visit(browser, desk, Role.OPERATOR, width=width, javascript=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard
        await visit.open("/can-bo")
        await page.get_by_role("link", name="người đang chờ gặp cán bộ").focus()
        await keys.press("Enter")
        await page.get_by_role("link", name="Người dân số 1").focus()
        await keys.press("Enter")
        await page.get_by_role("button", name="Nhận trò chuyện").focus()
        await keys.press("Enter")
        await page.get_by_label("Lời gửi người dân").focus()
        await keys.type("Hồ sơ đã xong.")
        await page.get_by_role("button", name="Gửi qua").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("Hồ sơ đã xong.")
        assert not await visit.too_wide()
        if javascript:  # without it axe waits for ever
            assert await visit.serious_findings() == []
        assert desk.talking.mailbox.texts()[-1] == "Cán bộ trả lời:\nHồ sơ đã xong."
        assert visit.complaints == []


async def test_what_the_citizen_says_comes_by_itself(browser: Browser, desk: StaffDesk) -> None:
    async with a_staff_visit(browser, desk, Role.OPERATOR) as visit:
        await visit.page.clock.install()
        await visit.open("/can-bo/tro-chuyen/1")
        await desk.talking.people.pass_on(said("Tôi chờ lâu rồi.", IN_HOURS + timedelta(minutes=4)))
        await visit.page.clock.fast_forward(9_000)
        await expect(visit.page.get_by_role("log")).to_contain_text("Tôi chờ lâu rồi.")
        assert visit.complaints == []
