"""What staff write reaches the citizen once and in order, or it is shown why not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.handover.post import KEEP_TRYING, LEASE
from bot.storage import schema
from bot.storage.audit import Deed
from bot.storage.engine import make_engine
from bot.storage.handover_post import StoredPost
from bot.storage.handovers import Delivery
from bot.storage.service_state import StoredSends
from handlers.messages import Citizen
from tests.bot.staff.talking import AN, IN_HOURS, TalkParts, talk_parts

BY = Deed(actor="lan", action="talk.say")


@dataclass
class Clock:
    at: datetime = IN_HOURS

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Talking:
    parts: TalkParts
    clock: Clock
    post: StoredPost
    sends: StoredSends

    async def say(self, words: str) -> None:
        assert await self.parts.stored.say(1, words, BY, self.clock())

    async def ends(self) -> list[tuple[str, str]]:
        return [(line.delivery, line.reason) for line in await self.parts.stored.lines(1)]


@pytest.fixture
async def talking(database_url: str) -> AsyncIterator[Talking]:
    schema.upgrade(database_url)
    engine, clock = make_engine(database_url), Clock()
    parts = talk_parts(engine, clock)
    await parts.stored.open(AN, IN_HOURS, asked=True)
    await parts.stored.take(1, BY, IN_HOURS, "")
    yield Talking(parts, clock, StoredPost(engine), StoredSends(engine))
    await engine.dispose()


async def test_what_cannot_arrive_is_shown_with_its_reason_and_can_be_sent_again(talking: Talking) -> None:
    talking.parts.mailbox.troubles = [Unreachable("blocked"), Refused("400"), MaybeSent("ReadTimeout")]
    for words in ("một", "hai", "ba", "bốn"):
        await talking.say(words)

    assert await talking.parts.post.deliver() == 4
    assert await talking.ends() == [
        ("unreachable", "blocked"),
        ("failed", "400"),
        ("unknown", "ReadTimeout"),
        ("sent", ""),
    ]
    assert await talking.parts.stored.not_arrived(IN_HOURS) == {1: 3}

    (first, *_) = await talking.parts.stored.lines(1)
    assert not await talking.parts.stored.again(2, first.id, BY, talking.clock())
    assert await talking.parts.stored.again(1, first.id, BY, talking.clock())
    assert not await talking.parts.stored.again(1, first.id, BY, talking.clock())
    await talking.parts.post.deliver_soon(1)
    assert talking.parts.mailbox.texts() == ["Cán bộ trả lời:\nbốn", "Cán bộ trả lời:\nmột"]
    assert (await talking.sends.all())["mailbox"] == IN_HOURS


async def test_a_busy_platform_keeps_the_order(talking: Talking) -> None:
    talking.parts.mailbox.troubles = [TryLater(60, "429")]
    await talking.say("một, gọi 0912345678")
    await talking.say("hai")

    assert await talking.parts.post.deliver() == 0
    assert [delivery for delivery, _ in await talking.ends()] == [Delivery.QUEUED, Delivery.QUEUED]
    talking.clock.at += timedelta(seconds=61)
    assert await talking.parts.post.deliver() == 2
    assert talking.parts.mailbox.texts() == ["Cán bộ trả lời:\nmột, gọi 0912345678", "Cán bộ trả lời:\nhai"]
    assert [line.body for line in await talking.parts.stored.lines(1)] == ["một, gọi •••", "hai"]


async def test_an_answer_that_comes_too_late_is_given_up(talking: Talking) -> None:
    talking.parts.mailbox.troubles = [TryLater(KEEP_TRYING.total_seconds() + 1, "quota")]
    await talking.say("một")

    assert await talking.parts.post.deliver() == 1
    assert await talking.ends() == [("failed", "quota")]


async def test_two_senders_send_once_and_what_one_lost_is_marked(talking: Talking) -> None:
    await talking.say("một")
    taken = await talking.post.claim(talking.clock(), talking.clock() + LEASE, 5)

    assert [letter.citizen for letter in taken] == [AN]
    assert await talking.parts.post.deliver() == 0
    talking.clock.at += LEASE + timedelta(seconds=1)
    await talking.parts.post.deliver()
    assert await talking.ends() == [("unknown", "stopped")]
    assert talking.parts.mailbox.sent == []


async def test_a_channel_that_is_switched_off_is_told(talking: Talking) -> None:
    await talking.parts.stored.open(Citizen("gone", "1"), IN_HOURS, asked=True)
    await talking.parts.stored.take(2, BY, IN_HOURS, "Cán bộ đã vào.")

    await talking.parts.post.deliver()
    assert [line.delivery for line in await talking.parts.stored.lines(2)] == [Delivery.UNREACHABLE]
