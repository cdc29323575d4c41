"""One message in, one reply out, whatever happens."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.logs import trace
from bot.moment import VIETNAM
from bot.storage.answers import AnswerRecord
from handlers import HANDLERS
from handlers.choosing import chosen
from handlers.learning import SUBJECTS, Lesson, after_turn
from handlers.messages import (
    Citizen,
    Conversation,
    Desk,
    Handler,
    IncomingMessage,
    Knowledge,
    Outcome,
    People,
    Reply,
    Subscriptions,
)
from handlers.shortcomings import Cleared, Shortcoming, of_turn
from knowledge.personal import masked
from knowledge.text import clean

LONGEST_MESSAGE = 4000
"""Characters; a longer message is not read, so that nobody can slow the desk down for others."""
SEARCHES_AT_ONCE = 2
"""A search holds the whole process up, so that more of them at once would answer nobody sooner."""
CONTEXT_LASTS = timedelta(minutes=30)
TOO_LONG = (
    f"Tin nhắn dài quá {LONGEST_MESSAGE} ký tự nên máy không đọc được. Anh/Chị viết ngắn lại việc cần hỏi giúp máy nhé."
)
FAILED = "Máy đang gặp lỗi nên chưa trả lời được câu này. Anh/Chị thử lại sau ít phút, hoặc gọi 1800 1096 (miễn phí)."
NO_CASE_NOW = (
    "Lúc này kho dữ liệu của cơ quan đang gián đoạn nên máy chưa mở được hồ sơ phản ánh, kiến nghị nào. "
    "Anh/Chị gửi theo các địa chỉ trên, hoặc nhắn lại sau."
)
CASES = (Outcome.FEEDBACK, Outcome.COMPLAINT)

log = structlog.get_logger(__name__)


class Base(Knowledge, Protocol):
    """The published base, with what the record of an answer needs besides."""

    @property
    def revision(self) -> int: ...

    @property
    def engine_version(self) -> str: ...

    def version_of(self, ref: str) -> int | None: ...


class Conversations(Protocol):
    """Where the state and the lines of conversations are kept."""

    async def load(self, citizen: Citizen) -> Conversation: ...

    async def save(self, message: IncomingMessage, reply: Reply, conversation: Conversation) -> None:
        """Keeps the state, and both lines of this turn; personal numbers are masked already."""

    async def last_reply(self, citizen: Citizen) -> Reply | None:
        """What was replied to their last message; None where it was not kept."""


class Records(Protocol):
    """Where the record of each reply goes."""

    async def add(self, record: AnswerRecord) -> None: ...


class Lessons(Protocol):
    """Where it goes what a citizen's button says about a question."""

    async def note(self, lesson: Lesson) -> None: ...


class Shortcomings(Protocol):
    """Where it goes what a turn shows of a question that was answered badly."""

    async def note(self, told: Shortcoming | Cleared) -> None: ...


