"""What of a citizen's question may become everyday words of an entry: its subject, without fillers and figures."""

from dataclasses import dataclass

from knowledge.aspects import without_aspects
from knowledge.followups import subject_words
from knowledge.query import Query
from knowledge.syllables import Word
from knowledge.text import fold

LEAST_WORDS, MOST_WORDS = 2, 16
"""One syllable names nothing, and a whole story is nobody else's words."""
LONGEST_NUMBER = 2
"""Digits: an age may stay, a house or a date of birth may not."""
LONGEST_WORDING = 200
"""Characters."""
_DOING = frozenset({"lam", "xin", "moi", "bi"})
"""Fillers for the search that belong to a way of saying: "làm lại", "bị mất"."""
_MISTAKEN = frozenset({"dang"})
"""Taken for a filler where the accents are missing: "dang ky"."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for a subject. text: as it was said; key: the same folded, by which different spellings agree."""

    key: str
    text: str


def wording(query: Query) -> Wording | None:
    """The words of a question that name its subject, without the part asked for; None where they are no phrase.

    Fillers at both ends are left out, those in between stay: "làm giấy khai sinh cho con".
    """
    own = _subject(query)
    if not LEAST_WORDS <= len(own) <= MOST_WORDS:
        return None
    outside = without_aspects([word.surface for word in query.words], accents=query.accents)
    said = [n for n in range(own[-1] + 1) if outside[n] and query.words[n].weight and _may_stay(query.words[n])]
    first = said.index(own[0])
    if first and query.words[said[first - 1]].folded in _MISTAKEN:
        first -= 1
    begins = first
    while begins and query.words[said[begins - 1]].folded in _DOING:
        begins -= 1
    key, text = (" ".join(query.words[n].surface for n in said[start:]) for start in (first, begins))
    return Wording(fold(key), text) if len(said[begins:]) <= MOST_WORDS and len(text) <= LONGEST_WORDING else None


def _subject(query: Query) -> list[int]:
    own = {id(word) for word in subject_words(query)}
    return [n for n, word in enumerate(query.words) if id(word) in own and _may_stay(word)]


def _may_stay(word: Word) -> bool:
    return not (word.surface.isdecimal() and len(word.surface) > LONGEST_NUMBER)
