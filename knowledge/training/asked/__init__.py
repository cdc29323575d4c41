"""Whole questions as citizens ask them, written by hand for every procedure, each with what it means."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Question:
    """A question. codes: what it means, the likeliest first; expect: answer or clarify; style: how it is typed."""

    codes: tuple[str, ...]
    aspects: str
    expect: str
    style: str
    text: str


def every(folder: Path = FOLDER) -> Iterator[Question]:
    """All of them, file by file. Raises OSError, or ValueError for a line that has not five columns."""
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            codes, aspects, expect, style, text = line.split("\t")
            yield Question(tuple(codes.split()), aspects, expect, style, text)


def fingerprint(folder: Path = FOLDER) -> str:
    """A hash of all questions."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.glob("*.tsv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def divided(folder: Path = FOLDER) -> tuple[list[Question], list[Question]]:
    """Those that the vectors learn from, one for each procedure, and the others: what the order is fitted on.

    What the vectors have seen looks better to them than what a citizen will ask.
    """
    taught: list[Question] = []
    kept: list[Question] = []
    known: set[str] = set()
    for question in every(folder):
        first = question.codes[0]
        (kept if first in known or question.expect != "answer" else taught).append(question)
        known.add(first)
    return taught, kept
