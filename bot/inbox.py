"""Takes in what platforms tell and has each event answered by its channel: nothing lost, nothing answered twice."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import structlog

from bot.channels import IGNORED, Answer, Channel, MaybeSent, Refused, TryLater, Unreachable
from bot.events import Event
from bot.gathering import Together
from bot.logs import trace
from bot.storage.inbox import Ending, State
from bot.storage.inbox_memory import MemoryInbox

T = TypeVar("T")
MOST_TRIES_AFTER_FAULT = 3
MOST_TRIES_AFTER_DOUBT = 2
LONGEST_PAUSE = 60.0
"""Seconds between two tries, unless the platform asks for more."""

log = structlog.get_logger(__name__)


class Store(Protocol):
    """Where events are kept (bot.storage.inbox). Every method raises ConnectionError while it is away."""

    async def put(self, events: Sequence[Event]) -> list[bool]: ...

    async def claim(self, channels: Sequence[str], limit: int, now: datetime, until: datetime) -> list[Event]: ...

    async def end(self, endings: Sequence[Ending]) -> list[None]: ...

    async def put_off(self, event: Event, not_before: datetime, sent: int, error: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the inbox works.

    parallel: events of one channel at work at once; lease: how long an event belongs to who took it; longest: what
    handling one may take, shorter than the lease; poll: how often it is looked for what other replicas took in;
    keep_trying: how old an event may grow; grace: what is at work when the service stops may take this long;
    patience: after how long without an answer the database counts as away, shorter than platforms wait for us; held:
    events that are held in memory while it is.
    """

    parallel: int = 32
    lease: timedelta = timedelta(seconds=60)
    longest: float = 50.0
    poll: float = 1.0
    keep_trying: timedelta = timedelta(hours=24)
    grace: float = 4.0
    patience: float = 1.5
    held: int = 10_000


def everybody(_: Event) -> bool:
    """Every event is taken in."""
    return True


