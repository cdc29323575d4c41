"""How far the words of a message and the words of titles or phrases cover each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import PAIR, Index
from knowledge.postings import NATIONAL, Floats, Ints, rarity_of_one
from knowledge.retrieval import Terms

Matrix = NDArray[np.float64]
START = 8
"""Syllables that make the start of a title."""
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table of syllables: folded and accented numbers (-1 = padding) and the rarity of each."""

    folded: Ints
    accented: NDArray[np.int32]
    rarity: Floats


class Comparer:
    """Compares rows of syllables with weighted terms; keeps dense tables of one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        syllables = np.arange(len(index.folded), dtype=np.int64)
        unknown = rarity_of_one(max(len(index), NATIONAL))
        self.rarity = np.append(index.views["texts"].rarities(syllables, unknown=unknown), np.float32(0.0))

    def rows(self, folded: NDArray[np.int32], accented: NDArray[np.int32]) -> Rows:
        """Rows ready to be compared."""
        wide = int((folded >= 0).sum(axis=1).max(initial=1))
        numbers = folded[:, :wide].astype(np.int64)
        return Rows(numbers, accented[:, :wide], self.rarity[numbers])

    def asked(self, rows: Rows, terms: Terms) -> Matrix:
        """For each syllable of the rows how much the message says it, 0..1."""
        dense = np.zeros(len(self.rarity), dtype=np.float32)
        dense[terms.folded] = terms.folded_weights
        return np.asarray(np.minimum(dense[rows.folded] * 2, 1.0), dtype=np.float64)

    def row_share(self, rows: Rows, asked: Matrix) -> Matrix:
        """Share of each row, by rarity, that the message says."""
        whole = np.maximum(rows.rarity.sum(axis=1), _NOTHING)
        return np.asarray((asked * rows.rarity).sum(axis=1) / whole, dtype=np.float64)

    def row_pairs(self, rows: Rows, terms: Terms) -> Matrix:
        """Share of the neighbouring syllables of each row that the message says together."""
        keys = self._pair_keys(rows)
        worth = np.where(keys >= 0, rows.rarity[:, :-1] + rows.rarity[:, 1:], 0).astype(np.float32)
        if not len(terms.pairs):
            return np.zeros(len(rows.folded))
        at = np.minimum(np.searchsorted(terms.pairs, keys), len(terms.pairs) - 1)
        said = np.where(terms.pairs[at] == keys, terms.pair_weights[at], np.float32(0))
        share = (np.minimum(said * 1.5, 1) * worth).sum(axis=1) / np.maximum(worth.sum(axis=1), _NOTHING)
        return np.asarray(share, dtype=np.float64)

    def query_share(self, rows: Rows, terms: Terms) -> Matrix:
        """Share of the message, by rarity and weight, that each row holds."""
        worth = terms.folded_weights * self.rarity[terms.folded] if len(terms.folded) else np.zeros(0)
        total = worth.sum()
        if total <= 0:
            return np.zeros(len(rows.folded))
        place = np.full(len(self.rarity), len(terms.folded), dtype=np.int64)
        place[terms.folded] = np.arange(len(terms.folded))
        present = np.zeros((len(rows.folded), len(terms.folded) + 1), dtype=bool)
        present[np.arange(len(rows.folded))[:, None], place[rows.folded]] = True
        return np.asarray((present[:, :-1] @ worth) / total, dtype=np.float64)

    def query_pairs(self, rows: Rows, terms: Terms) -> Matrix:
        """Share of the neighbouring syllables of the message that each row holds together."""
        if not len(terms.pairs):
            return np.zeros(len(rows.folded))
        first, second = np.divmod(terms.pairs, PAIR)
        worth = terms.pair_weights * (self.rarity[first] + self.rarity[second])
        keys = self._pair_keys(rows)
        at = np.minimum(np.searchsorted(terms.pairs, keys), len(terms.pairs) - 1)
        share = np.where(terms.pairs[at] == keys, worth[at], 0).sum(axis=1) / max(float(worth.sum()), _NOTHING)
        return np.asarray(np.minimum(share, 1.0), dtype=np.float64)

    def accents_differ(self, rows: Rows, asked: Matrix, terms: Terms) -> Matrix:
        """Share of the matched syllables that the citizen typed with other accents."""
        if not len(terms.accented):
            return np.zeros(len(rows.folded))
        typed = np.zeros(len(self.index.accented) + 1, dtype=bool)
        spoken = np.zeros(len(self.rarity), dtype=bool)
        typed[terms.accented] = True
        spoken[self.index.folded_of[terms.accented]] = True
        matched = asked * rows.rarity
        differ = (rows.folded >= 0) & spoken[rows.folded] & ~typed[rows.accented]
        share = (matched * differ).sum(axis=1) / np.maximum(matched.sum(axis=1), _NOTHING)
        return np.asarray(share, dtype=np.float64)

    def _pair_keys(self, rows: Rows) -> Ints:
        before, after = rows.folded[:, :-1], rows.folded[:, 1:]
        return np.where((before >= 0) & (after >= 0), before * PAIR + after, -1)