class Dispatch:
    """Guards the input, asks each handler in turn, keeps the conversation and the record."""

    def __init__(
        self,
        base: Callable[[], Base],
        conversations: Conversations,
        records: Records,
        now: Callable[[], datetime],
        handlers: Sequence[Handler] = HANDLERS,
        lessons: Lessons | None = None,
        shortcomings: Shortcomings | None = None,
        people: People | None = None,
        subscriptions: Subscriptions | None = None,
    ) -> None:
        self._base = base
        self._conversations = conversations
        self._records = records
        self._now = now
        self._handlers = handlers
        self._lessons = lessons
        self._shortcomings = shortcomings
        self._people = people
        self._subscriptions = subscriptions
        self._searching = asyncio.Semaphore(SEARCHES_AT_ONCE)
        self._turns: WeakValueDictionary[Citizen, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, message: IncomingMessage) -> Reply:
        """The reply to one message; never raises, and keeps the order within one conversation.

        The message last answered, come a second time, gets the same reply and leaves no second trace.
        """
        turn = self._turns.setdefault(message.citizen, asyncio.Lock())
        async with turn:
            return await self._answer(replace(message, text=masked(clean(message.text))))

    async def _answer(self, message: IncomingMessage) -> Reply:
        started = time.perf_counter()
        base = self._base()
        conversation = await self._load(message)
        if conversation.answered == message.id and (given := await self._given(message)) is not None:
            return given
        message = _with_choice(message, conversation, base)
        desk = Desk(
            knowledge=base,
            conversation=conversation,
            today=_today(message),
            people=self._people,
            subscriptions=self._subscriptions,
        )
        reply = await self._reply(message, desk)
        spent = (time.perf_counter() - started) * 1000
        kept = await self._keep(message, reply, conversation, _record(message, reply, base, spent), base)
        return reply if kept or reply.outcome not in CASES else replace(reply, blocks=(*reply.blocks, NO_CASE_NOW))

    async def _reply(self, message: IncomingMessage, desk: Desk) -> Reply:
        if len(message.text) > LONGEST_MESSAGE:
            return Reply(blocks=(TOO_LONG,), outcome=Outcome.NOT_FOUND, confidence=0.0)
        try:
            async with self._searching:
                # Whatever else waits has its turn between two searches: a webhook must not wait for thirty.
                await asyncio.sleep(0)
                for handler in self._handlers:
                    reply = await handler(message, desk)
                    if reply is not None:
                        return reply
        except Exception as error:
            log.error("handler failed", message_id=message.id, channel=message.citizen.channel, trace=trace(error))
        return Reply(blocks=(FAILED,), outcome=Outcome.FAILED, confidence=0.0)

    async def _load(self, message: IncomingMessage) -> Conversation:
        try:
            conversation = await self._conversations.load(message.citizen)
        except Exception as error:
            log.error("conversation not loaded", message_id=message.id, trace=trace(error))
            return Conversation()
        last = conversation.updated_at
        if last is not None and message.received_at - last > CONTEXT_LASTS:
            return Conversation(offered=conversation.offered)
        return conversation

    async def _given(self, message: IncomingMessage) -> Reply | None:
        try:
            return await self._conversations.last_reply(message.citizen)
        except Exception as error:
            log.error("reply not loaded", message_id=message.id, trace=trace(error))
            return None

    async def _keep(
        self, message: IncomingMessage, reply: Reply, conversation: Conversation, record: AnswerRecord, base: Base
    ) -> bool:
        text = message.text if reply.store_text else ""
        try:
            carried = _carried(message, reply, conversation, base)
            asking, lesson = after_turn(message, reply, conversation, carried=carried)
            after = replace(conversation.after(reply, message.received_at), asking=asking, answered=message.id)
            saving = self._conversations.save(replace(message, text=text), reply, after)
            for done in await asyncio.gather(saving, self._records.add(record), return_exceptions=True):
                if isinstance(done, BaseException):
                    raise done
            if lesson is not None and self._lessons is not None:
                await self._lessons.note(lesson)
            if self._shortcomings is not None and (told := of_turn(message, reply, conversation, lesson)):
                await self._shortcomings.note(told)
        except Exception as error:
            log.error("turn not recorded", message_id=message.id, trace=trace(error))
            return False
        return True


def _carried(message: IncomingMessage, reply: Reply, conversation: Conversation, base: Base) -> bool:
    """Whether the subject came from the talk before; the base remembers what its handlers have just asked."""
    if message.choice is not None or reply.outcome not in SUBJECTS:
        return False
    return base.find(message.text, conversation.topic).carried


def _today(message: IncomingMessage) -> date:
    return message.received_at.astimezone(VIETNAM).date()


def _with_choice(message: IncomingMessage, conversation: Conversation, base: Base) -> IncomingMessage:
    """A typed "2" or "cái thứ hai" is the second choice pressed."""
    if message.choice is not None or not (conversation.offered or conversation.alternatives):
        return message
    choice = chosen(message.text, conversation, lambda: base.find(message.text).aspects)
    return replace(message, choice=choice.value) if choice else message


def _record(message: IncomingMessage, reply: Reply, base: Base, spent: float) -> AnswerRecord:
    return AnswerRecord(
        at=message.received_at,
        channel=message.citizen.channel,
        outcome=reply.outcome,
        refs=reply.refs,
        versions=tuple(str(base.version_of(ref) or "-") for ref in reply.refs),
        aspects="".join(reply.aspects),
        choice=masked(message.choice or ""),
        confidence=reply.confidence,
        milliseconds=round(spent, 2),
        revision=base.revision,
        engine=base.engine_version,
        text_hash=hashlib.sha256(reply.as_text().encode()).hexdigest(),
    )
