"""Loads the lexicon: everyday phrases, abbreviations, chat spelling, dialect, fillers and provinces."""

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.lexicon.patterns import Spelling
from knowledge.lexicon.reading import LexiconError, lines, pairs, syllables
from knowledge.text import clean, fold

__all__ = ["Lexicon", "LexiconError", "Listed", "Phrase", "Situation", "fingerprint", "load"]

FOLDER = Path(__file__).parent
FILES = (
    "phrases.tsv",
    "situations.tsv",
    "teencode.tsv",
    "abbreviations.tsv",
    "dialect.tsv",
    "fillers.txt",
    "outside.txt",
    "provinces.tsv",
    "operations.tsv",
    "aspects.tsv",
)
LONGEST_PHRASE = 10
"""Syllables of an everyday phrase at most."""

Listed = dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""A list of words and phrases: folded syllables -> the spellings with accents."""

_LISTS = {
    "person": "ba|bố|cha|tía|má|mẹ|mạ|ông|bà|cụ|chồng|vợ|con|anh|chị|em|cô|chú|bác|dì|cậu|mợ|thím|cháu|nội|ngoại"
    "|người nhà|người thân",
    "paper": "giấy(?! tờ gì| gì)|sổ|thẻ|bằng|căn cước|cccd|chứng chỉ|hộ chiếu|chứng nhận|giấy phép|quyết định",
    "land": "đất|thửa|lô đất|miếng đất|mảnh đất|sổ đỏ|sổ hồng|nhà đất",
    "vehicle": "xe|ô tô|xe máy|mô tô",
    "few": "em|tôi|mình|tui|cháu|được|mới|vừa|đã|bị|một|1|cái|hôm|qua|rồi|nội|ngoại|ruột|thêm|lại|căn|vợ|chồng|trai"
    "|gái|của|tuần|trước|sắp|định|cho",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """An everyday phrase (canonical syllables) and the official words it stands for."""

    everyday: tuple[str, ...]
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """A way of telling what happened, and the official words it stands for."""

    told: Spelling
    official: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The data files, ready for matching. Phrases, fillers and outside words are keyed by folded syllables."""

    phrases: dict[tuple[str, ...], tuple[Phrase, ...]]
    situations: tuple[Situation, ...]
    teencode: dict[str, str]
    abbreviations: dict[str, tuple[str, ...]]
    dialect: dict[str, str]
    fillers: Listed
    outside: Listed
    provinces: dict[str, tuple[str, ...]]
    fingerprint: str
    syllables: frozenset[str] = frozenset()
    """`folded_syllables`, gathered once."""

    def folded_syllables(self) -> frozenset[str]:
        """Every syllable of the lexicon without accents: words that need no mending."""
        texts = [*self.teencode.values(), *self.dialect, *self.dialect.values(), *self.provinces]
        texts += [text for texts in (*self.abbreviations.values(), *self.provinces.values()) for text in texts]
        texts += [text for phrases in self.phrases.values() for phrase in phrases for text in phrase.official]
        found = {fold(syllable) for text in texts for syllable in syllables(text)}
        return frozenset(found.union(*self.phrases, *self.fillers, *self.outside))

    @property
    def written_out(self) -> dict[str, tuple[str, ...]]:
        """The abbreviations with one meaning only, as syllables: titles are read with these."""
        return {key: tuple(full[0].lower().split()) for key, full in self.abbreviations.items() if len(full) == 1}


def load(folder: Path = FOLDER) -> Lexicon:
    """Reads every data file of `folder`; a missing file counts as empty. Raises LexiconError."""
    read = Lexicon(
        phrases=_phrases(folder / "phrases.tsv"),
        situations=tuple(_situations(folder / "situations.tsv")),
        teencode={key: values[0] for key, values in pairs(folder / "teencode.tsv", alternatives=False)},
        abbreviations=dict(pairs(folder / "abbreviations.tsv")),
        dialect={key: values[0] for key, values in pairs(folder / "dialect.tsv", alternatives=False)},
        fillers=_listed(folder / "fillers.txt"),
        outside=_listed(folder / "outside.txt"),
        provinces=dict(pairs(folder / "provinces.tsv", may_be_empty=True)),
        fingerprint=fingerprint(folder),
    )
    return replace(read, syllables=read.folded_syllables())


@functools.cache
def shipped() -> Lexicon:
    """The lexicon shipped with the program, read once. Raises as `load` does."""
    return load()


def fingerprint(folder: Path = FOLDER) -> str:
    """A hash of all data files: a stored index made with other words is not used again."""
    digest = hashlib.blake2b(digest_size=16)
    for name in FILES:
        path = folder / name
        digest.update(name.encode() + b"\0" + (path.read_bytes() if path.exists() else b"") + b"\0")
    return digest.hexdigest()


def _phrases(path: Path) -> dict[tuple[str, ...], tuple[Phrase, ...]]:
    found: dict[tuple[str, ...], tuple[Phrase, ...]] = {}
    for key, values in pairs(path):
        everyday = syllables(key)
        if not 1 <= len(everyday) <= LONGEST_PHRASE:
            raise LexiconError(f"{path.name}: {key!r} cần từ 1 đến {LONGEST_PHRASE} tiếng")
        folded = tuple(fold(syllable) for syllable in everyday)
        found[folded] = (*found.get(folded, ()), Phrase(everyday, values))
    return found


def _listed(path: Path) -> Listed:
    found: Listed = {}
    for _, line in lines(path):
        accented = syllables(line)
        if accented:
            folded = tuple(fold(syllable) for syllable in accented)
            found[folded] = (*found.get(folded, ()), accented)
    return found


def _situations(path: Path) -> Iterator[Situation]:
    for number, line in lines(path):
        expression, tab, right = line.partition("\t")
        official = tuple(clean(part) for part in right.split(";") if clean(part))
        for name, listed in _LISTS.items():
            expression = expression.replace("{" + name + "}", f"(?:{listed})")
        try:
            told = Spelling.of(clean(expression))
        except re.error as error:
            raise LexiconError(f"{path.name}:{number}: biểu thức sai: {error}") from error
        if not tab or not official:
            raise LexiconError(f"{path.name}:{number}: cần đúng hai cột cách nhau bằng dấu tab: {line[:60]!r}")
        yield Situation(told, official)
