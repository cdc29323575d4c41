"""A real browser at the staff desk on a free loopback port, signed in as somebody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.staff import beside
from bot.storage.staff import Role
from bot.web.frame import STATIC
from tests.bot.pages.test_in_a_browser import served
from tests.bot.staff.office import StaffDesk

SERIOUS = {"serious", "critical"}


@dataclass
class StaffVisit:
    """One browser. complaints: what its console said, and requests to anywhere else."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Opens a page of the desk."""
        await self.page.goto(self.address + path)

    async def serious_findings(self) -> list[str]:
        """What axe-core finds that would keep people out."""
        found = (await Axe().run(self.page)).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]

    async def too_wide(self) -> bool:
        """True if the page has to be moved sideways."""
        wide = await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return bool(wide)


@asynccontextmanager
async def a_staff_visit(
    browser: Browser, desk: StaffDesk, *roles: Role, name: str = "", width: int = 1280, javascript: bool = True
) -> AsyncIterator[StaffVisit]:
    """A browser at the desk; signed in where roles are given."""
    web = Starlette(routes=[Mount("/static/web", StaticFiles(directory=STATIC))])
    async with served(beside(web, desk.app)) as address:
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, locale="vi-VN", java_script_enabled=javascript
        )
        if roles:
            account = await desk.account(*roles, name=name)
            secret = await desk.room.signed_in.open(
                account, code_given=True, place="127.0.0.1", device="Chromium", now=desk.clock()
            )
            host = urlsplit(address).hostname or ""
            cookie = {"name": "motcua_can_bo", "value": secret, "domain": host, "path": "/", "httpOnly": True}
            await context.add_cookies([cookie])  # type: ignore[list-item]
        page = await context.new_page()
        visit = StaffVisit(page, context, address)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda message: visit.complaints.append(message.text))
        page.on("request", lambda one: None if one.url.startswith(address) else visit.complaints.append(one.url))
        try:
            yield visit
        finally:
            await context.close()
