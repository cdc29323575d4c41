"""Names of provinces and communes in a message: set apart from its subject, and the provinces they lie in."""

import functools
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.index import PAIR, Index
from knowledge.lexicon.reading import LexiconError, lines
from knowledge.syllables import Fixed, Word, at, fixed
from knowledge.text import canonical, fold, tokens

FILE = Path(__file__).parent / "lexicon" / "places.tsv"
PLACE_WEIGHT = 0.1
"""A place says where, not what: it counts as little as a filler."""
NUMBERED_CITY, MOST_DISTRICTS = "Hồ Chí Minh", 12
"""The only city that had districts with numbers."""

_COMMUNE_KINDS = ("phường", "xã", "thị trấn", "đặc khu")
_DISTRICT_KINDS = ("quận", "q")
_KINDS = (*_COMMUNE_KINDS, *_DISTRICT_KINDS, "p", "huyện", "thị xã", "thành phố", "tỉnh")
_NUMBERED = ("phường", "p", *_DISTRICT_KINDS, "thôn", "ấp", "tổ", "tổ dân phố", "khu phố", "khóm", "xóm")
_SHORT = re.compile(r"[pq](\d{1,2})")
_COOPERATIVE, _SOCIAL = fixed("hợp tác"), fixed("xã hội")
_LEADS = (
    *("ở", "tại", "từ", "thuộc", "quê", "gần", "về", "ra", "vô", "vào", "lên", "xuống", "đến", "tới", "qua", "sang"),
    *("dưới", "trên", "ngoài", "bên", "vùng", "khu vực", "địa bàn", "công an", "ủy ban nhân dân"),
)
_COUNTED = frozenset({"tuoi", "ngay", "thang", "nam", "nguoi", "bo", "ban", "lan", "trieu", "gio"})
"""What follows a number that counts something, so that it is no name."""
_LONE = 3
"""A name of so many syllables needs nothing before it to be taken for one."""

Ordinary = Callable[[Sequence[Word], bool], bool]
"""Whether words, typed with accents or not, stand together in what the base speaks of."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The words of a message with its places marked, and the provinces that they name."""

    words: list[Word]
    provinces: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Spelling:
    """One way to write a name. Sets of provinces are bits; by_name: it is the name of a province in force."""

    accented: str
    by_name: bool = False
    province: int = 0
    now: int = 0
    older: int = 0


