"""Nobody is written to who did not say yes to the words shown, and HỦY is obeyed at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaigns.asking import Subscribing
from bot.campaigns.audience import Kind
from handlers import subscription
from handlers.messages import Citizen, Conversation, Outcome, Reply
from handlers.messages import Desk as HandlerDesk
from handlers.topics import TOPICS, WORDING
from tests.bot.campaigns.sending import CHANNEL, PLAN, WRITER, Desk, a_desk
from tests.fakes import NOON, TODAY, FakeKnowledge, a_message

WHO = Citizen(CHANNEL, "7001")


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    async with a_desk(sqlite_url) as made:
        yield made


async def said(desk: Desk, text: str, choice: str | None = None, who: Citizen = WHO) -> Reply | None:
    """What the handler replies."""
    asked = replace(a_message(text, choice=choice), citizen=who, received_at=NOON, id=f"m-{text}-{choice}")
    known = HandlerDesk(
        knowledge=FakeKnowledge(),
        conversation=Conversation(),
        today=TODAY,
        subscriptions=Subscribing(desk.followers, {CHANNEL}),
    )
    return await subscription.answer(asked, known)


async def test_a_yes_to_the_words_shown_is_kept_as_it_was_given(desk: Desk) -> None:
    menu = await said(desk, "Đăng ký nhận thông báo")
    assert menu is not None
    assert len(menu.choices) == len(TOPICS) + 1
    assert await desk.followers.of(WHO) is None  # nothing is ticked beforehand

    asked = await said(desk, "Phí", "s:ask:fees")
    assert asked is not None
    assert asked.blocks == (WORDING.format(topics=TOPICS["fees"]),)
    assert await desk.followers.of(WHO) is None

    done = await said(desk, "Tôi đồng ý", asked.choices[0].value)
    assert done is not None
    assert "12:00, 21/11/2026" in done.blocks[0]
    follower, proof = await desk.followers.of(WHO), await desk.followers.proof(WHO)
    assert follower is not None
    assert (follower.active, follower.topics, follower.kind) == (True, ("fees",), Kind.CITIZEN)
    assert [(one.given, one.wording, one.said, one.at, one.topics) for one in proof] == [
        (True, asked.blocks[0], "Tôi đồng ý", NOON, ("fees",))
    ]
    assert proof[0].message_id == "m-Tôi đồng ý-s:yes:fees"


@pytest.mark.parametrize("word", ["HỦY", "hủy", "Huy.", "HUỶ", "/huy", "STOP", "hủy đăng ký"])
async def test_one_word_stops_it(desk: Desk, word: str) -> None:
    await said(desk, "Tôi đồng ý", "s:yes:all")
    stopped = await said(desk, word)
    assert stopped is not None
    assert stopped.blocks == (subscription.STOPPED,)
    follower = await desk.followers.of(WHO)
    assert follower is not None
    assert (follower.active, follower.ended_reason) == (False, "stopped")
    assert [one.given for one in await desk.followers.proof(WHO)] == [True, False]
    again = await said(desk, word)
    assert again is not None
    assert again.blocks == (subscription.NOTHING,)


async def test_who_stops_after_a_message_is_counted_for_it(desk: Desk) -> None:
    await said(desk, "Tôi đồng ý", "s:yes:online")
    made = await desk.scheduled(procedures=("1.001193",))
    await desk.sender().once()
    assert len(desk.got) == 1
    await said(desk, "HỦY")
    assert (await desk.accounts.effect(made.id, ("1.001193",))).unsubscribed == 1
    await desk.scheduled(replace(PLAN, title="Sau"))
    await desk.sender().once()
    assert len(desk.got) == 1


async def test_officials_join_by_their_units_invitation(desk: Desk) -> None:
    invitation = await desk.followers.invite("Sở Tư pháp", "stp@example.vn", WRITER, NOON)
    assert (await desk.followers.invite("Sở Tư pháp", "moi@example.vn", WRITER, NOON)).code == invitation.code
    asked = await said(desk, f"cb {invitation.code}")
    assert asked is not None
    assert "Sở Tư pháp" in asked.blocks[0]
    await said(desk, "Tôi đồng ý", asked.choices[0].value)
    follower = await desk.followers.of(WHO)
    assert follower is not None
    assert (follower.kind, follower.unit) == (Kind.OFFICIAL, "Sở Tư pháp")
    assert [(one.unit, one.email, one.joined) for one in await desk.followers.invitations()] == [
        ("Sở Tư pháp", "moi@example.vn", 1)
    ]
    assert await desk.followers.close_invitation(invitation.code, WRITER, NOON + timedelta(days=1))
    closed = await said(desk, f"cb {invitation.code}")
    assert closed is not None
    assert closed.blocks == (subscription.NO_UNIT,)


async def test_own_quiet_hours_can_be_said(desk: Desk) -> None:
    await said(desk, "Tôi đồng ý", "s:yes:all")
    await said(desk, "Từ 22 giờ", "s:hours:22-6")
    follower = await desk.followers.of(WHO)
    assert follower is not None
    assert follower.quiet == (22, 6)
    await said(desk, "Giờ nào cũng được", "s:hours:0")
    follower = await desk.followers.of(WHO)
    assert follower is not None
    assert follower.quiet is None


@pytest.mark.parametrize("text", ["hủy hộ khẩu thì làm thế nào", "đăng ký khai sinh", "thông báo", "đúng"])
async def test_other_words_are_left_to_others(desk: Desk, text: str) -> None:
    assert await said(desk, text) is None
    assert await said(desk, "x", "p:1.001193:s") is None


async def test_a_channel_that_cannot_write_first_says_so(desk: Desk) -> None:
    reply = await said(desk, "đăng ký nhận thông báo", who=Citizen("web", "1"))
    assert reply is not None
    assert reply.blocks == (subscription.NOT_HERE,)


async def test_without_a_database_it_is_not_said_to_be_done(desk: Desk) -> None:
    await desk.engine.dispose()
    async with desk.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE consent")
    reply = await said(desk, "HỦY")
    assert reply is not None
    assert (reply.blocks, reply.outcome) == ((subscription.AWAY,), Outcome.FAILED)
