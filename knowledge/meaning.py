"""Vectors in which everyday words lie near the official ones: learnt from the phrases people use for procedures."""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Floats, Ints

FILE = Path(__file__).parent / "meaning.npz"
BUCKETS = 1 << 15
"""Rows shared by all pairs of neighbouring syllables."""
PAIR_SHARE, ACCENTED_SHARE = 0.6, 0.6
"""How much a pair, and a syllable with its accents, counts beside a syllable without."""
_STEP = 512
"""Texts made into vectors at once: bounds memory."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bags:
    """Features of many texts, text after text: rows of the table, their weights, and where each text starts."""

    rows: Ints
    weights: Floats
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Meaning:
    """The learnt table. folded, accented: row of each syllable known; worth: its weight in a text.

    table: bytes; scales: what a byte of each row is worth. Rows: folded, accented, then BUCKETS of pairs.
    """

    folded: Mapping[str, int]
    accented: Mapping[str, int]
    worth: Floats
    table: NDArray[np.int8]
    scales: Floats

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.table.shape[1])

    def vectors(self, bags: Bags) -> Vectors:
        """One vector of length 1 for each text; zeros for a text of unknown words."""
        out = np.zeros((len(bags), self.width), dtype=np.float32)
        for first in range(0, len(bags), _STEP):
            last = min(first + _STEP, len(bags))
            start, end = int(bags.starts[first]), int(bags.starts[last])
            if start == end:
                continue
            rows = bags.rows[start:end]
            parts = self.table[rows] * (self.scales[rows] * bags.weights[start:end])[:, None]
            counts = np.diff(bags.starts[first : last + 1])
            some = np.flatnonzero(counts)
            out[first + some] = np.add.reduceat(parts, bags.starts[first:last][some] - start, axis=0)
        return unit(out)


class Reader:
    """Reads texts of one vocabulary (an index's numbers of syllables) as bags of the table's rows."""

    def __init__(self, meaning: Meaning, folded: Mapping[str, int], accented: Mapping[str, int]) -> None:
        self._meaning = meaning
        self._folded = _rows(folded, meaning.folded)
        self._accented = _rows(accented, meaning.accented)

    def texts(self, folded: NDArray[np.int32], accented: NDArray[np.int32]) -> Bags:
        """Tables of syllables, one line a text, -1 = padding; every feature counts once."""
        plain, marked = self._folded[folded], self._accented[accented]
        owners, length = np.arange(len(folded))[:, None], folded.shape[1]
        lines = [
            np.broadcast_to(owners, (len(folded), length)).ravel(),
            np.broadcast_to(owners, (len(folded), length)).ravel(),
            np.broadcast_to(owners, (len(folded), max(length - 1, 0))).ravel(),
        ]
        pairs = self._pairs(plain[:, :-1], plain[:, 1:])
        rows = [plain.ravel(), marked.ravel(), pairs[0].ravel()]
        worth = self._meaning.worth
        weights = [
            worth[plain].ravel(),
            ACCENTED_SHARE * worth[marked].ravel(),
            PAIR_SHARE * pairs[1].ravel(),
        ]
        return _bags(np.concatenate(lines), np.concatenate(rows), np.concatenate(weights), len(folded))

    def terms(
        self, folded: tuple[Ints, Floats], pairs: tuple[Ints, Ints, Floats], accented: tuple[Ints, Floats]
    ) -> Bags:
        """One message: syllables, pairs (first, second) and accented syllables with their weights."""
        plain, marked = self._folded[folded[0]], self._accented[accented[0]]
        together, worth = self._pairs(self._folded[pairs[0]], self._folded[pairs[1]])
        rows = np.concatenate((plain, marked, together))
        weights = np.concatenate(
            (
                self._meaning.worth[plain] * folded[1],
                ACCENTED_SHARE * self._meaning.worth[marked] * accented[1],
                PAIR_SHARE * worth * pairs[2],
            )
        )
        known = rows >= 0
        return Bags(rows[known], weights[known].astype(np.float32), np.asarray([0, int(known.sum())]))

    def _pairs(self, first: Ints, second: Ints) -> tuple[Ints, Floats]:
        known = (first >= 0) & (second >= 0)
        hashed = (first * 31337 + second * 2654435761) % BUCKETS
        worth = np.sqrt((self._meaning.worth[first] ** 2 + self._meaning.worth[second] ** 2) / 2)
        base = len(self._meaning.folded) + len(self._meaning.accented)
        return np.where(known, base + hashed, -1), np.where(known, worth, 0).astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """The same directions with length 1; zeros stay zeros."""
    length = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    return np.asarray(vectors / np.maximum(length, 1e-6), dtype=np.float32)


def _rows(numbers: Mapping[str, int], known: Mapping[str, int]) -> Ints:
    """The table's row of each number; the last entry, for -1, is -1."""
    rows = np.full(len(numbers) + 1, -1, dtype=np.int64)
    for syllable, number in numbers.items():
        rows[number] = known.get(syllable, -1)
    return rows


def _bags(owners: Ints, rows: Ints, weights: Floats, count: int) -> Bags:
    """Bags of flat features; unknown rows are left out, one met twice in a text counts once."""
    known = rows >= 0
    owners, rows, weights = owners[known], rows[known], weights[known]
    _, first = np.unique(owners * (1 << 32) + rows, return_index=True)
    owners, rows, weights = owners[first], rows[first], weights[first].astype(np.float32)
    return Bags(rows, weights, np.searchsorted(owners, np.arange(count + 1)).astype(np.int64))


def nothing() -> Meaning:
    """A table that knows no word: everything is equally far."""
    table, scales = np.zeros((BUCKETS, 1), dtype=np.int8), np.zeros(BUCKETS, dtype=np.float32)
    return Meaning({}, {}, np.zeros(1, dtype=np.float32), table, scales)


def save(meaning: Meaning, made_of: str, path: Path = FILE) -> None:
    """Writes the table with the fingerprint of what it was learnt from. Raises OSError."""
    np.savez_compressed(
        path,
        folded=np.frombuffer(" ".join(meaning.folded).encode(), dtype=np.uint8),
        accented=np.frombuffer(" ".join(meaning.accented).encode(), dtype=np.uint8),
        worth=meaning.worth.astype(np.float16),
        table=meaning.table,
        scales=meaning.scales.astype(np.float16),
        made_of=np.frombuffer(made_of.encode(), dtype=np.uint8),
    )


@functools.cache
def load(path: Path = FILE) -> Meaning:
    """Reads the table. Raises OSError or ValueError when the file is missing or damaged."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        folded, accented = (bytes(stored[name]).decode().split() for name in ("folded", "accented"))
        return Meaning(
            {syllable: n for n, syllable in enumerate(folded)},
            {syllable: len(folded) + n for n, syllable in enumerate(accented)},
            np.append(stored["worth"].astype(np.float32), np.float32(0.0)),
            stored["table"],
            stored["scales"].astype(np.float32),
        )


@functools.cache
def fingerprint(path: Path = FILE) -> str:
    """A hash of the file: a stored index made with another table is not used again. Raises OSError."""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def made_of(path: Path = FILE) -> str:
    """The fingerprint of what the table was learnt from. Raises OSError or ValueError."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return bytes(stored["made_of"]).decode()
