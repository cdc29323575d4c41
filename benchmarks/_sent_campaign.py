"""A campaign with a file, a run and its deliveries, and the people who agreed, for the pages that show them."""

from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.campaigns.campaign import Plan, State
from bot.campaigns.delivery import DeliveryState
from bot.campaigns.serialising import values_of
from bot.storage.campaign_tables import campaign, campaign_file, campaign_run, delivery, follower, follower_topic
from bot.storage.tables import subscriber

EVERY_FAILED = 50


async def a_sent_campaign(connection: AsyncConnection, now: datetime, people: int) -> None:
    """Writes campaign 1, still a draft so that its form opens, with a run that has gone out to everybody."""
    numbers = range(1, people + 1)
    met = {"channel": "telegram", "greeted_by": "", "reachable": True, "reason": "", "changed_at": now}
    await connection.execute(insert(subscriber), [{"id": n, "citizen": f"9{n:09}", **met} for n in numbers])
    agreed = {"active": True, "kind": "citizen", "province": "Sơn La", "since": now}
    await connection.execute(insert(follower), [{"subscriber_id": n, **agreed} for n in numbers])
    await connection.execute(insert(follower_topic), [{"subscriber_id": n, "topic": "online"} for n in numbers])
    picture = {"id": 1, "name": "a.png", "media_type": "image/png", "content": b"\x89PNG", "at": now}
    await connection.execute(insert(campaign_file), picture)
    plan = Plan(title="Nộp hồ sơ trực tuyến", texts={"": "Anh/Chị nộp hồ sơ trực tuyến."}, file_id=1)
    stands = {"id": 1, "author": "bench", "state": State.DRAFT.value, "spent": 0}
    at = {"created_at": now, "changed_at": now, "changed_by": "bench"}
    await connection.execute(insert(campaign).values(**values_of(plan), **stands, **at))
    run = {"id": 1, "campaign_id": 1, "due_at": now, "expires_at": now + timedelta(days=1), "open": False}
    ended = {"outcome": "done", "audience_size": people, "started_at": now, "ended_at": now}
    await connection.execute(insert(campaign_run).values(**run, **ended))
    await connection.execute(insert(delivery), [_delivery(n, now) for n in numbers])


def _delivery(number: int, now: datetime) -> dict[str, object]:
    failed = number % EVERY_FAILED == 0
    return {
        "run_id": 1,
        "subscriber_id": number,
        "channel": "telegram",
        "route": "text",
        "state": (DeliveryState.FAILED if failed else DeliveryState.SENT).value,
        "attempts": 1,
        "at": now,
        "error": "400" if failed else "",
    }
