"""What differs between two texts word by word, and one text out of two that were changed at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from knowledge.differences import Change, difference
from knowledge.serialising import Written

MOST_WORDS = 6000
"""Words of one part beyond which it is shown as gone and come: comparing takes the square of them."""
_WORD = re.compile(r"\n|\w+|[^\w\s]+|[^\S\n]+")


class Fate(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    CAME = "came"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row with the same fate."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class WordChange:
    """One part that differs, as runs of words."""

    change: Change
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """A part that two people changed in two ways. mine: is kept in the merged text; theirs: is shown beside it."""

    field: str
    label: str
    mine: str
    theirs: str
    runs: tuple[Run, ...]


def word_changes(old: Written, new: Written) -> list[WordChange]:
    """The parts that differ, word by word. Raises TypeError for two kinds of entries."""
    return [WordChange(change, tuple(runs(change.old, change.new))) for change in difference(old, new)]


def runs(old: str, new: str) -> Iterator[Run]:
    """The words of two texts in order, each run kept, gone or come."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        yield from _some(Fate.GONE, before)
        yield from _some(Fate.CAME, after)
        return
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, start, end, from_, to in matcher.get_opcodes():
        if tag == "equal":
            yield from _some(Fate.KEPT, before[start:end])
        else:
            yield from _some(Fate.GONE, before[start:end])
            yield from _some(Fate.CAME, after[from_:to])


def merged(base: Written | None, mine: Written, theirs: Written) -> tuple[Written, list[Clash]]:
    """Mine with the parts that only they changed since `base`, and the parts that both changed in two ways.

    base: what both began from, None = not known, so that every difference is a clash.
    """
    taken: dict[str, Any] = {}
    clashes = []
    labels = {change.field: change for change in difference(theirs, mine)}
    for part in fields(mine):
        before = getattr(base, part.name) if base else None
        own, other = getattr(mine, part.name), getattr(theirs, part.name)
        if own == other or (base and other == before):
            continue
        if base and own == before:
            taken[part.name] = other
        elif part.name in labels:
            change = labels[part.name]
            clashes.append(Clash(part.name, change.label, change.new, change.old, tuple(runs(change.old, change.new))))
    return replace(mine, **taken), clashes


def _some(fate: Fate, words: list[str]) -> Iterator[Run]:
    if words:
        yield Run(fate, "".join(words))
