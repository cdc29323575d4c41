"""How near a message lies to entries in the learnt vectors."""

from dataclasses import dataclass

import numpy as np

from knowledge.comparing import Matrix
from knowledge.index import PAIR, Index
from knowledge.meaning import Bags, Meaning, Reader, Vectors
from knowledge.postings import Ints
from knowledge.retrieval import Terms

NEAR = ("near_name", "near_name_original", "near_said", "near_said_original", "near")
"""Cosines, -1..1: with the name of an entry and with the nearest way to say it; near: the better of the two."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """A message's vectors (line 0 with the official words added, line 1 without) and its cosines with all names."""

    vectors: Vectors
    names: Vectors


class Measure:
    """Measures one index's entries; read-only."""

    def __init__(self, index: Index, meaning: Meaning) -> None:
        self._index = index
        self._meaning = meaning
        self._reader = Reader(meaning, index.folded, index.accented)

    def message(self, expanded: Terms, original: Terms) -> Nearness:
        """Where a message lies."""
        vectors = np.concatenate([self._meaning.vectors(bag(self._reader, terms)) for terms in (expanded, original)])
        return Nearness(vectors, self._index.meanings.names @ vectors.T)

    def said(self, near: Nearness, documents: Ints) -> Matrix:
        """For each document the cosines of its nearest phrase, as in `Nearness.vectors`; 0 where it has none."""
        first = self._index.phrases.first_row
        counts = first[documents + 1] - first[documents]
        out = np.zeros((len(documents), len(near.vectors)))
        some = np.flatnonzero(counts)
        if len(some):
            starts = np.cumsum(counts[some]) - counts[some]
            within = np.arange(int(counts[some].sum())) - np.repeat(starts, counts[some])
            rows = np.repeat(first[documents[some]], counts[some]) + within
            out[some] = np.maximum.reduceat(self._index.meanings.phrases[rows] @ near.vectors.T, starts, axis=0)
        return out

    def features(self, near: Nearness, documents: Ints, said: Matrix) -> Matrix:
        """One line of NEAR per document; said: what `said` gave for them."""
        names = near.names[documents]
        return np.column_stack([names, said, np.maximum(names[:, 0], said[:, 0])])


def bag(reader: Reader, terms: Terms) -> Bags:
    """The terms of a message as the table's rows."""
    first, second = np.divmod(terms.pairs, PAIR)
    return reader.terms(
        (terms.folded, terms.folded_weights),
        (first, second, terms.pair_weights),
        (terms.accented, terms.accented_weights),
    )
