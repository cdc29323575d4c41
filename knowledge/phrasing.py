"""How well a message fits the ways in which people say an entry: its aliases, or a question and its variants."""

import numpy as np

from knowledge.comparing import Comparer, Matrix
from knowledge.postings import Ints
from knowledge.retrieval import Terms

SAID = (
    "said",
    "said_row",
    "said_row_expanded",
    "said_query",
    "said_row_pairs",
    "said_query_pairs",
    "said_accents_differ",
    "said_both",
)
"""Features of the best phrase of an entry; all 0 for an entry without phrases."""

LEAST_SHARE = 0.3
"""Share of a perfect phrase's score that counts as a full one: the best of many bad ones is still bad."""


def best_rows(comparer: Comparer, documents: Ints, scores: Matrix) -> Ints:
    """The phrase of each document that scores best, -1 where it has none."""
    first = comparer.index.phrases.first_row
    found = np.full(len(documents), -1, dtype=np.int64)
    for n, document in enumerate(documents.tolist()):
        start, end = int(first[document]), int(first[document + 1])
        if end > start:
            found[n] = start + int(np.argmax(scores[start:end]))
    return found


def fits(comparer: Comparer, rows: Ints, scores: Matrix, expanded: Terms, original: Terms) -> Matrix:
    """One line of SAID per phrase row; zeros where the row is -1 or shares no word with the message."""
    out = np.zeros((len(rows), len(SAID)))
    some = np.flatnonzero(rows >= 0)
    some = some[scores[rows[some]] > 0]
    if not len(some):
        return out
    phrases = comparer.index.phrases
    chosen = rows[some]
    compared = comparer.rows(phrases.folded[chosen], phrases.accented[chosen])
    asked = comparer.asked(compared, original)
    row, query = comparer.row_share(compared, asked), comparer.query_share(compared, original)
    out[some] = np.stack(
        [
            scores[chosen] / max(float(scores[chosen].max()), LEAST_SHARE * _most(comparer, original), 1e-9),
            row,
            comparer.row_share(compared, comparer.asked(compared, expanded)),
            query,
            comparer.row_pairs(compared, original),
            comparer.query_pairs(compared, original),
            comparer.accents_differ(compared, asked, original),
            row * query,
        ],
        axis=1,
    )
    return out


def _most(comparer: Comparer, terms: Terms) -> float:
    """About what a phrase with every word of the message would score."""
    parts = ("phrases", terms.folded, terms.folded_weights), ("phrase_pairs", terms.pairs, terms.pair_weights)
    views = comparer.index.views
    return float(sum((views[name].rarities(keys, unknown=0.0) * weights).sum() for name, keys, weights in parts))
