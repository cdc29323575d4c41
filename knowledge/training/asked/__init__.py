"""Whole questions as citizens ask them, written by hand for every procedure and the starter, with what they mean."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import FAQ_PREFIX

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
    """A hash of the questions that the vectors learn from."""
    digest = hashlib.blake2b(digest_size=16)
    for question in divided(folder)[0]:
        digest.update(f"{' '.join(question.codes)}\t{question.text}\n".encode())
    return digest.hexdigest()


def divided(folder: Path = FOLDER) -> tuple[list[Question], list[Question]]:
    """Those that the vectors learn from, one for each procedure, and the others: what the order is fitted on.

    What the vectors have seen looks better to them than what a citizen will ask. Of the FAQ base, whose entries come
    with a dozen wordings each, they learn no further question.
    """
    taught: list[Question] = []
    kept: list[Question] = []
    known: set[str] = set()
    for question in every(folder):
        first = question.codes[0]
        seen = first in known or first.startswith(FAQ_PREFIX) or question.expect != "answer"
        (kept if seen else taught).append(question)
        known.add(first)
    return taught, kept
