"""Telegram as the contract of channels sees it: a citizen's phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels import Channel
from tests.bot.channels.telegram.conftest import Bot, a_bot, ready
from tests.doubles.telegram import BAD_GATEWAY, CITIZEN, Shown, too_many


class Phone:
    """One citizen's chat with the bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self.channel: Channel = bot.channel
        self.desk = bot.desk

    async def say(self, text: str) -> str:
        return _text(await self._bot.reads(text))

    async def pick(self, number: int) -> str:
        telegram = self._bot.telegram
        shown = telegram.in_chat()
        offered = next(message for message in reversed(shown) if message.buttons)
        await telegram.presses(offered, number)
        await self._bot.told("answered")
        return _text(telegram.in_chat()[len(shown) :])

    async def screen(self) -> str:
        return _text(self._bot.telegram.in_chat())

    async def disappear(self) -> bool:
        self._bot.telegram.gone.add(CITIZEN)
        return True

    async def go_down(self) -> bool:
        self._bot.telegram.down = BAD_GATEWAY
        return True

    async def be_busy(self) -> bool:
        # The second of the messages of an answer is put off: what has arrived is not to be sent again.
        self._bot.telegram.faults["sendMessage"] = [None, too_many(3)]
        return True

    async def come_back(self) -> None:
        telegram = self._bot.telegram
        await telegram.turned_away.wait()
        telegram.down = None
        self._bot.clock.step = 0.5

    async def repeat(self) -> bool:
        await self._bot.telegram.repeat()
        await self.say("/tro_giup")  # comes later in the same conversation
        return True


def _text(shown: list[Shown]) -> str:
    """What is read: the messages, each with the labels of its buttons."""
    return "\n\n".join("\n".join([message.text, *(label for label, _ in message.buttons)]) for message in shown)


@asynccontextmanager
async def telegram_chat(folder: Path) -> AsyncIterator[Phone]:
    """A bot with a webhook, and one citizen."""
    async with a_bot(folder) as bot:
        await ready(bot)
        yield Phone(bot)
