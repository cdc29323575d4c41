"""One message in, one reply out, whatever happens."""

import asyncio
import hashlib
from datetime import timedelta

import pytest

from bot.dispatch import FAILED, LONGEST_MESSAGE, NO_CASE_NOW, SEARCHES_AT_ONCE, TOO_LONG, Dispatch
from bot.storage.memory import MemoryConversations
from handlers.messages import Choice, Citizen, Conversation, Desk, IncomingMessage, Outcome, Reply
from knowledge.entries import Aspect, Topic
from tests.fakes import NOON, FakeKnowledge, FakeRecords, a_message

ANSWER = Reply(
    blocks=("15.000 đồng",),
    outcome=Outcome.ANSWERED,
    choices=(Choice("Giấy tờ", "p:1.001193:d"), Choice("Thời hạn", "p:1.001193:t")),
    refs=("1.001193",),
    aspects=(Aspect.FEE,),
    topic=Topic(ref="1.001193", question="khai sinh"),
)


class Scripted:
    """A handler that gives set replies and remembers what it was asked."""

    def __init__(self, reply: Reply | None = ANSWER) -> None:
        self.reply = reply
        self.seen: list[tuple[IncomingMessage, Desk]] = []

    async def __call__(self, message: IncomingMessage, desk: Desk) -> Reply | None:
        self.seen.append((message, desk))
        return self.reply


def a_dispatch(*handlers: object, conversations: object = None, records: object = None) -> Dispatch:
    base = FakeKnowledge()
    return Dispatch(
        lambda: base,
        conversations or MemoryConversations(),  # type: ignore[arg-type]
        records or FakeRecords(),  # type: ignore[arg-type]
        lambda: NOON,
        handlers,  # type: ignore[arg-type]
    )


async def test_the_first_handler_with_a_reply_is_given() -> None:
    silent, spoken, never = Scripted(None), Scripted(), Scripted()

    assert await a_dispatch(silent, spoken, never).answer(a_message("phí?")) == ANSWER
    assert len(silent.seen) == len(spoken.seen) == 1
    assert never.seen == []


async def test_a_failing_handler_is_answered_with_an_apology(capsys: pytest.CaptureFixture[str]) -> None:
    async def broken(message: IncomingMessage, desk: Desk) -> Reply | None:
        raise ValueError(message.text)

    reply = await a_dispatch(broken).answer(a_message("việc riêng"))

    assert (reply.outcome, reply.blocks) == (Outcome.FAILED, (FAILED,))
    written = capsys.readouterr()
    assert "ValueError" in written.out + written.err
    assert "việc riêng" not in written.out + written.err


async def test_handlers_see_clean_text_without_personal_numbers() -> None:
    handler = Scripted()

    await a_dispatch(handler).answer(a_message("  số\u200b  0912345678\x00 của  tôi "))

    assert handler.seen[0][0].text == "số ••• của tôi"


async def test_a_message_that_is_too_long_reaches_no_handler() -> None:
    handler = Scripted()

    reply = await a_dispatch(handler).answer(a_message("a." * LONGEST_MESSAGE))

    assert reply.blocks == (TOO_LONG,)
    assert handler.seen == []


@pytest.mark.parametrize("text", ["2", " 2. ", "số 2", "2)"])
async def test_a_typed_number_picks_the_choice_last_offered(text: str) -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    await dispatch.answer(a_message("phí?"))

    await dispatch.answer(a_message(text))

    assert handler.seen[1][0].choice == "p:1.001193:t"


@pytest.mark.parametrize("text", ["3", "0", "22 tuổi", "số"])
async def test_other_numbers_pick_nothing(text: str) -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    await dispatch.answer(a_message("phí?"))

    await dispatch.answer(a_message(text))

    assert handler.seen[1][0].choice is None


@pytest.mark.parametrize(("minutes", "topic"), [(29, "1.001193"), (31, "")])
async def test_the_topic_is_forgotten_after_half_an_hour(minutes: int, topic: str) -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    await dispatch.answer(a_message("phí?"))

    await dispatch.answer(a_message("còn giấy tờ?", at=NOON + timedelta(minutes=minutes)))

    assert handler.seen[1][1].conversation.topic.ref == topic


async def test_each_reply_is_recorded_with_versions_and_a_hash_and_no_text() -> None:
    records = FakeRecords()

    await a_dispatch(Scripted(), records=records).answer(a_message("lệ phí khai sinh"))

    record = records.records[0]
    assert record.refs == ("1.001193",)
    assert record.versions == ("3",)
    assert (record.revision, record.engine, record.aspects) == (7, "test", "f")
    assert record.text_hash == hashlib.sha256(ANSWER.as_text().encode()).hexdigest()
    assert "khai sinh" not in repr(record)


