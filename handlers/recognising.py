"""Tells the messages that are no question for the base: the model of kinds, checked against what the base finds."""

import math
import re
from dataclasses import dataclass

from handlers import dangers, kinds
from handlers.messages import Desk, IncomingMessage
from knowledge.aspects import asked
from knowledge.entries import Found
from knowledge.text import fold

QUESTION = "question"
CLEARLY_A_QUESTION = 0.97
"""From this probability on, the base is not asked for its opinion."""
SURE = 0.8
"""Confidence from which the base's entry counts as the one meant."""
IN_A_TALK = 0.8
"""How much surer (in logits) the model has to be when the message may continue what was talked about."""
EMERGENCY, FEEDBACK = "emergency", "feedback"
DECLARED = 2.0
"""How much (in logits) it says for feedback that a message begins by calling itself so, and asks for no part."""
_DECLARES = re.compile(
    r"(?:(?:da|thua|kinh gui|toi|em|minh|tui|chau|xin|muon|can|duoc|gui)\s+)*"
    r"(?:phan anh|kien nghi|gop y|phan nan|bieu duong|de nghi xem lai)(?!\w)"
)
LEAST_DANGER = 0.1
"""Probability below which nothing is danger that the net has not caught, however little a small base knows of it."""
DANGER_FIRST = 3.0
"""How much likelier every other kind has to be than danger, to be preferred."""
CAUGHT = 3.0
"""How much lower (in logits) the bar of danger is when the net has caught the message."""


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
    "emergency": Bar(start=-0.7, domain=0.5),
    "complaint": Bar(start=-0.9, domain=0.1, asked=0.5),
    "feedback": Bar(start=-1.2, domain=0.25, answered=0.9, asked=2.5),
    "smalltalk": Bar(start=-1.7, domain=0.16, answered=0.6),
    "refuse": Bar(start=0.1, domain=0.3, answered=1.0, asked=0.9),
}
"""Fitted on seeds that the model had not seen against aliases it had not seen; the starts leave about two in a
thousand questions to each kind (decision 0004)."""


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
    if message.choice is not None or not any(map(str.isalpha, kinds.readable(message.text))):
        return None
    judged = kinds.judge(message.text)
    caught = dangers.shipped().caught(message.text)
    if judged.kinds[QUESTION] >= CLEARLY_A_QUESTION and not caught:
        return None
    found = desk.knowledge.find(message.text, desk.conversation.topic)
    likeliest = max(p for kind, p in judged.kinds.items() if kind not in (QUESTION, EMERGENCY))
    lowered = CAUGHT if caught else 0.0
    possible = bool(caught) or judged.kinds[EMERGENCY] >= LEAST_DANGER
    first = judged.kinds[EMERGENCY] * DANGER_FIRST * math.exp(lowered) >= likeliest
    if possible and first and _over(EMERGENCY, judged, message.text, found) >= -lowered:
        return _danger(caught, judged)
    kind = max((k for k in judged.kinds if k not in (QUESTION, EMERGENCY)), key=judged.kinds.__getitem__)
    if _over(kind, judged, message.text, found) < 0:
        return None
    return Recognised(kind=kind, probability=judged.kinds[kind], details=tuple(judged.within(kind)))


def _over(kind: str, judged: kinds.Judgement, text: str, found: Found) -> float:
    """How far a kind is over its bar, in logits; below 0 the message is rather a question."""
    odds = max(judged.kinds[kind], 1e-9) / max(judged.kinds[QUESTION], 1e-9)
    declared = DECLARED if kind == FEEDBACK and _declared(text) else 0.0
    return math.log(odds) + declared - BARS[kind].height(text, found)


def _declared(text: str) -> bool:
    """Whether a message calls itself feedback, and asks for no part of a procedure."""
    plain = fold(text)
    return bool(_DECLARES.match(plain)) and not asked(plain, accents=False)


def _danger(caught: str, judged: kinds.Judgement) -> Recognised:
    """Danger; the sort that the net has caught comes first, unless the model is sure of another."""
    details = judged.within(EMERGENCY)
    if caught and details[0][1] < SURE:
        details.sort(key=lambda pair: pair[0] != caught)
    return Recognised(kind=EMERGENCY, probability=judged.kinds[EMERGENCY], details=tuple(details))


def _logit(probability: float) -> float:
    bounded = min(0.999, max(0.001, probability))
    return math.log(bounded / (1 - bounded))
