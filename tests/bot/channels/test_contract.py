"""What every channel must do, whatever its platform; a new channel adds itself to CHANNELS."""

import asyncio
import contextlib
import html
import io
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
from rich.console import Console

from bot.channels import Channel, TryLater, Unreachable, at_once
from bot.channels.console import ConsoleChannel, lines_of
from bot.channels.web import WebChannel, listen, serve
from bot.inbox import Inbox
from handlers.messages import Citizen, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.bot.channels.running import QUICK, in_folder, keeping
from tests.bot.channels.scripted import COMPLAINT, DOSSIER, FEE, LONG, WHICH, ScriptedDesk
from tests.bot.channels.telegram.platform import telegram_chat
from tests.bot.channels.toy import toy_chat
from tests.bot.channels.zalo.platform import zalo_bot_chat, zalo_oa_chat
from tests.fakes import NOON, MemoryTranscripts

OFFICE = OfficeProfile(name="UBND phường Tô Hiệu")
NEWS = Reply(blocks=("Bộ phận Một cửa nghỉ lễ ngày 24/11/2026.",), outcome=Outcome.ANSWERED)

SPOKEN = Reply(blocks=("Cán bộ trả lời:\nAnh chờ chị một chút.",), outcome=Outcome.TO_PERSON)


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

    async def come_back(self) -> None:
        """Brings the platform back, once it has turned a message away; time goes on."""

    async def be_busy(self) -> bool:
        """Makes the platform put the next message off; False where it takes everything."""

    async def repeat(self) -> bool:
        """Delivers the last event once more, and waits until it is dealt with; False where nothing comes twice."""


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

    async def come_back(self) -> None: ...

    async def be_busy(self) -> bool:
        return False

    async def repeat(self) -> bool:
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
        self._last: dict[str, str] = {}

    async def _post(self, fields: dict[str, str]) -> str:
        self._last = fields
        page = (await self.client.get("/chat")).text
        (token, *_) = re.findall(r'name="token" value="(\w+)"', page)
        answered = (await self.client.post("/chat", data={"token": token, **fields})).text
        return _as_read(answered[answered.rindex('<li class="line mine">') :])

    async def say(self, text: str) -> str:
        return await self._post({"text": text, "message_id": secrets.token_hex(16)})

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

    async def come_back(self) -> None: ...

    async def be_busy(self) -> bool:
        return False

    async def repeat(self) -> bool:
        await self._post(self._last)
        return True


def _as_read(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@asynccontextmanager
async def _running(task: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    running = asyncio.create_task(task)
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def terminal(_: Path) -> AsyncIterator[Platform]:
    platform = Terminal()
    try:
        async with _running(platform.channel.run(at_once(platform.channel.handle, platform.desk.answer))):
            yield platform
    finally:
        platform.close()


@asynccontextmanager
async def page(folder: Path) -> AsyncIterator[Platform]:
    """Its forms go through the inbox like the events of any platform."""
    listener = listen("127.0.0.1", 0)
    desk, transcripts, started = ScriptedDesk(), MemoryTranscripts(), asyncio.Event()
    channel = WebChannel(transcripts, OFFICE, now=lambda: NOON, serve=lambda app: serve(app, listener, started.set))
    async with keeping(in_folder(folder)) as kept:
        inbox = Inbox(kept.events, now=lambda: NOON, pace=QUICK)
        async with (
            _running(inbox.run([channel], transcripts.keeping(desk.answer))),
            _running(channel.run(inbox.receive)),
        ):
            await started.wait()
            platform = Page(channel, desk, transcripts, f"http://127.0.0.1:{listener.getsockname()[1]}")
            async with platform.client:
                yield platform


CHANNELS: dict[str, Callable[[Path], AbstractAsyncContextManager[Platform]]] = {
    "console": terminal,
    "web": page,
    "telegram": telegram_chat,
    "toy": toy_chat,
    "zalo_oa": zalo_oa_chat,
    "zalo_bot": zalo_bot_chat,
}


@pytest.fixture(params=CHANNELS)
async def platform(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Platform]:
    async with CHANNELS[request.param](tmp_path) as platform:
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


async def test_while_a_person_talks_the_machine_is_silent_and_their_words_arrive(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")

    answered = read(await platform.say("tôi chờ cán bộ"))
    await platform.channel.send(platform.desk.seen[0].citizen, SPOKEN)

    on_a_page = platform.channel.name == "web" and "Một Cửa 12:00" not in answered
    assert answered == "" or on_a_page
    assert read(SPOKEN.blocks[0]) in read(await platform.screen())


async def test_an_unreachable_citizen_is_told_as_such(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    if not await platform.disappear():
        pytest.skip("a citizen of this channel can always be reached")

    with pytest.raises(Unreachable):
        await platform.channel.send(platform.desk.seen[0].citizen, NEWS)


async def test_a_platform_that_is_down_is_tried_later_and_the_answer_still_comes(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    if not await platform.go_down():
        pytest.skip("this channel has no platform that could be down")

    with pytest.raises(TryLater) as refused:
        await platform.channel.send(Citizen(platform.channel.name, "1"), NEWS)
    assert refused.value.after > 0
    asking = asyncio.create_task(platform.say("tôi muốn khiếu nại"))
    await platform.come_back()
    assert COMPLAINT.blocks[0] in read(await asking)


async def test_a_platform_that_is_busy_is_asked_again(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    if not await platform.be_busy():
        pytest.skip("this channel's platform takes everything at once")

    asking = asyncio.create_task(platform.say("cho tôi các bước"))
    await platform.come_back()

    answered = read(await asking)
    assert all(answered.count(read(block)) == 1 for block in LONG.blocks)


async def test_an_event_that_comes_again_gets_no_second_answer(platform: Platform) -> None:
    await platform.say("làm khai sinh cần gì")
    before = await platform.screen()

    if not await platform.repeat():
        pytest.skip("nothing comes twice in this channel")

    assert len(platform.desk.seen) == 1
    assert (await platform.screen()).count(DOSSIER.citation) == before.count(DOSSIER.citation)


async def test_it_says_how_it_is(platform: Platform) -> None:
    assert (await platform.channel.check()).well
