"""Loads the word groups by which kinds of message are told apart, and finds them in a message."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.text import canonical, clean, fold, tokens

FOLDER = Path(__file__).parent
LONGEST = 8
"""Syllables of a phrase at most."""

Syllables = tuple[str, ...]


class PhraseError(ValueError):
    """A file of phrases is not as it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Phrases by their folded syllables: the spelling with accents, and the groups it belongs to."""

    phrases: Mapping[Syllables, tuple[tuple[Syllables, str], ...]]

    def found(self, accented: Sequence[str], plain: Sequence[str]) -> dict[str, set[Syllables]]:
        """Groups with the phrases found; a group found only by a bare syllable without its accent ends in "?"."""
        groups: dict[str, set[Syllables]] = {}
        for start in range(len(plain)):
            for end in range(start + 1, min(start + LONGEST, len(plain)) + 1):
                for spelling, group in self.phrases.get(tuple(plain[start:end]), ()):
                    sure = _agrees(spelling, accented[start:end], plain[start:end])
                    if sure is not None:
                        groups.setdefault(group if sure else group + "?", set()).add(spelling)
        return groups


def _agrees(spelling: Syllables, accented: Sequence[str], plain: Sequence[str]) -> bool | None:
    """True for the same word, False where accents left out leave it open, None for another word."""
    bare = 0
    for meant, typed, folded in zip(spelling, accented, plain, strict=True):
        if typed != meant:
            if typed != folded:
                return None
            bare += 1
    return bare == 0 or len(spelling) > 1


def load(folder: Path = FOLDER) -> Groups:
    """Reads every file of `folder`. Raises PhraseError."""
    phrases: dict[Syllables, list[tuple[Syllables, str]]] = {}
    names: set[str] = set()
    for file in sorted(folder.glob("*.txt")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            name, colon, listed = line.partition(":")
            if not colon or not name.isidentifier() or name in names:
                raise PhraseError(f"{file.name}:{number}: cần “tên: cụm từ; cụm từ”, mỗi tên một lần")
            names.add(name)
            for phrase in listed.split(";"):
                spelling = tuple(canonical(token) for token in tokens(clean(phrase)))
                if not 0 < len(spelling) <= LONGEST:
                    raise PhraseError(f"{file.name}:{number}: {phrase.strip()!r} phải có 1 đến {LONGEST} tiếng")
                entries = phrases.setdefault(tuple(fold(token) for token in spelling), [])
                if (spelling, name) not in entries:
                    entries.append((spelling, name))
    return Groups({key: tuple(found) for key, found in phrases.items()})


@functools.cache
def shipped() -> Groups:
    """The groups of this folder, read once."""
    return load()
