"""Which procedures of the base the rows of a decision speak of: by code, else by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.entries import Found, Level, Procedure
from knowledge.importing.decisions.annex import AnnexRow, ChangeKind
from knowledge.listing import Listed
from knowledge.overlap import EMPTY_WORDS, likeness
from knowledge.text import fold, tokens

MOST = 5
"""Candidates shown for one row."""
SURE = 0.9
"""Likeness of names (0..1) from which on a name alone says which procedure is meant."""
WORTH_SHOWING = 0.4


class Base(Protocol):
    """What is published, as far as it is looked at here."""

    @property
    def facts(self) -> Listed: ...
    def find(self, text: str) -> Found: ...
    def procedure(self, code: str) -> Procedure | None: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that a row may mean. likeness: of the two names, 0..1; by_code: the row has its code."""

    code: str
    name: str
    likeness: float
    by_code: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """code: of the procedure meant, "" where people have to say; of a new procedure its own."""

    code: str
    candidates: tuple[Candidate, ...] = ()


class Matcher:
    """Matches rows against one base; slow enough for a thread when there are hundreds."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._by_name: dict[str, list[int]] = {}
        for place, title in enumerate(base.facts.title):
            self._by_name.setdefault(_key(title), []).append(place)

    def match(self, row: AnnexRow) -> Match:
        """What a row means. A new procedure keeps its code though nothing is published under it."""
        held = self._base.procedure(row.code) if row.code else None
        if held is not None:
            return Match(held.code, (Candidate(held.code, held.name, likeness(row.name, held.name), by_code=True),))
        candidates = self._named(row)
        if row.code and row.change is ChangeKind.ADDED:
            return Match(row.code, candidates)
        sure = [one for one in candidates if one.likeness >= SURE]
        return Match(sure[0].code if len(sure) == 1 else "", candidates)

    def _named(self, row: AnnexRow) -> tuple[Candidate, ...]:
        facts = self._base.facts
        same = [place for place in self._by_name.get(_key(row.name), ()) if ":" not in facts.ref[place]]
        level = [place for place in same if facts.level[place] is row.level]
        chosen = level if row.level is not Level.UNKNOWN and level else same
        found = [Candidate(facts.ref[place], facts.title[place], 1.0) for place in chosen]
        known = {one.code for one in found}
        for hit in self._base.find(row.name).hits if not found else ():
            near = likeness(row.name, hit.title)
            if not hit.is_faq and hit.ref not in known and near >= WORTH_SHOWING:
                found.append(Candidate(hit.ref, hit.title, near))
        return tuple(sorted(found, key=lambda one: -one.likeness)[:MOST])


def matched(base: Base, rows: Sequence[AnnexRow]) -> list[Match]:
    """The match of each row."""
    matcher = Matcher(base)
    return [matcher.match(row) for row in rows]


def _key(name: str) -> str:
    return " ".join(word for word in tokens(fold(name)) if word not in EMPTY_WORDS)
