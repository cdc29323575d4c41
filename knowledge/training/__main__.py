"""`python -m knowledge.training SNAPSHOT QUESTIONS`: fits, cross-validates and writes the constants."""

import argparse
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from knowledge import aliases, lexicon, text, weights
from knowledge.base import indexed
from knowledge.confidence import DOMAIN_SIGNS, QUESTION_SIGNS, SIGNS, probability
from knowledge.entries import FAQ_PREFIX
from knowledge.search import Searcher
from knowledge.training import asked, bases, examples, turning
from knowledge.training.fitting import FOLDS, Matrix, area, logistic
from knowledge.training.measuring import Seen, by_fold, fitted, ranked, seen

SEED = 20261121
WIDEST = "starter over snapshot"
"""The base over which our own questions are looked for too."""
ASKED = ("answer", "clarify", "elsewhere")
DOMAIN_WORTH = {"variants": 0.5, "own": 0.5}
"""How much an example of these sources counts where it is learnt what no office settles."""


@dataclass(slots=True)
class Case:
    """An example ranked with weights that never saw its group."""

    seen: Seen
    signs: dict[str, float]
    procedures: list[str]
    questions: list[str]
    top: float = 0.0
    question: float = 0.0
    in_domain: float = 0.0

    @property
    def procedure_right(self) -> bool:
        return bool(self.procedures) and self.procedures[0] in self.seen.example.right

    @property
    def question_right(self) -> bool:
        return bool(self.questions) and self.questions[0] in self.seen.example.right

    @property
    def rank(self) -> int:
        """Place of the first procedure meant, from 0; 99 where it is not found."""
        right = self.seen.example.right
        return next((n for n, ref in enumerate(self.procedures) if ref in right), 99)


def gathered(snapshot: Path, folder: Path, elsewhere: Sequence[Path]) -> list[Seen]:
    """Every example over every base."""
    words, everyday = lexicon.load(), aliases.load()
    found: list[Seen] = []
    for base in bases.bases(snapshot):
        searcher = Searcher(indexed(base, words, everyday), words)
        faqs = [question.faq for question in base.faqs.values()]
        chance = random.Random(SEED)
        wanted = examples.labelled(folder, faqs)
        if base.name == WIDEST:
            wanted += [*examples.own(), *examples.elsewhere(elsewhere)]
        wanted += examples.beginnings(searcher.index, chance)
        wanted += examples.variants(searcher.index, chance)
        found += [seen(searcher, base.name, example) for example in wanted]
        print(base.name, len(wanted), "examples", file=sys.stderr)
    return found


def cases(items: list[Seen]) -> list[Case]:
    """Every example ranked out of its fold."""
    folds = by_fold(items)
    found = []
    for item in items:
        procedures, questions = ranked(item, folds[item.fold])
        refs = item.searcher.index.facts.ref
        signs = item.searcher.signs(item.reading, procedures, questions)
        found.append(Case(item, signs, [refs[n] for n in procedures.order], [refs[n] for n in questions.order]))
    return found


def judged(
    found: list[Case], name: str, names: tuple[str, ...], wanted: list[bool], counted: Sequence[float]
) -> dict[str, float]:
    """Fits one logistic model; sets its out-of-fold probability on every case. counted: how much each case counts."""
    features = np.asarray([[case.signs[sign] for sign in names] for case in found])
    label = np.asarray(wanted, dtype=np.float64)
    worth = np.asarray(counted, dtype=np.float64)
    fold = np.asarray([case.seen.fold for case in found])
    belief = np.zeros(len(found))
    for n in range(FOLDS):
        model = _named(names, logistic(*_only(worth * (fold != n), features, label)))
        for at in np.flatnonzero(fold == n):
            belief[at] = probability(found[at].signs, model)
    for case, value in zip(found, belief.tolist(), strict=True):
        setattr(case, name, value)
    held = worth > 0
    print(name, "area under the curve, cross-validated", round(area(belief[held], label[held]), 3))
    return _named(names, logistic(*_only(worth, features, label)))


