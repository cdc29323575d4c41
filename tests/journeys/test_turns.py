"""Talks of several turns: ordinals, corrections, coming back, two subjects at once, and what half an hour ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.messages import Citizen, Outcome, Reply
from knowledge.entries import Aspect
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk
from tests.knowledge import catalogue as c


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    """A desk over each kind of database."""
    async with a_small_desk(database_url, tmp_path) as made:
        yield made


async def asked_back(desk: SmallDesk) -> Reply:
    """The desk has asked which of several entries is meant, after a question for the fee."""
    reply = await desk.says("căn cước bao nhiêu tiền")
    assert reply.outcome is Outcome.CLARIFYING, "the talk needs a question back"
    assert len(reply.choices) >= 2
    return reply


async def test_an_ordinal_is_answered_at_once_with_the_part_first_asked_for(desk: SmallDesk) -> None:
    offered = await asked_back(desk)

    picked = await desk.says("dạ cái thứ hai ạ")

    assert picked.outcome is Outcome.ANSWERED
    assert picked.refs[0] in offered.choices[1].value
    assert picked.aspects == (Aspect.FEE,)


async def test_the_other_one_can_still_be_had_after_a_choice(desk: SmallDesk) -> None:
    offered = await asked_back(desk)
    await desk.says("1")

    other = await desk.says("không, cái thứ hai")

    assert other.refs[0] in offered.choices[1].value
    assert other.aspects == (Aspect.FEE,)


async def test_words_choose_among_what_was_offered(desk: SmallDesk) -> None:
    offered = await asked_back(desk)
    assert c.CARD_AGAIN.code in offered.refs

    reply = await desk.says("cấp lại")

    assert reply.refs[0] == c.CARD_AGAIN.code
    assert reply.aspects == (Aspect.FEE,)


async def test_a_correction_changes_the_subject_and_keeps_the_question(desk: SmallDesk) -> None:
    await desk.says("đăng ký khai sinh hết bao nhiêu tiền")

    reply = await desk.says("à không, ý tôi là đăng ký tạm trú")

    assert reply.refs[0] == STAY.code
    assert "15.000 đồng" in reply.as_text()


async def test_an_earlier_subject_is_taken_up_again(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await desk.says("đăng ký kết hôn ở đâu")

    reply = await desk.says("quay lại cái tạm trú lúc nãy, mất mấy ngày")
    next_one = await desk.says("thế còn phí")

    assert reply.refs[0] == next_one.refs[0] == STAY.code
    assert "03 ngày làm việc" in reply.as_text()
    assert "15.000 đồng" in next_one.as_text()


async def test_an_operation_alone_and_then_a_new_subject(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")

    longer = await desk.says("thế gia hạn thì sao")
    new = await desk.says("đăng ký khai tử ở đâu")

    assert longer.refs[0] == c.STAY_LONGER.code
    assert new.refs[0] == c.DEATH.code


async def test_two_subjects_are_both_answered_and_both_followed(desk: SmallDesk) -> None:
    both = await desk.says("đăng ký kết hôn và đăng ký tạm trú cần giấy tờ gì")
    fees = await desk.says("thế còn phí")
    back = await desk.says("quay lại cái kết hôn lúc nãy")

    assert both.refs[:2] == fees.refs[:2] == (c.MARRIAGE.code, STAY.code)
    assert "15.000 đồng" in fees.as_text()
    assert back.refs[0] == c.MARRIAGE.code


async def test_after_half_an_hour_nothing_is_carried_and_nothing_come_back_to(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await desk.says("đăng ký kết hôn ở đâu")

    desk.later(minutes=31)

    assert STAY.code not in (await desk.says("quay lại cái trước")).refs[:1]
    assert c.MARRIAGE.code not in (await desk.says("mất mấy ngày")).refs[:1]


async def test_a_message_that_comes_again_gets_the_same_reply_and_leaves_no_second_turn(desk: SmallDesk) -> None:
    offered = await asked_back(desk)
    picked = await desk.says("2")
    desk.said -= 1  # the same id again

    again = await desk.says("2")

    assert again == picked
    assert picked.refs[0] in offered.choices[1].value
    lines = await desk.app.conversations.history(Citizen("test", "c1"))
    assert [line.said for line in lines if line.reply is None] == ["căn cước bao nhiêu tiền", "2"]
