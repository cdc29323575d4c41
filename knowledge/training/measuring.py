"""What one example looks like to the search, for fitting and for judging."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import FAQ_PREFIX
from knowledge.ranking import FEATURES, QUESTION_FEATURES
from knowledge.retrieval import best_phrases
from knowledge.search import Ranked, Reading, Searcher
from knowledge.text import fold
from knowledge.training.examples import Example
from knowledge.training.fitting import FOLDS, Choice, fold_of, softmax
from knowledge.weights import Weights

L2 = 0.001
NO_WEIGHTS = Weights(
    procedures=dict.fromkeys(FEATURES, 0.0), questions=dict.fromkeys(QUESTION_FEATURES, 0.0),
    top={"constant": 0.0}, question={"constant": 0.0}, in_domain={"constant": 0.0},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """An example over one base, with the choices it offers."""

    example: Example
    searcher: Searcher
    base: str
    procedures: Choice
    questions: Choice

    @property
    def fold(self) -> int:
        """The fold of cross-validation."""
        return fold_of(self.example.group)


def read(searcher: Searcher, example: Example) -> Reading:
    """The example's message; a phrase of the base itself is hidden, otherwise it would find itself."""
    query = searcher.understand(example.text)
    reading = searcher.read(query, searcher.asked(query))
    if example.kind != "phrase":
        return reading
    said = reading.said.copy()
    wanted = fold(example.text)
    for number in (n for n, ref in enumerate(searcher.index.facts.ref) if ref in example.right):
        first, last = searcher.index.phrases.first_row[number : number + 2].tolist()
        for row in range(first, last):
            if fold(searcher.index.phrases.text[row]) == wanted:
                said[row] = 0.0
    return replace(reading, said=said, best_said=best_phrases(said, searcher.index))


def seen(searcher: Searcher, base: str, example: Example) -> Seen:
    """The features of the example's candidates."""
    reading = read(searcher, example)
    searcher.weights = NO_WEIGHTS
    procedures, questions = searcher.candidates(reading), searcher.questions(reading)
    return Seen(
        example,
        searcher,
        base,
        Choice(procedures.matrix, right(searcher, procedures.owners, example), example.worth),
        Choice(questions.matrix, right(searcher, questions.owners, example), example.worth),
    )


def right(searcher: Searcher, owners: Iterable[int], example: Example) -> NDArray[np.bool_]:
    """Which of these documents are meant."""
    return np.asarray([searcher.index.facts.ref[owner] in example.right for owner in owners], dtype=bool)


def fitted(examples: list[Seen]) -> Weights:
    """Ranking weights from these examples; no confidence yet."""
    useful = [e for e in examples if e.example.kind in ("answer", "phrase") and len(e.example.right) <= 25]
    about_faq = [e.questions for e in useful if e.example.about_faq]
    procedures = [e.procedures for e in useful if not e.example.about_faq]
    return replace(
        NO_WEIGHTS,
        procedures=_named(FEATURES, softmax(procedures, len(FEATURES), L2)),
        questions=_named(QUESTION_FEATURES, softmax(about_faq, len(QUESTION_FEATURES), 10 * L2)),
    )


def by_fold(examples: list[Seen]) -> list[Weights]:
    """For each fold the weights fitted on all others."""
    return [fitted([e for e in examples if e.fold != fold]) for fold in range(FOLDS)]


def ranked(item: Seen, weights: Weights) -> tuple[Reading, Ranked, Ranked]:
    """The example searched with these weights."""
    item.searcher.weights = weights
    reading = read(item.searcher, item.example)
    return reading, item.searcher.ranked(reading), item.searcher.questions(reading)


def _named(names: Iterable[str], values: Iterable[float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def is_faq(ref: str) -> bool:
    """Whether a reference is a question of the FAQ base."""
    return ref.startswith(FAQ_PREFIX)


Signs = Mapping[str, float]
