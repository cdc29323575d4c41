"""What the constants are fitted on: labelled questions, and phrases of the data files as if they were asked."""

import json
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import FAQ_PREFIX, Faq
from knowledge.index import Index
from knowledge.text import fold
from knowledge.training import asked

WORTH = {"popular": 1.0, "national": 1.3, "formal": 0.35, "desk": 2.5}
"""How much one question of each file counts: the formal ones are many and alike, those of the FAQ base few."""
VARIANT_WORTH, TITLE_WORTH = 0.4, 0.5
VARIANTS, TITLES = 600, 300
MOST_RIGHT = 25
"""A fact that more questions of the FAQ base tell says nothing about which one is meant."""
ASKED_WORTH, ASKED_FAQ_WORTH = 0.5, 0.2
"""The FAQ base has four of our own questions for each entry: more of all questions than people ask of it."""
ELSEWHERE = Path(__file__).parent / "elsewhere.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One message. kind: answer, clarify, elsewhere (no entry is meant) or phrase (taken from the base itself).

    right: codes or "faq:ID" that are meant; group: examples of one group are never in two folds.
    """

    source: str
    text: str
    kind: str
    right: frozenset[str]
    group: str
    worth: float

    @property
    def about_faq(self) -> bool:
        """Whether a question of the FAQ base is meant."""
        return any(ref.startswith(FAQ_PREFIX) for ref in self.right)


def labelled(folder: Path, faqs: Sequence[Faq]) -> list[Example]:
    """The first turns of every question file. Raises OSError where one is missing."""
    found = []
    for source, worth in WORTH.items():
        for line in (folder / f"dev-{source}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            kind = {"smalltalk": "elsewhere", "refuse": "elsewhere"}.get(row["expect"], row["expect"])
            if row["turn"] != 1 or kind not in ("answer", "clarify", "elsewhere"):
                continue
            told = kind == "answer" and not row["codes"]
            right = frozenset(_telling(row, faqs) if told else row["codes"])
            group = min(row["codes"], default=row["conversation"])
            found.append(Example(source=source, text=row["text"], kind=kind, right=right, group=group, worth=worth))
    return found


def _telling(row: dict[str, list[str]], faqs: Sequence[Faq]) -> Iterator[str]:
    """The questions of the FAQ base whose answer holds what this one has to be told."""
    for faq in faqs:
        text = unicodedata.normalize("NFC", " ".join((faq.answer, *(source.title for source in faq.sources))))
        if all(_matches(p, text) for p in row["must"]) and not any(_matches(p, text) for p in row["must_not"]):
            yield FAQ_PREFIX + faq.id


def _matches(pattern: str, text: str) -> bool:
    return re.search(unicodedata.normalize("NFC", pattern), text, re.IGNORECASE | re.DOTALL) is not None


def own() -> list[Example]:
    """Our own questions, without those that the vectors learn from."""
    return [
        Example(
            source="asked",
            text=question.text,
            kind=question.expect,
            right=frozenset(question.codes),
            group=question.codes[0],
            worth=ASKED_FAQ_WORTH if question.codes[0].startswith(FAQ_PREFIX) else ASKED_WORTH,
        )
        for question in asked.divided()[1]
    ]


def elsewhere(more: Sequence[Path] = ()) -> list[Example]:
    """Sentences about matters that no office settles, with those of further files (headings in [] left out)."""
    lines = [line for path in (ELSEWHERE, *more) for line in path.read_text(encoding="utf-8").splitlines()]
    told = dict.fromkeys(line for line in lines if line.strip() and not line.startswith(("[", "#")))
    return [
        Example(source="own", text=line, kind="elsewhere", right=frozenset(), group=line, worth=1.0) for line in told
    ]


def variants(index: Index, chance: random.Random) -> list[Example]:
    """Variants of the questions of the FAQ base as if somebody asked them, every second one typed without accents."""
    owners: dict[str, set[str]] = defaultdict(set)
    named = set(index.phrases.first_row.tolist())
    for row, (owner, text) in enumerate(zip(index.phrases.document.tolist(), index.phrases.text, strict=True)):
        if index.facts.ref[owner].startswith(FAQ_PREFIX) and row not in named:
            owners[text].add(index.facts.ref[owner])
    chosen = chance.sample(sorted(owners), min(VARIANTS, len(owners)))
    return [
        Example(
            source="variants",
            text=fold(text) if n % 2 else text,
            kind="phrase",
            right=frozenset(owners[text]),
            group=min(owners[text]),
            worth=VARIANT_WORTH,
        )
        for n, text in enumerate(chosen)
    ]


def beginnings(index: Index, chance: random.Random) -> list[Example]:
    """The first words of titles: what people type who want to look around."""
    titles = [title for ref, title in zip(index.facts.ref, index.facts.title, strict=True) if ":" not in ref]
    found = []
    for title in chance.sample(titles, min(TITLES, len(titles))):
        said = " ".join(title.lower().removeprefix("thủ tục ").split()[: chance.randint(3, 6)])
        found.append(
            Example(source="titles", text=said, kind="title", right=frozenset(), group=title, worth=TITLE_WORTH)
        )
    return found
