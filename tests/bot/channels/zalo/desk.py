"""Both Zalo channels on loopback: the platform's double, the channel behind a web server, a desk with set answers."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.channels import Channel, MaybeSent, Refused, TryLater, Unreachable
from bot.channels.reception import House, Reception
from bot.channels.web.serving import listen, serve
from bot.channels.zalo_bot import PATH as BOT_PATH
from bot.channels.zalo_bot import Hook, ZaloBotChannel
from bot.channels.zalo_bot.client import BotClient, make_http
from bot.channels.zalo_oa import PATH as OA_PATH
from bot.channels.zalo_oa import OaRules, ZaloOaChannel
from bot.channels.zalo_oa.client import OaClient
from bot.channels.zalo_oa.oauth import NewPair
from bot.channels.zalo_oa.signature import Formula, Seal
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.events import Event
from handlers.messages import Citizen
from knowledge.entries import OfficeProfile
from tests.bot.channels.scripted import ScriptedDesk
from tests.doubles.zalo_bot import TOKEN, ZaloBot, a_zalo_bot
from tests.doubles.zalo_oa import APP_ID, OA_ID, OA_SECRET, ZaloOa, a_zalo_oa
from tests.fakes import NOON

RECORDED = Path(__file__).parent / "recorded"
RECEPTION = Reception(House(profile=OfficeProfile(name="UBND phường Tô Hiệu"), days=30), "Zalo", buttons=False)
GREETING = "Đây là máy trả lời tự động của UBND phường Tô Hiệu"
BOT_SECRET = "a-secret-of-our-own"  # noqa: S105 - of nobody


def recorded(name: str) -> bytes:
    """The raw body of a recorded event."""
    return (RECORDED / f"{name}.json").read_bytes().strip()


@dataclass
class Friends:
    """Acquaintances in memory; `away` makes them behave like a database that does not answer."""

    greeted: dict[Citizen, str] = field(default_factory=dict)
    standing: dict[Citizen, str] = field(default_factory=dict)
    away: bool = False

    async def greet(self, citizen: Citizen, message_id: str, at: datetime) -> bool:
        self._reach()
        return self.greeted.setdefault(citizen, message_id) == message_id

    async def reached(self, citizen: Citizen, at: datetime) -> None:
        self._reach()
        self.standing[citizen] = ""

    async def lost(self, citizen: Citizen, reason: str, at: datetime) -> None:
        self._reach()
        self.standing[citizen] = reason

    def _reach(self) -> None:
        if self.away:
            raise ConnectionError("the store does not answer")


@dataclass
class Line:
    """What comes in is kept once and handled when the test says so. outcomes: words, or what was raised."""

    desk: ScriptedDesk = field(default_factory=ScriptedDesk)
    events: dict[str, Event] = field(default_factory=dict)
    waiting: list[Event] = field(default_factory=list)
    outcomes: list[str | Exception] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    away: bool = False
    hang: bool = False

    async def receive(self, event: Event) -> bool:
        if self.hang:
            await asyncio.Event().wait()
        if self.away:
            raise ConnectionError("the store does not answer")
        if event.id in self.events:
            return False
        self.events[event.id] = event
        self.waiting.append(event)
        self.arrived.set()
        return True

    async def work(self, channel: Channel) -> None:
        """Handles everything that waits, each once."""
        waiting, self.waiting = self.waiting, []
        for event in waiting:
            await self.handle(channel, event)

    async def handle(self, channel: Channel, event: Event) -> None:
        try:
            self.outcomes.append(await channel.handle(event, self.desk.answer))
        except (Unreachable, Refused) as refused:
            self.outcomes.append(refused)
        except (TryLater, MaybeSent) as later:
            self.outcomes.append(later)
            self.waiting.append(replace(event, sent=later.sent, attempt=event.attempt + 1))


@dataclass
class Clock:
    """A clock that only tests and waits move. slept: the waits asked for, in seconds; rested: set by each."""

    at: datetime = NOON
    slept: list[float] = field(default_factory=list)
    rested: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
        self.rested.set()
        await asyncio.sleep(0)


class FixedPair:
    """A store that holds one pair, for tests about other things than tokens."""

    def __init__(self, zalo: ZaloOa, clock: Clock) -> None:
        self._zalo = zalo
        self._clock = clock
        self.stored_at = clock.at - timedelta(days=1)
        self.refresh_until = clock.at + timedelta(days=90)
        self.failures, self.failure, self.failed_at = 0, "", None
        self.missing = False

    @property
    def access_token(self) -> str:
        return self._zalo.access_token

    @property
    def refresh_token(self) -> str:
        return self._zalo.refresh_token

    @property
    def access_until(self) -> datetime:
        return self._clock.at + timedelta(hours=20)

    async def load(self) -> "FixedPair | None":
        return None if self.missing else self

    async def begin(self, refresh_token: str, now: datetime, until: datetime) -> bool:
        return False

    async def claim(self, owner: str, now: datetime, until: datetime) -> "FixedPair | None":
        return None

    async def replace(self, used: str, pair: NewPair, now: datetime) -> bool:
        return False

    async def failed(self, owner: str, reason: str, now: datetime) -> None: ...

    async def release(self, owner: str) -> None: ...


@dataclass
class OaDesk:
    """The Official Account and all around it."""

    zalo: ZaloOa
    channel: ZaloOaChannel
    line: Line
    friends: Friends
    clock: Clock
    pair: FixedPair

    async def says(self, text: str) -> list[str]:
        """A citizen writes and is answered; the texts that reached them."""
        before = len(self.zalo.sent)
        await self.zalo.says(text)
        await self.line.work(self.channel)
        return [message.text for message in self.zalo.sent[before:]]


@dataclass
class BotDesk:
    """The bot and all around it."""

    zalo: ZaloBot
    channel: ZaloBotChannel
    line: Line
    friends: Friends
    clock: Clock

    async def says(self, text: str) -> list[str]:
        """A citizen writes and is answered; the texts that reached them."""
        before = len(self.zalo.sent)
        await self.zalo.says(text)
        await self.line.work(self.channel)
        return [message.text for message in self.zalo.sent[before:]]


def at(listener: socket.socket) -> str:
    """The address of a listening socket."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def nothing(_: str, __: datetime) -> NewPair:
    """No renewal in these tests."""
    raise AssertionError("nobody renews here")


