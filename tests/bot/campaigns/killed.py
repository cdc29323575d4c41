"""A replica that only sends campaigns, in a process of its own, so that it can be killed at any moment."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from bot.campaigns.budget import Budget
from bot.campaigns.choosing import Reach
from bot.campaigns.outbox import StoredOutbox
from bot.campaigns.resting import QuietHours
from bot.campaigns.runs import StoredRuns
from bot.campaigns.sender import Pace, Sender
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.writing import Outlet
from bot.channels.reception import House, Reception
from bot.channels.rendering import as_messages
from bot.channels.telegram import TelegramChannel, connected
from bot.clock import Clock
from bot.storage.buttons import StoredButtons
from bot.storage.engine import make_engine
from bot.storage.subscribers import StoredSubscribers
from handlers.messages import Reply
from knowledge.entries import OfficeProfile
from tests.doubles.telegram import TOKEN

TICK_SECONDS = 1.0
CHANNEL = "telegram"


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def preview(reply: Reply) -> list[str]:
    """As Telegram shows it."""
    return as_messages(reply, 4096, buttons=True)


def live(url: str, telegram: str, per_second: int, lease: float) -> None:
    """Sends until killed. per_second: the budget, 0 = none; lease: seconds after which a delivery is unknown."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_live(url, telegram, per_second, lease))


async def _live(url: str, telegram: str, per_second: int, lease: float) -> None:
    engine = make_engine(url)
    async with connected(TOKEN, telegram) as bot:
        channel = TelegramChannel(
            bot,
            Reception(House(profile=OfficeProfile()), "Telegram", buttons=True),
            acquaintances=StoredSubscribers(engine),
            buttons=StoredButtons(engine),
            now=now,
        )
        outlet = Outlet(name=CHANNEL, send=channel.send, preview=preview, per_second=per_second)
        sender = Sender(
            StoredRuns(engine, Reach(channels=(CHANNEL,))),
            StoredOutbox(engine),
            StoredCampaigns(engine),
            [(outlet, Budget(engine, CHANNEL, per_second, now))],
            now=now,
            rest=QuietHours(time(0), time(0)),
            pace=Pace(lease=timedelta(seconds=lease), longest=lease / 2, error_share=1.0),
        )
        clock = Clock()
        clock.every(TICK_SECONDS, sender.tick, "campaigns")
        clock.start()
        await sender.tick()
        await sender.run()
