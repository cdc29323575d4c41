"""What a message says beside the talk it stands in, and how it is read together with the subject before it."""

import itertools
import re
from dataclasses import dataclass, replace

from knowledge.aspects import without_aspects
from knowledge.operations import without_circumstances
from knowledge.query import Query
from knowledge.syllables import Word
from knowledge.text import fold

PREVIOUS_WEIGHT = 0.6
_OPENING = re.compile(
    r"^(?:dạ |à |ủa |ơ |vâng |uh |ok )*(?:thế|vậy|còn|rồi|nếu|rứa|lỡ|mà|với lại|tiện|nhưng|giả sử|luôn|thật ra|thực ra)"
    r"(?!\w)|thì sao$|thì thế nào$|thì làm sao$|(?<!\w)thôi$|^có (?:cần|phải|bắt buộc|được)(?!\w).* (?:không|chưa)$"
)
_OPENING_FOLDED = re.compile(
    r"^(?:da |a |ua |o |vang |uh |ok )*(?:the|vay|con|roi|neu|lo|rua|ma|voi lai|tien"
    r"|that ra|thuc ra)(?!\w)|thi sao$|thi the nao$|thi lam sao$|(?<!\w)thoi$"
    r"|^co (?:can|phai|bat buoc|duoc)(?!\w).* (?:khong|chua)$"
)

_CONTRAST = re.compile(r"^(?:dạ |à |ủa |vâng )*(?:thế |vậy |rứa )*còn(?!\w)")
_CONTRAST_FOLDED = re.compile(r"^(?:da |a |ua |vang )*(?:the |vay |rua )*con(?!\w)")
_POINTING = re.compile(r"(?<!\w)(?:việc|thủ tục|cái|vụ|hồ sơ|giấy|loại) (?:này|đó|ấy|nầy|trên|kể trên)(?!\w)")
_POINTING_FOLDED = re.compile(r"(?<!\w)(?:viec|thu tuc|cai|vu|ho so|giay|loai) (?:nay|do|ay|ke tren)(?!\w)")
_UNITS = frozenset(
    {"nghin", "ngan", "tram", "trieu", "ty", "dong", "k", "ngay", "tuan", "thang", "tieng", "gio", "phut", "ban"}
)
"""What an amount is counted in: "8 nghìn" names no subject."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message itself says: rarity of the words about something, whether an everyday phrase names it,
    whether it says what is to be done, for whom or where, and whether it opens like a follow-up."""

    mass: float
    named: bool
    circumstance: bool
    opening: bool


def opens_like_a_follow_up(query: Query) -> bool:
    """Whether the message begins or ends as people do who go on about the same thing."""
    pattern = _OPENING if query.accents else _OPENING_FOLDED
    return bool(pattern.search(query.text))


def opens_a_contrast(query: Query) -> bool:
    """Whether the message asks for another thing of the same sort: "thế còn quốc tế"."""
    return bool((_CONTRAST if query.accents else _CONTRAST_FOLDED).search(query.text))


def points_back(query: Query) -> bool:
    """Whether the message speaks of "việc đó", "thủ tục này"."""
    return bool((_POINTING if query.accents else _POINTING_FOLDED).search(query.text))


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
        provinces=current.provinces or previous.provinces,
        compounds=frozenset({*previous.compounds, *(n + len(before) for n in current.compounds)}),
    )


def own_words(query: Query, places: frozenset[str] = frozenset()) -> tuple[Word, ...]:
    """The subject words that name something, not only what is to be done, for whom, in which province, how much."""
    kept = without_circumstances([word.surface for word in query.words], accents=query.accents)
    named = {part for place in places for part in fold(place).split()}
    outside = {id(word) for word, keep in zip(query.words, kept, strict=True) if keep}
    for amount, unit in itertools.pairwise(query.words):
        if amount.folded.isdecimal() and unit.folded in _UNITS:
            outside -= {id(amount), id(unit)}
    return tuple(word for word in subject_words(query) if id(word) in outside and word.folded not in named)


def subject_words(query: Query) -> tuple[Word, ...]:
    """The words of a message that are neither fillers, nor a place, nor the question itself."""
    kept = without_aspects([word.surface for word in query.words], accents=query.accents)
    return tuple(
        word
        for word, keep in zip(query.words, kept, strict=True)
        if keep and word.weight and not (word.filler or word.place)
    )
