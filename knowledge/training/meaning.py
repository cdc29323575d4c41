"""`python -m knowledge.training.meaning SNAPSHOT`: learns the vectors from the phrases people use, and writes them."""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from knowledge import aliases, lexicon, meaning, text
from knowledge.base import indexed
from knowledge.entries import FAQ_PREFIX
from knowledge.index import NAME, Index
from knowledge.meaning import BUCKETS, Bags, Meaning, Reader
from knowledge.nearness import bag
from knowledge.postings import Ints
from knowledge.retrieval import terms
from knowledge.search import Searcher
from knowledge.training import asked, bases
from knowledge.training.asking import Asker

SEED = 20261121
WIDTH = 96
ROUNDS, BATCH = 4, 512
RATE, SLOWER = 0.01, 0.8
SHARPNESS = 12.0
FORGOTTEN = 0.3
"""Share of the features left out at random while learning, so that no single word decides."""
REMEMBERED, LONGEST = 0.65, 25
"""Share of the words of an official name that somebody repeats, and how many at most."""
MOST_MEANT = 12
"""A phrase that fits more entries than this teaches nothing about any of them."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt from: messages (features, one line each), which entries each means, the names of all entries."""

    messages: csr_array
    meant: list[Ints]
    entries: csr_array
    blank: Meaning


def material() -> str:
    """A fingerprint of the phrases and questions that the vectors are learnt from."""
    return f"{aliases.fingerprint()} {asked.fingerprint()}"


def lesson(snapshot: Path) -> Lesson:
    """Every shipped phrase and question of every entry, as it stands and typed again, and every name half said."""
    words, everyday = lexicon.load(), aliases.load()
    base = bases.bases(snapshot)[-1]
    nothing = meaning.nothing()
    searcher = Searcher(indexed(base, words, everyday, nothing), words, learnt=nothing)
    index, blank = searcher.index, _blank(searcher)
    reader = Reader(blank, index.folded, index.accented)
    asker = Asker(words, random.Random(SEED))
    messages, meant = [], []
    for phrase, owners in sorted(_owners(index).items()):
        if len(owners) > MOST_MEANT:
            continue
        for said in (phrase, asker.asked(phrase)):
            messages.append(bag(reader, terms(searcher.understand(said), index, expanded=True)))
            meant.append(np.asarray(sorted(owners)))
    numbers = {ref: n for n, ref in enumerate(index.facts.ref)}
    for question in asked.divided()[0]:
        meant_by = [numbers[code] for code in question.codes if code in numbers]
        for said in (question.text, asker.typed(question.text)):
            messages.append(bag(reader, terms(searcher.understand(said), index, expanded=True)))
            meant.append(np.asarray(sorted(meant_by)))
    for owner, said in _half_said(index, random.Random(SEED)):
        messages.append(bag(reader, terms(searcher.understand(asker.asked(said)), index, expanded=True)))
        meant.append(np.asarray([owner]))
    size = len(blank.table)
    return Lesson(_widened(_joined(messages), size), meant, _widened(names(index, reader), size), blank)


def _owners(index: Index) -> dict[str, set[int]]:
    owners: dict[str, set[int]] = defaultdict(set)
    for owner, phrase in zip(index.phrases.document.tolist(), index.phrases.text, strict=True):
        owners[phrase].add(owner)
    return owners


def _half_said(index: Index, chance: random.Random) -> Iterator[tuple[int, str]]:
    """Each official name as somebody would repeat it who half remembers it."""
    for owner, (ref, title) in enumerate(zip(index.facts.ref, index.facts.title, strict=True)):
        kept = [word for word in title.split() if chance.random() < REMEMBERED][:LONGEST]
        if not ref.startswith(FAQ_PREFIX) and len(kept) > 1:
            yield owner, " ".join(kept)


def _blank(searcher: Searcher) -> Meaning:
    """A table of zeros over the syllables of this index."""
    index, rarity = searcher.index, searcher.features.comparer.rarity
    folded = dict(index.folded)
    accented = {syllable: len(folded) + n for syllable, n in index.accented.items()}
    worth = np.concatenate((rarity[:-1], rarity[:-1][index.folded_of], [0.0]))
    size = len(folded) + len(accented) + BUCKETS
    table, scales = np.zeros((size, WIDTH), dtype=np.int8), np.zeros(size, dtype=np.float32)
    return Meaning(folded, accented, np.sqrt(worth).astype(np.float32), table, scales)


