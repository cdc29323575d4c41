"""Who agreed to be written to: each yes and no with its words, time and channel, and the end of it at once."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.audience import Kind
from bot.campaigns.delivery import DeliveryState
from bot.storage.audit import Deed, note
from bot.storage.campaign_tables import consent, delivery, follower, follower_topic, unit_invitation
from bot.storage.tables import subscriber
from handlers.messages import Citizen

CAUSED_WITHIN = timedelta(days=2)
"""Who stops so long after a message stops because of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A yes. wording: the words shown before it; said: what was pressed or typed; message_id: the platform's own."""

    citizen: Citizen
    topics: tuple[str, ...]
    wording: str
    said: str
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One yes or no as it was recorded, the proof of it."""

    channel: str
    given: bool
    topics: tuple[str, ...]
    wording: str
    said: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Somebody who agreed, or did once. quiet: hours of the Vietnamese day without messages, None = none."""

    active: bool
    kind: Kind
    unit: str
    province: str
    commune: str
    topics: tuple[str, ...]
    quiet: tuple[int, int] | None
    since: datetime
    ended_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """How the officials of a unit join. code: ends its link; email: the unit's official address, "" = none;
    joined: officials who did."""

    code: str
    unit: str
    email: str
    joined: int = 0


class StoredFollowers:
    """Followers, their consents and the units' invitations. Every method raises ConnectionError without a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def agree(
        self,
        agreement: Agreement,
        now: datetime,
        *,
        unit: str = "",
    ) -> None:
        """Records a yes; the topics are those wanted from now on. unit: makes an official of this unit of them."""
        citizen = agreement.citizen
        async with self._connection() as connection:
            number = await self._subscriber(connection, citizen, now)
            official = {"kind": Kind.OFFICIAL.value, "unit": unit} if unit else {}
            new = {"subscriber_id": number, "active": True, "kind": Kind.CITIZEN.value, "since": now, **official}
            again = {"active": True, "since": now, "ended_at": None, "ended_reason": "", "ended_by_run": None}
            adding = self._insert(follower).values(new)
            await connection.execute(
                adding.on_conflict_do_update(index_elements=["subscriber_id"], set_={**again, **official})
            )
            await connection.execute(delete(follower_topic).where(follower_topic.c.subscriber_id == number))
            if agreement.topics:
                rows = [{"subscriber_id": number, "topic": topic} for topic in dict.fromkeys(agreement.topics)]
                await connection.execute(insert(follower_topic), rows)
            await _record(connection, agreement, True, now)

    async def stop(self, citizen: Citizen, said: str, message_id: str, now: datetime) -> bool:
        """Records a no: from this moment on nothing is sent. True when they were a follower until now."""
        async with self._connection() as connection:
            number = await _number(connection, citizen)
            ended = number is not None and await end(connection, number, "stopped", now, look_for_cause=True)
            no = Agreement(citizen=citizen, topics=(), wording="", said=said, message_id=message_id)
            await _record(connection, no, False, now)
        return ended

    async def of(self, citizen: Citizen) -> Follower | None:
        """What is known of a follower; None for somebody who never agreed."""
        async with self._connection() as connection:
            number = await _number(connection, citizen)
            query = select(follower).where(follower.c.subscriber_id == number)
            row = (await connection.execute(query)).mappings().one_or_none()
            topics = select(follower_topic.c.topic).where(follower_topic.c.subscriber_id == number)
            chosen = tuple((await connection.execute(topics.order_by(follower_topic.c.topic))).scalars())
        if row is None:
            return None
        quiet = None if row["quiet_from"] is None else (row["quiet_from"], row["quiet_until"])
        kept = ("active", "unit", "province", "commune", "since", "ended_reason")
        return Follower(kind=Kind(row["kind"]), topics=chosen, quiet=quiet, **{name: row[name] for name in kept})

    async def settle(self, citizen: Citizen, *, province: str = "", commune: str = "") -> None:
        """Where a follower lives, as they said it themselves: names as the list of communes has them."""
        await self._set(citizen, {"province": province, "commune": commune})

    async def keep_quiet(self, citizen: Citizen, hours: tuple[int, int] | None) -> None:
        """The hours of the Vietnamese day (from, until) in which they want no messages; None = no wish."""
        since, until = hours or (None, None)
        await self._set(citizen, {"quiet_from": since, "quiet_until": until})

    async def proof(self, citizen: Citizen) -> list[Consent]:
        """Every yes and no of a citizen, oldest first."""
        theirs = consent.c.channel == citizen.channel, consent.c.citizen == citizen.id
        async with self._connection() as connection:
            rows = (await connection.execute(select(consent).where(*theirs).order_by(consent.c.id))).mappings().all()
        kept = [name for name in Consent.__dataclass_fields__ if name != "topics"]
        return [Consent(topics=tuple(json.loads(row["topics"])), **{name: row[name] for name in kept}) for row in rows]

    async def forget(self, citizen: Citizen) -> None:
        """Deletes their consents; what else there is goes with the subscriber (StoredSubscribers.forget)."""
        theirs = consent.c.channel == citizen.channel, consent.c.citizen == citizen.id
        async with self._connection() as connection:
            await connection.execute(delete(consent).where(*theirs))

    # Units

    async def invite(self, unit: str, email: str, by: Deed, now: datetime) -> Invitation:
        """The invitation of a unit, made where there is none yet; its address is changed."""
        values = {"unit": unit[:100], "email": email[:200], "created_by": by.actor, "created_at": now}
        adding = self._insert(unit_invitation).values(code=secrets.token_urlsafe(9), **values)
        async with self._connection() as connection:
            made = adding.on_conflict_do_update(
                index_elements=["unit"], set_={"email": email[:200], "closed_at": None}
            ).returning(unit_invitation.c.code)
            code = str((await connection.execute(made)).scalar_one())
            deed = Deed(actor=by.actor, place=by.place, action="unit.invite", subject=f"unit:{unit}")
            await note(connection, deed, now)
        return Invitation(code=code, unit=unit[:100], email=email[:200])

    async def invitations(self) -> list[Invitation]:
        """All open invitations, by unit."""
        still_open = select(unit_invitation).where(unit_invitation.c.closed_at.is_(None))
        joined = select(follower.c.unit).where(follower.c.active, follower.c.kind == Kind.OFFICIAL.value)
        async with self._connection() as connection:
            rows = (await connection.execute(still_open.order_by(unit_invitation.c.unit))).mappings().all()
            units = list((await connection.execute(joined)).scalars())
        return [
            Invitation(code=row["code"], unit=row["unit"], email=row["email"], joined=units.count(row["unit"]))
            for row in rows
        ]

    async def invitation(self, code: str) -> Invitation | None:
        """The open invitation with this code."""
        query = select(unit_invitation).where(unit_invitation.c.code == code, unit_invitation.c.closed_at.is_(None))
        async with self._connection() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Invitation(code=row["code"], unit=row["unit"], email=row["email"]) if row else None

    async def close_invitation(self, code: str, by: Deed, now: datetime) -> bool:
        """Nobody joins by this link any more; who has joined stays. True when it was open."""
        shut = update(unit_invitation).where(unit_invitation.c.code == code, unit_invitation.c.closed_at.is_(None))
        async with self._connection() as connection:
            closed = (await connection.execute(shut.values(closed_at=now))).rowcount
            if closed:
                deed = Deed(actor=by.actor, place=by.place, action="unit.close", subject=f"invitation:{code}")
                await note(connection, deed, now)
        return bool(closed)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error

    async def _set(self, citizen: Citizen, values: dict[str, Any]) -> None:
        async with self._connection() as connection:
            number = await _number(connection, citizen)
            await connection.execute(update(follower).where(follower.c.subscriber_id == number).values(values))

    async def _subscriber(self, connection: AsyncConnection, citizen: Citizen, now: datetime) -> int:
        """The subscriber's number; who writes to us can be written to."""
        new = {"channel": citizen.channel, "citizen": citizen.id, "greeted_by": "", "reachable": True, "reason": ""}
        adding = self._insert(subscriber).values(**new, changed_at=now)
        made = adding.on_conflict_do_update(
            index_elements=["channel", "citizen"], set_={"reachable": True, "reason": ""}
        ).returning(subscriber.c.id)
        return int((await connection.execute(made)).scalar_one())