def _only(worth: Matrix, features: Matrix, label: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    used = worth > 0
    return features[used], label[used], worth[used]


def _named(names: tuple[str, ...], values: Matrix) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def confidence(found: list[Case]) -> dict[str, dict[str, float]]:
    """The three models of confidence."""
    kinds = [case.seen.example.kind for case in found]
    asked = [case.seen.example.worth * (case.seen.example.kind in ASKED) for case in found]
    told = [
        case.seen.example.worth * (bool(case.questions) and kind in (*ASKED, "phrase"))
        for case, kind in zip(found, kinds, strict=True)
    ]
    question = judged(found, "question", QUESTION_SIGNS, [case.question_right for case in found], told)
    for case in found:
        case.signs["rival"] = case.question if case.questions else 0.0
    top = judged(found, "top", SIGNS, [case.procedure_right for case in found], asked)
    meant = [kind != "elsewhere" for kind in kinds]
    worth = [DOMAIN_WORTH.get(case.seen.example.source, case.seen.example.worth) for case in found]
    domain = judged(found, "in_domain", DOMAIN_SIGNS, meant, worth)
    return {"question": question, "top": top, "in_domain": domain}


def report(found: list[Case]) -> None:
    """Prints how often the right entry is first, and what thresholds would do."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in found:
        if case.seen.example.right:
            groups[case.seen.base, case.seen.example.source].append(case)
    for (base, source), members in groups.items():
        told = [c for c in members if c.seen.example.about_faq]
        rest = [c for c in members if not c.seen.example.about_faq]
        if rest:
            first, ten = np.mean([c.rank < 1 for c in rest]), np.mean([c.rank < 10 for c in rest])
            led = np.mean([c.rank < 1 and c.top >= c.question for c in rest])
            print(f"{base:24} {source:10} n {len(rest):5} first {first:.3f} ten {ten:.3f} first of all {led:.3f}")
        if told:
            first = np.mean([c.question_right for c in told])
            led = np.mean([c.question_right and c.question > c.top for c in told])
            print(f"{base:24} {source:10} n {len(told):5} question first {first:.3f} first of all {led:.3f}")
    for domain in (0.2, 0.3, 0.4):
        for sure in (0.35, 0.4, 0.45, 0.5, 0.55):
            print(f"domain {domain} sure {sure}", _verdicts(found, domain, sure))


def _verdicts(found: list[Case], domain: float, sure: float) -> str:
    said: dict[str, list[str]] = defaultdict(list)
    for case in found:
        example = case.seen.example
        if example.kind in ("answer", "clarify", "elsewhere") and example.source in (
            "popular",
            "national",
            "formal",
            "desk",
            "asked",
        ):
            source = "elsewhere" if example.kind == "elsewhere" else example.source
            said[source].append(_verdict(case, domain, sure))
    return " ".join(
        f"{source} "
        + "/".join(f"{np.mean([v == wanted for v in verdicts]):.2f}" for wanted in ("right", "helped", "wrong"))
        for source, verdicts in said.items()
    )


def _verdict(case: Case, domain: float, sure: float) -> str:
    example = case.seen.example
    best = max(case.top, case.question)
    first = case.questions[0] if case.questions and case.question > case.top else (case.procedures or [""])[0]
    if case.in_domain < domain:
        return "right" if example.kind == "elsewhere" else "missed"
    if example.kind == "elsewhere":
        return "wrong"
    if best >= sure:
        return ("right" if example.kind == "answer" else "helped") if first in example.right else "wrong"
    if example.right & {first, *case.procedures[:4]}:
        return "right" if example.kind == "clarify" else "helped"
    return "missed"


def turns(searcher: Searcher, made: weights.Weights) -> dict[str, list[float]]:
    """The constants that weigh later messages, for these constants of the search."""
    searcher.weights = made
    single = [
        turning.Spoken("", question.codes, question.expect, question.text)
        for question in asked.divided()[1]
        if question.expect == "answer" and not question.codes[0].startswith(FAQ_PREFIX)
    ]
    single += [
        turning.Spoken(faq.topic, (FAQ_PREFIX + faq.id,), "answer", variant)
        for faq in bases.questions()
        for variant in faq.variants[:2]
    ]
    later = turning.examples(searcher, single)
    turning.report(later)
    return turning.fitted(later)


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--elsewhere", type=Path, nargs="*", default=[], help="more sentences that mean no entry")
    parser.add_argument("--out", type=Path, default=weights.FILE)
    given = parser.parse_args()
    text.warm_up()
    items = gathered(given.snapshot, given.questions, given.elsewhere)
    found = cases(items)
    sure = confidence(found)
    report(found)
    made = replace(fitted(items), top=sure["top"], question=sure["question"], in_domain=sure["in_domain"])
    made = replace(made, turn=turns(items[-1].searcher, made))
    given.out.write_text(json.dumps(asdict(made), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
