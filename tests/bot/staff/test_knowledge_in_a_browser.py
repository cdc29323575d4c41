"""Writing and approving in a real browser, by keyboard, with and without JavaScript, on a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.storage.office_settings import ON, SMALL_OFFICE, put
from bot.storage.staff import Role
from knowledge.store import Kind
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.staff.browser import a_staff_visit
from tests.bot.staff.knowledge_office import CARD, ROOM, WritingDesk, a_writing_desk, numbers

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
FAQ = f"/can-bo/kien-thuc/muc/faq:{CARD.id}"
PROCEDURE = f"/can-bo/kien-thuc/muc/{ROOM.code}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncIterator[WritingDesk]:
    async with a_writing_desk(tmp_path) as desk:
        yield desk


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_slip_is_mended_by_keyboard_and_approved_on_a_phone(
    browser: Browser, desk: WritingDesk, javascript: bool
) -> None:
    async with desk.room.sessions.begin() as session:
        await put(session, SMALL_OFFICE, ON, by="quan-tri", now=desk.clock())
    async with a_staff_visit(browser, desk, Role.EDITOR, javascript=javascript) as visit:
        page, keys = visit.page, visit.page.keyboard
        await visit.open("/can-bo/kien-thuc")
        await page.get_by_label("Tìm theo tên, từ khóa hoặc mã").focus()
        await keys.type("the thu vien")
        await keys.press("Enter")
        await page.get_by_role("link", name=CARD.question).focus()
        await keys.press("Enter")
        await page.get_by_role("link", name="Sửa câu hỏi").focus()
        await keys.press("Enter")
        await page.get_by_label("Câu trả lời").fill("Anh/Chị đến quầy số 5.")
        await page.get_by_role("button", name="Xem trước").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("region", name="Trên Telegram")).to_contain_text("quầy số 5")
        # axe-core is a script itself.
        assert not javascript or await visit.serious_findings() == []
        await page.get_by_label("Vì sao sửa").fill("đổi quầy")
        await page.get_by_role("button", name="Gửi duyệt").focus()
        await keys.press("Enter")
        await expect(page.get_by_role("status")).to_have_text("Đã gửi duyệt.")
        assert visit.complaints == []
    async with a_staff_visit(browser, desk, Role.APPROVER, width=360, javascript=javascript) as visit:
        await visit.open("/can-bo/duyet")
        assert not javascript or await visit.serious_findings() == []
        await visit.page.get_by_role("button", name="Duyệt", exact=True).click()
        await expect(visit.page.get_by_role("status")).to_have_text("Đã duyệt.")
    await desk.service.refresh()
    assert "quầy số 5" in await desk.asked()


async def test_pages_with_something_on_them_have_no_serious_findings(browser: Browser, desk: WritingDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)
    sent = {**await numbers(editor, f"{FAQ}/sua/faq"), "o-answer": "Quầy số 6.", "ly_do": "đổi", "viec": "gui"}
    await editor.post(f"{FAQ}/sua/faq", sent)
    _, number = await desk.draft(Kind.FAQ, CARD.id)
    await editor.get("/can-bo/nap")
    sheet = "Mã câu hỏi;Câu hỏi;Câu trả lời;Chủ đề\nmoi;Mới không?;Mới.;x\nhong;Hỏng?;;x\n"
    await editor.post("/can-bo/nap", files={"tep": ("bang.csv", sheet.encode())})
    pages = (
        "/can-bo/duyet",
        FAQ,
        f"{FAQ}/ban/faq/{number}",
        PROCEDURE,
        f"{PROCEDURE}/sua/procedure?phan=cach-nop",
        "/can-bo/nap/1",
        "/can-bo/kien-thuc/hang-loat?loai=hoi-dap&truong=answer&cach=thay&chu=quầy&bang=Quầy",
    )
    for width, scheme in ((360, "light"), (1280, "dark")):
        async with a_staff_visit(browser, desk, *Role, name="tat-ca", width=width) as visit:
            await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for path in pages:
                await visit.open(path)
                assert await visit.serious_findings() == [], path
                assert not await visit.too_wide(), path
            assert visit.complaints == []
