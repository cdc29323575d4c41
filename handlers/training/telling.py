"""Longer messages out of short ones, because people tell what happened before and after the point."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from handlers.training.corpus import STORIES, Example

JOINED = 0.6
ABOUT = 0.6
TOLD = 0.4
TOLD_LONG = 0.2
_ABOUT_FRAMES = (
    "{title}, {text}",
    "Tôi đi {title}, {text}",
    "{text}, {title}",
    "{text} khi {title}",
    "hồ sơ {title}: {text}",
)


def stories(file: Path = STORIES) -> list[str]:
    """Sentences that say nothing about the kind of message."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def joined(examples: Sequence[Example], chance: random.Random) -> Iterator[Example]:
    """Two messages of one label in one."""
    alike: dict[str, list[Example]] = defaultdict(list)
    for e in examples:
        alike[e.label].append(e)
    for e in examples:
        if chance.random() < JOINED:
            other = chance.choice(alike[e.label])
            yield Example(f"{e.text}{chance.choice((', ', '. ', ' '))}{other.text}", e.label, e.weight)


def about(examples: Sequence[Example], titles: Sequence[str], chance: random.Random) -> Iterator[Example]:
    """Feedback and complaints that name a procedure, so that a title alone does not make a question."""
    for e in examples:
        if e.label.startswith(("feedback", "complaint")) and chance.random() < ABOUT:
            frame = chance.choice(_ABOUT_FRAMES)
            yield Example(frame.format(title=chance.choice(titles), text=e.text), e.label, e.weight)


def told(examples: Sequence[Example], sentences: Sequence[str], chance: random.Random) -> Iterator[Example]:
    """A story or two before the point; small talk has none."""
    for e in examples:
        if e.label.startswith("smalltalk"):
            continue
        if chance.random() < TOLD:
            link = chance.choice((", ", ". ", " . ", ", giờ ", ", nay "))
            yield Example(f"{chance.choice(sentences)}{link}{e.text}", e.label, e.weight)
        if chance.random() < TOLD_LONG:
            yield Example(f"{chance.choice(sentences)}, {chance.choice(sentences)}. {e.text}", e.label, e.weight)
