"""Three ways to read a message in a talk, and how likely each is: alone, with the subject before it, or about that."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

READINGS = ALONE, TOGETHER, SAME = "alone", "together", "same"
"""By itself; read together with the subject before it; about that subject itself (or what was just offered)."""
TURN_SIGNS = (
    "constant",
    "mass",
    "named",
    "circumstance",
    "operation",
    "province",
    "qualifier",
    "opening",
    "contrast",
    "pointing",
    "part_asked",
    "words",
    "alone_sure",
    "alone_domain",
    "alone_is_topic",
    "alone_is_question",
    "together_sure",
    "together_is_topic",
    "agree",
    "topic_holds",
    "alone_holds",
    "together_holds",
    "after_question",
    "alone_other_question",
    "together_other_question",
    "pending",
    "restated",
    "near_topic",
    "near_alone",
)
"""alone_..., together_...: of the best entry of that reading; ..._holds: the share of the message's own words that the
entry's texts hold; near_...: cosine with its name; after_question: the FAQ base answered last, and
(..._other_question) this reading gives another question of it; pending: a question
back stands unanswered."""
ABOUT_THE_TOPIC = 0.95
"""Probability that a message which goes on about a subject of the base asks for an entry at all."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Entries that one reading gives, with their probabilities; in_domain: that it asks for any entry at all."""

    entries: Mapping[str, float]
    in_domain: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Entries over all readings, likeliest first; reading: the likeliest one, of READINGS."""

    entries: tuple[tuple[str, float], ...]
    in_domain: float
    reading: str


def likelihood(signs: Mapping[str, float], constants: Mapping[str, Sequence[float]]) -> tuple[float, ...]:
    """The probability of each of READINGS."""
    scores = [sum(signs[name] * row[n] for name, row in constants.items()) for n in range(len(READINGS))]
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    return tuple(value / sum(raised) for value in raised)


def weighed(shares: Sequence[float], beliefs: Sequence[Belief]) -> Weighed:
    """What the readings say together, each as much as it is likely."""
    together: dict[str, float] = defaultdict(float)
    for share, belief in zip(shares, beliefs, strict=True):
        for ref, probability in belief.entries.items():
            together[ref] += share * probability
    order = sorted(together.items(), key=lambda entry: (-entry[1], entry[0]))
    domain = sum(share * belief.in_domain for share, belief in zip(shares, beliefs, strict=True))
    return Weighed(tuple(order), domain, READINGS[max(range(len(READINGS)), key=lambda n: shares[n])])
