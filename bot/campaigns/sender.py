"""Sends what is due, no faster than the shared budget allows, and brings every delivery to one end."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError

from bot.campaigns.audience import Route
from bot.campaigns.budget import Budget
from bot.campaigns.campaign import CampaignProblem, Plan
from bot.campaigns.delivery import NO_BUDGET, NO_ROUTE, DeliveryState
from bot.campaigns.outbox import Claimed, Ending, StoredOutbox
from bot.campaigns.resting import NIGHT, QuietHours
from bot.campaigns.runs import OpenRun, StoredRuns
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.writing import Outlet, message
from bot.gathering import Together
from bot.logs import trace
from bot.storage.audit import SYSTEM, Deed
from bot.troubles import MaybeSent, Refused, TryLater, Unreachable

TOO_MANY_ERRORS = "Máy tự dừng: {bad} trong {seen} tin gần nhất bị lỗi."
MARK_TRIES = 5
LOOK_EVERY = timedelta(seconds=0.5)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the sender works.

    lease: after which a delivery that nobody ended counts as unknown; longest: what sending one may take, shorter than
    the lease; error_share: share of failed and unknown among the last `seen` of a campaign above which it is paused,
    looked at from `least` on; grace: what is on its way when the service stops may take this long; longest_pause:
    seconds that a lane waits by itself, after which the next tick wakes it.
    """

    lease: timedelta = timedelta(seconds=60)
    longest: float = 30.0
    error_share: float = 0.1
    seen: int = 200
    least: int = 20
    grace: float = 4.0
    longest_pause: float = 5.0


@dataclass
class _Lane:
    """One outlet at work. wake: set by every tick."""

    outlet: Outlet
    budget: Budget
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    sending: "set[asyncio.Task[None]]" = field(default_factory=set)
    runs: list[OpenRun] = field(default_factory=list)
    looked: datetime | None = None


