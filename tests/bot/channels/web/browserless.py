"""A citizen without a browser: the web application spoken to by httpx, in this process."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from bot.channels.web import WebOptions, make_web
from bot.channels.web.pages import always_ready
from knowledge.entries import OfficeProfile
from tests.bot.channels.scripted import ScriptedDesk
from tests.fakes import NOON, MemoryTranscripts

OFFICE = OfficeProfile(name="Sở Khoa học và Công nghệ tỉnh Sơn La", phone="0212 000 0000")
ADDRESS = "http://desk.example"
JSON = {"accept": "application/json"}
_TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')


class Visitor:
    """One browser without JavaScript."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.token = ""

    async def open(self, path: str = "/chat") -> httpx.Response:
        """Opens a page and takes its form's token."""
        response = await self.client.get(path)
        if found := _TOKEN.search(response.text):
            self.token = found[1]
        return response

    async def post(self, fields: dict[str, str], path: str = "/chat", **headers: str) -> httpx.Response:
        """Sends a form; redirects are left to the caller."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, data={"token": self.token, **fields}, headers=named)

    async def ask(self, text: str) -> str:
        """Asks as a page without JavaScript does; the page that comes."""
        response = await self.post({"text": text})
        if response.status_code == 303:
            response = await self.open(response.headers["location"])
        return response.text


def a_web(
    desk: ScriptedDesk,
    transcripts: MemoryTranscripts,
    *,
    ready: Callable[[], Awaitable[bool]] = always_ready,
    questions: Sequence[str] = ("Đăng ký khai sinh cần gì?",),
    options: WebOptions | None = None,
) -> FastAPI:
    """The web application over a scripted desk, at noon of the tests' day."""
    answer = transcripts.keeping(desk.answer)
    return make_web(
        answer,
        transcripts,
        OFFICE,
        now=lambda: NOON,
        ready=ready,
        questions=questions,
        options=options or WebOptions(kept_days=30, record_days=365),
    )


@asynccontextmanager
async def a_client(web: FastAPI, address: str = ADDRESS) -> AsyncIterator[httpx.AsyncClient]:
    """A client that keeps cookies; faults of the application come back as its own error page."""
    transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=address) as client:
        yield client
