"""How alike questions are, so that those asking for the same can be settled together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import meaning
from knowledge.meaning import Meaning, Reader, Vectors
from knowledge.operations import operations
from knowledge.ranking import share_of_words
from knowledge.text import clean, fold, term, tokens

ALIKE = 0.65
"""From here on two questions count as the same: about three of four such pairs ask for the same procedure (measured on
labelled questions), and whoever settles a group sees the rest."""
LONGEST = 24
"""Syllables of a question that are compared."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions ready to be compared. folded: without accents; operations: what is to be done, as bits."""

    vectors: Vectors
    folded: tuple[str, ...]
    operations: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.folded)


def prepared(texts: Sequence[str], learnt: Meaning | None = None) -> Questions:
    """The questions made ready. learnt: the vectors, by default those shipped. Raises OSError or ValueError."""
    table, cleaned = learnt or meaning.load(), [clean(text).lower() for text in texts]
    folded_numbers: dict[str, int] = {}
    accented_numbers: dict[str, int] = {}
    accented = np.full((len(cleaned), LONGEST), -1, dtype=np.int32)
    folded = accented.copy()
    for line, text in enumerate(cleaned):
        for place, token in enumerate(tokens(text)[:LONGEST]):
            word = term(token)
            accented[line, place] = accented_numbers.setdefault(word, len(accented_numbers))
            folded[line, place] = folded_numbers.setdefault(fold(word), len(folded_numbers))
    reader = Reader(table, folded_numbers, accented_numbers)
    plain = tuple(" ".join(tokens(fold(text))) for text in cleaned)
    done = [operations(text, accents=fold(text) != text) for text in cleaned]
    return Questions(table.vectors(reader.texts(folded, accented)), plain, np.asarray(done, dtype=np.int64))


def alike(one: Questions, others: Questions) -> NDArray[np.float64]:
    """For each question (lines) how alike each other (columns) is, 0..1.

    Half of it is the nearness of the meaning, half the words in common. What asks for another thing to be done is not
    alike at all: "cấp mới" and "cấp lại" are two procedures.
    """
    near = (one.vectors @ others.vectors.T).astype(np.float64)
    scores = np.zeros(near.shape)
    for line, column in np.argwhere(near >= 2 * ALIKE - 1):
        scores[line, column] = share_of_words(one.folded[line], others.folded[column])
    scores = np.where(scores > 0, (near + scores) / 2, 0.0)
    first, second = one.operations[:, None], others.operations[None, :]
    return np.where((first & second) | (first == 0) | (second == 0), np.clip(scores, 0, 1), 0.0)


def grouped(new: Questions, known: Questions, groups: Sequence[int]) -> list[int]:
    """The group of each new question: that of the known one most like it, below 0 for groups that are new.

    groups: of the known questions, above 0. A group never changes by what comes later, so that it can be spoken about.
    New groups are counted -1, -2, ... in the order of their first question.
    """
    found: list[int] = []
    with_known, among = alike(new, known), alike(new, new)
    fresh = 0
    for line in range(len(new)):
        before = [(with_known[line, n], groups[n]) for n in range(len(known))]
        before += [(among[line, n], found[n]) for n in range(line)]
        score, group = max(before, key=lambda pair: pair[0], default=(0.0, 0))
        if score < ALIKE:
            fresh -= 1
            group = fresh
        found.append(group)
    return found