class Sender:
    """The sender of one process; several may work on one database. now, sleep: the world outside."""

    def __init__(
        self,
        runs: StoredRuns,
        outbox: StoredOutbox,
        campaigns: StoredCampaigns,
        outlets: Sequence[tuple[Outlet, Budget]],
        *,
        now: Callable[[], datetime],
        rest: QuietHours = NIGHT,
        pace: Pace = Pace(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._runs = runs
        self._outbox = outbox
        self._campaigns = campaigns
        self._lanes = [_Lane(outlet, budget) for outlet, budget in outlets]
        self._now = now
        self._rest = rest
        self._pace = pace
        self._sleep = sleep
        self._results: dict[int, deque[bool]] = {}
        self._ending: Together[Ending, None] = Together(outbox.end)

    async def tick(self) -> None:
        """Begins what is due, tidies up, and wakes the lanes; called again and again by the clock."""
        try:
            begun = await self._runs.begin_due(self._now())
            await self._runs.look_after(self._now())
        except DBAPIError as away:
            log.warning("campaigns not looked after", error=type(away).__name__)
            return
        if begun:
            log.info("campaigns begun", runs=begun)
        for lane in self._lanes:
            lane.wake.set()

    async def run(self) -> None:
        """Sends after every tick what may be sent, until cancelled; what is on its way is brought to an end."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(self._serve(lane))

    async def once(self) -> None:
        """One tick and everything that can be sent now; for tests and for a command."""
        await self.tick()
        for lane in self._lanes:
            await self._drain(lane)
        await self._runs.look_after(self._now())

    async def _serve(self, lane: _Lane) -> None:
        try:
            while True:
                await lane.wake.wait()
                lane.wake.clear()
                try:
                    await self._drain(lane)
                except DBAPIError as away:
                    log.warning("campaigns wait for the database", error=type(away).__name__)
                except Exception as error:
                    log.error("sender failed", channel=lane.outlet.name, trace=trace(error))
        finally:
            if lane.sending:
                await asyncio.wait(lane.sending, timeout=self._pace.grace)
            for task in lane.sending:
                task.cancel()

    async def _drain(self, lane: _Lane) -> None:
        """Sends until nothing is left that may be sent now."""
        await lane.budget.prepare()
        lane.looked = None
        while await self._some(lane):
            pass
        while lane.sending:
            await asyncio.wait(lane.sending)

    async def _some(self, lane: _Lane) -> bool:
        """Begins some deliveries; False when nothing more can be done now."""
        while len(lane.sending) > lane.outlet.parallel // 2:
            await asyncio.wait(lane.sending, return_when=asyncio.FIRST_COMPLETED)
        runs = await self._open(lane)
        while runs:
            taken = await lane.budget.take(lane.outlet.parallel - len(lane.sending))
            if taken.wait > self._pace.longest_pause:
                return False
            if not taken.count:
                await self._sleep(taken.wait)
                continue
            began = 0
            for run in list(runs):
                found = await self._claimed(lane, run, taken.count - began)
                for one in found:
                    slot = taken.slots[began : began + 1]
                    self._begin(lane, run, one, slot)
                    began += 1
                if began == taken.count:
                    break
                runs.remove(run)
            await lane.budget.unused(taken.slots[began:])
            if began:
                return True
        if lane.sending:
            # One of them may be given back at once.
            await asyncio.wait(lane.sending)
        return False

    async def _claimed(self, lane: _Lane, run: OpenRun, most: int) -> list[Claimed]:
        """Deliveries to begin at once; given back where we are told to stop before that."""
        now = self._now()
        until = now + self._pace.lease
        claiming = asyncio.ensure_future(self._outbox.claim(run.id, lane.outlet.name, most, now, until))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            for one in await claiming:
                await self._outbox.put_off(one, self._now(), "stopped")
            raise

    async def _open(self, lane: _Lane) -> list[OpenRun]:
        """The runs to send from, looked up now and then: whether each still runs is asked with every claim."""
        now = self._now()
        if lane.looked is None or not lane.looked <= now < lane.looked + LOOK_EVERY:
            lane.runs = await self._runs.open(now, resting=self._rest.hold(now))
            lane.looked = now
            await self._articles(lane, lane.runs)
        return list(lane.runs)

    def _begin(self, lane: _Lane, run: OpenRun, one: Claimed, slots: tuple[int, ...]) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(lane, run, one, slots))
        lane.sending.add(task)
        task.add_done_callback(lane.sending.discard)

    async def _deliver(self, lane: _Lane, run: OpenRun, one: Claimed, slots: tuple[int, ...]) -> None:
        ending = await self._tried(lane, run, one)
        if slots:
            await self._patiently(lambda: lane.budget.give_back(slots))
        if ending is None:
            return
        await self._patiently(lambda: self._ending(ending))
        await self._judge(run, ending)

    async def _tried(self, lane: _Lane, run: OpenRun, one: Claimed) -> Ending | None:
        """How a delivery ended; None where it has been given back."""

        def ended(state: DeliveryState, error: str = "", platform_id: str = "") -> Ending:
            return Ending(id=one.id, state=state, at=self._now(), error=error, platform_id=platform_id)

        try:
            async with asyncio.timeout(self._pace.longest):
                return ended(DeliveryState.SENT, platform_id=await self._send(lane.outlet, run, one))
        except TryLater as later:
            await self._later(lane, one, later)
            return None
        except Unreachable as gone:
            if gone.lasting:
                await self._patiently(partial(self._outbox.lost, one, gone.reason, self._now()))
            return ended(DeliveryState.UNREACHABLE, gone.reason)
        except Refused as refused:
            return ended(DeliveryState.FAILED, refused.reason)
        except _Skipped as skipped:
            return ended(DeliveryState.SKIPPED, skipped.reason)
        except (MaybeSent, TimeoutError) as doubt:
            return ended(DeliveryState.UNKNOWN, getattr(doubt, "reason", "") or "timeout")
        except Exception as error:
            log.error("delivery failed", run=run.id, delivery=one.id, channel=lane.outlet.name, trace=trace(error))
            return ended(DeliveryState.FAILED, type(error).__name__)

    async def _send(self, outlet: Outlet, run: OpenRun, one: Claimed) -> str:
        """Sends one message; the platform's own name of it, "" where it has none."""
        if one.route is Route.TEXT:
            await outlet.send(one.citizen, message(run.plan, outlet.name, run.addresses))
            return ""
        if outlet.template is None:
            raise _Skipped(NO_ROUTE)
        zalo = run.plan.zalo
        if not await self._outbox.spend(run.campaign_id, zalo.price, zalo.budget):
            raise _Skipped(NO_BUDGET)
        try:
            return await outlet.template(one.citizen, zalo.template, zalo.template_data)
        except (TryLater, Unreachable, Refused):
            await self._outbox.spend(run.campaign_id, -zalo.price, zalo.budget)
            raise

    async def _later(self, lane: _Lane, one: Claimed, later: TryLater) -> None:
        log.info("delivery put off", channel=lane.outlet.name, reason=later.reason, seconds=later.after)
        if not later.alone:
            await self._patiently(lambda: lane.budget.stop(later.after))
        not_before = self._now() + timedelta(seconds=later.after)
        await self._patiently(lambda: self._outbox.put_off(one, not_before, later.reason))

    async def _judge(self, run: OpenRun, ending: Ending) -> None:
        """Pauses a campaign of which too much goes wrong."""
        results = self._results.setdefault(run.campaign_id, deque(maxlen=self._pace.seen))
        results.append(ending.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN))
        bad, seen = sum(results), len(results)
        if seen < self._pace.least or bad <= self._pace.error_share * seen:
            return
        results.clear()
        why = TOO_MANY_ERRORS.format(bad=bad, seen=seen)
        log.error("campaign paused by itself", campaign=run.campaign_id, bad=bad, seen=seen)
        try:
            await self._campaigns.pause(run.campaign_id, why, Deed(actor=SYSTEM, action=""), self._now())
        except CampaignProblem:
            return  # somebody else was quicker

    async def _articles(self, lane: _Lane, runs: Sequence[OpenRun]) -> None:
        """Sends the articles to demographic targets, each once for all."""
        broadcast = lane.outlet.broadcast
        for run in runs:
            waiting = run.article == DeliveryState.PENDING.value and broadcast is not None
            if waiting and await self._outbox.claim_article(run.id, self._now(), self._now() + self._pace.lease):
                state, error = await self._article(lane, run.plan)
                await self._patiently(partial(self._outbox.end_article, run.id, state, error))

    async def _article(self, lane: _Lane, plan: Plan) -> tuple[DeliveryState, str]:
        if lane.outlet.broadcast is None:
            return DeliveryState.SKIPPED, NO_ROUTE
        try:
            async with asyncio.timeout(self._pace.longest):
                await lane.outlet.broadcast(plan.zalo.article, plan.zalo.target)
        except TryLater as later:
            await lane.budget.stop(later.after)
            return DeliveryState.PENDING, later.reason
        except (Unreachable, Refused) as refused:
            return DeliveryState.FAILED, refused.reason
        except (MaybeSent, TimeoutError):
            return DeliveryState.UNKNOWN, "timeout"
        return DeliveryState.SENT, ""

    async def _patiently(self, mark: Callable[[], Awaitable[object]]) -> None:
        """Writes what has happened; a database that is away for longer leaves the delivery unknown."""
        for attempt in range(1, MARK_TRIES + 1):
            try:
                await mark()
            except DBAPIError as away:
                log.warning("delivery not marked", attempt=attempt, error=type(away).__name__)
                await self._sleep(float(attempt))
            else:
                return


class _Skipped(Exception):
    """This delivery is not sent at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
