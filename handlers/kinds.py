"""Which kind of message this is, before anything is looked up: a small linear model over syllables and letters."""

import functools
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handlers import phrases
from knowledge.text import canonical, clean, fold, tokens

MODEL = Path(__file__).parent / "kinds.npz"
BUCKETS = 1 << 15
GROUP = 0.7
"""Value of one word group found."""
LONGEST_READ = 600
"""Characters looked at, from the front and again from the end of a longer message."""
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_REMNANT = re.compile(r"\x1b?\[[\d;]{0,12}m")
"""What is left of a terminal's colours when a text is copied from there."""


class ModelError(ValueError):
    """The file of constants is missing or damaged; the message names it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities of one message. kinds: "emergency", "question", ...; details: "emergency.fire", ..."""

    kinds: dict[str, float]
    details: dict[str, float]

    @property
    def best(self) -> str:
        """The most probable kind."""
        return max(self.kinds, key=self.kinds.__getitem__)

    def within(self, kind: str) -> list[tuple[str, float]]:
        """The details of one kind with their share of it, the likeliest first."""
        own = {name.partition(".")[2]: p for name, p in self.details.items() if name.startswith(kind + ".")}
        whole = sum(own.values()) or 1.0
        return sorted(((name, p / whole) for name, p in own.items()), key=lambda pair: -pair[1])


class Kinds:
    """The linear model: one row of constants for each hashed feature, one column for each detailed kind."""

    def __init__(self, labels: tuple[str, ...], weights: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        self.labels = labels
        self.weights = weights
        self.bias = bias

    @classmethod
    def load(cls, file: Path = MODEL) -> "Kinds":
        """Reads the shipped constants. Raises ModelError."""
        try:
            with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
                labels = tuple(str(label) for label in stored["labels"])
                weights, bias = stored["weights"].astype(np.float32), stored["bias"].astype(np.float32)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise ModelError(f"{file.name}: {error}") from error
        if weights.shape != (BUCKETS, len(labels)) or bias.shape != (len(labels),):
            raise ModelError(f"{file.name}: {weights.shape} constants for {len(labels)} labels")
        return cls(labels, weights, bias)

    def judge(self, text: str) -> Judgement:
        """Probabilities that add up to 1; well under a millisecond."""
        buckets, values = features(text)
        scores = values @ self.weights[buckets] + self.bias
        raised = np.exp(scores - scores.max())
        details = dict(zip(self.labels, (raised / raised.sum()).tolist(), strict=True))
        kinds: dict[str, float] = {}
        for name, probability in details.items():
            kind = name.partition(".")[0]
            kinds[kind] = kinds.get(kind, 0.0) + probability
        return Judgement(kinds, details)


@functools.cache
def _shipped() -> Kinds:
    return Kinds.load()


@functools.lru_cache(maxsize=256)
def judge(text: str) -> Judgement:
    """What the shipped model makes of a message; remembered, because several handlers ask in turn."""
    return _shipped().judge(text)


def features(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Hashed features of a message with their values; each group of features weighs the same."""
    buckets: list[int] = []
    values: list[float] = []
    for group, weight in _groups(_ends(readable(text))):
        unique = {zlib.crc32(name.encode()) % BUCKETS for name in group}
        buckets.extend(sorted(unique))
        values.extend([weight / max(1, len(unique)) ** 0.5] * len(unique))
    return np.array(buckets, dtype=np.int64), np.array(values, dtype=np.float32)


def readable(text: str) -> str:
    """A message in small letters, without remnants of a terminal and with letters held down written once."""
    return _STRETCHED.sub(r"\1", clean(_REMNANT.sub(" ", text)).lower())


def _ends(line: str) -> str:
    return line if len(line) <= 2 * LONGEST_READ else f"{line[:LONGEST_READ]} {line[-LONGEST_READ:]}"


def _groups(line: str) -> Iterator[tuple[set[str], float]]:
    accented = [canonical(token) for token in tokens(line)]
    plain = [fold(token) for token in accented]
    yield {f"1{a}" for a in plain}, 1.0
    yield {f"2{a} {b}" for a, b in zip(["^", *plain], [*plain, "$"], strict=True)}, 1.0
    yield {f"3{a} {b}" for a, b in zip(plain, plain[2:], strict=False)}, 0.5
    if any(a != b for a, b in zip(accented, plain, strict=True)):
        yield {f"4{a}" for a in accented}, 1.0
        yield {f"5{a} {b}" for a, b in itertools.pairwise(accented)}, 1.0
    spelled = f" {' '.join(plain)} "
    yield {f"6{spelled[n : n + size]}" for size in (3, 4, 5) for n in range(len(spelled) - size + 1)}, 1.0
    groups = phrases.shipped().found(accented, plain)
    yield {f"g{name}" for name in groups}, len(groups) ** 0.5 * GROUP
    several = {f"h{name}" for name, found in groups.items() if len(found) > 1}
    yield several, len(several) ** 0.5 * GROUP
    yield {"7?" if "?" in line else "7.", f"8{min(12, len(plain) // 2)}"}, 0.3
