"""A strict net beside the learnt model: what people say when somebody is in danger now, and never about papers."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.text import canonical, clean, fold, tokens

FILE = Path(__file__).parent / "dangers.txt"
GAP = r"(?:\S+ ){0,4}?"
"""What "..." stands for."""
_LINE = re.compile(r"([a-z_]+) ?([=:]) ?(.+)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_RULES = ("papers", "cry")


class DangerError(ValueError):
    """The file of dangers is not as it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Net:
    """sorts: what is said in each sort of danger; papers: subjects that come after the event; cry: calls for help."""

    sorts: Mapping[str, re.Pattern[str]]
    papers: re.Pattern[str]
    cry: re.Pattern[str]

    def caught(self, text: str) -> str:
        """The sort of danger that `text` tells of, "" for none.

        A message with words of papers is left to the model, unless it also cries for help.
        """
        said = "".join(f"{canonical(token)} " for token in tokens(_STRETCHED.sub(r"\1", clean(text).lower())))
        if self.papers.search(said) and not self.cry.search(said):
            return ""
        counts = {sort: len(pattern.findall(said)) for sort, pattern in self.sorts.items()}
        best = max(counts, key=counts.__getitem__)
        return best if counts[best] else ""


def load(file: Path = FILE) -> Net:
    """Reads the net. Raises DangerError."""
    words: dict[str, str] = {}
    rules: dict[str, re.Pattern[str]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _LINE.fullmatch(line)
        if not read or read[1] in {*words, *rules}:
            raise DangerError(f"{file.name}:{number}: cần “tên: cụm từ; cụm từ”, mỗi tên một lần")
        try:
            listed = "|".join(sorted((_spelled(phrase, words) for phrase in read[3].split(";")), key=len, reverse=True))
        except KeyError as error:
            raise DangerError(f"{file.name}:{number}: {error}") from error
        if read[2] == "=":
            words[read[1]] = f"(?:{listed})"
        else:
            rules[read[1]] = re.compile(rf"(?<!\S)(?:{listed})")
    absent = [name for name in _RULES if name not in rules]
    if absent:
        raise DangerError(f"{file.name}: thiếu {', '.join(absent)}")
    sorts = {name: pattern for name, pattern in rules.items() if name not in _RULES}
    return Net(sorts, rules["papers"], rules["cry"])


def _spelled(phrase: str, words: Mapping[str, str]) -> str:
    """One phrase as an expression over syllables that each end in a space, with or without accents."""
    parts = []
    for word in phrase.split():
        if word == "...":
            parts.append(GAP)
        elif word.startswith("<"):
            parts.append(words[word.strip("<>")])
        else:
            parts += [_syllable(canonical(token)) for token in tokens(clean(word))]
    if not parts:
        raise KeyError(phrase)
    return "".join(parts)


def _syllable(meant: str) -> str:
    plain = fold(meant)
    return f"{re.escape(meant)} " if plain == meant else f"(?:{re.escape(meant)}|{re.escape(plain)}) "


@functools.cache
def shipped() -> Net:
    """The net of this folder, read once."""
    return load()
