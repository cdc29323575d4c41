"""Scores replies against labelled questions: how often the desk is right, helpful, wrong or silent."""

import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.training.retyping import Noise, typed_again

RIGHT, HELPED, WRONG, MISSED = VERDICTS = ("right", "helped", "wrong", "missed")
OFFERED = 5
"""How many of the offered entries a citizen is taken to look at."""
RANKS = (1, 3, 5, 10)

Line = Mapping[str, Any]


@dataclass(slots=True)
class Scores:
    """Verdicts by group, ranks of the right entry, and the turns that went badly."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ranks: list[int | None] = field(default_factory=list)
    aspect_hits: list[bool] = field(default_factory=list)
    errors: list[tuple[str, Line, Line]] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, question: Line, answer: Line) -> None:
        """Takes one labelled question and the answer it got (shapes of the batch's lines)."""
        given = verdict(question, answer)
        expected = question["expect"]
        family = expected if expected in ("answer", "clarify") else "other"
        turn = "first" if question["turn"] == 1 else "later"
        for group in ("all", expected, f"{family}/{turn}"):
            self.verdicts[group][given] += 1
        if expected == "answer" and question["codes"]:
            self._rank(question, answer, given)
        if given in (WRONG, MISSED):
            self.errors.append((given, question, answer))
        self.milliseconds.append(answer["ms"])

    def _rank(self, question: Line, answer: Line, given: str) -> None:
        accepted = set(question["codes"])
        positions = (n for n, code in enumerate(answer["codes"][: RANKS[-1]]) if code in accepted)
        self.ranks.append(next(positions, None))
        if given == RIGHT and question["aspects"]:
            self.aspect_hits.append(bool(set(question["aspects"]) & set(answer["aspects"] or "s")))

    def report(self) -> dict[str, Any]:
        """The figures, shares rounded to four digits; times in milliseconds."""
        figures: dict[str, Any] = {name: _shares(self.verdicts[name]) for name in sorted(self.verdicts)}
        if self.ranks:
            count = len(self.ranks)
            ranking = {f"top{k}": round(sum(r is not None and r < k for r in self.ranks) / count, 4) for k in RANKS}
            ranking["mrr"] = round(sum(1 / (r + 1) for r in self.ranks if r is not None) / count, 4)
            figures["ranking"] = ranking
        if self.aspect_hits:
            figures["aspect_hit"] = round(statistics.mean(self.aspect_hits), 4)
        if self.milliseconds:
            figures["ms"] = {"p50": _percentile(self.milliseconds, 0.5), "p99": _percentile(self.milliseconds, 0.99)}
        return figures


def score(pairs: Iterable[tuple[Line, Line]]) -> Scores:
    """Scores many pairs of question and answer."""
    scores = Scores()
    for question, answer in pairs:
        scores.add(question, answer)
    return scores


def typed_badly(question: Line, noise: Noise, seed: int) -> dict[str, Any]:
    """A question as somebody else would type it; the same for the same seed and the question's id."""
    return {**question, "text": typed_again(question["text"], noise, f"{seed}|{question['id']}")}


def losses(clean: Mapping[str, Any], noisy: Mapping[str, Any]) -> dict[str, float]:
    """By how much the share of right falls in every group of two reports on the same questions; below 0 it rose."""
    groups = [name for name, row in clean.items() if isinstance(row, dict) and "right" in row]
    return {name: round(clean[name]["right"] - noisy[name]["right"], 4) for name in groups}


def verdict(question: Line, answer: Line) -> str:
    """right, helped, wrong or missed, as the head of the question files' own scorer defines them."""
    text = unicodedata.normalize("NFC", answer["text"])
    if any(_matches(pattern, text) for pattern in question.get("must_not") or ()):
        return WRONG
    complete = all(_matches(pattern, text) for pattern in question.get("must") or ())
    expected, kind = question["expect"], answer["kind"]
    if expected not in ("answer", "clarify"):
        return (RIGHT if complete else MISSED) if kind == expected else WRONG
    if expected == "answer" and not question["codes"]:
        return _fact_verdict(kind, complete)
    return _entry_verdict(expected, kind, set(question["codes"]), answer["codes"])


def _fact_verdict(kind: str, complete: bool) -> str:
    if kind == "answer":
        return RIGHT if complete else WRONG
    if kind == "clarify" and complete:
        return HELPED
    return MISSED if kind in ("clarify", "refuse") else WRONG


def _entry_verdict(expected: str, kind: str, accepted: set[str], codes: Sequence[str]) -> str:
    wanted = RIGHT if kind == expected else HELPED
    if kind == "answer":
        return wanted if codes and codes[0] in accepted else WRONG
    if kind == "clarify":
        offered = bool(accepted & set(codes[:OFFERED]))
        return wanted if offered or (expected == "clarify" and not accepted) else MISSED
    return MISSED


def _matches(pattern: str, text: str) -> bool:
    return re.search(unicodedata.normalize("NFC", pattern), text, re.IGNORECASE | re.DOTALL) is not None


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = counts.total()
    shares = {name: round(counts[name] / total, 4) for name in VERDICTS}
    return {"n": total, **shares, "useful": round((counts[RIGHT] + counts[HELPED]) / total, 4)}


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
