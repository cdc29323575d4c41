"""From a campaign that is due to a run with its frozen audience, and from a run with nothing left to its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.campaign import AT_WORK, MOVES, Campaign, Move, Plan, State
from bot.campaigns.choosing import Reach, freeze
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.links import FILE, PATH, addresses, register
from bot.campaigns.recurrence import between, ends, next_after
from bot.campaigns.serialising import campaign_of
from bot.storage.campaign_tables import campaign, campaign_run, delivery

DONE, EXPIRED, MISSED = "done", "expired", "missed"
IS_PENDING: ColumnElement[str] = literal_column("'pending'")
IS_SENDING: ColumnElement[str] = literal_column("'sending'")
"""Written out, not bound: only then do both databases see that the partial indexes hold what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A run from which may be sent now. addresses: our own for each link."""

    id: int
    campaign_id: int
    plan: Plan
    addresses: Mapping[str, str]
    article: str


class StoredRuns:
    """The runs of all campaigns, over one database for all replicas. reach: what the channels of this desk allow;
    site: our public address, "" = links are sent as they are."""

    def __init__(self, engine: AsyncEngine, reach: Reach, site: str = "") -> None:
        self._engine = engine
        self._reach = reach
        self._site = site

    async def begin_due(self, now: datetime) -> list[int]:
        """Begins what is due, each campaign in a transaction of its own: its audience is frozen in one statement.

        What became due while the service was away begins now where it has not expired, and is noted as missed else.
        """
        begun: list[int] = []
        while (found := await self._begin_one(now)) is not None:
            begun += found
        return begun

    async def _begin_one(self, now: datetime) -> list[int] | None:
        at_work = campaign.c.state.in_([state.value for state in AT_WORK])
        due = (
            select(campaign)
            .where(at_work, campaign.c.next_at <= now)
            .order_by(campaign.c.emergency.desc(), campaign.c.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(due)).mappings().one_or_none()
            if row is None:
                return None
            one = campaign_of(row)
            occurrences = between(one.plan, one.next_at or now, now)
            following = next_after(one.plan, occurrences[-1])
            begun = MOVES[one.state, Move.START].value
            moved = (
                update(campaign)
                .where(campaign.c.id == one.id, campaign.c.next_at == one.next_at)
                .values(next_at=following, state=begun)
            )
            # Where rows cannot be locked, another replica may have been here since we looked.
            if not (await connection.execute(moved)).rowcount:
                return []
            if self._site:
                await register(connection, one.id, [link.url for link in one.plan.links])
            runs = [await self._begin(connection, one, occurrence, now) for occurrence in occurrences]
        return [run for run in runs if run]

    async def _begin(self, connection: AsyncConnection, one: Campaign, due: datetime, now: datetime) -> int:
        """The new run's number, 0 for one that was missed."""
        until = ends(one.plan, due)
        missed = until <= now
        values = {
            "campaign_id": one.id,
            "due_at": due,
            "expires_at": until,
            "open": not missed,
            "outcome": MISSED if missed else "",
            "article": DeliveryState.PENDING.value if one.plan.zalo.article and not missed else "",
            "started_at": now,
            "ended_at": now if missed else None,
        }
        run = int(
            (await connection.execute(insert(campaign_run).values(values).returning(campaign_run.c.id))).scalar_one()
        )
        if missed:
            return 0
        size = await freeze(connection, run, one.plan, self._reach, now)
        await connection.execute(update(campaign_run).where(campaign_run.c.id == run).values(audience_size=size))
        return run

    async def open(self, now: datetime, *, resting: bool) -> list[OpenRun]:
        """The runs from which may be sent now, emergencies first. resting: only emergencies."""
        query = (
            select(campaign, campaign_run.c.id.label("run_id"), campaign_run.c.article)
            .join_from(campaign_run, campaign, campaign.c.id == campaign_run.c.campaign_id)
            .where(campaign_run.c.open, campaign_run.c.expires_at > now, campaign.c.state == State.RUNNING.value)
            .order_by(campaign.c.emergency.desc(), campaign_run.c.due_at, campaign_run.c.id)
        )
        if resting:
            query = query.where(campaign.c.emergency)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            found = []
            for row in rows:
                one = campaign_of(row)
                own = dict(await addresses(connection, one.id, self._site)) if one.plan.links and self._site else {}
                if one.plan.file_id is not None and self._site:
                    own[FILE] = f"{self._site.rstrip('/')}{PATH}{FILE}/{one.plan.file_id}"
                found.append(
                    OpenRun(id=row["run_id"], campaign_id=one.id, plan=one.plan, addresses=own, article=row["article"])
                )
        return found

    async def look_after(self, now: datetime) -> None:
        """Calls what nobody ended unknown, what is too late expired, and closes what has nothing left."""
        async with self._engine.begin() as connection:
            lost = and_(delivery.c.state == IS_SENDING, delivery.c.claimed_until <= now)
            unknown = {"state": DeliveryState.UNKNOWN.value, "error": "crashed", "at": now, "claimed_until": None}
            await connection.execute(update(delivery).where(lost).values(unknown))
            lost_article = campaign_run.c.article == IS_SENDING, campaign_run.c.article_until <= now
            unknown = {"article": DeliveryState.UNKNOWN.value, "article_error": "crashed"}
            await connection.execute(update(campaign_run).where(*lost_article).values(unknown))
        async with self._engine.begin() as connection:
            late = select(campaign_run.c.id).where(campaign_run.c.open, campaign_run.c.expires_at <= now)
            numbers = (await connection.execute(late)).scalars().all()
            if numbers:
                await self._expire(connection, numbers, now)
            await self._close(connection, now)

    async def purge(self, before: datetime) -> int:
        """Takes the citizens out of deliveries that ended before a moment; the counts stay. How many they were."""
        old = select(campaign_run.c.id).where(~campaign_run.c.open, campaign_run.c.ended_at < before)
        named = delivery.c.run_id.in_(old), delivery.c.subscriber_id.is_not(None)
        async with self._engine.begin() as connection:
            return (await connection.execute(update(delivery).where(*named).values(subscriber_id=None))).rowcount

    async def _expire(self, connection: AsyncConnection, runs: Sequence[int], now: datetime) -> None:
        too_late = delivery.c.run_id.in_(runs), delivery.c.state == IS_PENDING
        values = {"state": DeliveryState.EXPIRED.value, "at": now}
        await connection.execute(update(delivery).where(*too_late).values(values))
        article = campaign_run.c.id.in_(runs), campaign_run.c.article == IS_PENDING
        await connection.execute(update(campaign_run).where(*article).values(article=DeliveryState.EXPIRED.value))
        left = exists().where(delivery.c.run_id == campaign_run.c.id, delivery.c.state == DeliveryState.EXPIRED.value)
        late = campaign_run.c.id.in_(runs), left
        await connection.execute(update(campaign_run).where(*late).values(outcome=EXPIRED))

    async def _close(self, connection: AsyncConnection, now: datetime) -> None:
        mine = delivery.c.run_id == campaign_run.c.id
        nothing_left = and_(
            ~exists().where(mine, delivery.c.state == IS_PENDING),
            ~exists().where(mine, delivery.c.state == IS_SENDING),
            campaign_run.c.article.not_in([IS_PENDING, IS_SENDING]),
        )
        over = update(campaign_run).where(campaign_run.c.open, nothing_left)
        await connection.execute(
            over.where(campaign_run.c.outcome == "").values(open=False, outcome=DONE, ended_at=now)
        )
        await connection.execute(over.values(open=False, ended_at=now))
        ended = (
            update(campaign)
            .where(
                or_(campaign.c.state == State.RUNNING.value, campaign.c.state == State.PAUSED.value),
                campaign.c.next_at.is_(None),
                ~exists().where(campaign_run.c.campaign_id == campaign.c.id, campaign_run.c.open),
            )
            .values(state=State.FINISHED.value, reason="", changed_at=now)
        )
        await connection.execute(ended)
