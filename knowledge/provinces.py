"""The 34 provinces by the names people use, those from before the mergers of 2025 included."""

import re
from collections.abc import Sequence

from knowledge.syllables import Word
from knowledge.text import canonical, clean, fold, tokens

_KIND = re.compile(r"^(?:ubnd\s+)?(?:tỉnh|thành phố|t\.?p\.?)\s+", re.IGNORECASE)


class Provinces:
    """Recognises provinces in names of agencies and in messages."""

    def __init__(self, names: dict[str, tuple[str, ...]]) -> None:
        self._names: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
        self._short = {fold(name): name for name in names}
        for province, older in names.items():
            for name in (province, *older):
                accented = tuple(canonical(token) for token in tokens(clean(name)))
                folded = tuple(fold(token) for token in accented)
                self._names.setdefault(folded, []).append((accented, province))
        self._longest = max((len(name) for name in self._names), default=0)

    def short(self, name: str) -> str:
        """ "tỉnh Sơn La" and "Sơn La" -> "Sơn La"; a name unknown here only loses its kind."""
        bare = _KIND.sub("", clean(name))
        return self._short.get(fold(bare), bare)

    def named(self, words: Sequence[Word], *, accents: bool) -> frozenset[str]:
        """Provinces that a message names; without accents the plain spelling is enough."""
        found = set()
        for start in range(len(words)):
            for length in range(1, min(self._longest, len(words) - start) + 1):
                part = words[start : start + length]
                for accented, province in self._names.get(tuple(word.folded for word in part), ()):
                    if _spelled(part, accented, accents=accents):
                        found.add(province)
        return frozenset(found)


def _spelled(part: Sequence[Word], accented: tuple[str, ...], *, accents: bool) -> bool:
    if all(word.accented == wanted for word, wanted in zip(part, accented, strict=True)):
        return True
    plain = all(word.accented == word.folded for word in part)
    return (plain and len(part) > 1) or (not accents and len(part) > 1)
