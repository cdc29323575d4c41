"""Reads the lines of a data file of the lexicon."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.text import canonical, clean, tokens


class LexiconError(ValueError):
    """A data file of the lexicon is not as it should be; the message names file and line."""


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and lines, without blank ones and comments; nothing for a missing file."""
    if not path.exists():
        return
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path.name}: không phải UTF-8 ({error.reason})") from error
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.rstrip("\n")


def pairs(
    path: Path, *, alternatives: bool = True, may_be_empty: bool = False
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Key and values of a file with two columns; values are split at ";" where there may be alternatives."""
    seen: dict[str, int] = {}
    for number, line in lines(path):
        left, tab, right = line.partition("\t")
        key = clean(left) if may_be_empty else clean(left).lower()
        values = tuple(clean(part) for part in (right.split(";") if alternatives else [right]) if clean(part))
        if not tab or "\t" in right or not key or not (values or may_be_empty):
            raise LexiconError(f"{path.name}:{number}: cần đúng hai cột cách nhau bằng dấu tab: {line[:60]!r}")
        if key in seen:
            raise LexiconError(f"{path.name}:{number}: {key!r} đã có ở dòng {seen[key]}")
        seen[key] = number
        yield key, values


def syllables(text: str) -> tuple[str, ...]:
    """The canonical syllables of a text."""
    return tuple(canonical(token) for token in tokens(clean(text)))
