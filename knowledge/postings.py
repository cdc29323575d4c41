"""One searchable view of the texts: BM25F impacts in compressed rows, summed with numpy."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

K1 = 1.2
NATIONAL = 5652
"""Entries of the national catalogue: a smaller base is weighed as if it were as large, so that the same
constants hold for both."""
WORTHLESS = 0.12
"""Terms that would add less than this (fillers found everywhere) are left out: they only cost time."""


def rarity_of_one(total: int) -> float:
    """The idf of a term that one of `total` documents holds."""
    return math.log1p((total - 0.5) / 1.5)


@dataclass(frozen=True, slots=True)
class Postings:
    """For term row t the documents `documents[starts[t]:starts[t+1]]` and what each gains from the term.

    keys: sorted term keys; row n belongs to keys[n].
    """

    keys: Ints
    starts: Ints
    documents: NDArray[np.int32]
    impacts: Floats
    rarity: Floats

    def rows(self, keys: Ints) -> Ints:
        """The row of each key, -1 where the view does not know it."""
        if not len(self.keys):
            return np.full(len(keys), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, -1)

    def add(self, scores: NDArray[np.float64], keys: Ints, weights: Floats) -> None:
        """Adds to `scores` (one per document) what these weighted terms are worth."""
        rows = self.rows(keys)
        worth = np.where(rows >= 0, self.rarity[rows] * weights, 0) if len(self.rarity) else np.zeros(len(rows))
        known = worth > WORTHLESS
        rows, weights = rows[known], weights[known]
        if not len(rows):
            return
        first = self.starts[rows]
        counts = self.starts[rows + 1] - first
        total = int(counts.sum())
        if not total:
            return
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        at = np.repeat(first, counts) + within
        gained = self.impacts[at] * np.repeat(weights, counts)
        scores += np.bincount(self.documents[at], weights=gained, minlength=len(scores))

    def frequency(self, key: Ints) -> int:
        """How many documents hold the one term of this key."""
        row = int(self.rows(key)[0])
        return int(self.starts[row + 1] - self.starts[row]) if row >= 0 else 0

    def rarities(self, keys: Ints, *, unknown: float) -> Floats:
        """The idf of each key; `unknown` for one that the view does not know."""
        rows = self.rows(keys)
        if not len(self.rarity):
            return np.full(len(keys), unknown, dtype=np.float32)
        return np.where(rows >= 0, self.rarity[np.maximum(rows, 0)], np.float32(unknown)).astype(np.float32)


def build(terms: Ints, documents: Ints, weights: Floats, total: int) -> Postings:
    """Makes a view from occurrences: term key, document and weight (field weight over length) of each."""
    combined = terms * total + documents
    order = np.argsort(combined)
    combined = combined[order]
    first = np.flatnonzero(np.concatenate(([True], combined[1:] != combined[:-1]))) if len(combined) else order[:0]
    frequency = np.add.reduceat(weights[order], first) if len(first) else weights[:0]
    pair_terms, pair_documents = np.divmod(combined[first], total) if total else (first, first)
    starts = np.flatnonzero(np.concatenate(([True], pair_terms[1:] != pair_terms[:-1]))) if len(first) else first
    keys = pair_terms[starts]
    counts = np.diff(np.concatenate((starts, [len(first)])))
    rarity = np.log1p((total - counts + 0.5) / (counts + 0.5))
    rarity = (rarity * max(1.0, rarity_of_one(NATIONAL) / rarity_of_one(max(total, 2)))).astype(np.float32)
    impacts = np.repeat(rarity, counts) * (K1 + 1) * frequency / (K1 + frequency)
    return Postings(
        keys.astype(np.int64),
        np.concatenate((starts, [len(first)])).astype(np.int64),
        pair_documents.astype(np.int32),
        impacts.astype(np.float32),
        rarity,
    )
