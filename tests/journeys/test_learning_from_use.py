"""From a citizen's button to a word that the desk knows, with staff in between."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage.engine import make_sessions
from bot.storage.tables import alias_vote
from handlers.messages import Citizen, Outcome, Reply
from handlers.voting import HELPFUL, NOT_RIGHT, buttons
from tests.journeys.small_desk import STAY, SmallDesk, a_small_desk

UNCLEAR = "đăng ký cư trú"
CLEAR = "đăng ký tạm trú hết bao nhiêu tiền, máy tôi 0912345678"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    """A desk over each kind of database."""
    async with a_small_desk(database_url, tmp_path) as made:
        yield made


async def _votes(desk: SmallDesk) -> list[tuple[str, str, str]]:
    async with desk.app.engine.connect() as connection:
        rows = await connection.execute(select(alias_vote).order_by(alias_vote.c.id))
        return [(row.wording, row.ref, row.verdict) for row in rows]


async def _press(desk: SmallDesk, reply: Reply, label: str, citizen: str) -> Reply:
    choice = next(choice for choice in (*reply.choices, *buttons(reply)) if choice.label == label)
    return await desk.says(choice.label, choice.value, citizen)


async def _offers(desk: SmallDesk, citizen: str) -> Reply:
    """What the desk offers for the unclear question, at the latest when its answer was not right."""
    reply = await desk.says(UNCLEAR, citizen=citizen)
    if reply.outcome is Outcome.ANSWERED:
        reply = await _press(desk, reply, NOT_RIGHT, citizen)
    assert reply.outcome is Outcome.CLARIFYING
    return reply


async def test_a_helpful_vote_counts_without_figures_and_part(desk: SmallDesk) -> None:
    reply = await desk.says(CLEAR)

    thanks = await _press(desk, reply, HELPFUL, "c1")

    assert thanks.outcome is Outcome.VOTED
    ((wording, ref, verdict),) = await _votes(desk)
    assert (ref, verdict) == (STAY.code, "helpful")
    assert "đăng ký tạm trú" in wording
    assert "tiền" not in wording
    assert "0912345678" not in wording


async def test_what_was_not_right_and_what_was_chosen_instead_both_count(desk: SmallDesk) -> None:
    reply = await desk.says("đăng ký tạm trú hết bao nhiêu tiền")

    others = await _press(desk, reply, NOT_RIGHT, "c1")
    assert others.outcome is Outcome.CLARIFYING
    assert STAY.code not in others.refs
    chosen = await _press(desk, others, others.choices[0].label, "c1")

    assert chosen.refs[0] == others.refs[0]
    assert [(ref, verdict) for _, ref, verdict in await _votes(desk)] == [
        (STAY.code, "not_right"),
        (others.refs[0], "chosen"),
    ]


async def test_three_citizens_and_one_member_of_staff_teach_the_desk(desk: SmallDesk) -> None:
    offered = (await _offers(desk, "p1")).choices[-1]
    meant = offered.value.split(":")[1]
    for citizen in ("p1", "p2", "p3"):
        answer = await _press(desk, await _offers(desk, citizen), offered.label, citizen)
        assert answer.refs[0] == meant
    before = desk.app.base.find(UNCLEAR)

    (suggestion,) = await desk.app.suggestions.pending(3)
    assert (suggestion.ref, suggestion.agreed, suggestion.chosen) == (meant, 3, 3)
    assert desk.app.base.find(UNCLEAR) == before
    async with make_sessions(desk.app.engine).begin() as session:
        await desk.app.suggestions.accept(session, suggestion, text=suggestion.wording, by="cán bộ", now=desk.moment)
    assert await desk.app.refresh()

    after = desk.app.base.find(UNCLEAR)
    assert after.hits[0].ref == meant
    assert after.shares[meant] > before.shares[meant]


@pytest.mark.parametrize("text", ["tôi muốn tố cáo cán bộ nhận hối lộ", "cháy nhà rồi cứu với", "chào em"])
async def test_other_messages_are_never_learnt_from(desk: SmallDesk, text: str) -> None:
    await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await desk.says(text)

    await desk.says(HELPFUL, f"v:+:{STAY.code}")

    state = await desk.app.conversations.load(Citizen("test", "c1"))
    assert state.asking is None
    assert await _votes(desk) == []


async def test_deleting_the_talk_deletes_what_it_taught(desk: SmallDesk) -> None:
    reply = await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await _press(desk, reply, HELPFUL, "c1")
    assert await _votes(desk)

    await desk.app.conversations.forget(Citizen("test", "c1"))

    assert await _votes(desk) == []


async def test_the_night_deletes_old_lessons(desk: SmallDesk) -> None:
    reply = await desk.says("đăng ký tạm trú hết bao nhiêu tiền")
    await _press(desk, reply, HELPFUL, "c1")

    desk.later(days=desk.app.settings.retention.conversation_days - 1)
    await desk.app.purge()
    assert await _votes(desk)
    desk.later(days=2)
    await desk.app.purge()

    assert await _votes(desk) == []
