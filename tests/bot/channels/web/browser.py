"""A real browser, Debian's Chromium, at a real server on a free loopback port."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page, async_playwright

from bot.channels.web import listen, serve
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.web.browserless import a_web
from tests.fakes import MemoryTranscripts

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visit:
    """One visitor: the page, the desk behind it, and what the browser complained about."""

    page: Page
    desk: ScriptedDesk
    transcripts: MemoryTranscripts
    address: str
    complaints: list[str]

    async def ask(self, text: str) -> None:
        """Types a question and presses Enter; returns when its answer is on the page."""
        answers = await self.page.locator(".line.desk").count()
        await self.page.fill("#question", text)
        await self.page.press("#question", "Enter")
        await self.page.locator(".line.desk").nth(answers).wait_for()


@asynccontextmanager
async def a_visit(
    browser: Browser,
    *,
    width: int = 360,
    height: int = 740,
    javascript: bool = True,
    desk: ScriptedDesk | None = None,
) -> AsyncIterator[Visit]:
    """A new visitor with the chat open; requests to anywhere else are complaints."""
    listener = listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk, transcripts, started = desk or ScriptedDesk(), MemoryTranscripts(), asyncio.Event()
    serving = asyncio.create_task(serve(a_web(desk, transcripts), listener, started.set))
    await started.wait()
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", java_script_enabled=javascript
    )
    try:
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on(
            "request",
            lambda request: None if request.url.startswith(address) else complaints.append(request.url),
        )
        await page.goto(address)
        yield Visit(page, desk, transcripts, address, complaints)
    finally:
        desk.hold.set()
        await context.close()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
