"""Features by which candidates are put in order (the only rapidfuzz import)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.comparing import START, Comparer, Matrix, Rows
from knowledge.entries import Level
from knowledge.index import HEAD, Index
from knowledge.nearness import NEAR
from knowledge.operations import ABROAD, FIRST, OLDEST, age_range
from knowledge.phrasing import SAID, fits
from knowledge.postings import Ints
from knowledge.retrieval import Terms
from knowledge.siblings import APART, QUESTION_APART, apart, apart_questions
from knowledge.syllables import Expansion
from knowledge.text import fold

FEATURES = (
    "expanded",
    "original",
    "title_expanded",
    "title_original",
    "title_start",
    "title_pairs",
    "query_expanded",
    "query_original",
    "query_pairs",
    "phrase",
    "phrases_all",
    "accents_differ",
    "same_operation",
    "other_operation",
    "no_operation",
    "same_qualifier",
    "unasked_qualifier",
    "missing_qualifier",
    "level_named",
    "level_other",
    "province_named",
    "province_own",
    "people_agree",
    "people_differ",
    "age_fits",
    "age_differs",
    "likeness",
    "length",
    "head",
    "uncovered",
    "unasked_operation",
    "only_special",
    "abroad",
    *SAID,
    *APART,
    *NEAR,
)
QUESTION_FEATURES = (*SAID, "said_length", "likeness", "expanded", "original", *NEAR, *QUESTION_APART)
"""Features of an entry of the FAQ base."""


def slips(syllable: str, known: Sequence[str]) -> list[str]:
    """Known syllables one slip (letter missing, added, changed or swapped) away."""
    found = process.extract(syllable, known, scorer=OSA.distance, score_cutoff=1, limit=24)
    return [word for word, _, _ in found]


def share_of_words(one: str, other: str) -> float:
    """How much of the words of the shorter text stands in the longer one, 0..1, whatever their order."""
    return fuzz.token_set_ratio(one, other) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What ranking compares beside words. Bits as in knowledge.operations; provinces by their short name."""

    operations: int = 0
    qualifiers: int = 0
    people: int = 0
    levels: frozenset[Level] = frozenset()
    provinces: frozenset[str] = frozenset()
    ages: tuple[int, ...] = ()
    text: str = ""


