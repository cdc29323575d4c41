"""From a question answered badly to a group that staff see: what comes in, what does not, and when it goes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage.unanswered import MOST_OF_ONE
from bot.storage.unanswered_groups import Group, How, StoredGroups
from bot.storage.unanswered_tables import unanswered, unanswered_group
from handlers.messages import Citizen, Outcome
from handlers.shortcomings import LONGEST_KEPT, Reason, Shortcoming
from handlers.voting import NOT_RIGHT, buttons
from knowledge.likeness import ALIKE, alike, grouped, prepared
from tests.journeys.small_desk import SmallDesk, a_small_desk

ROOF = ("xin giấy phép sửa mái nhà cần gì", "giay phep sua mai nha", "thủ tục xin phép sửa mái nhà ở đâu")
UNCLEAR = "đăng ký cư trú"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[SmallDesk]:
    async with a_small_desk(database_url, tmp_path) as made:
        yield made


async def _groups(desk: SmallDesk, *, settled: bool = False, reason: Reason | None = None) -> list[Group]:
    await desk.app.gather()
    found, total = await StoredGroups(desk.app.engine).listed(settled=settled, reason=reason, limit=20, offset=0)
    assert total == len(found)
    return found


async def _kept(desk: SmallDesk) -> list[tuple[str, str]]:
    async with desk.app.engine.connect() as connection:
        rows = await connection.execute(select(unanswered).order_by(unanswered.c.id))
        return [(row.question, row.reason) for row in rows]


async def _number_of_groups(desk: SmallDesk) -> int:
    async with desk.app.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(unanswered_group))).scalar_one())


async def test_questions_that_ask_for_the_same_stand_in_one_group(desk: SmallDesk) -> None:
    for number, question in enumerate((*ROOF, ROOF[0])):
        reply = await desk.says(f"{question}, gọi tôi 0912345678", citizen=f"c{number % 3}")
        assert reply.outcome in (Outcome.NOT_FOUND, Outcome.REFUSED, Outcome.CLARIFYING)
    await desk.says("giá vàng hôm nay bao nhiêu", citizen="c9")
    desk.later(minutes=40)

    roof, gold = await _groups(desk)

    assert (roof.asked, roof.people, gold.asked) == (4, 3, 1)
    assert "mái nhà" in roof.name
    assert all("0912345678" not in question for question in roof.questions)
    assert sum(count for _, count in roof.reasons) == 4
    await desk.says(ROOF[1], citizen="c7")
    desk.later(minutes=40)
    again, _ = await _groups(desk)
    assert (again.id, again.asked) == (roof.id, 5)
    assert gold.reasons[0][0] in (Reason.REFUSED, Reason.NOT_FOUND)
    assert [group.id for group in await _groups(desk, reason=Reason.NOT_RIGHT)] == []


async def test_what_was_asked_back_counts_only_when_no_answer_came(desk: SmallDesk) -> None:
    for citizen in ("finds", "leaves"):
        reply = await desk.says(UNCLEAR, citizen=citizen)
        if reply.outcome is Outcome.ANSWERED:
            pressed = next(vote for vote in buttons(reply) if vote.label == NOT_RIGHT)
            reply = await desk.says(pressed.label, pressed.value, citizen)
        assert reply.outcome is Outcome.CLARIFYING
    assert [group for group in await _groups(desk) if (Reason.ASKED_BACK, 1) in group.reasons] == []
    answer = await desk.says(reply.choices[0].label, reply.choices[0].value, "finds")
    assert answer.outcome is Outcome.ANSWERED
    desk.later(minutes=31)

    (group,) = await _groups(desk)

    cases = await desk.app.unanswered.cases(group.id)
    assert "leaves" in {case.citizen.id for case in cases}
    assert [case for case in cases if case.citizen.id == "finds" and case.reason is Reason.ASKED_BACK] == []


async def test_a_thumb_down_comes_in_with_the_entry_that_was_wrong(desk: SmallDesk) -> None:
    reply = await desk.says("đăng ký tạm trú hết bao nhiêu tiền, máy 0912345678")
    pressed = next(vote for vote in buttons(reply) if vote.label == NOT_RIGHT)
    await desk.says(pressed.label, pressed.value)

    (group,) = await _groups(desk, reason=Reason.NOT_RIGHT)
    (case,) = await desk.app.unanswered.cases(group.id)

    assert (case.ref, case.reason) == (reply.refs[0], Reason.NOT_RIGHT)
    assert "tạm trú" in case.question
    assert "0912345678" not in case.question


async def test_nothing_near_a_complaint_comes_in(desk: SmallDesk) -> None:
    await desk.says("ông ấy lấy của nhà tôi cái xe màu xanh")
    reply = await desk.says("tôi tố cáo ông Trần Bá Hổ nhận hối lộ 50 triệu của nhà tôi")
    assert reply.outcome is Outcome.COMPLAINT
    desk.later(minutes=5)
    await desk.says("ông ấy giấu tiền ở nhà kho sau vườn")

    assert await _kept(desk) == []
    desk.later(minutes=60)
    await desk.says(ROOF[0])
    assert [question for question, _ in await _kept(desk)] == [ROOF[0]]


async def test_one_citizen_does_not_fill_the_queue(desk: SmallDesk) -> None:
    await desk.says("giá vàng hôm nay bao nhiêu" + " nhé" * 200)
    told = Shortcoming(citizen=Citizen("test", "c1"), question="?", reason=Reason.REFUSED, ref="", at=desk.moment)
    for _ in range(MOST_OF_ONE + 3):
        await desk.app.unanswered.note(told)

    kept = await _kept(desk)

    assert len(kept) == MOST_OF_ONE
    assert max(len(question) for question, _ in kept) == LONGEST_KEPT


async def test_it_goes_with_the_conversation_and_with_time(desk: SmallDesk) -> None:
    await desk.says(ROOF[0], citizen="gone")
    await desk.says("giá vàng hôm nay bao nhiêu", citizen="stays")
    desk.later(minutes=40)
    assert len(await _groups(desk)) == 2

    await desk.app.conversations.forget(Citizen("test", "gone"))

    assert [group.name for group in await _groups(desk)] == ["giá vàng hôm nay bao nhiêu"]
    desk.later(days=desk.app.settings.retention.conversation_days + 1)
    await desk.app.purge()
    assert await _kept(desk) == []
    assert await _number_of_groups(desk) == 0


async def test_what_was_decided_stays_decided_until_it_is_asked_much_later(desk: SmallDesk) -> None:
    groups = StoredGroups(desk.app.engine)
    await desk.says(ROOF[0], citizen="a")
    await desk.says("giá vàng hôm nay bao nhiêu", citizen="b")
    desk.later(minutes=40)
    first = {group.name: group for group in await _groups(desk)}
    async with desk.app.engine.begin() as connection:
        for name, how in ((ROOF[0], How.POINTED), ("giá vàng hôm nay bao nhiêu", How.OUT_OF_SCOPE)):
            for first_time in (True, False):
                done = await groups.settle(connection, first[name].id, how, wording=name, by="an", now=desk.moment)
                assert done is first_time
    desk.later(days=1)
    await desk.says(ROOF[2], citizen="c")
    desk.later(minutes=40)
    assert await _groups(desk) == []
    (roof,) = [group for group in await _groups(desk, settled=True) if group.how is How.POINTED]
    assert (roof.id, roof.asked, roof.since) == (first[ROOF[0]].id, 2, 1)

    desk.later(days=9)
    await desk.says(ROOF[1], citizen="d")
    await desk.says("giá vàng hôm nay thế nào", citizen="d")
    desk.later(minutes=40)

    assert [group.id for group in await _groups(desk)] == [roof.id]
    assert [group.how for group in await _groups(desk, settled=True)] == [How.OUT_OF_SCOPE]


def test_likeness_minds_what_is_to_be_done() -> None:
    new = prepared(["cấp lại giấy phép lái xe", "cap lai giay phep lai xe", "cấp mới giấy phép lái xe", "", "nuôi ong"])

    scores = alike(new, new)

    assert scores[0, 1] >= ALIKE > scores[0, 2]
    assert grouped(new, prepared([]), []) == [-1, -1, -2, -3, -4]
    assert grouped(new, prepared(["cấp lại giấy phép lái xe bị mất"]), [7])[:3] == [7, 7, -1]
