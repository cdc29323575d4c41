"""What one example looks like to the search, for fitting and for judging."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.nearness import Nearness
from knowledge.ranking import FEATURES, QUESTION_FEATURES
from knowledge.retrieval import best_phrases
from knowledge.search import Ranked, Reading, Searcher
from knowledge.text import fold
from knowledge.training.examples import Example
from knowledge.training.fitting import FOLDS, Choice, fold_of, softmax
from knowledge.weights import Weights

L2 = 0.0005
NO_WEIGHTS = Weights(
    procedures=dict.fromkeys(FEATURES, 0.0), questions=dict.fromkeys(QUESTION_FEATURES, 0.0),
    top={"constant": 0.0}, question={"constant": 0.0}, in_domain={"constant": 0.0},
    turn={"constant": [0.0, 0.0, 0.0]},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """An example over one base, with the choices it offers."""

    example: Example
    searcher: Searcher
    base: str
    reading: Reading
    procedures: Ranked
    questions: Ranked

    @property
    def fold(self) -> int:
        """The fold of cross-validation."""
        return fold_of(self.example.group)


def read(searcher: Searcher, example: Example) -> Reading:
    """The example's message as the search reads it."""
    query = searcher.understand(example.text)
    return searcher.read(query, searcher.asked(query))


@contextlib.contextmanager
def hidden(searcher: Searcher, example: Example) -> Iterator[Searcher]:
    """The search without the phrase that the example was taken from: otherwise it would find itself."""
    index, wanted = searcher.index, fold(example.text)
    rows = []
    for number in (n for n, ref in enumerate(index.facts.ref) if example.kind == "phrase" and ref in example.right):
        first, last = index.phrases.first_row[number : number + 2].tolist()
        rows += [row for row in range(first, last) if fold(index.phrases.text[row]) == wanted]
    vectors, words = index.meanings.phrases[rows].copy(), index.phrases.folded[rows].copy()
    index.meanings.phrases[rows], index.phrases.folded[rows] = 0.0, -1
    try:
        yield searcher
    finally:
        index.meanings.phrases[rows], index.phrases.folded[rows] = vectors, words


def without_itself(searcher: Searcher, example: Example, reading: Reading) -> Reading:
    """The reading without what the example's own phrase gains."""
    if example.kind != "phrase":
        return reading
    said, wanted = reading.said.copy(), fold(example.text)
    for number in (n for n, ref in enumerate(searcher.index.facts.ref) if ref in example.right):
        first, last = searcher.index.phrases.first_row[number : number + 2].tolist()
        for row in range(first, last):
            if fold(searcher.index.phrases.text[row]) == wanted:
                said[row] = 0.0
    return replace(reading, said=said, best_said=best_phrases(said, searcher.index))


def seen(searcher: Searcher, base: str, example: Example) -> Seen:
    """The features of the example's candidates; of the reading only what confidence needs is kept."""
    with hidden(searcher, example):
        reading = without_itself(searcher, example, read(searcher, example))
        procedures, questions = searcher.candidates(reading), searcher.question_candidates(reading)
    none = np.zeros(0)
    nowhere = Nearness(np.zeros((0, 0), dtype=np.float32), np.zeros((0, 2), dtype=np.float32))
    slim = replace(reading, scores=(none, none), said=none, best_said=none, near=nowhere)
    return Seen(example, searcher, base, slim, procedures, questions)


def choice(item: Seen, found: Ranked) -> Choice:
    """The candidates of an example, with those that are meant."""
    return Choice(found.matrix, right(item.searcher, found.owners, item.example), item.example.worth)


def right(searcher: Searcher, owners: Iterable[int], example: Example) -> NDArray[np.bool_]:
    """Which of these documents are meant."""
    return np.asarray([searcher.index.facts.ref[owner] in example.right for owner in owners], dtype=bool)


def fitted(examples: list[Seen]) -> Weights:
    """Ranking weights from these examples; no confidence yet."""
    useful = [e for e in examples if e.example.kind in ("answer", "phrase") and len(e.example.right) <= 25]
    about_faq = [choice(e, e.questions) for e in useful if e.example.about_faq]
    procedures = [choice(e, e.procedures) for e in useful if not e.example.about_faq]
    return replace(
        NO_WEIGHTS,
        procedures=_named(FEATURES, softmax(procedures, len(FEATURES), L2)),
        questions=_named(QUESTION_FEATURES, softmax(about_faq, len(QUESTION_FEATURES), 10 * L2)),
    )


def by_fold(examples: list[Seen]) -> list[Weights]:
    """For each fold the weights fitted on all others."""
    return [fitted([e for e in examples if e.fold != fold]) for fold in range(FOLDS)]


def ranked(item: Seen, weights: Weights) -> tuple[Ranked, Ranked]:
    """The example's procedures and questions put in order by these weights."""
    item.searcher.weights = weights
    return item.searcher.in_order(item.procedures), item.searcher.questions_in_order(item.questions)


def _named(names: Iterable[str], values: Iterable[float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}
