"""The fakes of all tests, in one place: real types, held in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.channels import Answer
from bot.storage.answers import AnswerRecord
from handlers.messages import Citizen, Conversation, Desk, IncomingMessage, Line, Reply
from knowledge.entries import (
    FAQ_PREFIX,
    Faq,
    Found,
    Hit,
    LocalOverlay,
    Office,
    OfficeProfile,
    Procedure,
    Source,
    Topic,
)
from knowledge.families import Families
from knowledge.shelves import Shelves

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
"""Noon in Viet Nam on the day that tests live on."""
TODAY = date(2026, 11, 21)
CITIZEN = Citizen("test", "citizen-1")

HOW_TO_SUBMIT = Faq(
    id="nop-truc-tuyen",
    question="Nộp hồ sơ trực tuyến như thế nào?",
    answer="Anh/Chị đăng nhập Cổng bằng VNeID rồi chọn thủ tục.",
    topic="online",
    sources=(Source(title="QĐ 29/2026/QĐ-TTg", as_of=date(2026, 7, 20)),),
    related=("1.001193",),
)
BIRTH = Procedure(code="1.001193", name="Đăng ký khai sinh", field="Hộ tịch")


class Laid:
    """What the index would know of these procedures."""

    def __init__(self, procedures: Sequence[Procedure]) -> None:
        self.ref = [procedure.code for procedure in procedures]
        self.title = [procedure.name for procedure in procedures]
        self.level = [procedure.level for procedure in procedures]
        self.agency = [procedure.executing_agency for procedure in procedures]
        self.field = [procedure.field for procedure in procedures]
        self.province = [procedure.province or "" for procedure in procedures]


@dataclass
class FakeKnowledge:
    """A base that finds what it is told to find."""

    found: Found = Found()
    procedures: Mapping[str, Procedure] = field(default_factory=lambda: {BIRTH.code: BIRTH})
    faqs: Mapping[str, Faq] = field(default_factory=lambda: {HOW_TO_SUBMIT.id: HOW_TO_SUBMIT})
    profile: OfficeProfile = OfficeProfile()
    revision: int = 7
    engine_version: str = "test"
    asked: list[str] = field(default_factory=list)

    def find(self, text: str, topic: Topic | None = None) -> Found:
        self.asked.append(text)
        return self.found

    def procedure(self, code: str) -> Procedure | None:
        return self.procedures.get(code)

    def faq(self, id: str) -> Faq | None:  # noqa: A002 - the name of the protocol
        return self.faqs.get(id)

    def overlay(self, code: str) -> LocalOverlay | None:
        return None

    def offices(self) -> tuple[Office, ...]:
        return ()

    def shelves(self) -> Shelves:
        return Shelves(Laid(tuple(self.procedures.values())), self.profile)

    def families(self) -> Families:
        return Families(Laid(tuple(self.procedures.values())))

    def version_of(self, ref: str) -> int | None:
        return 3 if ref.removeprefix(FAQ_PREFIX) in (*self.procedures, *self.faqs) else None


class FakeRecords:
    """Keeps the records in a list."""

    def __init__(self) -> None:
        self.records: list[AnswerRecord] = []

    async def add(self, record: AnswerRecord) -> None:
        self.records.append(record)


class MemoryTranscripts:
    """The lines of conversations in a dict; `away` makes it behave like a database that does not answer."""

    def __init__(self) -> None:
        self.lines: dict[Citizen, list[Line]] = {}
        self.unasked: list[tuple[Citizen, Line]] = []
        self.away = False

    def keeping(self, answer: Answer) -> Answer:
        """The same answers, with both lines of each turn kept, as dispatch does it."""

        async def answer_and_keep(message: IncomingMessage) -> Reply:
            reply = await answer(message)
            if not self.away:
                said = Line(at=message.received_at, said=message.text if reply.store_text else "")
                replied = Line(at=message.received_at, reply=reply)
                self.lines.setdefault(message.citizen, []).extend((said, replied))
            return reply

        return answer_and_keep

    async def history(self, citizen: Citizen, limit: int) -> Sequence[Line]:
        self._reach()
        return self.lines.get(citizen, [])[-limit:]

    async def append(self, citizen: Citizen, reply: Reply, at: datetime) -> bool:
        self._reach()
        if citizen not in self.lines:
            return False
        line = Line(at=at, reply=reply, number=len(self.unasked) + 1)
        self.lines[citizen].append(line)
        self.unasked.append((citizen, line))
        return True

    async def news(self, channel: str, citizens: Collection[str], after: int) -> Sequence[tuple[str, Line]]:
        self._reach()
        return [
            (whose.id, line)
            for whose, line in self.unasked
            if whose.channel == channel and whose.id in citizens and line.number > after
        ]

    async def forget(self, citizen: Citizen) -> None:
        self._reach()
        self.lines.pop(citizen, None)

    def _reach(self) -> None:
        if self.away:
            raise ConnectionError("the store does not answer")


def a_message(
    text: str = "", choice: str | None = None, at: datetime = NOON, citizen: Citizen = CITIZEN
) -> IncomingMessage:
    """A message of the citizen of the tests."""
    return IncomingMessage(id="m-1", citizen=citizen, text=text, received_at=at, choice=choice)


def a_desk(knowledge: FakeKnowledge | None = None, conversation: Conversation | None = None) -> Desk:
    """A desk on the day of the tests."""
    return Desk(knowledge=knowledge or FakeKnowledge(), conversation=conversation or Conversation(), today=TODAY)


def finding(*refs: str, confidence: float = 0.9, in_domain: float = 0.95) -> Found:
    """What `find` would return with these entries, best first."""
    hits: Sequence[Hit] = [Hit(ref=ref, title=ref, score=1.0, confidence=confidence) for ref in refs]
    return Found(hits=tuple(hits), confidence=confidence, in_domain=in_domain)
