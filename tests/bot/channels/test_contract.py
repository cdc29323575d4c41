"""What every channel must do, whatever its platform; a new channel adds itself to CHANNELS."""

import asyncio
import contextlib
import html
import io
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import httpx
import pytest
from rich.console import Console

from bot.channels import Channel, TryLater, Unreachable
from bot.channels.console import ConsoleChannel, lines_of
from bot.channels.web import WebChannel, listen, serve
from handlers.messages import Citizen, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.bot.channels.scripted import COMPLAINT, DOSSIER, FEE, LONG, WHICH, ScriptedDesk
from tests.fakes import NOON, MemoryTranscripts

OFFICE = OfficeProfile(name="UBND phường Tô Hiệu")
NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ ngày 24/11/2026.",), outcome=Outcome.ANSWERED)


class Platform(Protocol):
    """The outside world of one channel: a citizen who writes, presses and reads."""

    channel: Channel
    desk: ScriptedDesk

    async def say(self, text: str) -> str:
        """Writes; what the citizen then reads, as one text."""

    async def pick(self, number: int) -> str:
        """Takes the choice with this number (from 1) of the last answer, as this platform does it."""

    async def screen(self) -> str:
        """Everything that the citizen can read now."""

    async def disappear(self) -> bool:
        """Makes the citizen unreachable; False where a citizen always can be reached."""

    async def go_down(self) -> bool:
        """Takes the platform down; False where it cannot be."""


class Terminal:
    """A person at a terminal: a pipe in, a text out."""

    def __init__(self) -> None:
        self.desk = ScriptedDesk()
        self.input, self._keys = os.pipe()
        self._screen = io.StringIO()
        console = Console(file=self._screen, width=100)
        self.channel: Channel = ConsoleChannel(OFFICE, lines=lines_of(self.input), console=console, now=lambda: NOON)

    async def say(self, text: str) -> str:
        before = len(self._screen.getvalue())
        self.desk.asked.clear()
        os.write(self._keys, f"{text}\n".encode())
        await self.desk.asked.wait()
        return self._screen.getvalue()[before:]

    async def pick(self, number: int) -> str:
        return await self.say(str(number))

    async def screen(self) -> str:
        return self._screen.getvalue()

    async def disappear(self) -> bool:
        return False

    async def go_down(self) -> bool:
        return False

    def close(self) -> None:
        os.close(self._keys)
        os.close(self.input)


class Page:
    """A browser without JavaScript at a real server on a free loopback port."""

    def __init__(self, channel: Channel, desk: ScriptedDesk, transcripts: MemoryTranscripts, address: str) -> None:
        self.channel = channel
        self.desk = desk
        self._transcripts = transcripts
        self.client = httpx.AsyncClient(base_url=address, follow_redirects=True)

    async def _post(self, fields: dict[str, str]) -> str:
        page = (await self.client.get("/chat")).text
        (token, *_) = re.findall(r'name="token" value="(\w+)"', page)
        answered = (await self.client.post("/chat", data={"token": token, **fields})).text
        return _as_read(answered[answered.rindex('<li class="line mine">') :])

    async def say(self, text: str) -> str:
        return await self._post({"text": text})

    async def pick(self, number: int) -> str:
        page = (await self.client.get("/chat")).text
        last = page[page.rindex('<li class="line desk">') :]
        value = re.findall(r'name="choice" value="([^"]+)"', last)[number - 1]
        return await self._post({"choice": html.unescape(value)})

    async def screen(self) -> str:
        return _as_read((await self.client.get("/chat")).text)

    async def disappear(self) -> bool:
        self._transcripts.lines.clear()
        return True

    async def go_down(self) -> bool:
        self._transcripts.away = True
        return True