class _Before:
    """What may stand right before a name; looked up by its last syllable."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._by_last: dict[str, list[Fixed]] = {}
        for phrase in sorted(phrases, key=lambda said: -len(said.split())):
            sequence = fixed(phrase)
            self._by_last.setdefault(sequence[-1][1], []).append(sequence)

    def length(self, words: Sequence[Word], start: int, accents: bool) -> int:
        """Syllables of the longest of them that ends right before `start`, 0 for none."""
        if not start or words[start - 1].ends_clause:
            return 0
        for sequence in self._by_last.get(words[start - 1].folded, ()):
            if start >= len(sequence) and at(words, start - len(sequence), sequence, accents):
                return len(sequence)
        return 0


class Places:
    """Every name of a province or commune, those from before July 2025 included; read-only."""

    def __init__(self, provinces: Mapping[str, Sequence[str]], file: Path = FILE) -> None:
        """provinces: short name -> older and other names. Raises LexiconError for a damaged file."""
        self._provinces = tuple(provinces)
        self._kinds, self._commune_kinds, self._district_kinds = map(_Before, (_KINDS, _COMMUNE_KINDS, _DISTRICT_KINDS))
        self._leads, self._numbered = _Before(_LEADS), _Before(_NUMBERED)
        self._names: dict[str, list[_Spelling]] = {}
        self._longest: dict[str, int] = {}
        for bit, (province, others) in enumerate(provinces.items()):
            self._spelling(province).by_name = True
            for name in (province, *others):
                self._spelling(name).province |= 1 << bit
        bits = {province: 1 << n for n, province in enumerate(provinces)}
        for number, line in lines(file):
            parts = line.split("\t")
            if len(parts) != 4 or parts[0] not in bits:
                raise LexiconError(f"{file.name}:{number}: cần bốn cột, cột đầu là tên tỉnh: {line[:60]!r}")
            self._spelling(parts[2]).now |= bits[parts[0]]
            for name in filter(None, parts[3].split(";")):
                self._spelling(name).older |= bits[parts[0]]

    def _spelling(self, name: str) -> _Spelling:
        syllables = tokens(name)
        accented = " ".join(canonical(syllable) for syllable in syllables)
        key = fold(accented)
        head = " ".join(key.split()[:2])
        self._longest[head] = max(self._longest.get(head, 0), len(syllables))
        known = self._names.setdefault(key, [])
        for spelling in known:
            if spelling.accented == accented:
                return spelling
        known.append(_Spelling(accented))
        return known[-1]

    @classmethod
    def shipped(cls, provinces: Mapping[str, Sequence[str]]) -> "Places":
        """Those of the program's own data file, read once for the same provinces. Raises as the constructor."""
        return _shipped(tuple((province, tuple(others)) for province, others in provinces.items()))

    def __len__(self) -> int:
        return len(self._names)

    def mark(self, words: Sequence[Word], *, accents: bool, ordinary: Ordinary) -> Placed:
        """The words with places at little weight, save a province by its own name: procedures of its own name it.

        A province is known by its name alone; the name of a commune, which is often an ordinary word, by what
        stands before it ("xã", "ở"). A name that stands for communes of several provinces names none of them.
        """
        marked = list(words)
        folded = [word.folded for word in words]
        named = by_commune = 0
        start = 0
        while start < len(words):
            length, kind, spelling = self._at(words, folded, start, accents=accents, ordinary=ordinary)
            if spelling is None:
                by_commune |= self._numbered_unit(words, marked, start, accents)
                start += 1
                continue
            part = words[start : start + length]
            as_province = bool(spelling.province) and not (
                spelling.now and self._commune_kinds.length(words, start, accents)
            )
            if as_province:
                named |= spelling.province
            else:
                by_commune |= _only(spelling.now, spelling.older, told=bool(kind))
            if not as_province:
                _fade(marked, start - kind, start + length)
            elif spelling.by_name or ordinary(part, accents):
                _fade(marked, start - kind, start + length, weight=1.0)
            else:
                _fade(marked, start - kind, start + length)
            start += length
        return Placed(marked, self._of(named or by_commune))

    def _at(
        self, words: Sequence[Word], folded: list[str], start: int, *, accents: bool, ordinary: Ordinary
    ) -> tuple[int, int, _Spelling | None]:
        """Length of the name at `start`, length of the kind before it ("thị trấn": 2), and how it is spelt."""
        pair = " ".join(folded[start : start + 2])
        longest = min(max(self._longest.get(pair, 0), 1), len(words) - start)
        kind = -1
        if start and at(words, start - 1, _SOCIAL, accents):
            return 0, 0, None
        for length in range(longest, 0, -1):
            known = self._names.get(" ".join(folded[start : start + length]))
            if known is None:
                continue
            part = words[start : start + length]
            if any(word.ends_clause for word in part[:-1]):
                continue
            if kind < 0:
                kind = self._kind(words, start, accents)
            spelling = next((s for s in known if _spelled(part, s.accented, accents=accents)), None)
            if spelling is None:
                continue
            if spelling.province or self._is_commune(words, start, length, spelling, accents, ordinary, kind):
                return length, kind, spelling
        return 0, 0, None

    def _is_commune(
        self,
        words: Sequence[Word],
        start: int,
        length: int,
        spelling: _Spelling,
        accents: bool,
        ordinary: Ordinary,
        kind: int,
    ) -> bool:
        part = words[start : start + length]
        typed = " ".join(word.accented for word in part)
        exact = typed == spelling.accented and (accents or any(word.accented != word.folded for word in part))
        if kind and exact:
            return True
        if length < 2 or ordinary(part, exact):
            return False
        return bool(kind or self._leads.length(words, start, accents)) or (exact and length >= _LONE)

    def _kind(self, words: Sequence[Word], start: int, accents: bool) -> int:
        """Length of the kind of unit that is said right before `start`, 0 for none ("hợp tác xã" is none)."""
        length = self._kinds.length(words, start, accents)
        before = start - length - len(_COOPERATIVE)
        return 0 if length and before >= 0 and at(words, before, _COOPERATIVE, accents) else length

    def _numbered_unit(self, words: Sequence[Word], marked: list[Word], start: int, accents: bool) -> int:
        """Sets apart what is named by a number ("quận 1", "q1", "tổ 5"), and gives the province of a district."""
        said = words[start].folded
        short = _SHORT.fullmatch(said)
        number = int(short[1]) if short else int(said) if said.isdecimal() and len(said) <= 2 else 0
        if not number:
            return 0
        counts = start + 1 < len(words) and words[start + 1].folded in _COUNTED and not words[start].ends_clause
        length = 0 if short or counts else self._numbered.length(words, start, accents)
        if not short and not length:
            return 0
        _fade(marked, start - length, start + 1)
        is_district = said.startswith("q") if short else bool(self._district_kinds.length(words, start, accents))
        return 1 << self._provinces.index(NUMBERED_CITY) if is_district and number <= MOST_DISTRICTS else 0

    def _of(self, bits: int) -> frozenset[str]:
        return frozenset(name for n, name in enumerate(self._provinces) if bits >> n & 1)


def _only(now: int, older: int, *, told: bool) -> int:
    """The one province that a commune's name stands for; `told`: its kind was said too, so that the units in
    force go before older ones of the same name."""
    for bits in (now, older) if told else (now | older,):
        if bits:
            return bits if bits.bit_count() == 1 else 0
    return 0


def _spelled(part: Sequence[Word], accented: str, *, accents: bool) -> bool:
    """Typed as it is written, or wholly without accents; a single syllable only as it is written."""
    if " ".join(word.accented for word in part) == accented:
        return True
    return len(part) > 1 and (not accents or all(word.accented == word.folded for word in part))


def _fade(words: list[Word], first: int, last: int, weight: float = PLACE_WEIGHT) -> None:
    for n in range(first, last):
        filler = words[n].filler or weight == PLACE_WEIGHT
        words[n] = replace(words[n], weight=min(words[n].weight, weight), filler=filler, place=True)


class SpokenOf:
    """Whether words stand together in the titles of a base, or, typed without accents, in any phrase of it."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __call__(self, part: Sequence[Word], accents: bool) -> bool:
        index = self._index
        if len(part) < 2:
            return True
        table = index.accented if accents else index.folded
        numbers = [table.get(word.accented if accents else word.folded, -1) for word in part]
        if min(numbers) < 0:
            return False
        keys = np.asarray([a * PAIR + b for a, b in itertools.pairwise(numbers)], dtype=np.int64)
        views = ("accented_name_pairs",) if accents else ("name_pairs", "phrase_pairs")
        return any(bool((index.views[view].rows(keys) >= 0).all()) for view in views)


@functools.lru_cache(maxsize=2)
def _shipped(provinces: tuple[tuple[str, tuple[str, ...]], ...]) -> Places:
    return Places(dict(provinces))
