"""The test questions asked of the published base and of a draft of it: which answers change, which break."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.dispatch import Dispatch
from bot.storage.memory import MemoryConversations, NoRecords
from bot.storage.test_questions import Expect, TestQuestion
from handlers.messages import Citizen, IncomingMessage
from knowledge.base import KnowledgeBase
from knowledge.drafted import Changes, with_changes
from knowledge.text import fold

OFFERED = 5
"""How many of the offered entries a citizen is taken to look at."""
LONGEST_SHOWN = 1500
MOST_SHOWN = 300
"""Questions that a report tells one by one."""


class Change(StrEnum):
    """What becomes of one question. WRONG: as wrong as before; ANOTHER: as right as before, in other words."""

    BROKEN = "broken"
    MENDED = "mended"
    ANOTHER = "another"
    WRONG = "wrong"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An answer. worth: 2 = what was expected, 1 = the right entry was among what was offered, 0 = neither."""

    kind: str
    refs: tuple[str, ...]
    text: str
    worth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One question before and after."""

    question: str
    expect: Expect
    refs: tuple[str, ...]
    before: Given
    after: Given

    @property
    def change(self) -> Change:
        """What becomes of it."""
        if self.after.worth != self.before.worth:
            return Change.BROKEN if self.after.worth < self.before.worth else Change.MENDED
        if self.after.worth == 0:
            return Change.WRONG
        return Change.SAME if self.after == self.before else Change.ANOTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a run. tried: all questions, in their order."""

    tried: tuple[Tried, ...]

    def of(self, change: Change) -> list[Tried]:
        """The questions of which this becomes."""
        return [one for one in self.tried if one.change is change]

    @property
    def counts(self) -> dict[str, int]:
        """How many of which."""
        return {change.value: len(self.of(change)) for change in Change}

    def as_kept(self) -> dict[str, Any]:
        """As JSON: the counts, and those worth reading, the broken ones first."""
        some = [one for change in Change if change is not Change.SAME for one in self.of(change)][:MOST_SHOWN]
        return {"counts": self.counts, "questions": [{**asdict(one), "change": one.change} for one in some]}


async def try_out(
    published: KnowledgeBase, draft: KnowledgeBase, questions: Sequence[TestQuestion], now: datetime
) -> Report:
    """Asks both bases every question, as citizens would, without a trace. Milliseconds a question; see `in_thread`."""
    before = await _asked(published, questions, now)
    after = await _asked(draft, questions, now)
    return Report(
        tried=tuple(
            Tried(question=one.text, expect=one.expect, refs=one.refs, before=first, after=then)
            for one, first, then in zip(questions, before, after, strict=True)
        )
    )


async def in_thread(
    published: KnowledgeBase, changes: Changes, questions: Sequence[TestQuestion], now: datetime
) -> Report:
    """Makes the draft base and tries it out beside the event loop, which goes on answering citizens."""

    def work() -> Report:
        # A base remembers its last question: the one that answers citizens is not asked from another thread.
        own = with_changes(published, Changes())
        return asyncio.run(try_out(own, with_changes(published, changes), questions, now))

    return await asyncio.to_thread(work)


async def _asked(base: KnowledgeBase, questions: Iterable[TestQuestion], now: datetime) -> list[Given]:
    dispatch = Dispatch(lambda: base, MemoryConversations(), NoRecords(), lambda: now)
    given = []
    for number, question in enumerate(questions):
        citizen = Citizen("test", str(number))
        message = IncomingMessage(id=str(number), citizen=citizen, text=question.text, received_at=now)
        reply = await dispatch.answer(message)
        text = reply.as_text()
        worth = worth_of(question, reply.kind, reply.refs, text, base)
        given.append(Given(kind=reply.kind, refs=reply.refs[:OFFERED], text=text[:LONGEST_SHOWN], worth=worth))
    return given


def worth_of(question: TestQuestion, kind: str, refs: Sequence[str], text: str, base: KnowledgeBase) -> int:
    """How good an answer is, as in `Given`."""
    if question.expect is Expect.REFUSE:
        return 2 if kind == "refuse" else 0
    wanted = {_current(ref, base) for ref in question.refs}
    offered = bool(wanted & {_current(ref, base) for ref in refs[:OFFERED]})
    if question.expect is Expect.CLARIFY:
        if kind == "clarify":
            return 2 if offered or not wanted else 0
        return int(kind == "answer" and bool(refs) and _current(refs[0], base) in wanted)
    if kind == "clarify":
        return int(offered)
    right = kind == "answer" and bool(refs) and _current(refs[0], base) in wanted
    return 2 if right and all(fold(words) in fold(text) for words in question.contains) else 0


def _current(ref: str, base: KnowledgeBase) -> str:
    procedure = base.procedure(ref)
    return procedure.code if procedure else ref