def _as_read(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@asynccontextmanager
async def _running(channel: Channel, desk: ScriptedDesk, keeping: MemoryTranscripts | None) -> AsyncIterator[None]:
    running = asyncio.create_task(channel.run(keeping.keeping(desk.answer) if keeping else desk.answer))
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def terminal() -> AsyncIterator[Platform]:
    platform = Terminal()
    try:
        async with _running(platform.channel, platform.desk, None):
            yield platform
    finally:
        platform.close()


@asynccontextmanager
async def page() -> AsyncIterator[Platform]:
    listener = listen("127.0.0.1", 0)
    desk, transcripts, started = ScriptedDesk(), MemoryTranscripts(), asyncio.Event()
    channel = WebChannel(transcripts, OFFICE, now=lambda: NOON, serve=lambda app: serve(app, listener, started.set))
    async with _running(channel, desk, transcripts):
        await started.wait()
        platform = Page(channel, desk, transcripts, f"http://127.0.0.1:{listener.getsockname()[1]}")
        async with platform.client:
            yield platform


CHANNELS: dict[str, Callable[[], AbstractAsyncContextManager[Platform]]] = {"console": terminal, "web": page}


@pytest.fixture(params=CHANNELS)
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    async with CHANNELS[request.param]() as platform:
        yield platform


def read(text: str) -> str:
    """The text as one line, the way a reader's eye takes it."""
    return " ".join(text.split())


async def test_its_name_marks_its_citizens(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")

    (message,) = platform.desk.seen
    assert message.citizen.channel == platform.channel.name
    assert message.citizen.channel.isascii()
    assert message.citizen.id
    assert message.received_at.tzinfo is not None


async def test_the_first_words_say_that_a_machine_answers(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")

    first = read(await platform.screen())
    assert "máy trả lời tự động của UBND phường Tô Hiệu" in first
    assert all(number in first for number in ("113", "114", "115"))


async def test_a_whole_conversation_with_choices(platform: Platform) -> None:
    offered = read(await platform.say("đăng ký kết hôn"))
    taken = read(await platform.pick(2))
    after = read(await platform.say("làm khai sinh cần gì"))

    assert all(choice.label in offered for choice in WHICH.choices)
    picked = platform.desk.seen[1]
    if platform.channel.capabilities.buttons:
        assert (picked.choice, picked.text) == (WHICH.choices[1].value, WHICH.choices[1].label)
        assert FEE.blocks[0] in taken
    else:
        assert (picked.choice, picked.text) == (None, "2")
    assert DOSSIER.citation in after
    assert DOSSIER.links[0].label in after
    assert len({message.id for message in platform.desk.seen}) == 3
    assert len({message.citizen for message in platform.desk.seen}) == 1


async def test_a_long_answer_arrives_whole_and_in_order(platform: Platform) -> None:
    await platform.say("cho tôi các bước")

    shown = read(await platform.screen())
    places = [shown.index(read(block)) for block in LONG.blocks]
    assert places == sorted(places)


async def test_a_complaint_is_answered_like_anything_else(platform: Platform) -> None:
    assert COMPLAINT.blocks[0] in read(await platform.say("tôi muốn khiếu nại"))


async def test_the_desk_may_write_to_a_citizen_it_knows(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")

    await platform.channel.send(platform.desk.seen[0].citizen, NEWS)

    assert NEWS.blocks[0] in read(await platform.screen())


async def test_an_unreachable_citizen_is_told_as_such(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    if not await platform.disappear():
        pytest.skip("a citizen of this channel can always be reached")

    with pytest.raises(Unreachable):
        await platform.channel.send(platform.desk.seen[0].citizen, NEWS)


async def test_a_platform_that_is_down_is_tried_later_and_still_answers(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    if not await platform.go_down():
        pytest.skip("this channel has no platform that could be down")

    with pytest.raises(TryLater) as refused:
        await platform.channel.send(Citizen(platform.channel.name, "anyone"), NEWS)
    assert refused.value.after > 0
    assert COMPLAINT.blocks[0] in read(await platform.say("tôi muốn khiếu nại"))
