"""How the search came to what it found: every step of one message as plain values, nothing printed."""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from knowledge.comparing import Matrix
from knowledge.confidence import probability
from knowledge.entries import Found
from knowledge.lexicon import Lexicon
from knowledge.operations import OPERATIONS, PEOPLE, SPECIAL
from knowledge.query import LONGEST_TEXT, Query
from knowledge.ranking import FEATURES, QUESTION_FEATURES, Asked
from knowledge.search import Judgement, Ranked, Reading, Searcher
from knowledge.syllables import PUNCTUATION, Expansion, pieces
from knowledge.text import clean, words
from knowledge.turns import ALONE

MOST_CANDIDATES = 10
_BITS = {"operations": OPERATIONS, "qualifiers": SPECIAL, "people": PEOPLE}
_SHOWN_ELSEWHERE = {"text", "provinces"}


@dataclass(frozen=True, slots=True)
class Said:
    """One word of the message. weight: how much it counts (0 = denied); filler: says nothing about a subject."""

    text: str
    weight: float
    filler: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """Something read otherwise than typed. why: teencode, abbreviation, dialect, spelling, left_out."""

    typed: str
    meant: str
    why: str


@dataclass(frozen=True, slots=True)
class Expanded:
    """Official words for everyday ones, or one meaning of an abbreviation (phrase False), at their weight."""

    everyday: str
    official: str
    weight: float
    phrase: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What one feature or sign adds to a score: weight x value."""

    name: str
    value: float
    weight: float

    @property
    def points(self) -> float:
        """The product."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry and where its score comes from, the biggest share first.

    profile: gained because it is the office's own; rest: everything else, such as the conversation's field.
    """

    ref: str
    title: str
    level: str
    province: str
    score: float
    shares: tuple[Share, ...]
    profile: float = 0.0
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class Certainty:
    """One probability (0..1) with the signs that it is made of, the biggest first."""

    name: str
    probability: float
    signs: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything between a message and what `find` made of it.

    tokens: underthesea's words, "_" within one; searched: the words really looked for, other than the message's
    where the subject came from the conversation; circumstances: what is to be done, by whom, at which level, by name;
    turn: the likeliest of `turns.READINGS`; subject: what it says for itself; candidates and questions are empty
    where a code in the message settles it.
    """

    text: str
    accents: bool
    tokens: tuple[str, ...]
    words: tuple[Said, ...]
    repairs: tuple[Repair, ...]
    expansions: tuple[Expanded, ...]
    places: tuple[str, ...]
    circumstances: dict[str, tuple[str, ...]]
    turn: str
    subject: dict[str, float | bool]
    searched: str
    candidates: tuple[Candidate, ...]
    questions: tuple[Candidate, ...]
    certainties: tuple[Certainty, ...]
    found: Found


@dataclass(frozen=True, slots=True)
class Judged:
    """One pass of the search: what was read, what it brought, how sure."""

    reading: Reading
    procedures: Ranked
    questions: Ranked
    sure: Judgement


class Watched(Searcher):
    """The same searcher over the same tables, remembering each judgement."""

    def __init__(self, searcher: Searcher) -> None:
        self.__dict__.update(vars(searcher))
        self.judged: list[Judged] = []

    def judge(self, reading: Reading, found: Ranked, questions: Ranked) -> Judgement:
        """As always, and kept."""
        sure = super().judge(reading, found, questions)
        self.judged.append(Judged(reading, found, questions, sure))
        return sure


def explained(watched: Watched, text: str, found: Found) -> Explanation:
    """The steps of a search that `watched` has just made for this text, with this result."""
    query = watched.understand(text)
    asked = watched.asked(query)
    subject = watched.subject(query, asked)
    passed = _decisive(watched, found)
    facts = watched.index.facts
    return Explanation(
        text=query.text,
        accents=query.accents,
        tokens=tuple(words(query.text) if query.accents else (word.surface for word in query.words)),
        words=tuple(Said(word.surface, round(word.weight, 3), word.filler) for word in query.words),
        repairs=_repairs(text, query, watched.lexicon),
        expansions=tuple(_expanded(expansion) for expansion in query.expansions),
        places=tuple(sorted(asked.provinces)),
        circumstances=_circumstances(asked),
        turn=max(found.readings, key=lambda name: found.readings[name], default=ALONE),
        subject=dataclasses.asdict(subject),
        searched=" ".join(word.surface for word in (passed.reading.query if passed else query).words),
        candidates=_candidates(watched, passed.procedures) if passed else (),
        questions=tuple(
            Candidate(facts.ref[owner], facts.title[owner], "", "", points, shares)
            for owner, points, shares, _ in _shared(
                passed.questions, QUESTION_FEATURES, watched.weights.questions, MOST_CANDIDATES
            )
        )
        if passed
        else (),
        certainties=_certainties(watched, passed) if passed else (),
        found=found,
    )


