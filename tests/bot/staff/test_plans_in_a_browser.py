"""The pages of a plan in a real browser: on a phone and a wide screen, by keyboard without JavaScript."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.kept import Evidence
from bot.campaigns.plans.reading import read_plan_text
from bot.campaigns.plans.storing import StoredPlans
from bot.storage.staff import Role
from knowledge.store import calendar_day
from tests.bot.campaigns.plans.office import a_text
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.office import BY, StaffDesk, a_staff_desk

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
PAGES = (
    "/can-bo/ke-hoach/1",
    "/can-bo/viec/1",
    "/can-bo/viec/4",
    "/can-bo/viec/1/dang-tay",
    "/can-bo/lich?thang=2026-06",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    async with a_staff_desk(f"sqlite+aiosqlite:///{tmp_path / 'motcua.db'}") as desk:
        now = desk.clock()
        today, plans = calendar_day(now), StoredPlans(desk.room.engine)
        number = await plans.add(read_plan_text(a_text(), today), source="ke-hoach.txt", by=BY, now=now)
        await plans.accept(number, by=BY, now=now)
        task = await plans.task(1)
        assert task is not None
        link = "https://so.example/" + "duong-dan-rat-dai-" * 12
        done = Evidence(done_on=today, product="Tin", link=link, due_id=task.dues[0].id)
        await StoredEvidence(desk.room.engine).add(task, done, today=today, by=BY, now=now)
        yield desk


async def test_the_pages_of_a_plan_have_no_serious_findings(browser: Browser, desk: StaffDesk) -> None:
    for width in (360, 1280):
        async with a_staff_visit(browser, desk, Role.EDITOR, name="bien-tap", width=width) as visit:
            for path in PAGES:
                await visit.open(path)
                await visit.page.evaluate(
                    "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
                )
                assert await visit.serious_findings() == [], path
                assert not await visit.too_wide(), (path, width)
            assert visit.complaints == []


async def test_a_plan_is_pasted_and_accepted_without_javascript(browser: Browser, desk: StaffDesk) -> None:
    async with a_staff_visit(browser, desk, Role.EDITOR, name="bien-tap", width=360, javascript=False) as visit:
        page = visit.page
        await visit.open("/can-bo/ke-hoach")
        await page.get_by_label("Hoặc dán nội dung").fill(a_text())
        await page.get_by_role("button", name="Đọc kế hoạch").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Đã đọc kế hoạch")
        await page.get_by_role("button", name="Đưa vào lịch").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Đã đưa kế hoạch vào lịch")
