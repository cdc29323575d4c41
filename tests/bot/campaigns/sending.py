"""A desk with campaigns for one test: a database, people who agreed, and a channel that keeps what it is given."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.account import StoredAccounts
from bot.campaigns.budget import Budget
from bot.campaigns.campaign import Campaign, Plan
from bot.campaigns.choosing import Reach
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.followers import Agreement, StoredFollowers
from bot.campaigns.outbox import StoredOutbox
from bot.campaigns.runs import StoredRuns
from bot.campaigns.sender import Pace, Sender
from bot.campaigns.store import StoredCampaigns
from bot.campaigns.topics import WORDING, names
from bot.campaigns.writing import Outlet
from bot.channels.rendering import as_messages
from bot.storage import schema
from bot.storage.audit import Deed
from bot.storage.campaign_tables import campaign, delivery
from bot.storage.engine import make_engine
from handlers.messages import Citizen, Reply
from tests.fakes import NOON

CHANNEL = "telegram"
WRITER = Deed(actor="soan", action="")
APPROVER = Deed(actor="duyet", action="")
PLAN = Plan(title="Nộp hồ sơ trực tuyến", texts={"": "Anh/Chị nộp hồ sơ trực tuyến được giảm lệ phí."})


def preview(reply: Reply) -> Sequence[str]:
    """As a channel without buttons shows it."""
    return as_messages(reply, 2000, buttons=False)


@dataclass
class Desk:
    """troubles: raised for a citizen, first to last, None = it arrives; got: who was sent what, in order; now: the
    time, which tests set; outlet: the channel's."""

    engine: AsyncEngine
    now: datetime = NOON
    troubles: dict[str, list[Exception | None]] = field(default_factory=dict)
    got: list[tuple[str, str]] = field(default_factory=list)
    reach: Reach = field(default_factory=lambda: Reach(channels=(CHANNEL,)))
    site: str = "https://motcua.example.vn"
    per_second: int = 0
    pace: Pace = field(default_factory=Pace)
    outlets: tuple[Outlet, ...] = ()

    def __post_init__(self) -> None:
        self.campaigns = StoredCampaigns(self.engine)
        self.followers = StoredFollowers(self.engine)
        self.accounts = StoredAccounts(self.engine)

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """The channel."""
        laid = self.troubles.get(citizen.id)
        if laid and (trouble := laid.pop(0)) is not None:
            raise trouble
        self.got.append((citizen.id, "\n\n".join(preview(reply))))

    async def sleep(self, seconds: float) -> None:
        """Time goes by."""
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def sender(self, outbox: StoredOutbox | None = None) -> Sender:
        """One replica."""
        outlets = self.outlets or (Outlet(name=CHANNEL, send=self.send, preview=preview, per_second=self.per_second),)
        return Sender(
            self.runs(),
            outbox or StoredOutbox(self.engine),
            self.campaigns,
            [(outlet, Budget(self.engine, outlet.name, outlet.per_second, lambda: self.now)) for outlet in outlets],
            now=lambda: self.now,
            pace=self.pace,
            sleep=self.sleep,
        )

    def runs(self) -> StoredRuns:
        """The runs."""
        return StoredRuns(self.engine, self.reach, self.site)

    async def people(self, number: int, *, channel: str = CHANNEL, first: int = 1, **more: Any) -> None:
        """So many citizens agree: "1", "2"..."""
        topics = more.pop("topics", ("online",))
        for one in range(first, first + number):
            yes = Agreement(
                citizen=Citizen(channel, str(one)),
                topics=topics,
                wording=WORDING.format(topics=names(topics)),
                said="Đồng ý",
                message_id=f"m-{one}",
            )
            await self.followers.agree(yes, self.now, **more)

    async def scheduled(self, plan: Plan = PLAN, **changed: Any) -> Campaign:
        """A campaign that was approved by another person."""
        made = await self.campaigns.create(replace(plan, **changed), WRITER, self.now)
        await self.campaigns.submit(made.id, WRITER, self.now)
        await self.campaigns.approve(made.id, APPROVER, self.now)
        return await self.campaigns.schedule(made.id, WRITER, self.now)

    async def states(self) -> dict[str, str]:
        """By citizen, as far as they are known: how their deliveries stand, "sent" or "failed 400"."""
        found: dict[str, str] = {}
        for run in await self.accounts.runs(await self._last()):
            async for one in self.accounts.all_deliveries(run.id):
                found.setdefault(one.shown.removeprefix("…"), f"{one.state} {one.error}".strip())
        return found

    async def _last(self) -> int:
        async with self.engine.connect() as connection:
            return int(
                (await connection.execute(select(campaign.c.id).order_by(campaign.c.id.desc()))).scalars().first() or 0
            )

    async def set_state(self, state: DeliveryState, **values: Any) -> None:
        """Puts every delivery into a state, as a crash would leave it."""
        async with self.engine.begin() as connection:
            await connection.execute(update(delivery).values(state=state.value, **values))


@asynccontextmanager
async def a_desk(url: str, **more: Any) -> AsyncIterator[Desk]:
    """A desk over a new database, until the block ends."""
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    try:
        yield Desk(engine, **more)
    finally:
        await engine.dispose()
