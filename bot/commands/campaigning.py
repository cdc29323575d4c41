"""The campaigns' sender, put together over the channels that are switched on."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from bot.campaigns.budget import Budget
from bot.campaigns.choosing import Reach
from bot.campaigns.links import LinkChecker, StoredLinks
from bot.campaigns.outbox import StoredOutbox
from bot.campaigns.resting import QuietHours
from bot.campaigns.runs import StoredRuns
from bot.campaigns.sender import Pace, Sender
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.writing import Outlet
from bot.channels import Answer, Channel
from bot.channels.rendering import as_messages
from bot.channels.zalo_oa import ZaloOaChannel
from bot.config import Settings
from bot.pages.opening import KeptFile, opening
from bot.staff.campaigning import Campaigning, Remembering
from handlers.messages import IncomingMessage, Reply
from handlers.subscription.wording import stops

TICK_SECONDS = 5.0
TELEGRAM = "telegram"


def make_sender(
    settings: Settings, engine: AsyncEngine, channels: Sequence[Channel], now: Callable[[], datetime]
) -> Sender:
    """The sender of this process."""
    own = settings.campaigns
    return Sender(
        StoredRuns(engine, reach(settings, channels), settings.web.address),
        StoredOutbox(engine),
        StoredCampaigns(engine),
        [(one, Budget(engine, one.name, one.per_second, now)) for one in outlets(settings, channels)],
        now=now,
        rest=QuietHours(time(own.quiet_from), time(own.quiet_until)),
        pace=Pace(error_share=own.error_share),
    )


def outlets(settings: Settings, channels: Sequence[Channel]) -> list[Outlet]:
    """The channels as campaigns use them."""
    own = settings.campaigns
    telegram = max(1, own.telegram_per_second - own.left_for_answers) if own.telegram_per_second else 0
    return [
        Outlet(
            name=channel.name,
            send=channel.send,
            preview=partial(_shown, channel),
            proactive=channel.capabilities.proactive,
            per_second=telegram if channel.name == TELEGRAM else own.zalo_per_second,
            template=channel.send_template if isinstance(channel, ZaloOaChannel) else None,
            broadcast=channel.broadcast if isinstance(channel, ZaloOaChannel) else None,
        )
        for channel in channels
    ]


def reach(settings: Settings, channels: Sequence[Channel]) -> Reach:
    """Whom the channels can write to first."""
    zalo = settings.zalo_oa
    windows = {
        channel.name: timedelta(days=zalo.window_days) if zalo.paid else timedelta(hours=zalo.free_hours)
        for channel in channels
        if isinstance(channel, ZaloOaChannel)
    }
    able = tuple(channel.name for channel in channels if channel.capabilities.proactive)
    return Reach(channels=able, windows=windows, templated=tuple(windows))


def stopping_first(at_once: Answer, otherwise: Answer) -> Answer:
    """“HỦY” goes the short way: it is heard also while the desk is closed or somebody has written too much."""

    async def answer(message: IncomingMessage) -> Reply:
        return await (at_once if stops(message.text) else otherwise)(message)

    return answer


def campaigning(settings: Settings, channels: Sequence[Channel], now: Callable[[], datetime]) -> Campaigning:
    """What the staff's pages of campaigns need."""

    async def answers(url: str) -> str:
        # Environment proxies would hide where a link leads.
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as http:
            return await LinkChecker(http).answers(url)

    return Campaigning(
        outlets=outlets(settings, channels),
        reach=reach(settings, channels),
        site=settings.web.address,
        answers=Remembering(answers, now),
        telegram=settings.telegram.username if settings.telegram.enabled else "",
        zalo=settings.zalo_oa.oa_id if settings.zalo_oa.enabled else "",
    )


def opened(engine: AsyncEngine) -> Sequence[BaseRoute]:
    """The public addresses of links and files that campaigns carry."""
    links = StoredLinks(engine)

    async def file(number: int) -> KeptFile | None:
        found = await links.file(number)
        return KeptFile(*found) if found else None

    return opening(links.open, file)


def _shown(channel: Channel, reply: Reply) -> Sequence[str]:
    return as_messages(reply, channel.capabilities.max_length, buttons=channel.capabilities.buttons)
