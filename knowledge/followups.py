"""Whether a message speaks of something new or of what the conversation is already about."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.aspects import without_aspects
from knowledge.entries import Topic
from knowledge.query import Query
from knowledge.syllables import Word

SUBJECT_MASS = 8.0
"""Rarity (sum of idf over titles) that the subject words of a message need to stand alone."""
NO_MASS = 4.0
"""Below this a message has no subject at all: it asks for another part of the same entry."""
PREVIOUS_WEIGHT = 0.6
_OPENING = re.compile(
    r"^(?:dạ |à |ủa |ơ |vâng |uh |ok )*(?:thế|vậy|còn|rồi|nếu|rứa|lỡ|mà|với lại|tiện|nhưng|giả sử|luôn|thật ra|thực ra)"
    r"(?!\w)|thì sao$|thì thế nào$|thì làm sao$"
)
_OPENING_FOLDED = re.compile(
    r"^(?:da |a |ua |o |vang |uh |ok )*(?:the|vay|con|roi|neu|lo|rua|ma|voi lai|tien"
    r"|that ra|thuc ra)(?!\w)|thi sao$|thi the nao$|thi lam sao$"
)


class Turn(StrEnum):
    """How a message relates to the topic."""

    NEW = "new"
    SAME = "same"
    OPERATION = "operation"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message itself says about its subject: rarity of its words, phrases, operations, province."""

    mass: float
    phrases: bool
    operations: int
    place: bool
    opening: bool


def opens_like_a_follow_up(query: Query) -> bool:
    """Whether the message begins or ends as people do who go on about the same thing."""
    pattern = _OPENING if query.accents else _OPENING_FOLDED
    return bool(pattern.search(query.text))


def turn(subject: Subject, topic: Topic | None, *, restated: bool) -> Turn:
    """Relates a message to the topic; NEW whenever there is no topic."""
    if topic is None or not (topic.ref or topic.question) or restated:
        return Turn.NEW
    if subject.phrases or subject.mass >= SUBJECT_MASS:
        return Turn.ADDED if subject.opening else Turn.NEW
    if subject.operations or subject.place:
        return Turn.OPERATION
    return Turn.SAME if subject.mass < NO_MASS else Turn.ADDED


def joined(previous: Query, current: Query) -> Query:
    """The current message with the previous subject behind it, at less weight."""
    denied = {word.folded for word in current.words if not word.weight}
    before = tuple(
        replace(word, weight=0.0 if word.folded in denied else word.weight * PREVIOUS_WEIGHT) for word in previous.words
    )
    if before:
        before = (*before[:-1], replace(before[-1], ends_clause=True))
    faded = tuple(
        replace(e, words=tuple(replace(w, weight=w.weight * PREVIOUS_WEIGHT) for w in e.words))
        for e in previous.expansions
    )
    return replace(
        current,
        words=(*before, *current.words),
        expansions=(*faded, *current.expansions),
        accents=current.accents or previous.accents,
        compounds=frozenset({*previous.compounds, *(n + len(before) for n in current.compounds)}),
    )


def subject_words(query: Query) -> tuple[Word, ...]:
    """The words of a message that are neither fillers nor the question itself."""
    kept = without_aspects([word.surface for word in query.words], accents=query.accents)
    return tuple(word for word, keep in zip(query.words, kept, strict=True) if keep and not word.filler and word.weight)
