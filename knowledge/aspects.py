"""Which parts of a procedure a message asks for: fee, time, papers, place and so on."""

import functools
from collections.abc import Sequence

from knowledge.entries import Aspect
from knowledge.lexicon.patterns import Spelling, outside, read
from knowledge.text import fold

_BY_THE_WAY = "?"
"""Mark of expressions that people also use without asking for the part."""


@functools.cache
def _patterns() -> dict[str, Spelling]:
    return read("aspects.tsv")


def asked(text: str, *, accents: bool) -> tuple[Aspect, ...]:
    """The parts that a cleaned lower-case message asks for; () when it names none."""
    searched = text if accents else fold(text)
    found = [key for key, pattern in _patterns().items() if pattern.search(searched, accents=accents)]
    outright = [key for key in found if not key.endswith(_BY_THE_WAY)]
    return tuple(dict.fromkeys(Aspect(letter) for key in outright or found for letter in key.rstrip(_BY_THE_WAY)))


def without_aspects(syllables: Sequence[str], *, accents: bool) -> list[bool]:
    """For each syllable of a message whether it is outside every phrase that asks for a part."""
    return outside(_patterns().values(), syllables, accents=accents)
