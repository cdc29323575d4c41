"""What one turn shows of a question that was not answered well, for staff to settle."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers import kinds
from handlers.learning import Lesson, Verdict
from handlers.messages import Citizen, Conversation, IncomingMessage, Outcome, Reply

LONGEST_KEPT = 500
"""Characters; the rest of a longer message is cut."""
NEVER_KEPT = ("complaint", "emergency")
"""Kinds that are not kept even where the message was not sure enough to be answered as one."""


class Reason(StrEnum):
    """Why a question counts as answered badly. ASKED_BACK: only where no answer came of it."""

    NOT_FOUND = "not_found"
    REFUSED = "refused"
    NOT_RIGHT = "not_right"
    ASKED_BACK = "asked_back"


_BY_OUTCOME = {
    Outcome.NOT_FOUND: Reason.NOT_FOUND,
    Outcome.REFUSED: Reason.REFUSED,
    Outcome.CLARIFYING: Reason.ASKED_BACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """One question (masked, as typed) that was answered badly. ref: what it was answered or asked back with, or ""."""

    citizen: Citizen
    question: str
    reason: Reason
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was asked back has come to an answer; withdrawn: it was a complaint, of which nothing may be kept."""

    citizen: Citizen
    at: datetime
    withdrawn: bool = False


def of_turn(
    message: IncomingMessage, reply: Reply, before: Conversation, lesson: Lesson | None
) -> Shortcoming | Cleared | None:
    """What this turn shows; None for most. lesson: what it has taught (handlers.learning).

    Failures of the machine are counted elsewhere: they say nothing about the knowledge.
    """
    if reply.outcome is Outcome.COMPLAINT:
        return Cleared(citizen=message.citizen, at=message.received_at, withdrawn=True)
    if lesson is not None and lesson.verdict is Verdict.NOT_RIGHT:
        return _kept(message, lesson.question, Reason.NOT_RIGHT, lesson.ref)
    if reply.outcome is Outcome.ANSWERED:
        asked_back = bool(before.alternatives or before.topic.offered)
        return Cleared(citizen=message.citizen, at=message.received_at) if asked_back else None
    reason = _BY_OUTCOME.get(reply.outcome)
    if reason is None or message.choice is not None or not reply.store_text:
        return None
    return _kept(message, message.text, reason, reply.refs[0] if reply.refs else "")


def _kept(message: IncomingMessage, question: str, reason: Reason, ref: str) -> Shortcoming | None:
    if not any(map(str.isalpha, question)) or kinds.judge(question).best in NEVER_KEPT:
        return None
    shown = question if len(question) <= LONGEST_KEPT else question[: LONGEST_KEPT - 1] + "…"
    return Shortcoming(citizen=message.citizen, question=shown, reason=reason, ref=ref, at=message.received_at)
