"""Says again what was said at an earlier moment, from the versions of then, and whether every letter is the same."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.answers import AnswerRecord
from handlers import faq as of_faq
from handlers import procedure as of_procedure
from handlers import twins
from handlers.messages import Citizen, Conversation, Desk, IncomingMessage, Reply
from knowledge.base import KnowledgeBase
from knowledge.confirming import last_confirmed
from knowledge.entries import FAQ_PREFIX, Aspect, Faq, Found, LocalOverlay, Office, OfficeProfile, Procedure, Topic
from knowledge.families import Families
from knowledge.shelves import Shelves
from knowledge.store import Kind, StoredVersion, calendar_day, get_version, in_force_at, overlay_at

_NOBODY = Citizen("audit", "0")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BaseThen:
    """The base as far as one entry needs it, as it was at a moment; lists are those of today."""

    now: KnowledgeBase
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    faqs: Mapping[str, Faq] = field(default_factory=dict)
    overlays: Mapping[str, LocalOverlay] = field(default_factory=dict)

    @property
    def profile(self) -> OfficeProfile:
        """The office."""
        return self.now.profile

    def find(self, text: str, topic: Topic | None = None) -> Found:  # noqa: ARG002
        """Nothing: what was meant is known."""
        return Found()

    def procedure(self, code: str) -> Procedure | None:
        """The procedure as it was; one that the entry only mentions as it is."""
        return self.procedures.get(code) or self.now.procedure(code)

    def faq(self, id: str) -> Faq | None:  # noqa: A002 - the name of the protocol
        """The question as it was."""
        return self.faqs.get(id)

    def overlay(self, code: str) -> LocalOverlay | None:
        """What the office had added."""
        return self.overlays.get(code)

    def offices(self) -> tuple[Office, ...]:
        """The offices."""
        return self.now.offices()

    def shelves(self) -> Shelves:
        """The shelves."""
        return self.now.shelves()

    def families(self) -> Families:
        """The families."""
        return self.now.families()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryThen:
    """One entry at a moment. version: what was in force, with its history."""

    ref: str
    version: StoredVersion
    base: BaseThen
    today: date

    @property
    def name(self) -> str:
        """Its name or its question."""
        entry = self.version.decoded()
        return getattr(entry, "name", "") or getattr(entry, "question", "")

    async def card(self) -> str:
        """What the desk would have said about it in general."""
        said = await self._says(self._choice(""))
        return said.as_text() if said else ""

    async def told(self, record: AnswerRecord) -> tuple[str, bool]:
        """A recorded answer said again, and True when its hash shows that every letter is the same."""
        told = [reply.as_text() async for reply in self._candidates(record)]
        same = next((text for text in told if _hash(text) == record.text_hash), None)
        return (same, True) if same is not None else (told[0] if told else "", False)

    async def _candidates(self, record: AnswerRecord) -> AsyncIterator[Reply]:
        pressed = (record.choice,) if record.choice else ()
        values = dict.fromkeys((*pressed, self._choice(record.aspects), self._choice(""), f"full:{self.ref}"))
        found = self.base.procedures.get(self.ref)
        for value in values:
            reply = await self._says(value)
            if reply is None:
                continue
            yield reply
            if found is not None:
                letters = value.split(":")[2] if value.count(":") > 1 else ""
                aspects = tuple(Aspect(letter) for letter in letters if letter in set(Aspect))
                elsewhere, others = twins.line(found, aspects, self.base)
                if elsewhere:
                    yield replace(reply, blocks=(*reply.blocks, elsewhere), choices=(*reply.choices, *others))

    def _choice(self, aspects: str) -> str:
        if self.ref.startswith(FAQ_PREFIX):
            return of_faq.PICK + self.ref.removeprefix(FAQ_PREFIX)
        return f"p:{self.ref}:{aspects}"

    async def _says(self, choice: str) -> Reply | None:
        desk = Desk(knowledge=self.base, conversation=Conversation(), today=self.today)
        asked = IncomingMessage(id="0", citizen=_NOBODY, text="", received_at=_ANY_TIME, choice=choice)
        answer = of_faq.answer if choice.startswith(of_faq.PICK) else of_procedure.answer
        return await answer(asked, desk)


async def entry_then(
    session: AsyncSession, base: KnowledgeBase, ref: str, moment: datetime, number: int | None = None
) -> EntryThen | None:
    """An entry as it was at an aware moment, in the version of that number if one is given; None if there was none."""
    kind = Kind.FAQ if ref.startswith(FAQ_PREFIX) else Kind.PROCEDURE
    code = ref.removeprefix(FAQ_PREFIX)
    stored = (
        await get_version(session, kind, code, number)
        if number is not None
        else await in_force_at(session, kind, code, moment)
    )
    if stored is None:
        return None
    day, entry = calendar_day(moment), stored.decoded()
    if isinstance(entry, Faq):
        related = [await _procedure_then(session, other, moment) for other in entry.related]
        then = BaseThen(base, {one.code: one for one in related if one}, {entry.id: entry})
    elif isinstance(entry, Procedure):
        procedure = await _confirmed(session, stored, entry, day)
        then = BaseThen(base, {code: procedure}, overlays=await _overlay_then(session, code, moment))
    else:
        return None
    return EntryThen(ref=ref, version=stored, base=then, today=day)


async def _procedure_then(session: AsyncSession, code: str, moment: datetime) -> Procedure | None:
    stored = await in_force_at(session, Kind.PROCEDURE, code, moment)
    entry = stored.decoded() if stored else None
    return entry if isinstance(entry, Procedure) else None


async def _confirmed(session: AsyncSession, stored: StoredVersion, entry: Procedure, day: date) -> Procedure:
    """The date of the data as it was shown: a source may have confirmed the version since."""
    confirmed = (await last_confirmed(session, Kind.PROCEDURE, day)).get(entry.code)
    since = calendar_day(stored.published_at) if stored.published_at else None
    if confirmed is None or (since and confirmed < since) or (entry.data_date and entry.data_date >= confirmed):
        return entry
    return replace(entry, data_date=confirmed)


async def _overlay_then(session: AsyncSession, code: str, moment: datetime) -> dict[str, LocalOverlay]:
    added = await overlay_at(session, code, moment)
    return {code: added} if added is not None else {}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
