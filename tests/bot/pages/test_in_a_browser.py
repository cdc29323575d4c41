"""The public pages in a real browser: by keyboard, without JavaScript, embedded, and measured by axe."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.channels.web import WebOptions, listen, serve
from tests.bot.channels.scripted import DOSSIER
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.pages.office import a_base, a_site
from tests.bot.pages.test_other_pages import PAGES

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core"),
]
SERIOUS = {"serious", "critical"}
VOICE = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "vi-VN" }], speak: (one) => window.spoken.push(one.text), cancel: () => {},
} });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """The application on a free loopback port; its address."""
    listener = listen("127.0.0.1", port)
    started = asyncio.Event()
    serving = asyncio.create_task(serve(app, listener, started.set))
    await started.wait()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@dataclass
class Visit:
    """One visitor, and what the browser complained about."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str]

    async def open(self, path: str) -> None:
        await self.page.goto(self.address + path)


@asynccontextmanager
async def a_visit(browser: Browser, *, width: int = 360, javascript: bool = True) -> AsyncIterator[Visit]:
    """A new visitor of the whole site."""
    async with served(a_site(options=WebOptions(kept_days=30, entry=a_base().faq))) as address:
        context = await browser.new_context(
            viewport={"width": width, "height": 740}, locale="vi-VN", java_script_enabled=javascript
        )
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda one: None if one.url.startswith(address) else complaints.append(one.url))
        try:
            yield Visit(page, context, address, complaints)
        finally:
            await context.close()


async def serious_findings(page: Page) -> list[str]:
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


@pytest.mark.parametrize("width", [360, 1280])
async def test_no_page_has_serious_findings_or_is_wider_than_the_screen(browser: Browser, width: int) -> None:
    async with a_visit(browser, width=width) as visit:
        for path in PAGES:
            await visit.open(path)
            assert await serious_findings(visit.page) == [], path
            wide = await visit.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wide, path
        await visit.open("/hien-thi?chu=lon&ve=/thu-tuc/1.004194")
        assert await serious_findings(visit.page) == []
        assert not await visit.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert [line for line in visit.complaints if "404" not in line] == []


