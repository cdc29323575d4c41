"""What tells the candidates of one question apart: words that few of them share count, the common ones do not."""

import numpy as np

from knowledge.comparing import Comparer, Matrix
from knowledge.index import PAIR
from knowledge.postings import Floats, Ints
from knowledge.retrieval import Terms

APART = ("apart_all", "apart_title", "apart_phrases", "apart_pairs", "apart_texts", "apart_row", "apart_unasked")
"""Features of a title row, compared with the rows of the other candidates."""
QUESTION_APART = ("apart_said", "apart_said_pairs", "apart_said_texts")
"""Features of a question of the FAQ base, compared with the other candidates."""
SIBLINGS = 20
"""Best candidates among which a word has to be rare to tell them apart."""


def apart(comparer: Comparer, documents: Ints, rows: Ints, places: Ints, expanded: Terms, original: Terms) -> Matrix:
    """One line of APART per title row.

    documents: the candidates, best first; rows: their title rows; places: the position in `documents` of each row.
    """
    titles, phrases = comparer.index.titles, comparer.index.phrases
    out = np.zeros((len(rows), len(APART)))
    if not len(rows):
        return out
    count = len(documents)
    in_titles = _holds(titles.folded[rows], places, expanded.folded, count)
    said, owners = _rows_of(phrases.first_row, documents)
    in_phrases = _holds(phrases.folded[said], owners, expanded.folded, count)
    anywhere = in_titles | in_phrases
    worth = expanded.folded_weights * comparer.rarity[expanded.folded] * _local(anywhere)
    in_texts = comparer.index.holding(documents, expanded.folded) | anywhere
    text_worth = expanded.folded_weights * comparer.rarity[expanded.folded] * _local(in_texts)
    pairs = _pairs(titles.folded[rows], places, original.pairs, count) | _pairs(
        phrases.folded[said], owners, original.pairs, count
    )
    first, second = np.divmod(original.pairs, PAIR)
    pair_worth = original.pair_weights * (comparer.rarity[first] + comparer.rarity[second]) * _local(pairs)
    for name, held, value in (
        ("apart_all", anywhere, worth),
        ("apart_title", in_titles, worth),
        ("apart_phrases", in_phrases, worth),
        ("apart_pairs", pairs, pair_worth),
        ("apart_texts", in_texts, text_worth),
    ):
        out[:, APART.index(name)] = _share(held, value)[places]
    own, unasked = _title_side(comparer, titles.folded[rows], places, expanded)
    out[:, APART.index("apart_row")], out[:, APART.index("apart_unasked")] = own, unasked
    return out


def apart_questions(comparer: Comparer, documents: Ints, expanded: Terms, original: Terms) -> Matrix:
    """One line of QUESTION_APART per document: what sets its phrases and texts apart. documents: best first."""
    if not len(documents):
        return np.zeros((0, len(QUESTION_APART)))
    phrases, count = comparer.index.phrases, len(documents)
    said, owners = _rows_of(phrases.first_row, documents)
    in_phrases = _holds(phrases.folded[said], owners, expanded.folded, count)
    in_texts = comparer.index.holding(documents, expanded.folded) | in_phrases
    rarity = expanded.folded_weights * comparer.rarity[expanded.folded]
    pairs = _pairs(phrases.folded[said], owners, original.pairs, count)
    first, second = np.divmod(original.pairs, PAIR)
    pair_rarity = original.pair_weights * (comparer.rarity[first] + comparer.rarity[second])
    return np.column_stack(
        [
            _share(in_phrases, rarity * _local(in_phrases)),
            _share(pairs, pair_rarity * _local(pairs)),
            _share(in_texts, rarity * _local(in_texts)),
        ]
    )


def _rows_of(first_row: Ints, documents: Ints) -> tuple[Ints, Ints]:
    first, last = first_row[documents], first_row[documents + 1]
    counts = last - first
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(first, counts) + within, np.repeat(np.arange(len(documents)), counts)


def _holds(table: np.ndarray, owners: Ints, wanted: Ints, count: int) -> np.ndarray:
    """Which of the documents (lines) hold which of the wanted syllables (columns; sorted) in their rows."""
    held = np.zeros((count, len(wanted)), dtype=bool)
    if not len(wanted):
        return held
    at = np.minimum(np.searchsorted(wanted, table), len(wanted) - 1)
    line, column = np.nonzero(wanted[at] == table)
    held[owners[line], at[line, column]] = True
    return held


def _pairs(table: np.ndarray, owners: Ints, wanted: Ints, count: int) -> np.ndarray:
    before, after = table[:, :-1].astype(np.int64), table[:, 1:].astype(np.int64)
    return _holds(np.where((before >= 0) & (after >= 0), before * PAIR + after, -1), owners, wanted, count)


def _local(held: np.ndarray) -> Floats:
    """How rare each column is among the best candidates; 0 for what all or none of them hold."""
    near = held[:SIBLINGS]
    n, df = len(near), near.sum(axis=0)
    return np.where((df > 0) & (df < n), np.log((n + 1) / (df + 0.5)) / np.log(n + 1), 0.0).astype(np.float32)


def _share(held: np.ndarray, worth: np.ndarray) -> Matrix:
    return np.asarray((held * worth).sum(axis=1) / max(float(worth.sum()), 1e-9), dtype=np.float64)


def _title_side(comparer: Comparer, table: np.ndarray, places: Ints, asked: Terms) -> tuple[Matrix, Matrix]:
    """Of the syllables that set a title apart: the share that is asked for, and how many are not."""
    near = np.sort(table[places < SIBLINGS], axis=1)
    n = len(near)
    once = np.ones(near.shape, dtype=bool)
    once[:, 1:] = near[:, 1:] != near[:, :-1]
    seen = np.bincount(near[once & (near >= 0)], minlength=len(comparer.rarity)).astype(np.float64)
    weight = np.log((n + 1) / (np.clip(seen, 0, n) + 0.5)) / np.log(n + 1.5)
    weight[-1] = 0.0
    dense = np.zeros(len(comparer.rarity))
    dense[asked.folded] = np.minimum(asked.folded_weights * 2, 1.0)
    rare = np.where(table >= 0, np.maximum(weight, 0)[table] * comparer.rarity[table], 0.0)
    said = (rare * dense[table]).sum(axis=1)
    whole = rare.sum(axis=1)
    return said / np.maximum(whole, 1e-9), np.log1p(whole - said) / 4
