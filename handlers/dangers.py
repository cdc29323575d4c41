"""A strict net beside the learnt model: what people say when somebody is in danger now, and never about papers."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handlers import kinds
from knowledge.text import canonical, clean, fold, tokens

FILE = Path(__file__).parent / "dangers.txt"
GAP = r"(?:\S+ ){0,4}?"
"""What "..." stands for."""
_LINE = re.compile(r"([a-z_]+) ?([=:]) ?(.+)")
_RULES = ("papers", "cry")
TYPED_WITH_ACCENTS = 0.5
"""Share of syllables with accents from which a bare syllable counts as another word: "ban" is not "bắn"."""


class DangerError(ValueError):
    """The file of dangers is not as it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Net:
    """sorts: what is said in each sort of danger; papers: subjects that come after the event; cry: calls for help.

    bare: the sorts once more, for messages without accents.
    """

    sorts: Mapping[str, re.Pattern[str]]
    bare: Mapping[str, re.Pattern[str]]
    papers: re.Pattern[str]
    cry: re.Pattern[str]

    def caught(self, text: str) -> str:
        """The sort of danger that `text` tells of, "" for none.

        A message with words of papers is left to the model, unless it also cries for help.
        """
        syllables = [canonical(token) for token in tokens(kinds.readable(text))]
        said = "".join(f"{syllable} " for syllable in syllables)
        accented = sum(fold(syllable) != syllable for syllable in syllables)
        if self.papers.search(said) and not self.cry.search(said):
            return ""
        sorts = self.sorts if accented >= TYPED_WITH_ACCENTS * len(syllables) else self.bare
        counts = {sort: len(pattern.findall(said)) for sort, pattern in sorts.items()}
        best = max(counts, key=counts.__getitem__)
        return best if counts[best] else ""


def load(file: Path = FILE) -> Net:
    """Reads the net. Raises DangerError."""
    words: dict[bool, dict[str, str]] = {False: {}, True: {}}
    rules: dict[bool, dict[str, re.Pattern[str]]] = {False: {}, True: {}}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _LINE.fullmatch(line)
        if not read or read[1] in {*words[True], *rules[True]}:
            raise DangerError(f"{file.name}:{number}: cần “tên: cụm từ; cụm từ”, mỗi tên một lần")
        for bare in (False, True):
            try:
                spelled = [_spelled(phrase, words[bare], bare) for phrase in read[3].split(";")]
            except KeyError as error:
                raise DangerError(f"{file.name}:{number}: {error}") from error
            listed = "|".join(sorted(spelled, key=len, reverse=True))
            if read[2] == "=":
                words[bare][read[1]] = f"(?:{listed})"
            else:
                rules[bare][read[1]] = re.compile(rf"(?<!\S)(?:{listed})")
    absent = [name for name in _RULES if name not in rules[True]]
    if absent:
        raise DangerError(f"{file.name}: thiếu {', '.join(absent)}")
    sorts, bare_sorts = (
        {name: pattern for name, pattern in rules[bare].items() if name not in _RULES} for bare in (False, True)
    )
    return Net(sorts, bare_sorts, rules[True]["papers"], rules[True]["cry"])


def _spelled(phrase: str, words: Mapping[str, str], bare: bool) -> str:
    """One phrase as an expression over syllables that each end in a space; bare: also without their accents."""
    parts = []
    for word in phrase.split():
        if word == "...":
            parts.append(GAP)
        elif word.startswith("<"):
            parts.append(words[word.strip("<>")])
        else:
            parts += [_syllable(canonical(token), bare) for token in tokens(clean(word))]
    if not parts:
        raise KeyError(phrase)
    return "".join(parts)


def _syllable(meant: str, bare: bool) -> str:
    plain = fold(meant)
    return f"{re.escape(meant)} " if plain == meant or not bare else f"(?:{re.escape(meant)}|{re.escape(plain)}) "


@functools.cache
def shipped() -> Net:
    """The net of this folder, read once."""
    return load()
