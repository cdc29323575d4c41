"""Looks through a whole base for what its editors should mend; slow, for a thread at night."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from knowledge.entries import FAQ_PREFIX, Faq, Found, Procedure
from knowledge.listing import Listed
from knowledge.text import fold, tokens

NEAR_TIE = 0.12
"""Two entries whose confidences (0..1) are nearer than this change places with the next small change."""
ALIKE = 0.75
"""Likeness of two questions (0..1) from which on they ask the same."""
MOST_HOLDERS = 300
"""Questions compared because of one syllable; one that more share says nothing."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]+[^\s<>\"'()\[\]{}|\\^`.,;:!?…”]")


class FindingKind(StrEnum):
    """What is wrong with an entry."""

    NO_SOURCE = "no_source"
    SAME = "same"
    FLIP = "flip"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend. subject, other: a procedure's code or "faq:ID"; detail: the words asked with, of FLIP.

    weight: the heavier first.
    """

    kind: FindingKind
    subject: str
    other: str = ""
    detail: str = ""
    weight: int = 0


class Base(Protocol):
    """What is published, as far as it is looked at here."""

    @property
    def facts(self) -> Listed: ...
    def codes(self) -> tuple[str, ...]: ...
    def faqs(self) -> tuple[Faq, ...]: ...
    def find(self, text: str) -> Found: ...
    def procedure(self, code: str) -> Procedure | None: ...


Going = Callable[[], bool]
"""False once the work is to be broken off."""


def without_source(base: Base, going: Going) -> Iterator[Finding]:
    """Questions without a source; procedures with neither decision, legal basis nor page."""
    for faq in base.faqs():
        if not faq.sources:
            yield Finding(kind=FindingKind.NO_SOURCE, subject=FAQ_PREFIX + faq.id, weight=1)
    for code in base.codes():
        found = base.procedure(code) if going() else None
        if found and not (found.decision_number or found.legal_basis or found.source_url):
            yield Finding(kind=FindingKind.NO_SOURCE, subject=code)


def overlapping(base: Base, taught: Mapping[str, Sequence[str]], going: Going) -> Iterator[Finding]:
    """Entries that answer the same question, and ways to ask an entry that lead to another one or nearly do.

    taught: everyday words added by staff, by ref. Every way to ask is put to `find`: some milliseconds each.
    """
    yield from _same_names(base)
    yield from _alike(base.faqs(), going)
    questions = {FAQ_PREFIX + faq.id: faq for faq in base.faqs()}
    told: set[tuple[str, str]] = set()
    for ref, faq in questions.items():
        for way in dict.fromkeys((faq.question, *faq.variants, *taught.get(ref, ()))):
            if not going():
                return
            found = base.find(way)
            for finding in _tied(ref, way, found):
                if (ref, finding.other) not in told:
                    told.add((ref, finding.other))
                    yield finding


def unasked(refs: Sequence[str], asked: frozenset[str], young: frozenset[str]) -> Iterator[Finding]:
    """Entries that no answer was about; young: too new to be missed. Questions before procedures."""
    for ref in refs:
        if ref not in asked and ref not in young:
            yield Finding(kind=FindingKind.UNASKED, subject=ref, weight=int(ref.startswith(FAQ_PREFIX)))


def addresses(base: Base, going: Going) -> dict[str, list[str]]:
    """Every web address that an entry names (sources, answers, pages, forms), with the refs of those entries."""
    found: dict[str, list[str]] = defaultdict(list)
    for faq in base.faqs():
        named = [source.url for source in faq.sources] + _ADDRESS.findall(faq.answer)
        for url in dict.fromkeys(filter(_is_web, named)):
            found[url].append(FAQ_PREFIX + faq.id)
    for code in base.codes():
        procedure = base.procedure(code) if going() else None
        if procedure:
            files = [form.url for case in procedure.cases for paper in case.documents for form in paper.forms]
            for url in dict.fromkeys(filter(_is_web, (procedure.source_url, *files))):
                found[url].append(code)
    return found


def _same_names(base: Base) -> Iterator[Finding]:
    """Procedures of one name, level and province under two codes."""
    facts = base.facts
    known: dict[tuple[str, str, str], str] = {}
    for ref, title, level, province in zip(facts.ref, facts.title, facts.level, facts.province, strict=True):
        if not ref.startswith(FAQ_PREFIX):
            first = known.setdefault((" ".join(tokens(fold(title))), level, province), ref)
            if first != ref:
                yield Finding(kind=FindingKind.SAME, subject=first, other=ref, weight=100)


def _alike(faqs: Sequence[Faq], going: Going) -> Iterator[Finding]:
    """Questions for the same people that share most of their syllables, whatever their order.

    Two sets that share ALIKE of their syllables share one of the rarest few of each: only those are compared.
    """
    ways = [(faq, frozenset(tokens(fold(way)))) for faq in faqs for way in dict.fromkeys((faq.question, *faq.variants))]
    rarity = Counter(syllable for _, said in ways for syllable in said)
    holders: dict[str, list[int]] = defaultdict(list)
    told: dict[tuple[str, str], float] = {}
    for place, (faq, said) in enumerate(ways):
        if not going():
            return
        rarest = sorted(said, key=lambda syllable: (rarity[syllable], syllable))
        heads = rarest[: len(said) - math.ceil(ALIKE * len(said)) + 1]
        for other, known in (ways[one] for one in {one for head in heads for one in holders[head]}):
            if other.id != faq.id and set(faq.audience) & set(other.audience):
                near = len(said & known) / len(said | known)
                first, second = sorted((faq.id, other.id))
                if near >= ALIKE and near > told.get((first, second), 0.0):
                    told[first, second] = near
        for head in heads:
            if len(holders[head]) < MOST_HOLDERS:
                holders[head].append(place)
    for (first, second), near in told.items():
        names = FAQ_PREFIX + first, FAQ_PREFIX + second
        yield Finding(kind=FindingKind.SAME, subject=names[0], other=names[1], weight=round(near * 100))


def _tied(ref: str, way: str, found: Found) -> Iterator[Finding]:
    if not found.hits:
        return
    best, rest = found.hits[0], found.hits[1:]
    if best.ref != ref:
        yield Finding(kind=FindingKind.FLIP, subject=ref, other=best.ref, detail=way, weight=2)
    elif rest and best.confidence - rest[0].confidence < NEAR_TIE:
        yield Finding(kind=FindingKind.FLIP, subject=ref, other=rest[0].ref, detail=way, weight=1)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url) <= 2000
