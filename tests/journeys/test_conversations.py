"""Whole conversations, from the message to the record of the reply."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.tables import answer
from handlers import procedure
from handlers.messages import Outcome
from knowledge.entries import Fee, Method, Procedure, SubmissionChannel
from knowledge.store import Kind, get_version
from tests.fakes import FakeKnowledge, a_desk, a_message
from tests.journeys.small_desk import STAY, THREE_DAYS, SmallDesk, a_small_desk

DEARER = replace(STAY, methods=(Method(channel=SubmissionChannel.DIRECT, time=THREE_DAYS, fees=(Fee(amount=20000),)),))


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    """A desk over each kind of database."""
    async with a_small_desk(database_url, tmp_path) as made:
        yield made


async def test_a_fee_question_gets_the_fee_and_nothing_else(desk: SmallDesk) -> None:
    reply = await desk.says("dang ky tam tru het bao nhieu tien")

    assert reply.outcome is Outcome.ANSWERED
    text = "\n".join(reply.blocks)
    assert "15.000 đồng" in text
    assert "7.000 đồng" in text
    assert "Tờ khai" not in text
    assert "03 ngày" not in text
    assert "1.004194" in reply.citation
    assert "07/2026" in reply.citation


async def test_a_follow_up_keeps_the_subject(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")

    reply = await desk.says("mất mấy ngày?")

    assert reply.refs[0] == STAY.code
    assert "03 ngày làm việc" in "\n".join(reply.blocks)


async def test_a_new_subject_is_not_taken_for_a_follow_up(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")

    reply = await desk.says("đăng ký khai tử cần giấy tờ gì")

    assert STAY.code not in reply.refs[:1]


async def test_papers_that_differ_by_case_ask_for_the_case_first(desk: SmallDesk) -> None:
    asked = await desk.says("đăng ký tạm trú cần giấy tờ gì")

    picked = await desk.says("2")

    assert "trường hợp nào" in asked.as_text()
    assert len(asked.choices) >= 2
    assert "Danh sách người tạm trú" in "\n".join(picked.blocks)
    assert "Danh sách người tạm trú" not in "\n".join(asked.blocks)


async def test_several_that_fit_are_offered_and_the_pick_is_answered_with_the_part_first_asked(desk: SmallDesk) -> None:
    offered = await desk.says("tạm trú lệ phí")
    if offered.outcome is Outcome.CLARIFYING:
        number = offered.refs.index(STAY.code) + 1
        picked = await desk.says(str(number))
    else:
        picked = offered

    assert picked.refs[0] == STAY.code
    assert "15.000 đồng" in picked.as_text()


async def test_danger_comes_before_everything(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú cần giấy tờ gì")

    reply = await desk.says("cháy nhà rồi cứu với")

    assert reply.outcome is Outcome.EMERGENCY
    assert "114" in reply.blocks[0]


async def test_what_was_said_can_be_shown_again_from_the_versions(desk: SmallDesk) -> None:
    """The record names the version and holds the hash of the text: the old text is made again after a change."""
    said = await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await desk.publishes(DEARER)
    now_said = await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    assert "20.000 đồng" in now_said.as_text()

    async with desk.app.engine.connect() as connection:
        first = (await connection.execute(select(answer).order_by(answer.c.id))).first()
    assert first is not None
    code, number = first.refs.split()[0], int(first.versions.split()[0])
    old = await _version(desk, code, number)
    again = await procedure.answer(
        a_message(choice=f"p:{code}:{first.aspects}"), a_desk(FakeKnowledge(procedures={code: old}))
    )

    assert again is not None
    assert again.as_text() == said.as_text()
    assert first.text_hash == hashlib.sha256(again.as_text().encode()).hexdigest()


async def _version(desk: SmallDesk, code: str, number: int) -> Procedure:
    async with AsyncSession(desk.app.engine) as session:
        stored = await get_version(session, Kind.PROCEDURE, code, number)
    assert stored is not None
    entry = stored.decoded()
    assert isinstance(entry, Procedure)
    return entry


async def test_what_has_expired_stops_answering_by_itself(desk: SmallDesk) -> None:
    ending = replace(STAY, effective_to=desk.moment.date())
    await desk.publishes(ending)
    assert (await desk.says("đăng ký tạm trú hết bao nhiêu tiền")).refs[0] == STAY.code

    desk.later(days=1)
    await desk.app.refresh()

    assert STAY.code not in (await desk.says("đăng ký tạm trú hết bao nhiêu tiền")).refs


async def test_two_citizens_do_not_share_a_subject(desk: SmallDesk) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền", citizen="c1")

    reply = await desk.says("mất mấy ngày?", citizen="c2")

    assert STAY.code not in reply.refs[:1]
