"""How later messages are weighed, learnt from written talks whose every turn has its procedure."""

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.entries import Topic
from knowledge.search import Searcher
from knowledge.talking import Later, Talk
from knowledge.training.asking import PARTS
from knowledge.training.fitting import FOLDS, Matrix, fold_of
from knowledge.turns import READINGS, TURN_SIGNS, likelihood, weighed

FOLDER = Path(__file__).parent / "talks"
SEED = 20261121
SURE = 0.5
MADE, MADE_WORTH = 600, 0.2
"""Talks put together from single questions, and how much one of them counts."""
FAQ_WORTH = 0.3
"""How much a talk about the FAQ base counts: more of ours are than people have."""
LEAST = 0.01
"""Probability below which a reading that misses costs no more."""
_STEPS, _RATE, _PULL = 800, 0.05, 0.02


@dataclass(frozen=True, slots=True)
class Spoken:
    """One turn of a talk. expect: as in the question files; codes: what it means there, the likeliest first."""

    talk: str
    codes: tuple[str, ...]
    expect: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A later turn as the search reads it; right: how much of each reading's belief lies on what is meant."""

    spoken: Spoken
    later: Later
    right: tuple[float, ...]
    worth: float = 1.0


def talks(folder: Path = FOLDER) -> Iterator[list[Spoken]]:
    """Every talk, turn by turn. Raises OSError, or ValueError for a line that is not as it should be."""
    for path in sorted(folder.glob("*.tsv")):
        found: dict[str, list[Spoken]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            talk, _, codes, _, expect, text = line.split("\t")
            found[talk].append(Spoken(f"{path.stem} {talk}", tuple(codes.split()), expect, text))
        yield from found.values()


def examples(searcher: Searcher, asked: Sequence[Spoken]) -> list[Example]:
    """Every later turn that asks for an entry, or for something that no office settles.

    asked: single questions, of which some are put one after the other as if in one talk; `talk` is their topic.
    """
    found = []
    numbers = {ref: n for n, ref in enumerate(searcher.index.facts.ref)}
    talk = Talk(searcher, numbers, lambda code: code)
    written = [(turns, FAQ_WORTH if turns[0].talk.startswith("faq ") else 1.0) for turns in talks()]
    for turns, worth in [*written, *((turns, MADE_WORTH) for turns in _made(asked))]:
        topic: Topic | None = None
        for spoken in turns:
            query = searcher.understand(spoken.text)
            if topic and spoken.expect in ("answer", "clarify", "refuse") and not query.denied:
                later = talk.later(query, topic)
                found.append(Example(spoken, later, _right(spoken, later), worth))
            topic = _after(topic, spoken)
    return found


def _made(asked: Sequence[Spoken]) -> Iterator[list[Spoken]]:
    """Talks of two turns: a question and another one, or a question and another part of the same.

    Questions of the FAQ base are followed by others of their topic, too.
    """
    chance = random.Random(SEED)
    alike: dict[str, list[Spoken]] = defaultdict(list)
    for spoken in asked:
        alike[spoken.talk].append(spoken)
    for n in range(MADE):
        first, second = chance.sample(asked, 2)
        if n % 2 and first.talk:
            second = chance.choice(alike[first.talk])
        if first.codes == second.codes:
            continue
        if n % 3 == 0:
            second = replace(first, expect="answer", text=chance.choice(PARTS))
        elif n % 3 == 1:
            first = replace(first, expect="clarify")
        talk = f"made {first.codes[0]}"
        yield [replace(first, talk=talk), replace(second, talk=talk)]


def _after(topic: Topic | None, spoken: Spoken) -> Topic | None:
    """What a talk is about after a turn that was understood."""
    if spoken.expect == "clarify" and spoken.codes:
        return Topic(question=spoken.text, offered=spoken.codes[:5])
    if spoken.expect != "answer" or not spoken.codes:
        return topic
    if topic and topic.ref in spoken.codes:
        return topic
    return Topic(ref=spoken.codes[0], question=spoken.text)


def _right(spoken: Spoken, later: Later) -> tuple[float, ...]:
    if not spoken.codes:
        return tuple(max(1 - belief.in_domain, LEAST) for belief in later.beliefs)
    shares = (sum(p for ref, p in belief.entries.items() if ref in spoken.codes) for belief in later.beliefs)
    return tuple(min(max(share, LEAST), 1.0) for share in shares)


def fitted(found: Sequence[Example], columns: Sequence[str] = TURN_SIGNS) -> dict[str, list[float]]:
    """Constants under which the readings that give what is meant are likely (Adam; pulled towards 0)."""
    signs = np.asarray([[example.later.signs[name] for name in columns] for example in found])
    right = np.asarray([example.right for example in found])
    middle, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    middle[0], spread[0] = 0.0, 1.0
    worth = np.asarray([example.worth for example in found])
    weights = _descended((signs - middle) / spread, right, worth / worth.sum()) / spread[:, None]
    weights[0] -= middle @ weights
    return {name: [round(float(value), 4) for value in row] for name, row in zip(columns, weights, strict=True)}


def _descended(signs: Matrix, right: Matrix, worth: Matrix) -> Matrix:
    weights = np.zeros((signs.shape[1], right.shape[1]))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    pulled = np.ones((signs.shape[1], 1)) * _PULL / 10
    pulled[0] = 0.0
    for step in range(1, _STEPS + 1):
        scores = signs @ weights
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        belief = raised / raised.sum(axis=1, keepdims=True)
        meant = belief * right
        meant /= meant.sum(axis=1, keepdims=True)
        slope = signs.T @ ((belief - meant) * worth[:, None]) + pulled * weights
        mean += 0.1 * (slope - mean)
        square += 0.01 * (slope * slope - square)
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
    return weights


def report(found: Sequence[Example], say: Callable[[str], object] = sys.stdout.write) -> None:
    """Says how later turns go with constants that never saw their talk."""
    folds = [fold_of(example.spoken.talk) for example in found]
    made = [fitted([e for e, f in zip(found, folds, strict=True) if f != fold]) for fold in range(FOLDS)]
    verdicts: dict[str, int] = defaultdict(int)
    for example, fold in zip(found, folds, strict=True):
        if example.spoken.expect == "answer" and example.worth > MADE_WORTH:
            verdicts[_verdict(example, made[fold])] += 1
    whole = sum(verdicts.values())
    shares = {name: round(count / whole, 3) for name, count in sorted(verdicts.items())}
    say(f"later turns, cross-validated, n {whole}: {shares}; readings {READINGS}\n")


def _verdict(example: Example, constants: dict[str, list[float]]) -> str:
    made = weighed(likelihood(example.later.signs, constants), example.later.beliefs)
    first, sure = made.entries[0] if made.entries else ("", 0.0)
    if sure >= SURE:
        return "right" if first in example.spoken.codes else "wrong"
    offered = {ref for ref, _ in made.entries[:5]}
    return "helped" if offered & set(example.spoken.codes) else "missed"