@asynccontextmanager
async def an_oa(*, formula: Formula = Formula(), rules: OaRules = OaRules()) -> AsyncIterator[OaDesk]:  # noqa: B008
    """The account, its webhook set at our server."""
    clock, line, friends = Clock(), Line(), Friends()
    async with a_zalo_oa(ZaloOa(now=clock.now)) as zalo, httpx.AsyncClient(trust_env=False) as http:
        pair = FixedPair(zalo, clock)
        tokens = TokenKeeper(pair, nothing, now=clock.now, sleep=clock.sleep)
        channel = ZaloOaChannel(
            OaClient(http, tokens, base_url=zalo.address),
            tokens,
            Seal(APP_ID, OA_ID, OA_SECRET, formula),
            friends,
            RECEPTION,
            now=clock.now,
            rules=rules,
            sleep=clock.sleep,
            chance=lambda: 0.0,
        )
        listener = listen("127.0.0.1", 0)
        zalo.webhook = at(listener) + OA_PATH
        async with served(channel, line, listener):
            yield OaDesk(zalo, channel, line, friends, clock, pair)


@asynccontextmanager
async def a_bot(*, polling: bool = False) -> AsyncIterator[BotDesk]:
    """The bot, with a webhook at our server or with polling."""
    clock, line, friends = Clock(), Line(), Friends()
    async with a_zalo_bot(ZaloBot(now=clock.now)) as zalo, make_http(TOKEN) as http:
        listener = listen("127.0.0.1", 0)
        hook = None if polling else Hook(url=at(listener) + BOT_PATH, secret=BOT_SECRET)
        channel = ZaloBotChannel(
            BotClient(http, base_url=zalo.address),
            friends,
            RECEPTION,
            now=clock.now,
            hook=hook,
            sleep=clock.sleep,
            chance=lambda: 0.0,
            poll_seconds=0,
        )
        async with served(channel, line, listener):
            if not polling:
                await channel.run(line.receive)
            yield BotDesk(zalo, channel, line, friends, clock)


@asynccontextmanager
async def served(channel: Channel, line: Line, listener: socket.socket) -> AsyncIterator[None]:
    """The channel's addresses at a real server."""
    started = asyncio.Event()
    app = Starlette(routes=list(channel.routes(line.receive)))
    server = asyncio.create_task(serve(app, listener, started.set))
    await started.wait()
    try:
        yield
    finally:
        server.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await server


@asynccontextmanager
async def running(channel: Channel, line: Line) -> AsyncIterator[None]:
    """The channel's own loop, as long as the block runs."""
    task = asyncio.create_task(channel.run(line.receive))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
