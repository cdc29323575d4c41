"""One list of hits from the procedures and the questions of the FAQ base that a message may mean."""

from knowledge.confidence import shares
from knowledge.entries import Hit
from knowledge.index import Facts
from knowledge.search import Judgement, Ranked

MOST_HITS = 10
MOST_QUESTIONS = 3
"""Questions of the FAQ base among the hits where a procedure is first."""
LEAST_QUESTION = 0.1
"""Probability from which a question may stand among the hits behind a procedure."""


def merged(facts: Facts, found: Ranked, questions: Ranked, sure: Judgement) -> tuple[Hit, ...]:
    """The first entries as they are handed out, best first; the kind that is more probable leads."""
    procedures = _hits(facts, found, sure.top, MOST_HITS)
    asked = _hits(facts, questions, sure.question, MOST_HITS)
    if asked and sure.question > sure.top:
        return (asked[0], *_by_confidence(procedures, asked[1:MOST_QUESTIONS]))[:MOST_HITS]
    likely = tuple(hit for hit in asked[:MOST_QUESTIONS] if hit.confidence >= LEAST_QUESTION)
    return (*procedures[:1], *_by_confidence(procedures[1:], likely))[:MOST_HITS]


def _by_confidence(procedures: tuple[Hit, ...], questions: tuple[Hit, ...]) -> list[Hit]:
    return sorted((*procedures, *questions), key=lambda hit: -hit.confidence)


def _hits(facts: Facts, found: Ranked, confidence: float, most: int) -> tuple[Hit, ...]:
    spread = shares(found.points)
    rest = (1 - confidence) / max(1 - spread[0], 1e-6) if spread else 0.0
    return tuple(
        Hit(
            ref=facts.ref[owner],
            title=facts.title[owner],
            score=points,
            confidence=confidence if n == 0 else min(spread[n] * rest, confidence),
            level=facts.level[owner],
            agency=facts.agency[owner],
            province=facts.province[owner] or None,
        )
        for n, (owner, points) in enumerate(zip(found.order[:most], found.points, strict=False))
    )