def _decisive(watched: Watched, found: Found) -> Judged | None:
    """The pass whose first entry was handed out; else the last one."""
    if not watched.judged:
        return None
    refs = {hit.ref for hit in found.hits[:1]}
    numbers = watched.index.facts.ref
    fitting = [
        judged
        for judged in watched.judged
        if refs & {numbers[n] for n in (*judged.procedures.order[:1], *judged.questions.order[:1])}
    ]
    return (fitting or watched.judged)[-1]


def _repairs(text: str, query: Query, lexicon: Lexicon) -> tuple[Repair, ...]:
    typed = [piece for piece in pieces(clean(text)[:LONGEST_TEXT]) if piece not in PUNCTUATION]
    meant = [word.surface for word in query.words]
    found: list[Repair] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, typed, meant, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if b - a == d - c:
            found += [Repair(old, new, _why((old,), lexicon)) for old, new in zip(typed[a:b], meant[c:d], strict=True)]
        else:
            why = _why(typed[a:b], lexicon) if d > c else "left_out"
            found.append(Repair(" ".join(typed[a:b]), " ".join(meant[c:d]), why))
    return tuple(found)


def _why(typed: Iterable[str], lexicon: Lexicon) -> str:
    for piece in typed:
        for name in ("teencode", "abbreviations", "dialect"):
            if piece in getattr(lexicon, name):
                return name.removesuffix("s")
    return "spelling"


def _expanded(expansion: Expansion) -> Expanded:
    weight = max((word.weight for word in expansion.words), default=0.0)
    return Expanded(" ".join(expansion.everyday), expansion.text, round(weight, 3), expansion.phrase)


def _circumstances(asked: Asked) -> dict[str, tuple[str, ...]]:
    """Everything that was understood beside the words, by the names of the fields; what is empty is left out."""
    said: dict[str, tuple[str, ...]] = {}
    for part in dataclasses.fields(asked):
        value = getattr(asked, part.name)
        if part.name in _BITS and isinstance(value, int):
            names: Sequence[str] = [name for n, name in enumerate(_BITS[part.name]) if value >> n & 1]
        elif isinstance(value, (frozenset, set, tuple, list)):
            names = sorted(_plain(one) for one in value)
        else:
            names = [_plain(value)] if value else []
        if names and part.name not in _SHOWN_ELSEWHERE:
            said[part.name] = tuple(names)
    return said


def _plain(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _candidates(watched: Watched, ranked: Ranked) -> tuple[Candidate, ...]:
    facts = watched.index.facts
    found = []
    for owner, points, shares, linear in _shared(ranked, FEATURES, watched.weights.procedures, MOST_CANDIDATES):
        profile = float(watched.by_profile[owner])
        rest = points - linear - profile
        found.append(
            Candidate(
                ref=facts.ref[owner],
                title=facts.title[owner],
                level=_plain(facts.level[owner]),
                province=facts.province[owner],
                score=points,
                shares=shares,
                profile=profile,
                rest=0.0 if abs(rest) < 1e-6 else rest,
            )
        )
    return tuple(found)


def _shared(
    ranked: Ranked, names: Sequence[str], weights: Mapping[str, float], most: int
) -> list[tuple[int, float, tuple[Share, ...], float]]:
    """Document, score, shares and their sum, for the first entries; each by its best line of the matrix."""
    if not ranked.order:
        return []
    vector = np.asarray([weights.get(name, 0.0) for name in names])
    products: Matrix = ranked.matrix * vector
    totals = products.sum(axis=1)
    found = []
    for owner, points in list(zip(ranked.order, ranked.points, strict=True))[:most]:
        rows = np.flatnonzero(ranked.owners == owner)
        row = int(rows[int(totals[rows].argmax())])
        values = zip(names, ranked.matrix[row].tolist(), vector.tolist(), strict=True)
        found.append((owner, points, _biggest(Share(*one) for one in values), float(totals[row])))
    return found


def _biggest(shares: Iterable[Share]) -> tuple[Share, ...]:
    counting = [share for share in shares if share.points]
    return tuple(sorted(counting, key=lambda share: (-abs(share.points), share.name)))


def _certainties(watched: Watched, passed: Judged) -> tuple[Certainty, ...]:
    signs = watched.signs(passed.reading, passed.procedures, passed.questions)
    weights = watched.weights
    asked = probability(signs, weights.question) if passed.questions.order else 0.0
    signs = {**signs, "rival": asked}
    models = (
        ("top", passed.sure.top, weights.top),
        ("question", passed.sure.question, weights.question),
        ("in_domain", passed.sure.in_domain, weights.in_domain),
    )
    return tuple(
        Certainty(name, sure, _biggest(Share(sign, signs[sign], constant) for sign, constant in model.items()))
        for name, sure, model in models
    )