class Inbox:
    """The inbox of one process; several may work on one database.

    admits: whether an event may come in at all (see bot.gate); where not, it is forgotten and counts as known.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], datetime],
        pace: Pace = Pace(),
        admits: Callable[[Event], bool] = everybody,
    ) -> None:
        self._store = store
        self._now = now
        self._pace = pace
        self._admits = admits
        self._put: Together[Event, bool] = Together(lambda events: self._patiently(store.put(events)))
        self._end: Together[Ending, None] = Together(lambda endings: self._patiently(store.end(endings)))
        self._memory = MemoryInbox(pace.held)
        self._lanes: dict[str, _Lane] = {}

    async def receive(self, event: Event) -> bool:
        """Takes an event in; see bot.channels.Receive. While the database is away it is held in memory."""
        if self._memory.knows(event) or not self._admits(event):
            return False
        try:
            new = await self._put(event)
        except ConnectionError:
            new = self._memory.put(event)
            log.warning("event held in memory", channel=event.channel, held=len(self._memory))
        if new and event.channel in self._lanes:
            self._lanes[event.channel].came(event)
        return new

    async def run(self, channels: Sequence[Channel], answer: Answer) -> None:
        """Has events answered until cancelled; what is at work then is brought to an end or given back."""
        self._lanes = {channel.name: _Lane(channel, answer) for channel in channels}
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes.values():
                group.create_task(self._serve(lane))

    async def _serve(self, lane: "_Lane") -> None:
        try:
            while True:
                lane.news.clear()
                for event in await self._taken(lane):
                    lane.start(event, self._work(lane, event))
                await lane.wait(self._pace.poll)
        finally:
            await lane.stop(self._pace.grace)

    async def _taken(self, lane: "_Lane") -> list[Event]:
        free = lane.free(self._pace.parallel)
        if not free:
            lane.more = True
            return []
        now = self._now()
        try:
            if len(self._memory):
                await self._catch_up()
            found = await self._patiently(self._store.claim([lane.name], free, now, now + self._pace.lease))
        except ConnectionError:
            found = self._memory.claim(lane.name, free, now, lane.busy())
            lane.more = len(found) == free
            return found
        lane.more = len(found) == free
        return [event for event in found if not self._memory.knows(event)]

    async def _catch_up(self) -> None:
        """Tells the database what was taken in and answered while it was away."""
        waiting, endings = self._memory.idle(), self._memory.ended()
        events = [*waiting, *(ending.event for ending in endings)]
        if events:
            await self._patiently(self._store.put(events))
            await self._patiently(self._store.end(endings))
            self._memory.drop(events)

    async def _patiently(self, asked: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._pace.patience):
                return await asked
        except TimeoutError:
            raise ConnectionError("the database is too slow") from None

    async def _work(self, lane: "_Lane", event: Event) -> None:
        try:
            with _troubles(event):
                async with asyncio.timeout(self._pace.longest):
                    outcome = await lane.channel.handle(event, lane.answer)
        except _Over as over:
            await self._mark(event, over.state, over.outcome, over.error)
        except TryLater as later:
            await self._later(event, later)
        except asyncio.CancelledError:
            await self._give_back(event, self._now(), event.sent, "stopped")
            raise
        else:
            await self._mark(event, State.IGNORED if outcome == IGNORED else State.DONE, outcome)

    async def _mark(self, event: Event, state: State, outcome: str, error: str = "") -> None:
        ending = Ending(event=event, state=state, outcome=outcome, at=self._now(), error=error)
        if error:
            log.warning("event ended", channel=event.channel, event_id=event.id, outcome=outcome, error=error)
        if self._memory.holds(event):
            self._memory.end(ending)
            return
        try:
            await self._end(ending)
        except ConnectionError:
            self._memory.end(ending)

    async def _later(self, event: Event, later: TryLater) -> None:
        now = self._now()
        pause = max(later.after, min(LONGEST_PAUSE, 2.0 ** min(event.attempt - 1, 10)) if event.attempt > 1 else 0.0)
        if now + timedelta(seconds=pause) > event.received_at + self._pace.keep_trying:
            await self._mark(event, State.GIVEN_UP, "too_late", later.reason)
            return
        log.info("event put off", channel=event.channel, event_id=event.id, reason=later.reason, seconds=pause)
        await self._give_back(event, now + timedelta(seconds=pause), max(later.sent, event.sent), later.reason)

    async def _give_back(self, event: Event, not_before: datetime, sent: int, reason: str) -> None:
        if self._memory.holds(event):
            self._memory.put_off(event, not_before, sent)
            return
        try:
            await self._store.put_off(event, not_before, sent, reason)
        except ConnectionError:
            log.warning("event not given back", channel=event.channel, event_id=event.id)  # its lease will run out


class _Lane:
    """One channel at work. news: something may be there to take; more: the last look left some behind."""

    def __init__(self, channel: Channel, answer: Answer) -> None:
        self.channel = channel
        self.answer = answer
        self.name = channel.name
        self.news = asyncio.Event()
        self.more = False
        self._behind: set[str] = set()
        self._tasks: dict[asyncio.Task[None], str] = {}

    def free(self, parallel: int) -> int:
        return max(0, parallel - len(self._tasks))

    def busy(self) -> set[str]:
        """Conversations at work."""
        return set(self._tasks.values())

    def came(self, event: Event) -> None:
        """An event has been taken in: it can be begun, unless its conversation is at work."""
        if event.conversation in self._tasks.values():
            self._behind.add(event.conversation)
        else:
            self.news.set()

    def start(self, event: Event, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[task] = event.conversation
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        conversation = self._tasks.pop(task, "")
        # Every look asks the database: only where something can have become free to take.
        if self.more or conversation in self._behind:
            self._behind.discard(conversation)
            self.news.set()

    async def wait(self, seconds: float) -> None:
        """Until there is news, but no longer than this."""
        try:
            async with asyncio.timeout(seconds):
                await self.news.wait()
        except TimeoutError:
            return

    async def stop(self, grace: float) -> None:
        tasks = list(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Over(Exception):
    """The event has come to its end without an answer."""

    def __init__(self, state: State, outcome: str, error: str) -> None:
        super().__init__(outcome)
        self.state = state
        self.outcome = outcome
        self.error = error


@contextmanager
def _troubles(event: Event) -> Iterator[None]:
    """Turns what a channel raises into the end of the event, or into a later try."""
    try:
        yield
    except TryLater:
        raise
    except Unreachable as gone:
        raise _Over(State.DONE, "unreachable", gone.reason) from gone
    except Refused as refused:
        raise _Over(State.GIVEN_UP, "refused", refused.reason) from refused
    except (MaybeSent, TimeoutError) as doubt:
        sent = doubt.sent if isinstance(doubt, MaybeSent) else event.sent
        if event.attempt >= MOST_TRIES_AFTER_DOUBT:
            raise _Over(State.DONE, "maybe_sent", type(doubt).__name__) from doubt
        raise TryLater(1.0, "maybe sent", sent=sent) from doubt
    except ConnectionError as away:
        raise TryLater(5.0, "database away", sent=event.sent) from away
    except Exception as error:
        log.error("event not handled", channel=event.channel, event_id=event.id, trace=trace(error))
        if event.attempt >= MOST_TRIES_AFTER_FAULT:
            raise _Over(State.GIVEN_UP, "failed", type(error).__name__) from error
        raise TryLater(1.0, type(error).__name__, sent=event.sent) from error
