"""Both Zalo platforms as the contract of channels sees them: a citizen's phone."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.channels import Channel
from bot.channels.zalo_bot import PATH as BOT_PATH
from bot.channels.zalo_bot import Hook, ZaloBotChannel
from bot.channels.zalo_bot.client import BotClient, make_http
from bot.channels.zalo_oa import PATH as OA_PATH
from bot.channels.zalo_oa import ZaloOaChannel
from bot.channels.zalo_oa.client import SEND, OaClient
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.signature import Seal
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.storage.zalo_tokens import StoredZaloTokens
from tests.bot.channels.running import Clock, Kept, address_of, at_work, in_folder, keeping, listen
from tests.bot.channels.scripted import ScriptedDesk
from tests.bot.channels.zalo.desk import BOT_SECRET, RECEPTION
from tests.doubles import zalo_bot, zalo_oa
from tests.doubles.loopback import GATEWAY, Given
from tests.doubles.zalo_bot import ZaloBot, a_zalo_bot
from tests.doubles.zalo_oa import ZaloOa, a_zalo_oa


class Phone:
    """One citizen's chat. busy: the path and the answer of a platform that puts a message off."""

    def __init__(
        self,
        zalo: ZaloOa | ZaloBot,
        channel: Channel,
        desk: ScriptedDesk,
        kept: Kept,
        clock: Clock,
        *,
        citizen: str,
        busy: tuple[str, Given],
        again: Callable[[bytes], Awaitable[int]],
    ) -> None:
        self.channel = channel
        self.desk = desk
        self._zalo = zalo
        self._kept = kept
        self._clock = clock
        self._citizen = citizen
        self._busy = busy
        self._again = again
        self._events = 0
        self._last = b""

    async def say(self, text: str) -> str:
        before = len(self._zalo.sent)
        self._events += 1
        self._last = await self._zalo.says(text)
        await self._kept.outcomes(self._events)
        return _text(self._zalo.sent[before:])

    async def pick(self, number: int) -> str:
        return await self.say(str(number))

    async def screen(self) -> str:
        return _text(self._zalo.sent)

    async def disappear(self) -> bool:
        self._zalo.gone.add(self._citizen)
        return True

    async def go_down(self) -> bool:
        self._zalo.down = GATEWAY
        return True

    async def be_busy(self) -> bool:
        # The second of the messages of an answer is put off: what has arrived is not to be sent again.
        path, answer = self._busy
        self._zalo.faults[path] = [None, answer]
        return True

    async def come_back(self) -> None:
        await self._zalo.turned_away.wait()
        self._zalo.down = None
        self._clock.step = 5.0

    async def repeat(self) -> bool:
        last = self._last
        await self._again(last)
        await self.say("/tro_giup")  # comes later in the same conversation
        return True


def _text(shown: list[zalo_oa.Delivered] | list[zalo_bot.Delivered]) -> str:
    return "\n\n".join(message.text for message in shown)


@asynccontextmanager
async def zalo_oa_chat(folder: Path) -> AsyncIterator[Phone]:
    """An Official Account with its tokens in a database, and one citizen who writes to it."""
    desk, clock, listener = ScriptedDesk(), Clock(), listen("127.0.0.1", 0)
    webhook = address_of(listener) + OA_PATH
    async with (
        keeping(in_folder(folder)) as kept,
        a_zalo_oa(ZaloOa(now=lambda: clock.at, webhook=webhook)) as zalo,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        oauth = OAuth(http, app_id=zalo_oa.APP_ID, app_secret=zalo_oa.APP_SECRET, base_url=zalo.address)
        store = StoredZaloTokens(kept.engine, zalo_oa.APP_ID)
        tokens = TokenKeeper(store, oauth.refresh, now=clock, first=zalo_oa.FIRST_REFRESH)
        channel = ZaloOaChannel(
            OaClient(http, tokens, base_url=zalo.address),
            tokens,
            Seal(zalo_oa.APP_ID, zalo_oa.OA_ID, zalo_oa.OA_SECRET),
            kept.subscribers,
            RECEPTION,
            now=clock,
        )
        async with at_work(channel, desk.answer, kept, clock, listener):
            busy = (SEND, zalo_oa.error(-32))
            yield Phone(
                zalo,
                channel,
                desk,
                kept,
                clock,
                citizen=zalo_oa.CITIZEN,
                busy=busy,
                again=lambda body: zalo.deliver(body, retry=1),
            )


@asynccontextmanager
async def zalo_bot_chat(folder: Path) -> AsyncIterator[Phone]:
    """A bot with a webhook, and one citizen who writes to it."""
    desk, clock, listener = ScriptedDesk(), Clock(), listen("127.0.0.1", 0)
    hook = Hook(url=address_of(listener) + BOT_PATH, secret=BOT_SECRET)
    async with (
        keeping(in_folder(folder)) as kept,
        a_zalo_bot(ZaloBot(now=lambda: clock.at)) as zalo,
        make_http(zalo_bot.TOKEN) as http,
    ):
        client = BotClient(http, base_url=zalo.address)
        channel = ZaloBotChannel(client, kept.subscribers, RECEPTION, now=clock, hook=hook)
        async with at_work(channel, desk.answer, kept, clock, listener):
            await zalo.hooked.wait()
            busy = ("sendMessage", zalo_bot.error(429))
            yield Phone(zalo, channel, desk, kept, clock, citizen=zalo_bot.CITIZEN, busy=busy, again=zalo.deliver)
