"""Learns the kinds of message: `python -m handlers.training --snapshot FILE [--folds 4]`."""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from handlers.kinds import MODEL, Kinds
from handlers.training.corpus import (
    DRAWN,
    Example,
    alias_questions,
    asked_questions,
    drawn,
    faq_questions,
    fingerprint,
    seeds,
    title_questions,
)
from handlers.training.fit import fit
from handlers.training.telling import about, joined, stories, told
from knowledge import lexicon
from knowledge.training.noise import Typist

SEED = 20261121
COPIES = 4
TITLE_WEIGHT = 0.3
FAQ_WEIGHT = 1.0
ALIAS_WEIGHT = 1.0
ASKED_WEIGHT = 0.5
QUESTION_WEIGHT = 0.9
"""A question taken for something else costs more than the reverse."""


def main() -> None:
    """Writes the constants, or with --folds prints how well unseen seeds are told apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshot", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    base = [Example(e.text, e.label, FAQ_WEIGHT) for e in faq_questions()]
    base += title_questions(options.snapshot, random.Random(SEED), TITLE_WEIGHT)  # noqa: S311
    spoken = [*alias_questions(random.Random(SEED), ALIAS_WEIGHT), *asked_questions(ASKED_WEIGHT)]  # noqa: S311
    if options.folds:
        sys.stdout.write(json.dumps(cross_validated(seeds(), base, spoken, options.folds), ensure_ascii=False) + "\n")
    else:
        save(learnt(seeds(), base, spoken), options.out)


def learnt(examples: Sequence[Example], base: Sequence[Example], spoken: Sequence[Example]) -> Kinds:
    """The model of these seeds and of the questions that the base answers; spoken: those made of aliases."""
    return fit([*_seeds_as_typed(examples, base), *_base_as_typed(base), *_typed_once(spoken)], SEED)


def save(model: Kinds, file: Path) -> None:
    """Writes the constants as half-precision numbers, with the fingerprint of what they were learnt from."""
    weights, bias = model.weights.astype(np.float16), model.bias.astype(np.float16)
    made_of = np.array(fingerprint())
    np.savez_compressed(file, labels=np.array(model.labels), weights=weights, bias=bias, made_of=made_of)


def cross_validated(
    examples: Sequence[Example], base: Sequence[Example], spoken: Sequence[Example], folds: int
) -> dict[str, object]:
    """Share of unseen seeds per kind whose kind is found, as written and typed another way."""
    order, chance = list(examples), random.Random(SEED)  # noqa: S311
    chance.shuffle(order)
    right: dict[str, list[bool]] = defaultdict(list)
    confused: Counter[str] = Counter()
    for number in range(folds):
        model = learnt([e for n, e in enumerate(order) if n % folds != number], base, spoken)
        typist = _typist()
        for e in order[number::folds]:
            kind, written = _kind(e), drawn(e.text, chance)
            for text in (written, *typist.variants(written, 1, surrounded=False)):
                found = model.judge(text).best
                right[kind].append(found == kind)
                confused[f"{kind}>{found}"] += found != kind
    shares = {kind: round(sum(hits) / len(hits), 4) for kind, hits in sorted(right.items())}
    return {"right": shares, "confused": dict(confused.most_common(12))}


def _seeds_as_typed(examples: Sequence[Example], base: Sequence[Example]) -> Iterator[Example]:
    """Each seed as it stands and in other spellings, long and short; small kinds count somewhat more."""
    chance, typist = random.Random(SEED), _typist()  # noqa: S311
    counts = Counter(_kind(e) for e in examples)
    usual = sum(counts.values()) / len(counts)
    factor = {kind: (usual / count) ** 0.5 for kind, count in counts.items()}
    factor["question"] = factor.get("question", 1.0) * QUESTION_WEIGHT
    weighted = [Example(drawn(e.text, chance), e.label, factor[_kind(e)]) for e in _spread(examples)]
    titles = [e.text for e in base]
    longer = [*joined(weighted, chance), *about(weighted, titles, chance), *told(weighted, stories(), chance)]
    for e in weighted:
        yield e
        for text in typist.variants(e.text, COPIES, surrounded=_kind(e) != "smalltalk"):
            yield Example(text, e.label, e.weight)
    for e in longer:
        yield e
        yield from (Example(text, e.label, e.weight) for text in typist.variants(e.text, 1, surrounded=False))


def _spread(examples: Sequence[Example]) -> Iterator[Example]:
    """Seeds that leave words to choose stand several times, for as many choices."""
    for e in examples:
        yield from [e] * (DRAWN if "|" in e.text else 1)


def _base_as_typed(base: Sequence[Example]) -> Iterator[Example]:
    chance, typist = random.Random(SEED), _typist()  # noqa: S311
    for e in (*base, *told(base, stories(), chance)):
        yield e
        yield from (Example(text, e.label, e.weight) for text in typist.variants(e.text, 1, surrounded=True))


def _typed_once(spoken: Sequence[Example]) -> Iterator[Example]:
    """The many everyday words for procedures, each once: half of them as they stand."""
    chance, typist = random.Random(SEED), _typist()  # noqa: S311
    for e in spoken:
        typed = e.text if chance.random() < 0.5 else typist.variants(e.text, 1, surrounded=True)[0]
        yield Example(typed, e.label, e.weight)


def _kind(e: Example) -> str:
    return e.label.partition(".")[0]


def _typist() -> Typist:
    words = lexicon.load()
    chat: dict[str, tuple[str, ...]] = {}
    for typed, meant in [*words.teencode.items(), *words.dialect.items()]:
        chat[meant] = (*chat.get(meant, ()), typed)
    return Typist(chat, random.Random(SEED))  # noqa: S311


if __name__ == "__main__":
    main()