class Features:
    """Computes the feature matrices; keeps dense tables of one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.comparer = Comparer(index)
        self.levels = np.asarray([list(Level).index(level) for level in index.facts.level], dtype=np.int32)
        self.titles = [fold(title) for title in index.titles.text]

    def rows_of(self, documents: Ints) -> tuple[Ints, Ints]:
        """All title rows of these documents, document after document, and the place of each one's document."""
        first, last = self.index.titles.first_row[documents], self.index.titles.first_row[documents + 1]
        counts = last - first
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(first, counts) + within, np.repeat(np.arange(len(documents)), counts)

    def matrix(
        self,
        documents: Ints,
        terms: tuple[Terms, Terms],
        scores: tuple[Matrix, Matrix],
        said: Matrix,
        near: Matrix,
        expansions: Sequence[Expansion],
        asked: Asked,
    ) -> Matrix:
        """One line of FEATURES per title row of these documents (`rows_of`), best document first.

        terms, scores: expanded and original; scores: BM25F of all documents; said, near: SAID and NEAR of each of
        these documents.
        """
        titles, comparer = self.index.titles, self.comparer
        expanded, original = terms
        rows, places = self.rows_of(documents)
        owners = titles.document[rows]
        compared = comparer.rows(titles.folded[rows], titles.accented[rows])
        by_expanded, by_original = comparer.asked(compared, expanded), comparer.asked(compared, original)
        best, mean = self._phrases(compared, expansions)
        length = (compared.folded >= 0).sum(axis=1)
        columns: dict[str, Matrix] = {
            "expanded": scores[0][owners] / _highest(scores[0][owners]),
            "original": scores[1][owners] / _highest(scores[1][owners]),
            "title_expanded": comparer.row_share(compared, by_expanded),
            "title_original": comparer.row_share(compared, by_original),
            "title_start": comparer.row_share(_start(compared), by_expanded[:, :START]),
            "title_pairs": comparer.row_pairs(compared, expanded),
            "query_expanded": comparer.query_share(compared, expanded),
            "query_original": comparer.query_share(compared, original),
            "query_pairs": comparer.query_pairs(compared, original),
            "phrase": best,
            "phrases_all": mean,
            "accents_differ": comparer.accents_differ(compared, by_expanded, expanded),
            "likeness": np.asarray(
                [fuzz.token_set_ratio(asked.text, self.titles[row]) / 100 for row in rows.tolist()], dtype=np.float64
            ),
            "length": np.log1p(length) / 4,
            "head": (titles.kind[rows] == HEAD).astype(np.float64),
            "uncovered": np.log1p(((1 - by_expanded) * compared.rarity).sum(axis=1)) / 4,
            **{name: said[places, n] for n, name in enumerate(SAID)},
            **{name: near[places, n] for n, name in enumerate(NEAR)},
        }
        apart_from_others = apart(comparer, documents, rows, places, expanded, original)
        columns |= {name: apart_from_others[:, n] for n, name in enumerate(APART)}
        out = np.zeros((len(rows), len(FEATURES)))
        column = {name: n for n, name in enumerate(FEATURES)}
        for name, values in columns.items():
            out[:, column[name]] = values
        self._circumstances(out, column, rows, owners, asked)
        return out

    def question_matrix(
        self,
        documents: Ints,
        rows: Ints,
        phrase_scores: Matrix,
        near: Matrix,
        terms: tuple[Terms, Terms],
        scores: tuple[Matrix, Matrix],
        asked: Asked,
    ) -> Matrix:
        """One line of QUESTION_FEATURES per document; rows: its best phrase."""
        phrases = self.index.phrases
        said = fits(self.comparer, rows, phrase_scores, *terms)
        length = np.log1p((phrases.folded[rows] >= 0).sum(axis=1)) / 4
        likeness = [fuzz.token_set_ratio(asked.text, fold(phrases.text[row])) / 100 for row in rows.tolist()]
        ours = [score[documents] / _highest(score[documents]) for score in scores]
        others = apart_questions(self.comparer, documents, *terms)
        return np.column_stack([said, length, np.asarray(likeness, dtype=np.float64), *ours, near, others])

    def _phrases(self, rows: Rows, expansions: Sequence[Expansion]) -> tuple[Matrix, Matrix]:
        """How much of the official phrases a title holds: of the best one, and on average over the parts."""
        best: dict[tuple[str, ...], Matrix] = {}
        for expansion in expansions:
            known = [self.index.folded[word.folded] for word in expansion.words if word.folded in self.index.folded]
            if not known:
                continue
            ids = np.asarray(sorted(set(known)), dtype=np.int64)
            worth = self.comparer.rarity[ids]
            held = (rows.folded[:, :, None] == ids).any(axis=1) @ worth / max(worth.sum(), 1e-9)
            before = best.get(expansion.everyday)
            best[expansion.everyday] = held if before is None else np.maximum(before, held)
        if not best:
            return np.zeros(len(rows.folded)), np.zeros(len(rows.folded))
        stacked = np.stack(list(best.values()))
        return stacked.max(axis=0) ** 2, stacked.mean(axis=0)

    def _circumstances(
        self, out: Matrix, column: dict[str, int], rows: Ints, owners: NDArray[np.int32], asked: Asked
    ) -> None:
        titles, facts = self.index.titles, self.index.facts
        mine, theirs = asked.operations, titles.operations[rows]
        out[:, column["same_operation"]] = (theirs & mine) != 0
        out[:, column["other_operation"]] = np.minimum(np.bitwise_count(theirs & ~mine & ~FIRST), 2)
        out[:, column["no_operation"]] = (mine != 0) & ((theirs & mine) == 0)
        unasked = np.minimum(np.bitwise_count(theirs & ~FIRST), 2)
        out[:, column["unasked_operation"]] = unasked if not mine else 0
        special = titles.qualifiers[rows]
        out[:, column["abroad"]] = (special & ~asked.qualifiers & ABROAD) != 0
        out[:, column["only_special"]] = (special != 0) & (asked.qualifiers == 0)
        out[:, column["same_qualifier"]] = np.minimum(np.bitwise_count(special & asked.qualifiers), 2)
        out[:, column["unasked_qualifier"]] = np.minimum(np.bitwise_count(special & ~asked.qualifiers), 2)
        out[:, column["missing_qualifier"]] = np.minimum(np.bitwise_count(asked.qualifiers & ~special), 2)
        if asked.levels:
            named = np.asarray([level in asked.levels for level in Level])[self.levels[owners]]
            out[:, column["level_named"]] = named
            out[:, column["level_other"]] = ~named & (self.levels[owners] != list(Level).index(Level.UNKNOWN))
        provinces = [facts.province[owner] for owner in owners.tolist()]
        out[:, column["province_named"]] = [bool(p) and p in asked.provinces for p in provinces]
        out[:, column["province_own"]] = [bool(p) for p in provinces]
        if asked.ages:
            ranges = [age_range(titles.text[row]) for row in rows.tolist()]
            fits = [any(low <= age <= high for age in asked.ages) for low, high in ranges]
            limited = [span != (0, OLDEST) for span in ranges]
            out[:, column["age_fits"]] = [a and b for a, b in zip(fits, limited, strict=True)]
            out[:, column["age_differs"]] = [not fit for fit in fits]
        subjects = facts.subjects[owners]
        known = (subjects != 0) & (asked.people != 0)
        out[:, column["people_agree"]] = known & ((subjects & asked.people) != 0)
        out[:, column["people_differ"]] = known & ((subjects & asked.people) == 0)


def _start(rows: Rows) -> Rows:
    return Rows(rows.folded[:, :START], rows.accented[:, :START], rows.rarity[:, :START])


def _highest(scores: Matrix) -> float:
    return max(float(scores.max(initial=0.0)), 1e-9)


def named(names: Sequence[str], row: Matrix) -> dict[str, float]:
    """One line of a matrix by the names of its features."""
    return dict(zip(names, row.tolist(), strict=True))
