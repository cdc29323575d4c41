"""How often syllables stand side by side in what people ask: what slips of the finger are mended by."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from knowledge.text import clean, fold, term, tokens

FILE = Path(__file__).parent / "spoken.npz"
LEAST = 2
"""Pairs met less often say nothing."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Counts of folded syllables, and of pairs of them in their order; marked: syllables as written with accents."""

    single: dict[str, int]
    pairs: dict[tuple[str, str], int]
    marked: frozenset[str] = frozenset()


def counted(texts: Iterable[str]) -> Spoken:
    """The counts of these texts."""
    single: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    marked: set[str] = set()
    for text in texts:
        written = [term(token) for token in tokens(clean(text).lower())]
        syllables = [fold(token) for token in written]
        marked.update(token for token, folded in zip(written, syllables, strict=True) if token != folded)
        for syllable in syllables:
            single[syllable] = single.get(syllable, 0) + 1
        for pair in pairwise(syllables):
            pairs[pair] = pairs.get(pair, 0) + 1
    kept = {pair: count for pair, count in sorted(pairs.items()) if count >= LEAST}
    return Spoken({word: n for word, n in sorted(single.items()) if n >= LEAST}, kept, frozenset(marked))


def save(spoken: Spoken, made_of: str, path: Path = FILE) -> None:
    """Writes the counts with a fingerprint of what they were counted in. Raises OSError."""
    words = sorted({*spoken.single, *(word for pair in spoken.pairs for word in pair)})
    number = {word: n for n, word in enumerate(words)}
    np.savez_compressed(
        path,
        words=np.frombuffer(" ".join(words).encode(), dtype=np.uint8),
        single=np.asarray([spoken.single.get(word, 0) for word in words], dtype=np.int32),
        pairs=np.asarray([[number[a], number[b], n] for (a, b), n in spoken.pairs.items()], dtype=np.int32),
        marked=np.frombuffer(" ".join(sorted(spoken.marked)).encode(), dtype=np.uint8),
        made_of=np.frombuffer(made_of.encode(), dtype=np.uint8),
    )


@functools.cache
def load(path: Path = FILE) -> Spoken:
    """Reads the counts. Raises OSError or ValueError when the file is missing or damaged."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        words = bytes(stored["words"]).decode().split()
        single = {word: n for word, n in zip(words, stored["single"].tolist(), strict=True) if n}
        pairs = {(words[a], words[b]): n for a, b, n in stored["pairs"].tolist()}
        return Spoken(single, pairs, frozenset(bytes(stored["marked"]).decode().split()))


def made_of(path: Path = FILE) -> str:
    """The fingerprint of what was counted. Raises OSError or ValueError."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return bytes(stored["made_of"]).decode()
