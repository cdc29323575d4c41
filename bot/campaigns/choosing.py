"""The people whom an audience means, as SQL: counted for staff, and frozen as deliveries in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, insert, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.audience import Audience, Estimate, Example, Route
from bot.campaigns.campaign import Plan
from bot.campaigns.delivery import NO_ROUTE, DeliveryState
from bot.campaigns.topics import FIELD
from bot.storage.campaign_tables import delivery, follower, follower_topic
from bot.storage.tables import conversation, subscriber

EXAMPLES = 10
SHOWN = 4
"""Characters of a citizen's id that staff see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What the channels of this desk allow. channels: those that may write first, by name; windows: for channels that
    may only write to who wrote of late, how long ago that may be; templated: channels with paid templates."""

    channels: tuple[str, ...] = ()
    windows: dict[str, timedelta] = field(default_factory=dict)
    templated: tuple[str, ...] = ()


async def estimate(engine: AsyncEngine, plan: Plan, reach: Reach, now: datetime) -> Estimate:
    """How many people would be written to now, on which way, at which price, and ten of them."""
    route = _route(plan, reach, now)
    counted = (
        select(subscriber.c.channel, route.label("route"), func.count().label("number"))
        .select_from(_people())
        .where(*_meant(plan.audience))
        .group_by(subscriber.c.channel, route)
    )
    some = (
        select(
            follower.c.subscriber_id,
            subscriber.c.channel,
            subscriber.c.citizen,
            follower.c.kind,
            follower.c.unit,
            follower.c.province,
            follower.c.commune,
            route.label("route"),
        )
        .select_from(_people())
        .where(*_meant(plan.audience))
        .order_by(follower.c.subscriber_id)
        .limit(EXAMPLES)
    )
    async with engine.connect() as connection:
        groups = (await connection.execute(counted)).all()
        rows = (await connection.execute(some)).all()
        topics = await _topics(connection, [row.subscriber_id for row in rows])
    by_channel: dict[str, int] = {}
    by_route = dict.fromkeys(Route, 0)
    for channel, found, number in groups:
        by_channel[channel] = by_channel.get(channel, 0) + number
        by_route[Route(found)] += number
    paid, price, budget = by_route[Route.TEMPLATE], plan.zalo.price, plan.zalo.budget
    affordable = min(paid, budget // price) if price else paid
    return Estimate(
        total=sum(by_channel.values()),
        by_channel=by_channel,
        by_route=by_route,
        price=affordable * price,
        priced_out=paid - affordable,
        examples=tuple(
            Example(
                channel=row.channel,
                shown=shown(row.citizen),
                kind=row.kind,
                place=row.unit or ", ".join(filter(None, (row.commune, row.province))),
                topics=topics.get(row.subscriber_id, ()),
                route=Route(row.route),
            )
            for row in rows
        ),
    )


async def freeze(connection: AsyncConnection, run_id: int, plan: Plan, reach: Reach, now: datetime) -> int:
    """Writes one delivery for each person meant now, in one statement; how many they are."""
    route = _route(plan, reach, now)
    reached = route != Route.NONE.value
    people = (
        select(
            literal(run_id),
            follower.c.subscriber_id,
            subscriber.c.channel,
            route,
            case((reached, DeliveryState.PENDING.value), else_=DeliveryState.SKIPPED.value),
            literal(0),
            case((reached, ""), else_=NO_ROUTE),
            case((reached, null()), else_=literal(now, delivery.c.at.type)),
        )
        .select_from(_people())
        .where(*_meant(plan.audience))
    )
    columns = ["run_id", "subscriber_id", "channel", "route", "state", "attempts", "error", "at"]
    frozen = insert(delivery).from_select(columns, people).execution_options(preserve_rowcount=True)
    return (await connection.execute(frozen)).rowcount


def shown(citizen: str) -> str:
    """A citizen's id as staff may see it: enough to tell two apart, too little to write to."""
    return f"…{citizen[-SHOWN:]}" if citizen else ""


def _people() -> Any:
    return follower.join(subscriber, subscriber.c.id == follower.c.subscriber_id)


def _meant(audience: Audience) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [follower.c.active, subscriber.c.reachable]
    chosen = [*audience.topics, *(FIELD + name for name in audience.fields)]
    if audience.channels:
        found.append(subscriber.c.channel.in_(audience.channels))
    if chosen:
        found.append(_chose(chosen))
    if audience.kinds:
        found.append(follower.c.kind.in_(audience.kinds))
    if audience.units:
        found.append(follower.c.unit.in_(audience.units))
    if audience.provinces or audience.communes:
        found.append(or_(follower.c.province.in_(audience.provinces), _lives_in(audience.communes)))
    if audience.not_channels:
        found.append(subscriber.c.channel.not_in(audience.not_channels))
    if audience.not_topics:
        found.append(~_chose(audience.not_topics))
    if audience.not_units:
        found.append(follower.c.unit.not_in(audience.not_units))
    if audience.not_communes:
        found.append(~_lives_in(audience.not_communes))
    return found


def _chose(topics: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(
        follower_topic.c.subscriber_id == follower.c.subscriber_id, follower_topic.c.topic.in_(topics)
    )


def _lives_in(communes: Sequence[str]) -> ColumnElement[bool]:
    pairs = [place.partition("/") for place in communes]
    return or_(
        literal(False), *(and_(follower.c.province == where, follower.c.commune == name) for where, _, name in pairs)
    )


def _route(plan: Plan, reach: Reach, now: datetime) -> ColumnElement[str]:
    """The way to each person: text where the channel allows it now, else a template, else none."""
    free = [name for name in reach.channels if name not in reach.windows]
    ways: list[tuple[ColumnElement[bool], str]] = [(subscriber.c.channel.in_(free), Route.TEXT.value)]
    for name, window in reach.windows.items():
        wrote = exists().where(
            conversation.c.channel == subscriber.c.channel,
            conversation.c.citizen == subscriber.c.citizen,
            conversation.c.updated_at > now - window,
        )
        ways.append((and_(subscriber.c.channel == name, wrote), Route.TEXT.value))
    if plan.zalo.template:
        ways.append((subscriber.c.channel.in_(reach.templated), Route.TEMPLATE.value))
    return case(*ways, else_=Route.NONE.value)


async def _topics(connection: AsyncConnection, people: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query: Select[Any] = (
        select(follower_topic.c.subscriber_id, follower_topic.c.topic)
        .where(follower_topic.c.subscriber_id.in_(people))
        .order_by(follower_topic.c.topic)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person, topic in await connection.execute(query):
        found[person] = (*found.get(person, ()), topic)
    return found
