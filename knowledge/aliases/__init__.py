"""Everyday words for procedures, shipped with the project: data files keyed by code, and their reader."""

import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.lexicon.reading import lines
from knowledge.text import clean

FOLDER = Path(__file__).parent
AMBIGUOUS = "ambiguous"
"""Third column of a line whose phrase several procedures share."""
_CODE = re.compile(r"\d\.\d{6,9}(?:-\w+)?")


class AliasError(ValueError):
    """A data file of the aliases is not as it should be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One way in which people ask for the procedures with these codes; several codes mean that it is ambiguous."""

    phrase: str
    codes: tuple[str, ...]


def read(path: Path) -> Iterator[Alias]:
    """The aliases of one file: codes <TAB> phrase, with a third column where there are several codes.

    Raises AliasError for a line of another shape, lexicon.LexiconError for a file that is not UTF-8.
    """
    for number, line in lines(path):
        columns = [clean(column) for column in line.split("\t")]
        codes = tuple(columns[0].split())
        flagged = columns[2:] == [AMBIGUOUS]
        if len(columns) not in (2, 3) or not columns[1] or (len(columns) == 3 and not flagged):
            raise AliasError(f"{path.name}:{number}: cần mã, tab, cách nói (tab, {AMBIGUOUS}): {line[:60]!r}")
        if not codes or not all(_CODE.fullmatch(code) for code in codes):
            raise AliasError(f"{path.name}:{number}: mã thủ tục sai: {columns[0]!r}")
        if flagged != (len(codes) > 1):
            raise AliasError(f"{path.name}:{number}: cột {AMBIGUOUS} đi cùng nhiều mã, và chỉ khi có nhiều mã")
        yield Alias(columns[1], codes)


def load(folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """The phrases of every code, in the order of the files' names, each once. Raises as `read` does."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted(folder.glob("*.tsv")):
        for alias in read(path):
            for code in alias.codes:
                found.setdefault(code, {})[alias.phrase] = None
    return {code: tuple(phrases) for code, phrases in found.items()}


@functools.cache
def shipped() -> dict[str, tuple[str, ...]]:
    """The phrases shipped with the program, read once. Raises as `read` does."""
    return load()


def fingerprint(folder: Path = FOLDER) -> str:
    """A hash of all data files: a stored index made with other aliases is not used again."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
