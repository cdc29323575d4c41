"""Talks with citizens for the measurement of the staff desk."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channel_states import ChannelWatch
from bot.handover import Handovers
from bot.handover.post import Post
from bot.sending import Outgoing
from bot.staff import TalkRoom
from bot.storage.handover_post import StoredPost
from bot.storage.handover_tables import handover, handover_line, handover_template
from bot.storage.handovers import StoredHandovers
from bot.storage.inbox import StoredInbox
from bot.storage.service_state import StoredSends
from knowledge.opening import OfficeHours, read_hours
from knowledge.workdays import Workdays

TALKS, UNDER_WAY, LINES = 2_000, 50, 20


async def fill(engine: AsyncEngine, now: datetime) -> None:
    """Talks that are over, some that are not, and ready-made words."""
    async with engine.begin() as connection:
        await connection.execute(insert(handover), [_talk(number, now) for number in range(TALKS)])
        lines = [_line(number // LINES + 1, number, now) for number in range(TALKS * LINES)]
        await connection.execute(insert(handover_line), lines)
        templates = [
            {"title": f"Mẫu {number}", "body": "Anh/Chị chờ bổ sung.", "changed_at": now, "changed_by": "bench"}
            for number in range(30)
        ]
        await connection.execute(insert(handover_template), templates)


def parts(engine: AsyncEngine, now: Callable[[], datetime]) -> tuple[TalkRoom, ChannelWatch]:
    """What the staff desk is given, without a way out."""
    sends, hours = StoredSends(engine), OfficeHours(read_hours("7h30–17h"), Workdays())
    outgoing = Outgoing(sends, now)
    people = Handovers(StoredHandovers(engine), lambda: hours, outgoing.reaches, timedelta(minutes=30))
    post = Post(StoredPost(engine), outgoing.send, now)
    return TalkRoom(people, post), ChannelWatch(lambda: outgoing.channels, StoredInbox(engine), sends)


def _talk(number: int, now: datetime) -> dict[str, object]:
    at, over = now - timedelta(minutes=10 * number), number >= UNDER_WAY
    return {
        "channel": "web",
        "citizen": f"c{number}",
        "state": "ended" if over else "waiting",
        "asked": True,
        **dict.fromkeys(("opened_at", "told_at", "heard_at", "active_at"), at),
        "ended_at": at if over else None,
        "ended_by": "staff" if over else "",
    }


def _line(talk: int, number: int, now: datetime) -> dict[str, object]:
    theirs = number % 2 == 0
    return {
        "handover_id": talk,
        "message_id": f"m{number}" if theirs else "",
        "speaker": "citizen" if theirs else "staff",
        "body": "Hồ sơ của tôi đến đâu rồi?",
        "at": now,
        "delivery": "" if theirs else "failed" if number % 99 == 0 else "sent",
    }
