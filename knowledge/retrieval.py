"""From the words of a query to the few dozen entries worth ranking."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import PAIR, Index
from knowledge.postings import Floats, Ints
from knowledge.query import Query
from knowledge.syllables import Word

BLEND = {"names": 1.0, "name_pairs": 1.0, "texts": 0.5, "text_pairs": 0.5, "accented": 0.4, "accented_name_pairs": 0.4}
EXPANDED_SHARE = 0.3
"""How much the official words for what a message says count where phrases of people are compared."""
COMPOUND_GAIN = 1.25
"""A pair of syllables that underthesea holds for one word counts this much more."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Weighted terms of a query as numbers of one index."""

    folded: Ints
    folded_weights: Floats
    pairs: Ints
    pair_weights: Floats
    accented: Ints
    accented_weights: Floats
    accented_pairs: Ints
    accented_pair_weights: Floats


class _Bag(dict[int, float]):
    def put(self, key: int, weight: float) -> None:
        if weight > self.get(key, 0.0):
            self[key] = weight

    def arrays(self) -> tuple[Ints, Floats]:
        keys = np.fromiter(sorted(self), dtype=np.int64, count=len(self))
        return keys, np.fromiter((self[int(key)] for key in keys), dtype=np.float32, count=len(self))


def terms(query: Query, index: Index, *, expanded: bool) -> Terms:
    """The terms of the citizen's own words, with those of the official phrases where `expanded`."""
    folded, pairs, accented, accented_pairs = _Bag(), _Bag(), _Bag(), _Bag()

    def add(words: tuple[Word, ...], trusted: bool, compounds: frozenset[int] = frozenset()) -> None:
        previous: tuple[int, int, float] | None = None
        for position, word in enumerate(words):
            plain, marked = index.folded.get(word.folded, -1), index.accented.get(word.accented, -1)
            if plain >= 0:
                folded.put(plain, word.weight)
            if marked >= 0 and trusted:
                accented.put(marked, word.weight)
            if previous is not None:
                together = (previous[2] * word.weight) ** 0.5 * (COMPOUND_GAIN if position - 1 in compounds else 1.0)
                if plain >= 0 and previous[0] >= 0:
                    pairs.put(previous[0] * PAIR + plain, together)
                if marked >= 0 and previous[1] >= 0 and trusted:
                    accented_pairs.put(previous[1] * PAIR + marked, together)
            previous = None if word.ends_clause else (plain, marked, word.weight)

    add(query.words, query.accents, query.compounds)
    if expanded:
        for expansion in query.expansions:
            add(expansion.words, True)
    return Terms(*folded.arrays(), *pairs.arrays(), *accented.arrays(), *accented_pairs.arrays())


def scores(expanded: Terms, original: Terms, index: Index) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """BM25F over all views, one number per document: of the expanded terms, and of the original ones alone.

    What both hold is summed once. The accented views count for the expanded ones only: half the time.
    """
    both, more, own = (np.zeros(len(index)) for _ in range(3))
    for name, singles in (("names", True), ("name_pairs", False), ("texts", True), ("text_pairs", False)):
        wide = (expanded.folded, expanded.folded_weights) if singles else (expanded.pairs, expanded.pair_weights)
        narrow = (original.folded, original.folded_weights) if singles else (original.pairs, original.pair_weights)
        shared = np.isin(wide[0], narrow[0]) & (_weights_of(wide[0], *narrow) == wide[1])
        alone = ~np.isin(narrow[0], wide[0][shared])
        share = np.float32(BLEND[name])
        view = index.views[name]
        view.add(both, wide[0][shared], wide[1][shared] * share)
        view.add(more, wide[0][~shared], wide[1][~shared] * share)
        view.add(own, narrow[0][alone], narrow[1][alone] * share)
    for name, keys, weights in (
        ("accented", expanded.accented, expanded.accented_weights),
        ("accented_name_pairs", expanded.accented_pairs, expanded.accented_pair_weights),
    ):
        index.views[name].add(more, keys, weights * np.float32(BLEND[name]))
    return both + more, both + own


def _weights_of(wanted: Ints, keys: Ints, weights: Floats) -> Floats:
    """The weight of each wanted key among sorted keys; 0 for one that is not there."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.float32)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, weights[at], np.float32(0))


def phrase_scores(expanded: Terms, original: Terms, index: Index) -> NDArray[np.float64]:
    """What every phrase gains from the words of a message."""
    total = np.zeros(len(index.phrases.text))
    if len(total):
        for found, share in ((original, 1.0), (expanded, EXPANDED_SHARE)):
            index.views["phrases"].add(total, found.folded, found.folded_weights * np.float32(share))
            index.views["phrase_pairs"].add(total, found.pairs, found.pair_weights * np.float32(share))
    return total


def best_phrases(said: NDArray[np.float64], index: Index) -> NDArray[np.float64]:
    """The score of the best phrase of each document, 0 where it has none."""
    best = np.zeros(len(index))
    first = index.phrases.first_row
    some = np.flatnonzero(first[1:] > first[:-1])
    if len(some):
        best[some] = np.maximum.reduceat(said, first[some])
    return best


def blended(*parts: tuple[NDArray[np.float64], float], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Scores on one scale: each divided by the best of the documents allowed, times its share."""
    total = np.zeros(len(allowed))
    for score, share in parts:
        total += share * score / max(score[allowed].max(initial=0.0), 1e-9)
    return np.where(allowed, total, 0.0)


def best(worth: NDArray[np.float64], most: int) -> Ints:
    """At most so many documents worth anything, best first."""
    count = min(most, len(worth))
    if not count:
        return np.zeros(0, dtype=np.int64)
    top = np.argpartition(-worth, count - 1)[:count]
    top = top[worth[top] > 0]
    return top[np.lexsort((top, -worth[top]))]
