"""The account of a campaign: counts by state, rate, time left, each delivery, clicks, and what it caused."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.choosing import shown
from bot.campaigns.delivery import OPEN, Delivery, DeliveryState, Run
from bot.storage.campaign_tables import campaign_link, campaign_run, delivery, follower
from bot.storage.tables import answer, subscriber

RATE_OVER = timedelta(minutes=1)
"""The rate shown is that of the last minute."""
DAYS_AFTER = 7
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a run is now. by_state: every state, 0 where there are none; per_second: sent within the last minute;
    seconds_left: at this rate, None where nothing moves or nothing is left; reached: share of the audience, 0..1."""

    run: Run
    by_state: Mapping[DeliveryState, int]
    by_channel: Mapping[str, Mapping[DeliveryState, int]]
    errors: Mapping[str, int]
    per_second: float
    seconds_left: int | None
    reached: float

    @property
    def left(self) -> int:
        """Deliveries that have not come to their end."""
        return sum(self.by_state[state] for state in OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """How often one link was opened, in all."""

    code: str
    url: str
    clicks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a campaign has caused. unsubscribed: people who stopped after one of its messages; asked_before,
    asked_after: answers about its procedures in the days before and after its first run."""

    clicks: tuple[Clicks, ...]
    unsubscribed: int
    asked_before: int
    asked_after: int
    days: int


class StoredAccounts:
    """The numbers of the campaigns; changes nothing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def runs(self, campaign_id: int, limit: int = 50) -> list[Run]:
        """The newest runs of a campaign."""
        query = (
            select(campaign_run)
            .where(campaign_run.c.campaign_id == campaign_id)
            .order_by(campaign_run.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [_run(row) for row in (await connection.execute(query)).mappings()]

    async def progress(self, run_id: int, now: datetime) -> Progress | None:
        """How a run is now; None for one that is not there."""
        counted = (
            select(delivery.c.channel, delivery.c.state, delivery.c.error, func.count())
            .where(delivery.c.run_id == run_id)
            .group_by(delivery.c.channel, delivery.c.state, delivery.c.error)
        )
        lately = select(func.count()).where(
            delivery.c.run_id == run_id,
            delivery.c.state == DeliveryState.SENT.value,
            delivery.c.at > now - RATE_OVER,
        )
        async with self._engine.connect() as connection:
            row = (
                (await connection.execute(select(campaign_run).where(campaign_run.c.id == run_id)))
                .mappings()
                .one_or_none()
            )
            if row is None:
                return None
            groups = (await connection.execute(counted)).all()
            sent_lately = (await connection.execute(lately)).scalar_one()
        run = _run(row)
        by_state = dict.fromkeys(DeliveryState, 0)
        by_channel: dict[str, dict[DeliveryState, int]] = {}
        errors: dict[str, int] = {}
        for channel, state, error, number in groups:
            by_state[DeliveryState(state)] += number
            of_channel = by_channel.setdefault(channel, dict.fromkeys(DeliveryState, 0))
            of_channel[DeliveryState(state)] += number
            if error:
                errors[error] = errors.get(error, 0) + number
        return Progress(
            run=run,
            by_state=by_state,
            by_channel=by_channel,
            errors=errors,
            **_pace(sent_lately, sum(by_state[state] for state in OPEN), run, now),
            reached=by_state[DeliveryState.SENT] / run.audience_size if run.audience_size else 0.0,
        )

    async def deliveries(
        self, run_id: int, *, state: DeliveryState | None = None, limit: int = 100, offset: int = 0
    ) -> tuple[list[Delivery], int]:
        """The deliveries of a run, in their order, and how many there are (in this state)."""
        where = [delivery.c.run_id == run_id, *([delivery.c.state == state.value] if state else [])]
        query = _each().where(*where).order_by(delivery.c.id).limit(limit).offset(offset)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = (await connection.execute(select(func.count()).select_from(delivery).where(*where))).scalar_one()
        return [_delivery(row) for row in rows], int(total)

    async def all_deliveries(self, run_id: int) -> AsyncIterator[Delivery]:
        """Every delivery of a run, for a file to take away; never all in memory."""
        last = 0
        while True:
            query = _each().where(delivery.c.run_id == run_id, delivery.c.id > last)
            async with self._engine.connect() as connection:
                rows = (await connection.execute(query.order_by(delivery.c.id).limit(_AT_ONCE))).mappings().all()
            for row in rows:
                yield _delivery(row)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1]["id"]

    async def of_citizen(self, channel: str, citizen: str, limit: int = 50) -> list[Delivery]:
        """What was sent to one citizen, newest first."""
        query = (
            _each()
            .where(subscriber.c.channel == channel, subscriber.c.citizen == citizen)
            .order_by(delivery.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return [_delivery(row) for row in (await connection.execute(query)).mappings()]

    async def effect(self, campaign_id: int, procedures: tuple[str, ...], days: int = DAYS_AFTER) -> Effect:
        """Clicks, people who stopped, and questions about its procedures in the days before and after."""
        runs = select(campaign_run.c.id).where(campaign_run.c.campaign_id == campaign_id)
        stopped = select(func.count()).where(follower.c.ended_by_run.in_(runs))
        links = select(campaign_link.c.code, campaign_link.c.url, campaign_link.c.clicks).where(
            campaign_link.c.campaign_id == campaign_id
        )
        first = select(func.min(campaign_run.c.started_at)).where(
            campaign_run.c.campaign_id == campaign_id, campaign_run.c.audience_size > 0
        )
        async with self._engine.connect() as connection:
            clicks = tuple(Clicks(**row) for row in (await connection.execute(links)).mappings())
            unsubscribed = int((await connection.execute(stopped)).scalar_one())
            began = (await connection.execute(first)).scalar_one_or_none()
            before = after = 0
            if began is not None and procedures:
                span = timedelta(days=days)
                before = (await connection.execute(_asked(procedures, began - span, began))).scalar_one()
                after = (await connection.execute(_asked(procedures, began, began + span))).scalar_one()
        return Effect(clicks=clicks, unsubscribed=unsubscribed, asked_before=before, asked_after=after, days=days)


def _run(row: Mapping[Any, Any]) -> Run:
    return Run(**{name: row[name] for name in Run.__dataclass_fields__})


def _pace(sent_lately: int, left: int, run: Run, now: datetime) -> dict[str, Any]:
    over = min(RATE_OVER, max(now - run.started_at, timedelta(seconds=1))).total_seconds()
    rate = sent_lately / over
    return {"per_second": round(rate, 1), "seconds_left": round(left / rate) if left and rate else None}


def _each() -> Any:
    found = delivery.outerjoin(subscriber, subscriber.c.id == delivery.c.subscriber_id)
    kept = [column for column in delivery.c if column.name in Delivery.__dataclass_fields__]
    return select(*kept, subscriber.c.citizen).select_from(found)


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    kept = {name: row[name] for name in Delivery.__dataclass_fields__ if name not in ("shown", "state")}
    return Delivery(**kept, shown=shown(row["citizen"] or ""), state=DeliveryState(row["state"]))


def _asked(procedures: tuple[str, ...], since: datetime, until: datetime) -> Any:
    padded = literal(" ") + answer.c.refs + " "
    about = or_(*(padded.contains(f" {code} ", autoescape=True) for code in procedures))
    return select(func.count()).where(answer.c.at >= since, answer.c.at < until, about)
