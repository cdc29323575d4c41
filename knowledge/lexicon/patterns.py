"""Reads data files of named regular expressions and matches them with accents or without."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.lexicon.reading import LexiconError, lines
from knowledge.text import fold

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Spelling:
    """One expression for text typed with accents and the same for text typed without."""

    accented: re.Pattern[str]
    folded: re.Pattern[str]

    @classmethod
    def of(cls, expression: str) -> "Spelling":
        """Between word borders. Raises re.error."""
        whole = rf"(?<!\w)(?:{expression})(?!\w)"
        return cls(re.compile(whole), re.compile(fold_expression(whole)))

    def search(self, text: str, *, accents: bool) -> re.Match[str] | None:
        """The first place in a lower-case text, which must be folded already when typed without accents."""
        return (self.accented if accents else self.folded).search(text)


def fold_expression(expression: str) -> str:
    """A regular expression for the same words typed without accents; classes such as \\W keep their case."""
    return "".join(c if c.isascii() else fold(c) for c in expression)


def read(name: str, folder: Path = FOLDER) -> dict[str, Spelling]:
    """The expressions of a file by name, in its order. Raises LexiconError."""
    parts: dict[str, list[str]] = {}
    for number, line in lines(folder / name):
        key, tab, expression = line.partition("\t")
        if not tab or not key or not expression:
            raise LexiconError(f"{name}:{number}: cần đúng hai cột cách nhau bằng dấu tab: {line[:60]!r}")
        try:
            Spelling.of(expression)
        except re.error as error:
            raise LexiconError(f"{name}:{number}: biểu thức sai: {error}") from error
        parts.setdefault(key.strip(), []).append(expression)
    return {key: Spelling.of("|".join(expressions)) for key, expressions in parts.items()}


def outside(patterns: Iterable[Spelling], syllables: Sequence[str], *, accents: bool) -> list[bool]:
    """For each syllable of a lower-case message whether it is outside everything that the patterns match."""
    kept = [True] * len(syllables)
    starts: list[int] = []
    length = 0
    for syllable in syllables:
        starts.append(length)
        length += len(syllable) + 1
    text = " ".join(syllables)
    searched = text if accents else fold(text)
    for pattern in patterns:
        for match in (pattern.accented if accents else pattern.folded).finditer(searched):
            first, last = bisect_right(starts, match.start()) - 1, bisect_left(starts, match.end())
            kept[first:last] = [False] * (last - first)
    return kept
