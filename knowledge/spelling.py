"""Mends what the base does not know: raw telex, glued syllables, slips of the finger, by what stands beside them."""

import functools
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from knowledge.ranking import slips
from knowledge.syllables import Typed, well_formed

SHORTEST, LONGEST, LONGEST_SLIP = 2, 14, 8
_TELEX_PAIRS = (("aa", "a"), ("ee", "e"), ("oo", "o"), ("dd", "d"), ("uw", "u"), ("ow", "o"), ("aw", "a"), ("w", "u"))
_TELEX_TONES = "sfrxj"
_REMEMBERED = 4096
RARE, MANY = 3, 1500
"""In a base with MANY different syllables one that occurs less than RARE times is likely a slip itself."""
BESIDE = 0.7
"""How much a word's neighbour says for it, against how often the word is used at all."""
SLIP, SWAP, ODD, UNKNOWN = 4.0, 2.5, 3.0, 9.0
"""What it costs, as a logarithm, to read another word than was typed: one letter missing, added or changed; the same
letters in another order; and to leave a word as it is whose accents, or whose letters, nobody knows."""
SURE_OF_MARKS = 2.0
"""What it costs besides when the word was typed with its accents."""
MOST_READINGS = 10
MET = 3
"""How often a word has to have been met beside its neighbours before another word is taken for a slip of it."""

Pairs = Callable[[str, str], int]
"""How often two folded syllables stand side by side."""


