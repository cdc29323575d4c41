"""From “cho tôi gặp cán bộ” to the machine again: who is told what, who is silent, what is kept."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.reception import Thing
from bot.dispatch import Dispatch
from bot.storage import schema
from bot.storage.audit import Deed
from bot.storage.conversations import StoredConversations
from bot.storage.engine import make_engine
from bot.storage.handovers import State
from handlers import person
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply
from tests.bot.staff.talking import AFTER_HOURS, AN, AT_LUNCH, BINH, IDLE, IN_HOURS, TalkParts, said, talk_parts
from tests.fakes import FakeKnowledge, FakeRecords

WISH, OTHER = "cho tôi gặp cán bộ", "hôm nay giá vàng bao nhiêu"
BY = Deed(actor="lan", action="talk.take", subject="talk:1")


@dataclass
class TalkingDesk:
    engine: AsyncEngine
    parts: TalkParts
    dispatch: Dispatch
    records: FakeRecords
    seen: list[IncomingMessage] = field(default_factory=list)

    async def says(self, text: str, at: datetime = IN_HOURS, citizen: Citizen = AN, choice: str | None = None) -> Reply:
        message = said(text, at, citizen, choice)
        self.seen.append(message)
        return await self.dispatch.answer(message)

    async def lines(self) -> list[tuple[str, str]]:
        talk = await self.parts.stored.get(1)
        assert talk is not None
        return [(line.speaker, line.body) for line in await self.parts.stored.lines(talk.id)]


async def _desk(url: str) -> TalkingDesk:
    schema.upgrade(url)
    engine, base, records = make_engine(url), FakeKnowledge(), FakeRecords()
    parts = talk_parts(engine, lambda: IN_HOURS)
    dispatch = Dispatch(lambda: base, StoredConversations(engine), records, lambda: IN_HOURS, people=parts.people)
    return TalkingDesk(engine, parts, dispatch, records)


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[TalkingDesk]:
    """On SQLite and on PostgreSQL."""
    desk = await _desk(database_url)
    yield desk
    await desk.engine.dispose()


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[TalkingDesk]:
    desk = await _desk(sqlite_url)
    yield desk
    await desk.engine.dispose()


async def test_the_whole_way(both: TalkingDesk) -> None:
    stored = both.parts.stored

    waiting = await both.says(WISH)
    behind = await both.says("gặp người thật", citizen=BINH)
    assert (waiting.outcome, behind.outcome) == (Outcome.HANDED_OVER, Outcome.HANDED_OVER)
    assert person.NEXT in waiting.blocks[0]
    assert person.BEHIND.format(ahead=1) in behind.blocks[0]
    assert person.READS in waiting.blocks

    assert (await both.says("Hồ sơ của tôi, số 0912345678, đến đâu rồi?")).silent
    reminded = await both.says("Alo?", IN_HOURS + timedelta(minutes=3))
    assert person.NEXT in reminded.blocks[0]
    assert (await both.says("Có ai không?", IN_HOURS + timedelta(minutes=4))).silent
    assert await both.lines() == [
        ("citizen", "Hồ sơ của tôi, số •••, đến đâu rồi?"),
        ("citizen", "Alo?"),
        ("citizen", "Có ai không?"),
    ]

    assert await stored.take(1, BY, IN_HOURS + timedelta(minutes=5), "Cán bộ đã vào.")
    assert not await stored.take(1, Deed(actor="minh", action="talk.take"), IN_HOURS, "Cán bộ đã vào.")
    assert (await both.says("Chào chị", IN_HOURS + timedelta(minutes=6))).silent
    assert person.NEXT in (await both.says("gặp cán bộ", IN_HOURS + timedelta(minutes=6), BINH)).blocks[0]
    assert await stored.say(1, "Hồ sơ đang chờ bổ sung.", BY, IN_HOURS + timedelta(minutes=7))
    assert not await stored.say(1, "Tôi cũng muốn nói.", Deed(actor="minh", action="talk.say"), IN_HOURS)
    assert await both.parts.post.deliver() == 2
    assert both.parts.mailbox.texts() == ["Cán bộ đã vào.", "Cán bộ trả lời:\nHồ sơ đang chờ bổ sung."]

    assert await stored.end(1, BY, IN_HOURS + timedelta(minutes=8), "Máy trả lời lại.")
    assert not (await both.says("cảm ơn nhé", IN_HOURS + timedelta(minutes=9))).silent
    assert [record.outcome for record in both.records.records].count(Outcome.TO_PERSON) == 4


async def test_the_same_message_again_is_noted_once_and_stays_silent(desk: TalkingDesk) -> None:
    await desk.says(WISH)
    await desk.says("một lần thôi")

    again = await desk.dispatch.answer(desk.seen[-1])
    await desk.parts.people.pass_on(desk.seen[-1])  # killed between the note and the end of the turn

    assert again.silent
    assert await desk.lines() == [("citizen", "một lần thôi")]


@pytest.mark.parametrize("moment", [AT_LUNCH, AFTER_HOURS, IN_HOURS + timedelta(days=5)])
async def test_outside_hours_nothing_is_begun_or_promised(desk: TalkingDesk, moment: datetime) -> None:
    reply = await desk.says(WISH, moment)
    offered = await desk.says(OTHER, moment)

    assert reply.outcome is Outcome.REFUSED
    assert reply.blocks[0].startswith(person.SHUT)
    assert "07:30–11:30" in reply.blocks[0]
    assert ("13:30 thứ Hai 23/11/2026" in reply.blocks[0]) == (moment == AT_LUNCH)
    assert person.ASK not in offered.choices
    assert await desk.parts.stored.open_ones() == []


async def test_the_button_stands_under_what_could_not_be_answered_in_hours(desk: TalkingDesk) -> None:
    choices = (await desk.says(OTHER)).choices

    assert (await desk.says(str(choices.index(person.ASK) + 1))).outcome is Outcome.HANDED_OVER


async def test_where_staff_cannot_answer_nobody_is_handed_over(desk: TalkingDesk) -> None:
    for citizen in (Citizen("api", "1"), Citizen("mailbox", "-100/7")):  # in a group others would read along
        assert (await desk.says(WISH, citizen=citizen)).outcome is not Outcome.HANDED_OVER

    assert await desk.parts.stored.open_ones() == []


async def test_danger_is_answered_also_while_a_person_talks(desk: TalkingDesk) -> None:
    await desk.says(WISH)
    reply = await desk.says("cháy nhà rồi cứu với, có người kẹt bên trong")

    talk = await desk.parts.stored.get(1)
    assert reply.outcome is Outcome.EMERGENCY
    assert talk is not None
    assert talk.urgent
    assert await desk.lines() == [("citizen", "cháy nhà rồi cứu với, có người kẹt bên trong")]


async def test_of_a_denunciation_no_word_is_kept(desk: TalkingDesk) -> None:
    await desk.says(WISH)
    reply = await desk.says("Tôi muốn tố cáo ông Chủ tịch xã nhận hối lộ 50 triệu của dân")

    assert reply.outcome is Outcome.COMPLAINT
    assert await desk.lines() == [("note", person.NOT_KEPT)]
    assert [line.said for line in await StoredConversations(desk.engine).history(AN)] == [WISH, "", "", ""]


async def test_one_word_brings_the_machine_back(desk: TalkingDesk) -> None:
    await desk.says(WISH)
    back = await desk.says("Máy")

    assert back.blocks == (person.LET_GO,)
    assert not (await desk.says(OTHER)).silent
    talk = await desk.parts.stored.get(1)
    assert talk is not None
    assert (talk.state, talk.ended_by) == (State.ENDED, "citizen")


async def test_what_lies_idle_comes_back_to_the_machine(both: TalkingDesk) -> None:
    people, stored, mailbox = both.parts.people, both.parts.stored, both.parts.mailbox
    for citizen in (AN, BINH):
        await both.says(WISH, citizen=citizen)
    for number in (1, 2):
        await stored.take(number, BY, IN_HOURS, "")
    await stored.say(1, "Xong rồi ạ.", BY, IN_HOURS)

    assert await people.tick(IN_HOURS + IDLE) == 0
    assert await people.tick(IN_HOURS + IDLE + timedelta(minutes=1)) == 2
    await both.parts.post.deliver()

    assert "lâu không có tin mới" in mailbox.texts(AN)[-1]
    assert "chưa trả lời kịp" in mailbox.texts(BINH)[-1]
    assert not (await both.says(OTHER, IN_HOURS + timedelta(hours=1))).silent


async def test_who_still_waits_when_the_office_closes_is_told(desk: TalkingDesk) -> None:
    await desk.says(WISH)

    assert await desk.parts.people.tick(AT_LUNCH) == 0
    assert await desk.parts.people.tick(AFTER_HOURS) == 1
    await desk.parts.post.deliver()

    assert "hết giờ làm việc" in desk.parts.mailbox.texts()[0]
    talk = await desk.parts.stored.get(1)
    assert talk is not None
    assert talk.ended_by == "hours"


async def test_who_waited_while_the_service_was_down_is_told_the_next_morning(desk: TalkingDesk) -> None:
    await desk.says(WISH)

    assert await desk.parts.people.tick(IN_HOURS + timedelta(days=2)) == 1


async def test_photos_are_noted_in_hours_and_do_not_silence_the_machine(desk: TalkingDesk) -> None:
    people = desk.parts.people

    assert not await people.take(AN, Thing.PHOTO, "f1", AFTER_HOURS)
    assert not await people.take(AN, Thing.OTHER, "", IN_HOURS)
    assert await people.take(AN, Thing.PHOTO, "f1", IN_HOURS)
    assert await people.take(AN, Thing.PHOTO, "f1", IN_HOURS)  # the event handled again
    assert await people.take(AN, Thing.STICKER, "f1", IN_HOURS + timedelta(seconds=1))
    assert not (await desk.says(OTHER)).silent

    assert [body for _, body in await desk.lines()] == [
        "[Người dân gửi ảnh; máy không giữ tệp]",
        "[Người dân gửi nhãn dán; máy không giữ tệp]",
    ]
    assert (await desk.says(WISH)).outcome is Outcome.HANDED_OVER
    assert (await desk.says(OTHER)).silent
    assert await people.take(AN, Thing.VOICE, "f2", AFTER_HOURS)  # in a talk that is under way


async def test_what_is_kept_goes_with_the_conversation(both: TalkingDesk) -> None:
    stored = both.parts.stored
    for citizen in (AN, BINH):
        await both.says(WISH, citizen=citizen)
        await both.says("việc riêng", citizen=citizen)

    await StoredConversations(both.engine).forget(AN)
    assert [talk.citizen for talk in await stored.open_ones()] == [BINH]
    assert await stored.lines(1) == []
    assert await stored.purge(IN_HOURS) == 0
    assert await stored.purge(IN_HOURS + timedelta(days=1)) == 1
    assert await stored.lines(2) == []


async def test_without_the_database_the_machine_answers() -> None:
    engine, base = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), FakeKnowledge()
    parts = talk_parts(engine, lambda: IN_HOURS)
    dispatch = Dispatch(lambda: base, StoredConversations(engine), FakeRecords(), lambda: IN_HOURS, people=parts.people)

    assert not (await dispatch.answer(said(OTHER))).silent
    assert (await dispatch.answer(said(WISH))).outcome is Outcome.REFUSED
    assert await parts.people.tick(IN_HOURS) == 0
    assert await parts.post.deliver() == 0
    await engine.dispose()
