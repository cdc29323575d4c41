"""However much comes, and whatever is away, the webhook answers and the queue drains in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels import Receive
from bot.channels.webhooks import body_of, taken
from bot.events import Event
from bot.gate import Gate, Limits
from bot.inbox import Inbox, Pace
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import Ending, StoredInbox
from tests.bot.test_inbox import Toy, answer
from tests.fakes import NOON

CITIZENS, EACH = 20, 10


class Posted(Toy):
    """A toy with a webhook: the body is "citizen number"."""

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        async def called(request: Request) -> Response:
            told = (await body_of(request) or b"").decode()
            citizen = told.partition(" ")[0]
            event = Event(channel=self.name, id=told, conversation=citizen, payload=told, received_at=NOON)
            return await taken(event, receive)

        return [Route("/", called, methods=["POST"])]


@asynccontextmanager
async def a_platform(channel: Toy, inbox: Inbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Starlette(routes=channel.routes(inbox.receive)))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


@asynccontextmanager
async def working(inbox: Inbox, channel: Toy) -> AsyncIterator[None]:
    running = asyncio.create_task(inbox.run([channel], answer))
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def told(client: httpx.AsyncClient, body: str) -> int:
    return (await client.post("/", content=body.encode())).status_code


async def test_a_queue_that_does_not_move_takes_everything_in_and_drains_in_order(database_url: str) -> None:
    schema.upgrade(database_url)
    engine = make_engine(database_url)
    may_answer = asyncio.Event()

    async def stuck(event: Event) -> str:
        await may_answer.wait()
        return "answered"

    channel = Posted(stuck)
    inbox = Inbox(StoredInbox(engine), now=lambda: NOON, pace=Pace(parallel=4, poll=0.01, patience=60))
    async with working(inbox, channel), a_platform(channel, inbox) as client:
        statuses = [await told(client, f"{citizen} {number}") for number in range(EACH) for citizen in range(CITIZENS)]
        waiting = len(channel.handled)
        may_answer.set()
        order = [name.split() for name in await channel.times(CITIZENS * EACH)]
    await engine.dispose()

    assert set(statuses) == {200}
    assert waiting == 4
    for citizen in range(CITIZENS):
        assert [int(number) for who, number in order if who == str(citizen)] == list(range(EACH))


class Hanging:
    """A database that neither answers nor refuses."""

    async def put(self, events: Sequence[Event]) -> list[bool]:
        await asyncio.Event().wait()
        raise AssertionError

    async def claim(self, channels: Sequence[str], limit: int, now: datetime, until: datetime) -> list[Event]:
        await asyncio.Event().wait()
        raise AssertionError

    async def end(self, endings: Sequence[Ending]) -> list[None]:
        await asyncio.Event().wait()
        raise AssertionError

    async def put_off(self, event: Event, not_before: datetime, sent: int, error: str) -> None:
        await asyncio.Event().wait()


async def test_a_database_that_hangs_is_not_waited_for() -> None:
    channel = Posted()
    inbox = Inbox(Hanging(), now=lambda: NOON, pace=Pace(poll=0.01, patience=0.01))
    async with working(inbox, channel), a_platform(channel, inbox) as client:
        assert await told(client, "an 1") == 200
        assert await channel.times(1) == ["an 1"]


async def test_when_nothing_more_can_be_held_the_platform_is_told_to_come_again() -> None:
    channel = Posted()
    inbox = Inbox(Hanging(), now=lambda: NOON, pace=Pace(patience=0.01, held=2))
    async with a_platform(channel, inbox) as client:
        assert [await told(client, f"an {number}") for number in range(3)] == [200, 200, 503]


async def test_what_is_turned_away_is_told_as_taken() -> None:
    """A platform that heard anything else would bring the flood again."""
    channel = Posted()
    gate = Gate(Limits(citizen=2, channel=100), lambda: 0.0)
    inbox = Inbox(Hanging(), now=lambda: NOON, pace=Pace(patience=0.01), admits=gate.admits)
    async with a_platform(channel, inbox) as client:
        assert [await told(client, f"an {number}") for number in range(6)] == [200] * 6
