"""Mends syllables that the base does not know: raw telex, glued syllables, slips of the finger."""

import functools
from collections.abc import Callable, Collection, Mapping

from knowledge.ranking import slips

SHORTEST, LONGEST = 3, 14
_TELEX_PAIRS = (("aa", "a"), ("ee", "e"), ("oo", "o"), ("dd", "d"), ("uw", "u"), ("ow", "o"), ("aw", "a"), ("w", "u"))
_TELEX_TONES = "sfrxj"
_REMEMBERED = 4096
RARE, MANY = 3, 1500
"""In a base with MANY different syllables one that occurs less than RARE times is likely a slip itself."""


class Speller:
    """Knows the syllables of one index with their counts, and others that are words; keeps what it mended."""

    def __init__(self, counts: Mapping[str, int], words: Collection[str] = ()) -> None:
        rare = RARE if len(counts) >= MANY else 1
        self._counts = {word: n for word, n in counts.items() if n >= rare and word.isalpha() and len(word) <= 7}
        self._known = {*words, *self._counts}
        self._words = sorted(self._counts, key=lambda word: (-self._counts[word], word))
        self.mend: Callable[[str], tuple[str, ...]] = functools.lru_cache(_REMEMBERED)(self._mend)

    def known(self, syllable: str) -> bool:
        """Whether this folded syllable is a word; only others are mended."""
        return syllable in self._known

    def _mend(self, syllable: str) -> tuple[str, ...]:
        if not SHORTEST <= len(syllable) <= LONGEST:
            return ()
        for guess in (self._telex(syllable), self._halves(syllable)):
            if guess:
                return guess
        if len(syllable) > 8:
            return ()
        close = slips(syllable, self._words)
        if not close:
            return ()
        letters = sorted(syllable)
        return (min(close, key=lambda word: (sorted(word) != letters, -self._counts[word], word)),)

    def _telex(self, syllable: str) -> tuple[str, ...]:
        forms = {syllable}
        for typed, meant in _TELEX_PAIRS:
            forms |= {form.replace(typed, meant) for form in forms if typed in form}
        forms |= {form[:n] + form[n + 1 :] for form in forms for n, c in enumerate(form) if n and c in _TELEX_TONES}
        known = [form for form in forms if form != syllable and form in self._counts]
        return (max(known, key=lambda form: (self._counts[form], form)),) if known else ()

    def _halves(self, syllable: str) -> tuple[str, ...]:
        splits = [(syllable[:n], syllable[n:]) for n in range(2, len(syllable) - 1)]
        known = [split for split in splits if split[0] in self._counts and split[1] in self._counts]
        if not known or len(syllable) < 6:
            return ()
        return max(known, key=lambda split: (min(self._counts[part] for part in split), split))
