"""Tells the messages that are no question for the base: the model of kinds, checked against what the base finds."""

import math
from dataclasses import dataclass

from handlers import dangers, kinds
from handlers.messages import Desk, IncomingMessage
from knowledge.entries import Found

QUESTION = "question"
CLEARLY_A_QUESTION = 0.97
"""From this probability on, the base is not asked for its opinion."""
SURE = 0.8
"""Confidence from which the base's entry counts as the one meant."""
IN_A_TALK = 2.0
"""How much surer (in logits) the model has to be when the message may continue what was talked about."""
EMERGENCY = "emergency"
DANGER_FIRST = 3.0
"""How much likelier every other kind has to be than danger, to be preferred."""
NOT_AGAINST = 0.005
"""Probability of danger that the model has to leave, for the net's word to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How sure the model has to be of a kind, as log odds.

    The bar is `start` + `domain` × the log odds that the base has an entry for the message; `answered` is
    added where the base is sure of its entry and of the part asked for, `asked` where the message ends
    in a question mark and the base knows the subject.
    """

    start: float
    domain: float
    answered: float = 0.0
    asked: float = 0.0

    def height(self, text: str, found: Found) -> float:
        """The bar for a message of which the base finds this much."""
        if found.carried:
            return self.start + IN_A_TALK
        sure = found.confidence >= SURE and bool(found.aspects)
        asked = text.rstrip().endswith("?") and found.in_domain >= SURE
        return self.start + self.domain * _logit(found.in_domain) + self.answered * sure + self.asked * asked


BARS = {
    "emergency": Bar(start=-2.4, domain=1.1),
    "complaint": Bar(start=-0.3, domain=0.2, asked=1.0),
    "feedback": Bar(start=-1.1, domain=0.34, answered=2.0, asked=3.5),
    "smalltalk": Bar(start=-0.3, domain=0.07, answered=2.0),
    "refuse": Bar(start=0.3, domain=0.7, answered=2.0, asked=1.0),
}
"""Slopes from seeds that the model had not seen; the starts weigh misses against lost questions (decision 0004)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a message is. details: the sorts of this kind with their shares, the likeliest first."""

    kind: str
    probability: float
    details: tuple[tuple[str, float], ...] = ()

    @property
    def detail(self) -> str:
        """The likeliest sort, "" for a kind without sorts."""
        return self.details[0][0] if self.details else ""


def recognised(message: IncomingMessage, desk: Desk) -> Recognised | None:
    """The kind of a message that is no question for the base; None for a question and for a pressed button."""
    if message.choice is not None or not any(character.isalpha() for character in message.text):
        return None
    judged = kinds.judge(message.text)
    if judged.kinds[EMERGENCY] >= NOT_AGAINST and (caught := dangers.shipped().caught(message.text)):
        return _danger(caught, judged)
    asked = judged.kinds[QUESTION]
    kind = max((k for k in judged.kinds if k != QUESTION), key=judged.kinds.__getitem__)
    if judged.kinds[EMERGENCY] * DANGER_FIRST >= max(judged.kinds.values()):
        kind = EMERGENCY
    probability = judged.kinds[kind]
    if asked >= CLEARLY_A_QUESTION:
        return None
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    if math.log(probability / max(asked, 1e-9)) < BARS[kind].height(message.text, found):
        return None
    return Recognised(kind=kind, probability=probability, details=tuple(judged.within(kind)))


def _danger(caught: str, judged: kinds.Judgement) -> Recognised:
    """Danger as the net has it: its sort comes first, unless the model is sure of another."""
    details = judged.within(EMERGENCY)
    if details[0][1] < SURE:
        details.sort(key=lambda pair: pair[0] != caught)
    return Recognised(kind=EMERGENCY, probability=judged.kinds[EMERGENCY], details=tuple(details))


def _logit(probability: float) -> float:
    bounded = min(0.999, max(0.001, probability))
    return math.log(bounded / (1 - bounded))
