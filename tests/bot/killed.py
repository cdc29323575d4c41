"""A process that answers what comes in by Telegram until it is killed: inbox, channel and dispatch, and little else."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette

from bot.channels.reception import House, Reception
from bot.channels.telegram import TelegramChannel, TelegramOptions, connected, secret_of
from bot.channels.web import serve
from bot.dispatch import Dispatch
from bot.inbox import Inbox, Pace
from bot.storage.answers import StoredAnswers
from bot.storage.buttons import StoredButtons
from bot.storage.conversations import StoredConversations
from bot.storage.engine import make_engine
from bot.storage.inbox import StoredInbox
from bot.storage.subscribers import StoredSubscribers
from handlers.messages import Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.doubles.telegram import TOKEN
from tests.fakes import FakeKnowledge

PACE = Pace(parallel=4, lease=timedelta(seconds=2), longest=1.9, poll=0.05)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


async def echo(message: IncomingMessage, _: Desk) -> Reply:
    """What was said, so that every answer can be told from every other."""
    return Reply(blocks=(f"Trả lời {message.text}",), outcome=Outcome.ANSWERED)


def live(url: str, telegram: str, listener: socket.socket) -> None:
    """Serves until killed. listener: stays open between two lives, as behind a proxy or systemd."""
    asyncio.run(_live(url, telegram, listener))


async def _live(url: str, telegram: str, listener: socket.socket) -> None:
    engine = make_engine(url)
    dispatch = Dispatch(FakeKnowledge, StoredConversations(engine), StoredAnswers(engine), now, handlers=[echo])
    async with connected(TOKEN, telegram) as bot:
        channel = TelegramChannel(
            bot,
            Reception(House(profile=OfficeProfile()), "Telegram", buttons=True),
            acquaintances=StoredSubscribers(engine),
            buttons=StoredButtons(engine),
            now=now,
            options=TelegramOptions(webhook="https://here", secret=secret_of(TOKEN)),
        )
        inbox = Inbox(StoredInbox(engine), now=now, pace=PACE)
        async with asyncio.TaskGroup() as group:
            group.create_task(inbox.run([channel], dispatch.answer))
            group.create_task(serve(Starlette(routes=channel.routes(inbox.receive)), listener))