class Speller:
    """Knows the syllables of one index with their counts, and others that are words.

    counts: of the syllables that a slip may have been; words: others that are none; marked: syllables with accents that
    are words, any that could be one where none are given; spoken: how often people say a syllable; pairs: how often
    two stand side by side.
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        words: Collection[str] = (),
        marked: Collection[str] = (),
        spoken: Mapping[str, int] | None = None,
        pairs: Pairs = lambda _one, _other: 0,
    ) -> None:
        rare = RARE if len(counts) >= MANY else 1
        said = spoken or {}
        self._marked = frozenset(marked)
        self._counts = {word: n for word, n in counts.items() if n >= rare and word.isalpha() and len(word) <= 7}
        self._known = {*words, *self._counts}
        self._uses = {word: self._counts.get(word, 0) + said.get(word, 0) for word in {*self._known, *said}}
        self._whole = max(1, sum(self._uses.values()))
        self._pairs = functools.lru_cache(_REMEMBERED)(pairs)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._counts, key=lambda word: (-self._counts[word], word)):
            for form in _shortened(word):
                self._shortened[form].append(word)
        self._readings = functools.lru_cache(_REMEMBERED)(self._all_readings)

    def known(self, syllable: str) -> bool:
        """Whether this folded syllable is a word."""
        return syllable in self._known

    def mended(self, typed: Sequence[Typed]) -> list[tuple[str, ...]]:
        """What each syllable is read as: itself in most cases, sometimes several words."""
        read: list[tuple[str, ...]] = [(said.folded,) for said in typed]
        open_: dict[int, list[tuple[str, float]]] = {}
        for n, said in enumerate(typed):
            if not said.folded.isalpha() or self._stands(typed, n):
                continue
            if not (self.known(said.folded) or self._trusted(said)):
                whole = self._telex(said.folded) or self._halves(said.folded)
                if whole:
                    read[n] = whole
                    continue
            open_[n] = self._readings(said.folded, self._trusted(said), said.accented in ("", said.folded))
        for n, word in self._likeliest(typed, read, open_).items():
            read[n] = (word,)
        return read

    def _stands(self, typed: Sequence[Typed], n: int) -> bool:
        """Whether a syllable is a word that has been met beside one of its neighbours."""
        said = typed[n]
        if len(said.folded) < SHORTEST:
            return False
        if said.accented not in ("", said.folded) and not self._trusted(said):
            return False
        if not self.known(said.folded):
            return self._trusted(said)
        before = typed[n - 1].folded if n and not typed[n - 1].ends else ""
        after = typed[n + 1].folded if n + 1 < len(typed) and not said.ends else ""
        if not before and not after:
            return True
        return bool((before and self._pairs(before, said.folded)) or (after and self._pairs(said.folded, after)))

    def _trusted(self, said: Typed) -> bool:
        """Whether a syllable is a word as it is marked."""
        if said.accented in ("", said.folded):
            return False
        return said.accented in self._marked if self._marked else well_formed(said.folded)

    def _likeliest(
        self, typed: Sequence[Typed], read: Sequence[tuple[str, ...]], open_: Mapping[int, list[tuple[str, float]]]
    ) -> dict[int, str]:
        """The readings of the open syllables that fit each other and their neighbours best (Viterbi)."""
        chosen: dict[int, str] = {}
        start = 0
        places = sorted(open_)
        while start < len(places):
            last = start
            while last + 1 < len(places) and places[last + 1] == places[last] + 1 and not typed[places[last]].ends:
                last += 1
            run = places[start : last + 1]
            before = read[run[0] - 1][-1] if run[0] and not typed[run[0] - 1].ends else ""
            behind = run[-1] + 1
            after = read[behind][0] if behind < len(read) and not typed[run[-1]].ends else ""
            words = self._best([open_[n] for n in run], before, after)
            beside = zip((before, *words[:-1]), words, (*words[1:], after), strict=True)
            met = [self._pairs(one, word) + self._pairs(word, other) for one, word, other in beside]
            chosen |= {
                n: word
                for n, word, often in zip(run, words, met, strict=True)
                if often >= MET or not self.known(typed[n].folded)
            }
            start = last + 1
        return chosen

    def _best(self, readings: Sequence[list[tuple[str, float]]], before: str, after: str) -> list[str]:
        paths: dict[str, tuple[float, list[str]]] = {before: (0.0, [])}
        for options in readings:
            paths = {word: self._longer(paths, word, cost) for word, cost in options}
        ends = [(worth + (self._follows(after, word) if after else 0.0), path) for word, (worth, path) in paths.items()]
        return max(ends, key=lambda end: end[0])[1]

    def _longer(self, paths: Mapping[str, tuple[float, list[str]]], word: str, cost: float) -> tuple[float, list[str]]:
        """The best path that goes on with a word."""
        ways = ((worth + self._follows(word, last), path) for last, (worth, path) in paths.items())
        worth, path = max(ways, key=lambda way: way[0])
        return worth - cost, [*path, word]

    def _follows(self, word: str, previous: str) -> float:
        """Logarithm of how likely a word is behind another."""
        alone = (self._uses.get(word, 0) + 0.1) / self._whole
        if not previous:
            return math.log(alone)
        beside = self._pairs(previous, word) / (self._uses.get(previous, 0) + 5.0)
        return math.log(BESIDE * min(beside, 1.0) + (1 - BESIDE) * alone)

    def _all_readings(self, syllable: str, trusted: bool, bare: bool) -> list[tuple[str, float]]:
        """The words that a syllable may be, each with what it costs to read it so.

        trusted: its accents make it a word; bare: it has none.
        """
        sure = SURE_OF_MARKS if trusted else 0.0
        own = 0.0 if trusted or (bare and self.known(syllable)) else ODD if self.known(syllable) else UNKNOWN
        letters = sorted(syllable)
        close = [(word, (SWAP if sorted(word) == letters else SLIP) + sure) for word in self._close(syllable)]
        return [(syllable, own), *close]

    def _close(self, syllable: str) -> list[str]:
        """The most used words one slip away."""
        if len(syllable) > LONGEST_SLIP:
            return []
        near = {word for form in _shortened(syllable) for word in self._shortened.get(form, ())} - {syllable}
        return sorted(slips(syllable, sorted(near)), key=lambda word: (-self._uses[word], word))[:MOST_READINGS]

    def _telex(self, syllable: str) -> tuple[str, ...]:
        if len(syllable) < 3 or len(syllable) > LONGEST:
            return ()
        forms = {syllable}
        for typed, meant in _TELEX_PAIRS:
            forms |= {form.replace(typed, meant) for form in forms if typed in form}
        forms |= {form[:n] + form[n + 1 :] for form in forms for n, c in enumerate(form) if n and c in _TELEX_TONES}
        known = [form for form in forms if form != syllable and form in self._counts]
        return (max(known, key=lambda form: (self._counts[form], form)),) if known else ()

    def _halves(self, syllable: str) -> tuple[str, ...]:
        if not 6 <= len(syllable) <= LONGEST:
            return ()
        splits = [(syllable[:n], syllable[n:]) for n in range(2, len(syllable) - 1)]
        known = [split for split in splits if split[0] in self._counts and split[1] in self._counts]
        return max(known, key=lambda split: (min(self._counts[part] for part in split), split)) if known else ()


def _shortened(word: str) -> set[str]:
    """The word, and the word without each of its letters: words one slip apart share one of these."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
