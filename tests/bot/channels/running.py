"""A channel at work as in the service: its routes on a real server, its inbox in a real database."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from bot.channels import Answer, Channel, Receive
from bot.channels.web import listen, serve
from bot.inbox import Inbox, Pace
from bot.storage import schema
from bot.storage.buttons import StoredButtons
from bot.storage.engine import make_engine
from bot.storage.inbox import StoredInbox
from bot.storage.subscribers import StoredSubscribers
from bot.storage.tables import inbox
from tests.fakes import NOON

QUICK = Pace(poll=0.01, grace=1.0)
PATIENCE = 60.0
"""Seconds after which a test that waits in vain is ended."""


@dataclass
class Kept:
    """What the service keeps for its channels, in one database."""

    engine: AsyncEngine
    events: StoredInbox = field(init=False)
    subscribers: StoredSubscribers = field(init=False)
    buttons: StoredButtons = field(init=False)

    def __post_init__(self) -> None:
        self.events = StoredInbox(self.engine)
        self.subscribers = StoredSubscribers(self.engine)
        self.buttons = StoredButtons(self.engine)

    async def outcomes(self, number: int) -> list[str]:
        """Waits until so many events have ended; what became of each, in the order of their arrival."""
        ends = select(inbox.c.outcome).where(inbox.c.ended_at.is_not(None)).order_by(inbox.c.id)
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.engine.connect() as connection:
                    found = list((await connection.execute(ends)).scalars())
                if len(found) >= number:
                    return found
                await asyncio.sleep(0)


@dataclass
class Clock:
    """A clock that tests move; step: seconds by which it moves whenever it is looked at."""

    at: datetime = NOON
    step: float = 0.0

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=self.step)
        return self.at


@asynccontextmanager
async def keeping(url: str) -> AsyncIterator[Kept]:
    """An empty database with its tables."""
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    try:
        yield Kept(engine)
    finally:
        await engine.dispose()


def in_folder(folder: Path) -> str:
    """The address of a SQLite database in a folder."""
    return f"sqlite+aiosqlite:///{folder / 'motcua.db'}"


def address_of(listener: socket.socket) -> str:
    """Where a listener is reached."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def at_work(
    channel: Channel,
    answer: Answer,
    kept: Kept,
    now: Callable[[], datetime],
    listener: socket.socket | None = None,
    pace: Pace = QUICK,
    through: Callable[[Receive], Receive] = lambda receive: receive,
) -> AsyncIterator[Inbox]:
    """The channel receives and answers until the block ends. through: what stands between it and its inbox."""
    it = Inbox(kept.events, now=now, pace=pace)
    listener = listener or listen("127.0.0.1", 0)
    started = asyncio.Event()
    receive = through(it.receive)
    web = Starlette(routes=channel.routes(receive))
    tasks = [
        asyncio.create_task(serve(web, listener, started.set)),
        asyncio.create_task(it.run([channel], answer)),
    ]
    await started.wait()
    tasks.append(asyncio.create_task(channel.run(receive)))
    try:
        yield it
    finally:
        for task in reversed(tasks):
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        listener.close()


__all__ = ["QUICK", "Clock", "Kept", "address_of", "at_work", "in_folder", "keeping", "listen"]
