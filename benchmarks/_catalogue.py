"""What the benchmarks of the search stand on: the national catalogue, copies of it, and the labelled questions."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge import aliases
from knowledge.entries import Procedure
from knowledge.importing.reading import Refusal, read_rows
from knowledge.importing.snapshot import procedure_of
from knowledge.serialising import to_json
from knowledge.store import Publication, StoredBody

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SNAPSHOT = SHARED / "data" / "procedures-2026-07.jsonl.gz"
FILES = ("dev-national", "dev-popular", "dev-formal", "dev-desk")
TODAY = date(2026, 7, 31)
CHANGED = 0.2
"""Share of the words of a copy that are words of other titles."""

Phrases = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """A message that starts a conversation. codes: the procedures that answer it, where one is expected."""

    file: str
    text: str
    expect: str
    codes: frozenset[str]


def procedures(most: int | None = None) -> list[Procedure]:
    """The procedures of the snapshot, at most `most`."""
    rows = read_rows(SNAPSHOT)[:most]
    return [procedure_of(row.content, None) for row in rows if not isinstance(row.content, Refusal)]


def first_turns() -> list[Question]:
    """What people say first, in every file of questions."""
    found = []
    for file in FILES:
        for line in (SHARED / "questions" / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["turn"] == 1:
                found.append(Question(file, row["text"], row["expect"], frozenset(row["codes"])))
    return found


def publication(entries: Sequence[Procedure], said: Phrases | None = None) -> Publication:
    """A publication that holds nothing but these procedures, with the phrases that staff gave them."""
    return Publication(
        revision=1,
        on=TODAY,
        procedures={entry.code: StoredBody(1, to_json(entry)) for entry in entries},
        faqs={},
        offices=(),
        legal_documents=(),
        overlays={},
        code_aliases={},
        aliases=dict(said or {}),
    )


def multiplied(
    entries: Sequence[Procedure], count: int, seed: int = 1
) -> tuple[list[Procedure], dict[str, tuple[str, ...]]]:
    """The procedures and as many changed copies as make `count` of them; and the copies' everyday phrases, by code.

    A copy has a code of its own; in its title, keywords and phrases some words are words of other titles.
    """
    chance = random.Random(seed)
    everyday = aliases.load()
    words = [word for entry in entries for word in entry.name.split()]
    made, said = list(entries[:count]), {}
    for number in range(max(0, count - len(made))):
        original = entries[number % len(entries)]
        code = f"9.{number:06d}"
        name, keywords = changed(original.name, words, chance), changed(original.keywords, words, chance)
        made.append(replace(original, code=code, name=name, keywords=keywords))
        said[code] = tuple(changed(phrase, words, chance) for phrase in everyday.get(original.code, ()))
    return made, said


def changed(text: str, words: Sequence[str], chance: random.Random) -> str:
    """A text in which about CHANGED of the words, at least one, are others."""
    parts = text.split()
    if not parts:
        return text
    for place in {chance.randrange(len(parts)), *_places(len(parts), chance)}:
        parts[place] = chance.choice(words)
    return " ".join(parts)


def _places(count: int, chance: random.Random) -> Iterator[int]:
    return (place for place in range(count) if chance.random() < CHANGED - 1 / count)
