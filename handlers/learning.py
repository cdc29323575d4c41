"""What one turn teaches: which entry a question meant, when the citizen has confirmed or denied it by a button."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers import choices, voting
from handlers.messages import Asking, Choice, Citizen, Conversation, IncomingMessage, Outcome, Reply

LONGEST_QUESTION = 300
"""Characters: a longer message is a story, nobody else's words."""
SUBJECTS = (Outcome.ANSWERED, Outcome.CLARIFYING)
"""Only these outcomes are remembered with their question; never an emergency, a complaint, feedback or small talk."""


class Verdict(StrEnum):
    """What the citizen said: chose this entry when asked back, found the answer helpful, or not right."""

    CHOSEN = "chosen"
    HELPFUL = "helpful"
    NOT_RIGHT = "not_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A question (masked, as typed) and the entry that one citizen says it means, or does not."""

    citizen: Citizen
    question: str
    ref: str
    verdict: Verdict
    at: datetime


def after_turn(
    message: IncomingMessage, reply: Reply, before: Conversation, *, carried: bool
) -> tuple[Asking | None, Lesson | None]:
    """The question that the talk is now about, and what this turn has taught.

    carried: the reply's subject came from the conversation, so that the message alone means nothing.
    """
    if message.choice is None:
        return _typed(message.text, reply, before, carried=carried), None
    asking = before.asking
    if asking is None:
        return None, None
    if vote := voting.decode(message.choice):
        if asking.ref != vote.ref:
            return asking, None
        verdict = Verdict.HELPFUL if vote.helpful else Verdict.NOT_RIGHT
        again = reply.outcome is Outcome.CLARIFYING
        return Asking(asking.text) if again else asking, _lesson(message, asking.text, vote.ref, verdict)
    answered = reply.refs[0] if reply.outcome is Outcome.ANSWERED and reply.refs else ""
    if not asking.ref and answered and _names_one_of(message.choice, before.offered):
        return Asking(asking.text, answered), _lesson(message, asking.text, answered, Verdict.CHOSEN)
    return (asking if answered and answered == asking.ref else None), None


def _names_one_of(value: str, offered: tuple[Choice, ...]) -> bool:
    """Whether a choice is of an entry that was offered, be it for another part."""
    picked = choices.decode(value)
    ours = {pick.ref for choice in offered if (pick := choices.decode(choice.value))}
    return picked is not None and picked.ref in ours


def _typed(text: str, reply: Reply, before: Conversation, *, carried: bool) -> Asking | None:
    if reply.outcome not in SUBJECTS or not reply.refs or not reply.store_text or voting.of_several(reply):
        return None
    answered = reply.refs[0] if reply.outcome is Outcome.ANSWERED else ""
    if not carried:
        return Asking(text, answered) if len(text) <= LONGEST_QUESTION else None
    asking = before.asking
    if asking is None or not answered:
        return None
    told_apart = not asking.ref and answered in before.topic.offered
    return Asking(asking.text, answered) if told_apart or asking.ref == answered else None


def _lesson(message: IncomingMessage, question: str, ref: str, verdict: Verdict) -> Lesson:
    return Lesson(citizen=message.citizen, question=question, ref=ref, verdict=verdict, at=message.received_at)