@pytest.mark.parametrize("outcome", [Outcome.FEEDBACK, Outcome.COMPLAINT, Outcome.ANSWERED])
async def test_without_a_database_it_answers_and_says_that_no_case_can_be_opened(outcome: Outcome) -> None:
    reply = Reply(blocks=("Anh/Chị gửi tới 1022.",), outcome=outcome)

    kept = await a_dispatch(Scripted(reply)).answer(a_message("phản ánh"))
    away = await a_dispatch(Scripted(reply), conversations=Away()).answer(a_message("phản ánh"))

    assert kept == reply
    assert away.blocks == (*reply.blocks, *(() if outcome is Outcome.ANSWERED else (NO_CASE_NOW,)))


async def test_between_searches_everything_else_has_its_turn() -> None:
    turns, searched = 0, []

    async def searching(message: IncomingMessage, desk: Desk) -> Reply | None:
        searched.append(turns)
        return ANSWER

    async def counting() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    dispatch = a_dispatch(searching)
    ticking = asyncio.create_task(counting())
    citizens = [Citizen("test", str(number)) for number in range(30)]
    await asyncio.gather(*(dispatch.answer(a_message("phí?", citizen=citizen)) for citizen in citizens))
    ticking.cancel()

    assert len(searched) == 30
    assert max(searched.count(turn) for turn in searched) <= SEARCHES_AT_ONCE


class Away(MemoryConversations):
    """A store that does not answer."""

    async def load(self, citizen: Citizen) -> Conversation:
        raise ConnectionError("away")

    async def save(self, message: IncomingMessage, reply: Reply, conversation: Conversation) -> None:
        raise ConnectionError("away")


async def test_the_desk_answers_while_the_store_is_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert await a_dispatch(Scripted(), conversations=Away()).answer(a_message("bí mật của tôi")) == ANSWER
    written = capsys.readouterr()
    assert "ConnectionError" in written.out + written.err
    assert "bí mật" not in written.out + written.err


class Kept(MemoryConversations):
    """Remembers what was to be kept."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    async def save(self, message: IncomingMessage, reply: Reply, conversation: Conversation) -> None:
        self.texts.append(message.text)
        await super().save(message, reply, conversation)


@pytest.mark.parametrize(("store", "kept"), [(True, "đơn của tôi"), (False, "")])
async def test_a_complaints_text_is_not_kept(store: bool, kept: str) -> None:
    conversations = Kept()
    reply = Reply(blocks=("…",), outcome=Outcome.COMPLAINT, store_text=store)

    await a_dispatch(Scripted(reply), conversations=conversations).answer(a_message("đơn của tôi"))

    assert conversations.texts == [kept]


async def test_messages_of_one_citizen_are_answered_in_order() -> None:
    order: list[str] = []
    first_in = asyncio.Event()

    async def slow_first(message: IncomingMessage, desk: Desk) -> Reply | None:
        if message.text == "một":
            first_in.set()
            await asyncio.sleep(0)
        order.append(message.text)
        return ANSWER

    dispatch = a_dispatch(slow_first)
    first = asyncio.create_task(dispatch.answer(a_message("một")))
    await first_in.wait()
    await dispatch.answer(a_message("hai"))
    await first

    assert order == ["một", "hai"]


@pytest.mark.parametrize("text", ["cái thứ hai", "dạ cái cuối ạ", "Thời hạn"])
async def test_a_choice_may_be_said_in_words(text: str) -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    await dispatch.answer(a_message("phí?"))

    await dispatch.answer(a_message(text))

    assert handler.seen[1][0].choice == "p:1.001193:t"


async def test_the_last_subjects_are_remembered_the_newest_first() -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    for code in ("1.000001", "1.000002", "1.000001", "1.000003", "1.000004", "1.000005", "1.000006"):
        handler.reply = Reply(blocks=("…",), outcome=Outcome.ANSWERED, topic=Topic(ref=code))
        await dispatch.answer(a_message("phí?"))

    await dispatch.answer(a_message("phí?"))

    recent = [topic.ref for topic in handler.seen[-1][1].conversation.recent]
    assert recent == ["1.000006", "1.000005", "1.000004", "1.000003", "1.000001"]


async def test_what_was_offered_is_remembered_until_the_talk_is_about_something_else() -> None:
    handler = Scripted()
    dispatch = a_dispatch(handler)
    asked = Topic(question="khai sinh", offered=("1.001193", "1.004884"))
    entries = (Choice("Khai sinh", "p:1.001193:"), Choice("Khai sinh lại", "p:1.004884:"))
    kept = []
    for topic, choices in (
        (asked, entries),
        (Topic(ref="1.004884"), ANSWER.choices),
        (None, ()),
        (Topic(ref="1.000656"), ()),
        (None, ()),
    ):
        handler.reply = Reply(blocks=("…",), outcome=Outcome.ANSWERED, topic=topic, choices=choices)
        await dispatch.answer(a_message("?"))
        kept.append(handler.seen[-1][1].conversation.alternatives)

    assert kept == [(), entries, entries, entries, ()]
