"""The words of a message with their weights, and how their spelling is compared with listed phrases."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.lexicon import Listed
from knowledge.text import canonical, clean, fold, term

ACCENTED_SHARE = 0.25
"""From this share of marked syllables on, a message counts as typed with accents."""
PUNCTUATION = frozenset(",.;:?!…")
_PIECE = re.compile(r"[^\W_]+|[,.;:?!…]")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|uoi|uou|ieu|yeu|oai|oao|oay|oeo|uay|uai|a[iouy]?|e[ou]?|i[aeu]?|o[aeio]?|u[aeiouy]?|ye?)"
    r"(?:ng|nh|ch|[cmnpt])?"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable of a message: as typed, canonical and folded, how much it counts (0..1), if it names a place."""

    surface: str
    accented: str
    folded: str
    weight: float = 1.0
    filler: bool = False
    ends_clause: bool = False
    place: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A syllable as typed, canonical and folded. ends: of a clause."""

    folded: str
    accented: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """Official words for what the message says: of an everyday phrase, or of an abbreviation (phrase False)."""

    words: tuple[Word, ...]
    everyday: tuple[str, ...]
    text: str
    phrase: bool = False


Fixed = tuple[tuple[str, str], ...]
"""A fixed phrase: canonical and folded spelling of each syllable."""


def fixed(text: str) -> Fixed:
    """A fixed phrase for `at`."""
    return tuple((canonical(word), fold(word)) for word in text.split())


def pieces(text: str) -> list[str]:
    """Syllables and punctuation of a cleaned text, lower-case."""
    return _PIECE.findall(text.lower())


def word(piece: str, weight: float = 1.0) -> Word:
    """The word of one syllable as typed."""
    accented = term(piece)
    return Word(piece, accented, fold(accented), weight)


def as_words(text: str) -> tuple[Word, ...]:
    """The syllables of a trusted text."""
    return tuple(word(piece) for piece in pieces(clean(text)) if piece not in PUNCTUATION)


def typed_with_accents(typed: Iterable[str]) -> bool:
    """Whether enough syllables carry marks to trust the accents of the message."""
    letters = [piece for piece in typed if piece.isalpha()]
    return sum(fold(piece) != piece for piece in letters) > ACCENTED_SHARE * len(letters)


def agrees(said: Word, accented: str, accents: bool) -> bool:
    """Whether a word whose folded spelling fits may be this one: same accents, or typed without any."""
    return said.accented == accented or not accents or said.accented == said.folded


def at(words: Sequence[Word], start: int, sequence: Fixed, accents: bool) -> bool:
    """Whether the fixed phrase stands at `start`."""
    if start + len(sequence) > len(words):
        return False
    return all(
        words[start + n].folded == folded and agrees(words[start + n], accented, accents)
        for n, (accented, folded) in enumerate(sequence)
    )


def listed_at(
    words: Sequence[Word], folded: tuple[str, ...], start: int, length: int, listed: Listed, accents: bool
) -> bool:
    """Whether `length` words from `start` are one of a list; `folded` are the folded spellings of all words."""
    variants = listed.get(folded[start : start + length])
    return variants is not None and any(
        all(agrees(words[start + n], accented, accents) for n, accented in enumerate(variant)) for variant in variants
    )


def end_clause(words: list[Word]) -> None:
    """Marks the last word as the end of a clause."""
    if words:
        words[-1] = replace(words[-1], ends_clause=True)


def well_formed(folded: str) -> bool:
    """Whether a folded syllable is one that Vietnamese could have."""
    return _SYLLABLE.fullmatch(folded) is not None
