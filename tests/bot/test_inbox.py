"""The inbox has every event answered once, in order, whatever becomes of the platform and the database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.routing import BaseRoute

from bot.channels import (
    IGNORED,
    Answer,
    Capabilities,
    Health,
    MaybeSent,
    Receive,
    Refused,
    TryLater,
    Unreachable,
)
from bot.events import Event
from bot.inbox import Inbox, Pace
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import Ending, State, StoredInbox
from bot.storage.tables import inbox
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply
from tests.fakes import NOON

QUICK = Pace(poll=0.01, grace=1.0)


async def answer(message: IncomingMessage) -> Reply:
    return Reply(blocks=(message.text,), outcome=Outcome.ANSWERED)


class Toy:
    """A channel whose citizens are sent what `does` says; what was handled is told by `handled`."""

    name = "toy"
    capabilities = Capabilities(proactive=True, buttons=False, max_length=2000, edit=False)

    def __init__(self, does: Callable[[Event], Awaitable[str]] | None = None) -> None:
        self.handled: list[Event] = []
        self._does = does
        self.one = asyncio.Semaphore(0)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        return ()

    async def run(self, receive: Receive) -> None: ...

    async def handle(self, event: Event, answer: Answer) -> str:
        self.handled.append(event)
        self.one.release()
        return await self._does(event) if self._does else "answered"

    async def send(self, citizen: Citizen, reply: Reply) -> None: ...

    async def check(self) -> Health:
        return Health(well=True, detail="")

    async def times(self, number: int) -> list[str]:
        """Waits until so many more events have been handled; the ids of all."""
        for _ in range(number):
            await self.one.acquire()
        return [event.id for event in self.handled]


class Moving:
    """A clock that tests move; step: seconds by which it moves whenever it is looked at."""

    def __init__(self) -> None:
        self.at = NOON
        self.step = 0.0

    def __call__(self) -> datetime:
        self.later(seconds=self.step)
        return self.at

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)


class Fragile:
    """The real store, which can be taken away."""

    def __init__(self, stored: StoredInbox) -> None:
        self.stored = stored
        self.away = False
        self.not_ended = asyncio.Event()

    def _reach(self) -> None:
        if self.away:
            raise ConnectionError("away")

    async def put(self, events: Sequence[Event]) -> list[bool]:
        self._reach()
        return await self.stored.put(events)

    async def claim(self, channels: Sequence[str], limit: int, now: datetime, until: datetime) -> list[Event]:
        self._reach()
        return await self.stored.claim(channels, limit, now, until)

    async def end(self, endings: Sequence[Ending]) -> list[None]:
        if self.away:
            self.not_ended.set()
        self._reach()
        return await self.stored.end(endings)

    async def put_off(self, event: Event, not_before: datetime, sent: int, error: str) -> None:
        self._reach()
        await self.stored.put_off(event, not_before, sent, error)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Fragile]:
    schema.upgrade(database_url)
    engine = make_engine(database_url)
    yield Fragile(StoredInbox(engine))
    await engine.dispose()


@pytest.fixture
def clock() -> Moving:
    return Moving()


@asynccontextmanager
async def working(store: Fragile, channel: Toy, clock: Moving, pace: Pace = QUICK) -> AsyncIterator[Inbox]:
    it = Inbox(store, now=clock, pace=pace)
    running = asyncio.create_task(it.run([channel], answer))
    try:
        yield it
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def an_event(id_: str, conversation: str = "an", at: datetime = NOON) -> Event:
    return Event(channel="toy", id=id_, conversation=conversation, payload="hỏi", received_at=at)


async def ended(store: Fragile, number: int = 1) -> list[tuple[str, str, str]]:
    """Waits until so many events have ended; id, state and outcome of each."""
    ends = select(inbox.c.event_id, inbox.c.state, inbox.c.outcome).where(inbox.c.ended_at.is_not(None))
    while True:
        async with store.stored._engine.connect() as connection:
            rows = [tuple(row) for row in await connection.execute(ends.order_by(inbox.c.id))]
        if len(rows) >= number:
            return rows
        await asyncio.sleep(0)


async def test_an_event_is_handled_once_however_often_it_comes(store: Fragile, clock: Moving) -> None:
    toy = Toy()
    async with working(store, toy, clock) as it:
        assert [await it.receive(an_event("1")), await it.receive(an_event("1"))] == [True, False]
        assert await ended(store) == [("1", State.DONE, "answered")]
        assert not await it.receive(an_event("1"))
        await it.receive(an_event("2"))

        assert await toy.times(2) == ["1", "2"]


async def test_order_within_a_conversation_and_none_between(store: Fragile, clock: Moving) -> None:
    first_may_end = asyncio.Event()

    async def slowly(event: Event) -> str:
        if event.id == "a1":
            await first_may_end.wait()
        return "answered"

    toy = Toy(slowly)
    async with working(store, toy, clock) as it:
        for event in (an_event("a1"), an_event("a2"), an_event("b1", "binh"), an_event("b2", "binh")):
            await it.receive(event)
        assert await toy.times(3) == ["a1", "b1", "b2"]
        first_may_end.set()
        assert await toy.times(1) == ["a1", "b1", "b2", "a2"]


async def test_what_waits_in_the_database_is_taken_at_the_start(store: Fragile, clock: Moving) -> None:
    await store.put([an_event("1")])
    toy = Toy()
    async with working(store, toy, clock):
        assert await toy.times(1) == ["1"]


async def test_no_more_at_once_than_the_pace_allows(store: Fragile, clock: Moving) -> None:
    at_work, most, go = 0, 0, asyncio.Event()

    async def counted(event: Event) -> str:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await go.wait()
        at_work -= 1
        return "answered"

    toy = Toy(counted)
    async with working(store, toy, clock, Pace(parallel=3, poll=0.01)) as it:
        for number in range(8):
            await it.receive(an_event(str(number), f"c{number}"))
        await toy.times(3)
        go.set()
        await ended(store, 8)
    assert most == 3


async def test_later_means_not_before_and_with_what_has_arrived(store: Fragile, clock: Moving) -> None:
    async def busy_once(event: Event) -> str:
        if event.id == "1" and event.attempt == 1:
            raise TryLater(30, "429", sent=2)
        return "answered"

    toy = Toy(busy_once)
    async with working(store, toy, clock) as it:
        await it.receive(an_event("1"))
        await it.receive(an_event("2", "binh"))
        await it.receive(an_event("3"))
        assert await toy.times(2) == ["1", "2"]
        clock.step = 1.0
        assert await toy.times(2) == ["1", "2", "1", "3"]
        assert toy.handled[2].sent == 2


async def test_a_day_later_nobody_waits_for_the_answer_any_more(store: Fragile, clock: Moving) -> None:
    async def never(event: Event) -> str:
        raise TryLater(3600, "down")

    toy = Toy(never)
    async with working(store, toy, clock) as it:
        await it.receive(an_event("1", at=NOON - timedelta(hours=23, minutes=30)))

        assert await ended(store) == [("1", State.GIVEN_UP, "too_late")]


@pytest.mark.parametrize(
    ("trouble", "tries", "end"),
    [
        (Unreachable("blocked"), 1, (State.DONE, "unreachable")),
        (Refused("400"), 1, (State.GIVEN_UP, "refused")),
        (MaybeSent("ReadTimeout", sent=1), 2, (State.DONE, "maybe_sent")),
        (RuntimeError("a fault of ours: hỏi"), 3, (State.GIVEN_UP, "failed")),
    ],
)
async def test_each_trouble_has_its_end(
    store: Fragile,
    clock: Moving,
    trouble: Exception,
    tries: int,
    end: tuple[State, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def fails(event: Event) -> str:
        raise trouble

    toy = Toy(fails)
    clock.step = 0.5
    async with working(store, toy, clock) as it:
        await it.receive(an_event("1"))
        (found,) = await ended(store)

    assert found == ("1", *end)
    assert len(toy.handled) == tries
    assert "hỏi" not in "".join(capfd.readouterr())


async def test_what_wants_no_answer_is_told_apart(store: Fragile, clock: Moving) -> None:
    async def ignored(event: Event) -> str:
        return IGNORED

    async with working(store, Toy(ignored), clock) as it:
        await it.receive(an_event("1"))
        assert await ended(store) == [("1", State.IGNORED, IGNORED)]


async def test_one_that_hangs_is_broken_off(store: Fragile, clock: Moving) -> None:
    async def hangs(event: Event) -> str:
        await asyncio.Event().wait()
        return ""

    toy = Toy(hangs)
    async with working(store, toy, clock, Pace(longest=0.01, poll=0.01)) as it:
        await it.receive(an_event("1"))
        clock.step = 0.5
        assert await ended(store) == [("1", State.DONE, "maybe_sent")]


async def test_a_service_that_stops_gives_back_what_is_at_work(store: Fragile, clock: Moving) -> None:
    async def hangs(event: Event) -> str:
        await asyncio.Event().wait()
        return ""

    toy = Toy(hangs)
    async with working(store, toy, clock, Pace(grace=0.01)) as it:
        await it.receive(an_event("1"))
        await toy.times(1)
    next_life = Toy()
    async with working(store, next_life, clock):
        assert await next_life.times(1) == ["1"]


async def test_with_the_database_away_it_answers_from_memory_and_catches_up(store: Fragile, clock: Moving) -> None:
    toy = Toy()
    async with working(store, toy, clock) as it:
        store.away = True
        assert await it.receive(an_event("1"))
        assert not await it.receive(an_event("1"))
        await it.receive(an_event("2"))
        assert await toy.times(2) == ["1", "2"]
        assert not await it.receive(an_event("2"))
        store.away = False

        assert await ended(store, 2) == [("1", State.DONE, "answered"), ("2", State.DONE, "answered")]
        assert not await it.receive(an_event("1"))
    assert len(toy.handled) == 2


async def test_an_answer_given_when_the_database_went_is_not_given_again(store: Fragile, clock: Moving) -> None:
    async def database_goes(event: Event) -> str:
        store.away = True
        return "answered"

    toy = Toy(database_goes)
    async with working(store, toy, clock) as it:
        await it.receive(an_event("1"))
        await store.not_ended.wait()
        clock.later(hours=1)
        store.away = False
        assert await ended(store) == [("1", State.DONE, "answered")]
    assert len(toy.handled) == 1
