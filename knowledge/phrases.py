"""Everyday phrases and told situations of a message, and the official words they stand for."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.lexicon import LONGEST_PHRASE, Lexicon
from knowledge.syllables import Expansion, Word, as_words, listed_at
from knowledge.text import fold

EXPANSION_WEIGHT = 0.8
SITUATION_WEIGHT = 0.6
"""A situation that is told, not named, is a guess."""
SECOND_MEANING = 0.9
"""Weight of each meaning where a phrase has several."""
COVERED_WEIGHT = 0.6
"""Weight of words that an everyday phrase has explained by official ones."""
FULL_EXPANSION = 6
"""Official phrases longer than this many syllables weigh less per syllable."""
PLAIN_COST, OTHER_COST = 0.34, 1.0
"""What a syllable typed without its accents, or with others, costs in an accented message."""
_SHORTEST_WITH_GAP, _LONGEST_WITH_GAP = 4, 7
_LONGEST_OUTSIDE = 6
_LONGEST_TYPED = 5


def expansion(official: Sequence[Word], everyday: Sequence[str], weight: float, *, phrase: bool = False) -> Expansion:
    """Official words at a weight that grows smaller the more there are."""
    share = weight * min(1.0, (FULL_EXPANSION / max(len(official), 1)) ** 0.5)
    return Expansion(
        tuple(replace(said, weight=share, filler=False) for said in official),
        tuple(everyday),
        " ".join(said.surface for said in official),
        phrase,
    )


def expand(words: list[Word], lexicon: Lexicon, accents: bool) -> tuple[list[Word], list[Expansion]]:
    """The words with those that a phrase explains at less weight, and what the phrases stand for.

    The longest phrase wins over those inside it; one foreign syllable inside a phrase is passed over.
    """
    hits = _hits(words, lexicon, accents)
    kept = [hit for hit in hits if not any(_inside(hit, other) for other in hits)]
    covered = {n for start, end, _ in kept for n in range(start, end)}
    weighed = [
        replace(said, weight=min(said.weight, COVERED_WEIGHT)) if n in covered else said for n, said in enumerate(words)
    ]
    found = []
    for start, end, official in kept:
        found += _meanings(official, [said.accented for said in words[start:end]], EXPANSION_WEIGHT)
    return weighed, found


def situations(text: str, lexicon: Lexicon, accents: bool) -> list[Expansion]:
    """What the situations told in a lower-case message stand for."""
    searched = text if accents else fold(text)
    found = []
    for situation in lexicon.situations:
        match = situation.told.search(searched, accents=accents)
        if match:
            found += _meanings(situation.official, match.group().split(), SITUATION_WEIGHT)
    return found


def outside(words: list[Word], lexicon: Lexicon, accents: bool) -> int:
    """How many syllables speak of matters that no office settles."""
    found: set[int] = set()
    folded = tuple(said.folded for said in words)
    for start in range(len(words)):
        for length in range(1, min(_LONGEST_OUTSIDE, len(words) - start) + 1):
            if listed_at(words, folded, start, length, lexicon.outside, accents):
                found.update(range(start, start + length))
    return len(found)


def in_phrase(words: list[Word], position: int, lexicon: Lexicon, accents: bool) -> bool:
    """Whether an everyday phrase of several syllables stands on this position exactly as it is typed."""
    folded = tuple(said.folded for said in words)
    for start in range(max(0, position - _LONGEST_TYPED + 1), position + 1):
        for end in range(max(position + 1, start + 2), min(len(words), start + _LONGEST_TYPED) + 1):
            phrases = lexicon.phrases.get(folded[start:end], ())
            if any(_accents_agree(words[start:end], phrase.everyday, accents) for phrase in phrases):
                return True
    return False


_Hit = tuple[int, int, tuple[str, ...]]


def _hits(words: list[Word], lexicon: Lexicon, accents: bool) -> list[_Hit]:
    hits: list[_Hit] = []
    folded = tuple(said.folded for said in words)
    for start in range(len(words)):
        for length in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            end = start + length
            gaps = range(start + 1, end - 1) if _SHORTEST_WITH_GAP <= length <= _LONGEST_WITH_GAP else ()
            for skipped in (end, *gaps):
                phrases = lexicon.phrases.get(folded[start:skipped] + folded[skipped + 1 : end])
                if phrases is None:
                    continue
                part = words[start:skipped] + words[skipped + 1 : end]
                if any(said.weight for said in part):
                    hits += [(start, end, p.official) for p in phrases if _accents_agree(part, p.everyday, accents)]
    return hits


def _inside(hit: _Hit, other: _Hit) -> bool:
    return other[0] <= hit[0] and hit[1] <= other[1] and other[1] - other[0] > hit[1] - hit[0]


def _meanings(official: Sequence[str], everyday: Sequence[str], weight: float) -> list[Expansion]:
    share = weight if len(official) == 1 else weight * SECOND_MEANING
    return [expansion(as_words(phrase), everyday, share, phrase=True) for phrase in official]


def _accents_agree(part: list[Word], everyday: tuple[str, ...], accents: bool) -> bool:
    """Strict on short phrases: "bao" without accents says nothing, "lam giay khai sinh" a good deal."""
    length = len(everyday)
    cost = 0.0
    for said, wanted in zip(part, everyday, strict=True):
        if said.accented == wanted:
            continue
        if said.accented == said.folded:
            if length < 2:
                return False
            cost += PLAIN_COST if accents else 0.0
        else:
            if length < 3:
                return False
            cost += OTHER_COST
    return cost <= (length - 1) / 2