async def test_axe_itself_can_find_something(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.open("/thu-tuc")
        await visit.page.evaluate("document.querySelector('label[for=q]').remove()")

        assert await serious_findings(visit.page)


async def test_in_the_dark_too(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.page.emulate_media(color_scheme="dark")
        for path in ("/", "/thu-tuc/1.004194", "/hoi-dap?chu-de=online"):
            await visit.open(path)
            assert await serious_findings(visit.page) == [], path


async def test_a_procedure_is_found_and_read_by_keyboard(browser: Browser) -> None:
    async with a_visit(browser, width=1280) as visit:
        page = visit.page
        await visit.open("/thu-tuc")
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Đến nội dung chính")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.locator("#q")).to_be_focused()
        await page.keyboard.type("đăng ký tạm trú")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**q=*")
        await page.get_by_role("link", name="Đăng ký tạm trú", exact=True).focus()
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký tạm trú")
        await page.locator("input[name=truong-hop]").first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**truong-hop=2*")
        await page.locator("input[type=checkbox]").first.focus()
        await page.keyboard.press("Space")
        await expect(page.locator("#ticked")).to_contain_text("Đã đánh dấu 1")
        assert visit.complaints == []


async def test_the_list_follows_what_is_typed(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.open("/thu-tuc")
        await visit.page.evaluate("window.stayed = true")
        await visit.page.locator("#q").press_sequentially("khai sinh")

        await expect(visit.page.locator(".procedures a").first).to_have_text("Thủ tục đăng ký khai sinh")
        await expect(visit.page).to_have_url(f"{visit.address}/thu-tuc?q=khai+sinh")
        await visit.page.select_option("select[name=cap]", "bo")
        await expect(visit.page).to_have_url(f"{visit.address}/thu-tuc?q=khai+sinh&cap=bo")
        assert await visit.page.evaluate("window.stayed")
        assert visit.complaints == []


async def test_ticked_papers_stay_ticked_in_this_browser_only(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.open("/thu-tuc/1.004194?truong-hop=2")
        await visit.page.locator("input[type=checkbox]").nth(1).check()
        await visit.page.reload()

        await expect(visit.page.locator("input[type=checkbox]").nth(1)).to_be_checked()
        assert all(cookie["name"] != "giay-to" for cookie in await visit.context.cookies())


async def test_it_is_read_aloud_where_the_device_can(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.open("/thu-tuc/1.004194")
        await expect(visit.page.get_by_role("button", name="Đọc to")).to_be_hidden()
        await visit.context.add_init_script(VOICE)
        await visit.page.reload()
        await visit.page.get_by_role("button", name="Đọc to").click()

        await expect(visit.page.get_by_role("button", name="Dừng đọc")).to_be_visible()
        spoken = await visit.page.evaluate("window.spoken")
        assert spoken[0] == "Đăng ký tạm trú"
        assert "Anh/Chị thuộc trường hợp nào?" not in spoken


async def test_everything_is_read_without_javascript(browser: Browser) -> None:
    async with a_visit(browser, javascript=False) as visit:
        page = visit.page
        await visit.open("/")
        await page.locator(".around #q").fill("đăng ký tạm trú")
        await page.get_by_role("button", name="Tìm").click()
        await page.get_by_role("link", name="Đăng ký tạm trú", exact=True).click()
        await page.get_by_role("radio").nth(1).check()
        await page.get_by_role("button", name="Xem giấy tờ").click()
        await expect(page.locator(".group h3").first).to_be_visible()
        await page.get_by_role("link", name="Chữ to").click()
        await expect(page.locator("html")).to_have_class("large")
        await expect(page.get_by_role("button", name="In trang này")).to_be_hidden()
        await page.get_by_role("link", name="Bản in gọn để chia sẻ").click()
        await expect(page.locator("#sheet")).to_contain_text("CT01")
        await page.get_by_role("link", name="Dữ liệu").click()
        await expect(page.locator("main")).to_contain_text("tự xóa sau 30 ngày")
        assert visit.complaints == []


async def test_ones_conversation_is_seen_and_deleted(browser: Browser) -> None:
    async with a_visit(browser) as visit:
        await visit.open("/")
        await visit.page.fill("#question", "làm khai sinh cần gì")
        await visit.page.press("#question", "Enter")
        await visit.page.locator(".citation").wait_for()
        await visit.open("/dulieu")
        await expect(visit.page.locator(".line.mine")).to_contain_text("làm khai sinh cần gì")
        await visit.page.get_by_role("button", name="Xóa cuộc trò chuyện").click()
        await expect(visit.page.get_by_role("status").first).to_contain_text("Đã xóa")
        await visit.open("/dulieu")

        await expect(visit.page.locator("main")).to_contain_text("Không có tin nhắn nào")


async def test_another_site_shows_the_chat(browser: Browser) -> None:
    """The department's own page, on another origin and with a strict policy of its own."""
    outside = listen("127.0.0.1", 0)
    port = outside.getsockname()[1]
    outside.close()
    options = WebOptions(embed_sites=(f"http://127.0.0.1:{port}",))
    async with served(a_site(options=options)) as address:

        async def home(_: Request) -> HTMLResponse:
            policy = f"default-src 'none'; script-src {address}; frame-src {address}"
            script = f'<script src="{address}/nhung.js" defer></script>'
            page = f'<!doctype html><html lang="vi"><title>Sở</title><main><h1>Sở</h1></main>{script}'
            return HTMLResponse(page, headers={"Content-Security-Policy": policy})

        async with served(Starlette(routes=[Route("/", home)]), port) as site:
            context = await browser.new_context(viewport={"width": 360, "height": 740})
            page = await context.new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(site)
            button = page.get_by_role("button", name="Hỏi về thủ tục")
            await button.focus()
            await page.keyboard.press("Enter")
            frame = page.frame_locator("iframe")
            await frame.locator("#question").fill("làm khai sinh cần gì")
            await frame.locator("#question").press("Enter")
            await expect(frame.locator(".citation")).to_have_text(DOSSIER.citation)
            await expect(frame.locator("header")).to_have_count(0)
            assert await serious_findings(page) == []
            await frame.locator("#question").press("Escape")
            await expect(page.locator("iframe")).to_be_hidden()
            await expect(button).to_be_focused()
            assert complaints == []
            await context.close()


async def test_paper_gets_the_text_without_the_controls(browser: Browser) -> None:
    async with a_visit(browser, width=1280) as visit:
        await visit.open("/thu-tuc/1.004194?truong-hop=2")
        await visit.page.emulate_media(media="print")

        for hidden in ("nav.menu", ".type", ".cases", ".tools", ".crumbs"):
            await expect(visit.page.locator(hidden).first).to_be_hidden()
        for shown in ("h1", ".ways", ".papers", "figure img", ".contact"):
            await expect(visit.page.locator(shown).first).to_be_visible()
        assert (await visit.page.pdf())[:4] == b"%PDF"
