"""A decision and a news item in a real browser: by keyboard, without JavaScript, on a phone, measured by axe."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.storage.staff import Role
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.test_decisions import HERE, NEW, an_office
from tests.journeys.small_desk import STAY
from tests.knowledge.catalogue import BIRTH_AGAIN
from tests.knowledge.importing.decisions.annexes import NUMBER, a_word_decision

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium")


async def press(page: Page, button: str) -> None:
    """Presses a button by keyboard; what would be asked first is said yes to."""
    await page.get_by_role("button", name=button).focus()
    await page.keyboard.press("Enter")


async def test_a_decision_by_keyboard_without_javascript(sqlite_url: str, tmp_path: Path) -> None:
    file = a_word_decision(tmp_path / "qd.docx", [NEW], [STAY], [BIRTH_AGAIN])
    async with an_office(sqlite_url, tmp_path) as (_, desk), a_browser() as browser:
        async with a_staff_visit(browser, desk, Role.EDITOR, width=360, javascript=False) as visit:
            page, title = visit.page, visit.page.get_by_role("heading", level=1)
            await visit.open(HERE)
            await page.get_by_label("Tệp quyết định kèm phụ lục").set_input_files(file)
            await press(page, "Đọc phụ lục")
            await expect(title).to_have_text(f"Quyết định {NUMBER}")
            await page.get_by_role("link", name=NEW.name).focus()
            await page.keyboard.press("Enter")
            for number in (1, 2, 3):
                await expect(title).to_have_text(f"Dòng {number}/3 của quyết định {NUMBER}")
                await press(page, "Nhận dòng này")
            await expect(title).to_have_text(f"Quyết định {NUMBER}")
            await press(page, "Trình người duyệt")
            await expect(page.get_by_role("status")).to_contain_text("Đã trình")
            assert visit.complaints == []
        async with a_staff_visit(browser, desk, Role.APPROVER, javascript=False) as visit:
            await visit.open(HERE + "/1")
            await press(visit.page, "Công bố")
            await expect(visit.page.get_by_role("status")).to_have_text("Đã công bố.")
        async with a_staff_visit(browser, desk, *Role, name="tat-ca", width=360) as visit:
            await visit.open("/can-bo/tin-tuc/moi")
            await visit.page.get_by_label("Tiêu đề").fill("Kế hoạch cải cách hành chính")
            await visit.page.get_by_label("Nội dung").fill("Toàn văn.")
            await press(visit.page, "Lưu")
            await expect(visit.page.get_by_role("status")).to_have_text("Đã lưu.")
            for path in ("/can-bo/tin-tuc/1", HERE + "/1", HERE + "/1/dong/2"):
                await visit.open(path)
                assert await visit.serious_findings() == [], path
                assert not await visit.too_wide(), path
            assert visit.complaints == []