async def end(
    connection: AsyncConnection, subscriber_id: int, reason: str, now: datetime, *, look_for_cause: bool = False
) -> bool:
    """Ends a subscription in the caller's transaction; True when there was one."""
    cause = None
    if look_for_cause:
        lately = (
            select(delivery.c.run_id)
            .where(
                delivery.c.subscriber_id == subscriber_id,
                delivery.c.state.in_([DeliveryState.SENT.value, DeliveryState.UNKNOWN.value]),
                delivery.c.at > now - CAUSED_WITHIN,
            )
            .order_by(delivery.c.id.desc())
            .limit(1)
        )
        cause = (await connection.execute(lately)).scalar_one_or_none()
    over = {"active": False, "ended_at": now, "ended_reason": reason[:40], "ended_by_run": cause}
    mine = follower.c.subscriber_id == subscriber_id, follower.c.active
    return bool((await connection.execute(update(follower).where(*mine).values(over))).rowcount)


async def _number(connection: AsyncConnection, citizen: Citizen) -> int | None:
    query = select(subscriber.c.id).where(subscriber.c.channel == citizen.channel, subscriber.c.citizen == citizen.id)
    return (await connection.execute(query)).scalar_one_or_none()


async def _record(connection: AsyncConnection, agreement: Agreement, given: bool, now: datetime) -> None:
    values = {
        "channel": agreement.citizen.channel,
        "citizen": agreement.citizen.id,
        "given": given,
        "topics": json.dumps(agreement.topics),
        "wording": agreement.wording,
        "said": agreement.said[:40],
        "message_id": agreement.message_id[:100],
        "at": now,
    }
    await connection.execute(insert(consent).values(values))
