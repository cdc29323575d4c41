"""Deliveries between the frozen audience and the platform: claimed by one sender at a time, ended once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, case, exists, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.audience import Route
from bot.campaigns.campaign import State
from bot.campaigns.delivery import NO_CONSENT, DeliveryState
from bot.campaigns.followers import end
from bot.campaigns.runs import IS_PENDING, IS_SENDING
from bot.storage.campaign_tables import campaign, campaign_run, delivery, follower
from bot.storage.engine import without_transaction
from bot.storage.tables import subscriber
from handlers.messages import Citizen
from knowledge.tables import Moment

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_KEPT = [getattr(delivery.c, name) for name in ("id", "subscriber_id", "state", "route", "attempts")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that is ours to send now, once."""

    id: int
    run_id: int
    subscriber_id: int
    citizen: Citizen
    route: Route
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a delivery ended. error: a short word, never a text."""

    id: int
    state: DeliveryState
    at: datetime
    error: str = ""
    platform_id: str = ""


class StoredOutbox:
    """The deliveries of all replicas."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = without_transaction(engine)
        # Made once: to put it together takes longer than to send a message.
        self._taking = _claim()
        self._named_claim = _named(self._taking) if engine.dialect.name == "postgresql" else None

    async def claim(self, run_id: int, channel: str, limit: int, now: datetime, until: datetime) -> list[Claimed]:
        """Takes up to `limit` deliveries, each marked as being sent: they go out at once, or are called unknown later.

        Looks in the same statement whether the campaign still runs, whether it is too late, and whether the citizen
        still agrees; who does not is skipped. An empty list: nothing is due now.
        """
        while True:
            found, skipped = await self._claim(run_id, channel, limit, now, until)
            if found or not skipped:
                return found

    async def _claim(
        self, run_id: int, channel: str, limit: int, now: datetime, until: datetime
    ) -> tuple[list[Claimed], int]:
        values = {
            "its_run": run_id,
            "its_channel": channel,
            "its_most": limit,
            "its_now": now,
            "its_until": until,
            "its_hour": now.astimezone(VIETNAM).hour,
        }
        async with self._alone.begin() as connection:
            rows = await self._named(connection, values)
        ours = [row for row in rows if row.state == DeliveryState.SENDING.value]
        found = [
            Claimed(
                id=row.id,
                run_id=run_id,
                subscriber_id=row.subscriber_id,
                citizen=Citizen(channel, row.citizen),
                route=Route(row.route),
                attempt=row.attempts,
            )
            for row in sorted(ours, key=lambda row: row.id)
            # Forgotten between the two statements: the row has lost its name and is called unknown in time.
            if row.citizen is not None
        ]
        return found, len(rows) - len(ours)

    async def _named(self, connection: AsyncConnection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The claimed rows with their citizens; in the same statement where the database can."""
        if self._named_claim is not None:
            return (await connection.execute(self._named_claim, values)).all()
        numbers = [row.id for row in await connection.execute(self._taking, values)]
        named = delivery.outerjoin(subscriber, subscriber.c.id == delivery.c.subscriber_id)
        query = select(*_KEPT, subscriber.c.citizen).select_from(named).where(delivery.c.id.in_(numbers))
        return (await connection.execute(query)).all() if numbers else []

    async def end(self, endings: Sequence[Ending]) -> Sequence[None]:
        """Ends deliveries; one that has been called unknown meanwhile is put right."""
        alike: dict[tuple[DeliveryState, str, str], list[Ending]] = {}
        for one in endings:
            alike.setdefault((one.state, one.error[:60], one.platform_id[:60]), []).append(one)
        async with (self._alone if len(alike) == 1 else self._engine).begin() as connection:
            for (state, error, platform_id), group in alike.items():
                values = {
                    "state": state.value,
                    "error": error,
                    "platform_id": platform_id,
                    "at": max(one.at for one in group),
                    "claimed_until": None,
                }
                mine = delivery.c.id.in_([one.id for one in group]), delivery.c.state.in_(["sending", "unknown"])
                await connection.execute(update(delivery).where(*mine).values(values))
        return [None] * len(endings)

    async def put_off(self, one: Claimed, not_before: datetime, error: str) -> None:
        """Gives a delivery back until a moment: the platform has surely not taken it."""
        values = {
            "state": DeliveryState.PENDING.value,
            "not_before": not_before,
            "claimed_until": None,
            "error": error[:60],
        }
        mine = delivery.c.id == one.id, delivery.c.state == IS_SENDING, delivery.c.attempts == one.attempt
        async with self._alone.begin() as connection:
            await connection.execute(update(delivery).where(*mine).values(values))

    async def lost(self, one: Claimed, reason: str, now: datetime) -> None:
        """Ends the subscription of somebody whom the platform does not reach any more."""
        async with self._engine.begin() as connection:
            await end(connection, one.subscriber_id, reason, now)
            known = update(subscriber).where(subscriber.c.id == one.subscriber_id, subscriber.c.reachable)
            await connection.execute(known.values(reachable=False, reason=reason[:40], changed_at=now))

    async def spend(self, campaign_id: int, price: int, budget: int) -> bool:
        """Sets the price of a paid message aside; False where the budget does not hold it. Give back: -price."""
        fits = campaign.c.id == campaign_id, campaign.c.spent + price <= budget
        async with self._alone.begin() as connection:
            done = await connection.execute(update(campaign).where(*fits).values(spent=campaign.c.spent + price))
        return bool(done.rowcount)

    async def claim_article(self, run_id: int, now: datetime, until: datetime) -> bool:
        """True for the one sender that sends the article of this run."""
        mine = campaign_run.c.id == run_id, campaign_run.c.article == IS_PENDING, _may_go_on(run_id, now)
        taken = update(campaign_run).where(*mine)
        async with self._alone.begin() as connection:
            done = await connection.execute(taken.values(article=DeliveryState.SENDING.value, article_until=until))
        return bool(done.rowcount)

    async def end_article(self, run_id: int, state: DeliveryState, error: str = "") -> None:
        """How the article of a run ended; PENDING gives it back."""
        values = {"article": state.value, "article_error": error[:100], "article_until": None}
        async with self._alone.begin() as connection:
            await connection.execute(update(campaign_run).where(campaign_run.c.id == run_id).values(values))


def _claim() -> Any:
    """Marks what is due: as being sent, or as skipped where the citizen does not agree any more."""
    run_id, now = bindparam("its_run", type_=Integer), bindparam("its_now", type_=Moment)
    due = (
        select(delivery.c.id)
        .where(
            delivery.c.run_id == run_id,
            delivery.c.channel == bindparam("its_channel", type_=String),
            delivery.c.state == IS_PENDING,
            or_(delivery.c.not_before.is_(None), delivery.c.not_before <= now),
            _may_go_on(run_id, now),
            ~_wants_quiet(),
        )
        .order_by(delivery.c.id)
        .limit(bindparam("its_most", type_=Integer))
        .with_for_update(skip_locked=True, of=delivery)
        .cte("due")
    )
    agrees = _agrees()
    return (
        update(delivery)
        .where(delivery.c.id.in_(select(due.c.id)))
        .values(
            state=case((agrees, DeliveryState.SENDING.value), else_=DeliveryState.SKIPPED.value),
            error=case((agrees, ""), else_=NO_CONSENT),
            at=case((agrees, null()), else_=now),
            claimed_until=bindparam("its_until", type_=Moment),
            attempts=delivery.c.attempts + 1,
        )
        .returning(delivery.c.id, delivery.c.subscriber_id, delivery.c.state, delivery.c.route, delivery.c.attempts)
    )


def _named(taking: Any) -> Any:
    rows = taking.cte("taken")
    named = rows.outerjoin(subscriber, subscriber.c.id == rows.c.subscriber_id)
    return select(rows, subscriber.c.citizen).select_from(named)


def _may_go_on(run_id: Any, now: Any) -> ColumnElement[bool]:
    run, whole = campaign_run.alias("run"), campaign.alias("whole")
    return (
        exists()
        .where(
            run.c.id == run_id,
            run.c.open,
            run.c.expires_at > now,
            whole.c.id == run.c.campaign_id,
            whole.c.state == State.RUNNING.value,
        )
        .correlate(None)
    )


def _agrees() -> ColumnElement[bool]:
    return exists().where(
        follower.c.subscriber_id == delivery.c.subscriber_id,
        follower.c.active,
        subscriber.c.id == follower.c.subscriber_id,
        subscriber.c.reachable,
    )


def _wants_quiet() -> ColumnElement[bool]:
    """Whether it is one of the hours in which this citizen wants nothing; from 22 until 6 goes over midnight."""
    hour = bindparam("its_hour", type_=Integer)
    since, until = follower.c.quiet_from, follower.c.quiet_until
    within = or_(
        and_(since < until, since <= hour, until > hour),
        and_(since > until, or_(since <= hour, until > hour)),
    )
    return exists().where(follower.c.subscriber_id == delivery.c.subscriber_id, within)
