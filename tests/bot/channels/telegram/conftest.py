"""A bot at work before the double of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.channels import Receive
from bot.channels.reception import House, Reception
from bot.channels.telegram import TelegramChannel, TelegramOptions, connected, secret_of
from bot.inbox import Inbox
from handlers.messages import Citizen
from knowledge.entries import OfficeProfile
from tests.bot.channels.running import Clock, Kept, address_of, at_work, in_folder, keeping, listen
from tests.bot.channels.scripted import ScriptedDesk
from tests.doubles.telegram import CITIZEN, TOKEN, Shown, Telegram, a_telegram

OFFICE = OfficeProfile(name="UBND phường Tô Hiệu")


@dataclass
class Bot:
    """The bot, its platform and what it keeps."""

    channel: TelegramChannel
    telegram: Telegram
    desk: ScriptedDesk
    kept: Kept
    clock: Clock
    inbox: Inbox
    forgotten: list[Citizen]
    slept: list[float]
    _ended: int = 0

    async def told(self, *outcomes: str) -> None:
        """Waits until the events that came since have ended so."""
        found = await self.kept.outcomes(self._ended + len(outcomes))
        assert found[self._ended :] == list(outcomes)
        self._ended = len(found)

    async def reads(self, text: str, user: int = CITIZEN) -> list[Shown]:
        """A citizen writes; what the bot writes to them about it."""
        before = len(self.telegram.in_chat(user))
        await self.telegram.says(text, user)
        self._ended = len(await self.kept.outcomes(self._ended + 1))
        return self.telegram.in_chat(user)[before:]


@asynccontextmanager
async def a_bot(
    folder: Path,
    *,
    polling: bool = False,
    modules: Sequence[str] = (),
    desk: ScriptedDesk | None = None,
    telegram: Telegram | None = None,
    through: Callable[[Receive], Receive] = lambda receive: receive,
    **house: object,
) -> AsyncIterator[Bot]:
    """A bot at work. polling: without a webhook; through: as in at_work; house: more of bot.channels.reception."""
    clock, desk, forgotten, slept = Clock(), desk or ScriptedDesk(), [], []

    async def forget(citizen: Citizen) -> None:
        forgotten.append(citizen)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    listener = listen("127.0.0.1", 0)
    options = TelegramOptions(webhook="" if polling else address_of(listener), secret=secret_of(TOKEN))
    async with (
        keeping(in_folder(folder)) as kept,
        a_telegram(telegram) as platform,
        connected(TOKEN, platform.address, seconds=0.5) as connection,
    ):
        made = House(profile=OFFICE, days=30, forget=forget, modules=frozenset(modules), **house)  # type: ignore[arg-type]
        channel = TelegramChannel(
            connection,
            Reception(made, "Telegram", buttons=True),
            acquaintances=kept.subscribers,
            buttons=kept.buttons,
            now=clock,
            options=options,
            sleep=sleep,
        )
        async with at_work(channel, desk.answer, kept, clock, listener, through=through) as inbox:
            yield Bot(channel, platform, desk, kept, clock, inbox, forgotten, slept)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot with a webhook that Telegram knows."""
    async with a_bot(tmp_path) as made:
        await ready(made)
        yield made


async def ready(bot: Bot) -> None:
    """Waits until Telegram has been told who we are."""
    last = "setWebhook" if bot.channel.routes(bot.inbox.receive) else "deleteWebhook"
    await bot.telegram.called[last].wait()