def names(index: Index, reader: Reader) -> csr_array:
    """The official name of each procedure, the first wording of each question."""
    titles, phrases = index.titles, index.phrases
    name_rows = {int(titles.document[row]): row for row in np.flatnonzero(titles.kind == NAME).tolist()}
    tables = []
    for n, ref in enumerate(index.facts.ref):
        if ref.startswith(FAQ_PREFIX):
            row = int(phrases.first_row[n])
            tables.append((phrases.folded[row], phrases.accented[row]))
        else:
            tables.append((titles.folded[name_rows[n]], titles.accented[name_rows[n]]))
    return _joined([reader.texts(folded[None], accented[None]) for folded, accented in tables])


def _joined(bags: list[Bags]) -> csr_array:
    """One line per bag, each of length 1."""
    sizes = np.asarray([len(bag.rows) for bag in bags])
    weights = [bag.weights / max(float(np.linalg.norm(bag.weights)), 1e-6) for bag in bags]
    width = int(max(bag.rows.max(initial=0) for bag in bags)) + 1
    columns = np.concatenate([bag.rows for bag in bags])
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return csr_array((np.concatenate(weights), columns, starts), shape=(len(bags), width))


def _widened(table: csr_array, width: int) -> csr_array:
    return csr_array((table.data, table.indices, table.indptr), shape=(table.shape[0], width))


class _Learner:
    """A table that is pulled, batch after batch, towards putting messages beside what they mean (Adam)."""

    def __init__(self, given: Lesson) -> None:
        self._given = given
        self._chance = np.random.default_rng(SEED)
        size = len(given.blank.table)
        self.table = (self._chance.standard_normal((size, WIDTH)) / np.sqrt(WIDTH)).astype(np.float32)
        self._mean, self._square = np.zeros_like(self.table), np.zeros_like(self.table)
        self._steps = 0

    def round(self, rate: float) -> float:
        """One pass over all messages; the mean loss."""
        order = self._chance.permutation(self._given.messages.shape[0])
        lost = [
            self._learn(order[start : start + BATCH], rate) * len(order[start : start + BATCH])
            for start in range(0, len(order), BATCH)
        ]
        return sum(lost) / len(order)

    def _learn(self, chosen: Ints, rate: float) -> float:
        messages = self._forgetful(self._given.messages[chosen])
        entries = self._forgetful(self._given.entries)
        said, said_length = self._vectors(messages)
        named, named_length = self._vectors(entries)
        scores = SHARPNESS * (said @ named.T)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        belief = raised / raised.sum(axis=1, keepdims=True)
        lost = 0.0
        for row, n in enumerate(chosen.tolist()):
            meant = self._given.meant[n]
            right = belief[row, meant]
            whole = max(float(right.sum()), 1e-9)
            belief[row, meant] -= right / whole
            lost -= float(np.log(whole))
        belief *= SHARPNESS / len(chosen)
        slope = messages.T @ _turned(belief @ named, said, said_length)
        slope += entries.T @ _turned(belief.T @ said, named, named_length)
        self._step(slope, rate)
        return lost / len(chosen)

    def _forgetful(self, table: csr_array) -> csr_array:
        kept = self._chance.random(len(table.data)) >= FORGOTTEN
        return csr_array((table.data * kept, table.indices, table.indptr), shape=table.shape)

    def _vectors(self, table: csr_array) -> tuple[Matrix, Matrix]:
        summed = table @ self.table
        length = np.linalg.norm(summed, axis=1, keepdims=True) + 1e-6
        return summed / length, length

    def _step(self, slope: Matrix, rate: float) -> None:
        self._steps += 1
        self._mean += 0.1 * (slope - self._mean)
        self._square += 0.01 * (slope * slope - self._square)
        mean = self._mean / (1 - 0.9**self._steps)
        square = self._square / (1 - 0.99**self._steps)
        self.table -= rate * mean / (np.sqrt(square) + 1e-7)


def _turned(slope: Matrix, vectors: Matrix, length: Matrix) -> Matrix:
    """The slope before the vectors were brought to length 1."""
    return np.asarray((slope - vectors * (slope * vectors).sum(axis=1, keepdims=True)) / length, dtype=np.float32)


def learnt(given: Lesson, rounds: int = ROUNDS) -> Meaning:
    """The table; the same lesson gives the same one on the same machine."""
    learner, rate = _Learner(given), RATE
    for n in range(rounds):
        lost = learner.round(rate)
        rate *= SLOWER
        sys.stderr.write(f"round {n + 1} loss {lost:.3f}\n")
    scales = np.abs(learner.table).max(axis=1) / 127
    table = np.round(learner.table / np.maximum(scales, 1e-9)[:, None]).astype(np.int8)
    return replace(given.blank, table=table, scales=scales.astype(np.float32))


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--out", type=Path, default=meaning.FILE)
    options = parser.parse_args()
    text.warm_up()
    meaning.save(learnt(lesson(options.snapshot)), material(), options.out)


if __name__ == "__main__":
    main()
