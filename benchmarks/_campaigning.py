"""People who agreed, by the hundred thousand, a platform that notes when each message arrives, and senders to kill."""

import asyncio
import bisect
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.account import StoredAccounts
from bot.campaigns.campaign import Plan
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.store import StoredCampaigns
from bot.storage.audit import Deed
from bot.storage.campaign_tables import campaign_run, delivery
from tests.bot.campaigns import killed
from tests.doubles.telegram import Shown, Telegram, a_telegram

WRITER, APPROVER = Deed(actor="soan", action=""), Deed(actor="duyet", action="")
LEASE = 4.0
PEOPLE = (
    "INSERT INTO subscriber (channel, citizen, greeted_by, reachable, reason, changed_at) "
    "SELECT 'telegram', number::text, 'm', true, '', now() FROM generate_series(1, :most) AS number",
    "INSERT INTO follower (subscriber_id, active, kind, unit, province, commune, since, ended_reason) "
    "SELECT id, true, 'citizen', '', 'Sơn La', '', now(), '' FROM subscriber",
    "INSERT INTO follower_topic (subscriber_id, topic) SELECT id, 'online' FROM subscriber",
)


async def fill(engine: AsyncEngine, most: int) -> None:
    """So many people who agreed to be written to about one topic, instead of all before."""
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "TRUNCATE delivery, campaign_run, campaign, follower_topic, follower, subscriber"
                " RESTART IDENTITY CASCADE"
            )
        )
        for statement in PEOPLE:
            await connection.execute(text(statement), {"most": most} if ":most" in statement else {})
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))


async def announce(engine: AsyncEngine) -> int:
    """A campaign to everybody, approved and due; its number."""
    campaigns, now = StoredCampaigns(engine), datetime.now(UTC)
    plan = Plan(title="Đo", texts={"": "Anh/Chị nộp hồ sơ trực tuyến được giảm lệ phí. Chi tiết hỏi tại đây."})
    made = await campaigns.create(plan, WRITER, now)
    await campaigns.submit(made.id, WRITER, now)
    await campaigns.approve(made.id, APPROVER, now)
    await campaigns.schedule(made.id, WRITER, now)
    return made.id


@dataclass
class Platform:
    """Telegram, as its messages arrive. at: when, by this process's clock; got: how often, by chat."""

    double: Telegram
    at: list[float] = field(default_factory=list)
    got: Counter[int] = field(default_factory=Counter)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, shown: Shown) -> None:
        """A message has come."""
        self.at.append(time.monotonic())
        self.got[shown.chat] += 1
        self.came.set()
        self.double.shown.clear()
        self.double.asked.clear()

    async def hears(self, number: int) -> None:
        """Until so many messages have come in all."""
        while len(self.at) < number:
            self.came.clear()
            await self.came.wait()

    def most_in_one_second(self) -> int:
        """Messages within the fullest second, wherever it begins."""
        ordered = sorted(self.at)
        return max(bisect.bisect_left(ordered, one + 1.0) - place for place, one in enumerate(ordered))

    def rate(self) -> float:
        """Messages a second from the first to the last."""
        return (len(self.at) - 1) / (max(self.at) - min(self.at))


@asynccontextmanager
async def a_platform() -> AsyncIterator[Platform]:
    """The platform until the block ends."""
    platform = Platform(Telegram())
    platform.double.on_shown = platform.note
    async with a_telegram(platform.double):
        yield platform


@contextmanager
def senders(url: str, address: str, number: int, per_second: int, lease: float = LEASE) -> Iterator["Senders"]:
    """So many replicas until the block ends. lease: seconds after which a delivery that nobody ended is unknown."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.campaigns.killed"])
    found = Senders(context, url, address, per_second, lease)
    found.processes = [found.born() for _ in range(number)]
    try:
        yield found
    finally:
        for process in found.processes:
            process.kill()
            process.join()


@dataclass
class Senders:
    """The replicas of one desk."""

    context: Any
    url: str
    address: str
    per_second: int
    lease: float
    processes: list[BaseProcess] = field(default_factory=list)

    def born(self) -> BaseProcess:
        """One more life."""
        process: BaseProcess = self.context.Process(
            target=killed.live, args=(self.url, self.address, self.per_second, self.lease)
        )
        process.start()
        return process

    def kill(self, which: int) -> None:
        """kill -9, and its next life."""
        self.processes[which].kill()
        self.processes[which].join()
        self.processes[which] = self.born()


async def until_over(engine: AsyncEngine, campaign_id: int, seconds: float) -> dict[DeliveryState, int]:
    """Waits for the end of the last run; how its deliveries ended."""
    open_runs = select(func.count()).where(campaign_run.c.campaign_id == campaign_id, ~campaign_run.c.open)
    async with asyncio.timeout(seconds):
        while True:
            async with engine.connect() as connection:
                if (await connection.execute(open_runs)).scalar_one():
                    break
            await asyncio.sleep(0.25)
    accounts = StoredAccounts(engine)
    (run,) = await accounts.runs(campaign_id)
    progress = await accounts.progress(run.id, datetime.now(UTC))
    assert progress is not None
    return dict(progress.by_state)


async def unknown_people(engine: AsyncEngine, campaign_id: int) -> set[int]:
    """The chats whose delivery is unknown."""
    accounts = StoredAccounts(engine)
    (run,) = await accounts.runs(campaign_id)
    citizens = text(
        "SELECT citizen FROM delivery JOIN subscriber ON subscriber.id = subscriber_id "
        "WHERE run_id = :run AND state = 'unknown'"
    )
    async with engine.connect() as connection:
        return {int(one) for one in (await connection.execute(citizens, {"run": run.id})).scalars()}


async def killed_often(
    engine: AsyncEngine,
    platform: Platform,
    replicas: Senders,
    campaign_id: int,
    people: int,
    kills: int,
    chance: random.Random,
) -> dict[str, int]:
    """kill -9 again and again, spread over the whole broadcast; who was missed and who got it twice."""
    for number in range(1, kills + 1):
        mark = people * number // (kills + 1)
        await platform.hears(mark)
        for _ in range(chance.randrange(200)):
            await asyncio.sleep(0)
        await asyncio.to_thread(replicas.kill, chance.randrange(len(replicas.processes)))
    states = await until_over(engine, campaign_id, 600)
    unknown = await unknown_people(engine, campaign_id)
    return {
        "kills": kills,
        "missed": sum(chat not in platform.got and chat not in unknown for chat in range(1, people + 1)),
        "repeated": sum(times - 1 for times in platform.got.values()),
        "unknown": len(unknown),
        "unknown_that_arrived": sum(chat in platform.got for chat in unknown),
        "sent": states[DeliveryState.SENT],
    }


__all__ = ["Platform", "a_platform", "announce", "delivery", "fill", "killed_often", "senders", "until_over"]
