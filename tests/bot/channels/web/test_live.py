"""What the desk says unasked reaches the pages that are open, wherever it was said."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.channels import TooMany, at_once
from bot.channels.web import WebChannel, listen, serve
from bot.channels.web.live import MOST_OF_ONE
from bot.channels.web.pages import TOO_MANY
from bot.events import Event
from handlers.messages import Outcome, Reply
from tests.bot.channels.scripted import DOSSIER, ScriptedDesk
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.bot.channels.web.browserless import JSON, OFFICE, Visitor
from tests.fakes import NOON, MemoryTranscripts

NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ ngày 24/11/2026.",), outcome=Outcome.ANSWERED)
MORE = Reply(blocks=("Hồ sơ của Anh/Chị đã có kết quả.",), outcome=Outcome.ANSWERED)


@dataclass
class Site:
    channel: WebChannel
    desk: ScriptedDesk
    address: str


@asynccontextmanager
async def a_site(transcripts: MemoryTranscripts) -> AsyncIterator[Site]:
    """One replica, served."""
    listener, started, desk = listen("127.0.0.1", 0), asyncio.Event(), ScriptedDesk()
    channel = WebChannel(transcripts, OFFICE, now=lambda: NOON, serve=lambda app: serve(app, listener, started.set))
    running = asyncio.create_task(channel.run(at_once(channel.handle, transcripts.keeping(desk.answer))))
    await started.wait()
    try:
        yield Site(channel, desk, f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def transcripts() -> MemoryTranscripts:
    return MemoryTranscripts()


@asynccontextmanager
async def a_talk(site: Site) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
        visitor = Visitor(client)
        await visitor.open()
        await visitor.ask("làm khai sinh cần gì")
        yield visitor


async def heard(visitor: Visitor, **asked: str) -> list[str]:
    """The fields of the next event that an open page hears."""
    headers = {name.replace("_", "-"): value for name, value in asked.items()}
    async with visitor.client.stream("GET", "/chat/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        found: list[str] = []
        async for row in stream.aiter_lines():
            if row.startswith(("id:", "event:", "data:")):
                found.append(row)
            elif not row and found:
                return found
    return []


async def test_news_come_once_and_those_missed_on_the_way_too(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as site, a_talk(site) as visitor:
        citizen = site.desk.seen[0].citizen
        hearing = asyncio.create_task(heard(visitor))
        await site.channel.send(citizen, NEWS)
        first = await hearing
        await site.channel.send(citizen, MORE)

        second = await heard(visitor, last_event_id="1")

    assert first[:2] == ["id: 1", "event: line"]
    assert NEWS.blocks[0] in "".join(first)
    assert second[0] == "id: 2"
    assert MORE.blocks[0] in "".join(second)


async def test_nobody_hears_what_is_said_to_another(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as site, a_talk(site) as one, a_talk(site) as other:
        first, second = (message.citizen for message in site.desk.seen)
        hearing = asyncio.create_task(heard(other))
        await site.channel.send(first, NEWS)
        await site.channel.send(second, MORE)

        assert MORE.blocks[0] in "".join(await hearing)
        assert NEWS.blocks[0] in "".join(await heard(one))


async def test_what_one_replica_says_is_heard_at_another(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as here, a_site(transcripts) as there, a_talk(here) as visitor:
        await there.channel.send(here.desk.seen[0].citizen, NEWS)

        assert NEWS.blocks[0] in "".join(await heard(visitor))


async def test_a_stranger_is_told_not_to_come_again(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as site, httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
        assert (await client.get("/chat/events")).status_code == 204


async def test_one_browser_cannot_take_all_places(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as site, a_talk(site) as visitor, contextlib.AsyncExitStack() as open_pages:
        kept = []
        for _ in range(MOST_OF_ONE):
            stream = await open_pages.enter_async_context(visitor.client.stream("GET", "/chat/events"))
            kept.append(stream.aiter_bytes())
            await anext(kept[-1])

        assert (await visitor.client.get("/chat/events")).status_code == 503


async def test_a_store_that_is_away_does_not_end_the_listening(transcripts: MemoryTranscripts) -> None:
    async with a_site(transcripts) as site, a_talk(site) as visitor:
        transcripts.away = True
        async with visitor.client.stream("GET", "/chat/events") as stream:
            rows = stream.aiter_lines()
            await anext(rows)
            transcripts.away = False
            await site.channel.send(site.desk.seen[0].citizen, NEWS)
            async for row in rows:
                if NEWS.blocks[0] in row:
                    break


async def test_a_service_that_stops_lets_its_pages_go(transcripts: MemoryTranscripts) -> None:
    async with contextlib.AsyncExitStack() as life:
        site = await life.enter_async_context(a_site(transcripts))
        async with a_talk(site) as visitor, visitor.client.stream("GET", "/chat/events") as stream:
            rows = stream.aiter_bytes()
            await anext(rows)
            stopping = asyncio.create_task(life.aclose())

            assert [part async for part in rows] == []
            await stopping


async def test_a_browser_that_sends_too_many_is_told_and_keeps_its_text(transcripts: MemoryTranscripts) -> None:
    async def too_many(event: Event) -> bool:
        raise TooMany

    channel = WebChannel(transcripts, OFFICE, now=lambda: NOON, serve=lambda _: asyncio.sleep(0))
    transport = httpx.ASGITransport(app=channel.application(too_many))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        visitor = Visitor(client)
        await visitor.open()
        page = await visitor.post({"text": "làm khai sinh cần gì"})
        told = await client.post("/chat", data={"text": "hỏi", "token": visitor.token}, headers=JSON)

    assert page.status_code == told.status_code == 429
    assert TOO_MANY in page.text
    assert "làm khai sinh cần gì</textarea>" in page.text
    assert told.json()["problem"] == TOO_MANY


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install -y chromium fonts-noto-core")
async def test_in_a_browser_an_announcement_arrives_while_the_page_is_open(
    browser: Browser, transcripts: MemoryTranscripts
) -> None:
    async with a_site(transcripts) as site:
        page = await browser.new_page()
        await page.goto(f"{site.address}/chat")
        await page.fill("#question", "làm khai sinh cần gì")
        await page.press("#question", "Enter")
        await expect(page.locator(".citation")).to_have_text(DOSSIER.citation)
        citizen = site.desk.seen[0].citizen

        await site.channel.send(citizen, NEWS)
        await expect(page.locator(".line.desk").last).to_contain_text(NEWS.blocks[0])
        await page.reload()
        await expect(page.locator(".line.desk", has_text=NEWS.blocks[0])).to_have_count(1)
        await site.channel.send(citizen, MORE)
        await expect(page.locator(".line.desk").last).to_contain_text(MORE.blocks[0])
        await expect(page.locator(".line.desk", has_text=NEWS.blocks[0])).to_have_count(1)
        await page.close()
