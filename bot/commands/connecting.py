"""The chat platforms that the settings switch on, put together and set to work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.campaigns.followers import StoredFollowers
from bot.channels import Answer, Channel
from bot.channels.reception import HANDOVER, SUBSCRIPTIONS, House, Reception, StaffInbox
from bot.commands.zalo_making import make_oa_http, make_zalo_bot, make_zalo_bot_http, make_zalo_oa
from bot.config import ConfigProblem, Settings
from bot.inbox import Inbox
from bot.logs import trace
from bot.storage.buttons import StoredButtons
from bot.storage.conversations import StoredConversations
from bot.storage.inbox import StoredInbox
from bot.storage.subscribers import StoredSubscribers
from handlers.messages import Citizen
from handlers.subscription.values import INVITATION, invitation

WEBHOOKS = "/webhook/"
NOT_NAMED = "Telegram cần biến MOTCUA_TELEGRAM__TOKEN (mã bot do @BotFather cấp)."
NO_ADDRESS = "telegram.mode = “webhook” cần web.address là https, ví dụ https://motcua.example.vn."
UNFIT = "MOTCUA_TELEGRAM__WEBHOOK_SECRET phải có từ 1 đến 256 ký tự A-Z, a-z, 0-9, _ và -."

log = structlog.get_logger(__name__)


@asynccontextmanager
async def chat_channels(
    settings: Settings, engine: AsyncEngine, now: Callable[[], datetime], staff: StaffInbox | None = None
) -> AsyncIterator[list[Channel]]:
    """The chat platforms that are switched on, connected for as long as the block runs. Raises ConfigProblem.

    staff: where they look at what the machine cannot read, None = nowhere.
    """
    subscribers = StoredSubscribers(engine)
    house = _house(settings, engine, subscribers, staff)
    channels: list[Channel] = []
    async with AsyncExitStack() as stack:
        if settings.telegram.enabled:
            channels.append(await _telegram(settings, engine, now, house, subscribers, stack))
        if settings.zalo_oa.enabled:
            http = await stack.enter_async_context(make_oa_http(settings.zalo_oa))
            channels.append(
                make_zalo_oa(settings.zalo_oa, engine, http, acquaintances=subscribers, house=house, now=now)
            )
        if settings.zalo_bot.enabled:
            http = await stack.enter_async_context(make_zalo_bot_http(settings.zalo_bot))
            channels.append(
                make_zalo_bot(
                    settings.zalo_bot,
                    http,
                    address=settings.web.address,
                    acquaintances=subscribers,
                    house=house,
                    now=now,
                )
            )
        yield channels


def _house(settings: Settings, engine: AsyncEngine, subscribers: StoredSubscribers, staff: StaffInbox | None) -> House:
    conversations, events, followers = StoredConversations(engine), StoredInbox(engine), StoredFollowers(engine)

    async def forget(citizen: Citizen) -> None:
        await conversations.forget(citizen)
        await followers.forget(citizen)
        await subscribers.forget(citizen)
        await events.forget(citizen.channel, citizen.id)

    return House(
        profile=settings.profile(),
        days=settings.retention.conversation_days,
        forget=forget,
        modules=frozenset({SUBSCRIPTIONS, *({HANDOVER} if staff else ())}),
        staff=staff,
        links={INVITATION: invitation},
    )


async def _telegram(
    settings: Settings,
    engine: AsyncEngine,
    now: Callable[[], datetime],
    house: House,
    subscribers: StoredSubscribers,
    stack: AsyncExitStack,
) -> Channel:
    # Its library takes a second and 40 MB to load: only for those who use it.
    from bot.channels.telegram import TelegramChannel, TelegramOptions, connected, fit_for_secret, secret_of

    own, token = settings.telegram, settings.telegram.token.get_secret_value()
    secret = own.webhook_secret.get_secret_value() or secret_of(token)
    if not token:
        raise ConfigProblem(NOT_NAMED)
    if own.mode == "webhook" and not settings.web.address:
        raise ConfigProblem(NO_ADDRESS)
    if not fit_for_secret(secret):
        raise ConfigProblem(UNFIT)
    return TelegramChannel(
        await stack.enter_async_context(connected(token, own.base_url)),
        Reception(house, "Telegram", buttons=True),
        acquaintances=subscribers,
        buttons=StoredButtons(engine),
        now=now,
        options=TelegramOptions(
            webhook=settings.web.address if own.mode == "webhook" else "", secret=secret, connections=own.connections
        ),
    )


@asynccontextmanager
async def at_work(
    channels: Sequence[Channel], inbox: Inbox, answer: Answer, sending: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """The channels receive, answer and send until the block ends; a fault of one ends none of the others.

    sending: what is written to citizens without being asked.
    """
    answering = _begun(inbox.run(channels, answer), "inbox")
    receiving = [_begun(channel.run(inbox.receive), channel.name) for channel in channels]
    receiving.append(_begun(sending(), "campaigns"))
    try:
        yield
    finally:
        for tasks in (receiving, [answering]):  # what has come in is still answered
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _begun(work: Any, name: str) -> asyncio.Task[None]:
    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("channel ended by a fault", name=name, trace=trace(error))

    task: asyncio.Task[None] = asyncio.create_task(work, name=name)
    task.add_done_callback(ended)
    return task


def with_webhooks(web: ASGIApp, channels: Sequence[Channel], inbox: Inbox) -> ASGIApp:
    """The web application, beside which the platforms find their addresses."""
    hooks = Starlette(routes=[route for channel in channels for route in channel.routes(inbox.receive)])

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        called = scope["type"] == "http" and scope["path"].startswith(WEBHOOKS)
        await (hooks if called else web)(scope, receive, send)

    return serve
