"""What staff have taught: a message in exactly the words of a way to ask that they approved is of that entry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from knowledge.entries import Found, Hit
from knowledge.learning import Wording
from knowledge.text import fold, tokens

TAUGHT = 0.95
"""Confidence in an entry that somebody has chosen for exactly these words."""
SURE = 0.8
"""Confidence from which the search is believed where only the subject of a message is in taught words."""
LONGEST = 500
"""Characters of a message that can be a way to ask."""


class Taught:
    """The approved ways to ask, by their words without accents; words that two entries have teach nothing."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], questions: Mapping[str, Iterable[str]]) -> None:
        """phrases: by ref, those that the office has given, none of those shipped; questions: the wordings of the FAQ
        base, which count word for word only, and not where a message goes on about what was spoken of."""
        self._refs = _owners(phrases)
        self._questions = {key: ref for key, ref in _owners(questions).items() if key not in self._refs}

    def applied(
        self, text: str, found: Found, worded: Callable[[str], Wording | None], entry: Callable[[str], Hit | None]
    ) -> Found:
        """What was found, with the entry first that staff have taught for these words.

        Asked word for word it comes first whatever the search thinks; with its subject alone (without "hết bao nhiêu
        tiền") only where the search is not sure. entry: the hit of a ref, None where it is not in force.
        """
        if len(text) > LONGEST:
            return found
        said = _key(text)
        ref = self._refs.get(said) or ("" if found.carried else self._questions.get(said, ""))
        if not ref and found.confidence < SURE and (subject := worded(text)):
            ref = self._refs.get(subject.key) or self._refs.get(_key(subject.text), "")
        hit = next((one for one in found.hits if one.ref == ref), None) or (entry(ref) if ref else None)
        if hit is None or (found.hits and found.hits[0].ref == ref and found.confidence >= TAUGHT):
            return found
        others = tuple(one for one in found.hits if one.ref != ref)
        best = max((one.score for one in others), default=0.0)
        first = replace(hit, confidence=TAUGHT, score=max(hit.score, best))
        return replace(
            found,
            hits=(first, *others)[:10],
            confidence=TAUGHT,
            in_domain=max(found.in_domain, TAUGHT),
            carried=False,
            vague=False,
            question=found.question or text,
            shares={one.ref: one.confidence for one in (first, *others)},
        )


def _owners(phrases: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The ref of each wording; what two entries have is of neither."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for ref, said in phrases.items():
        for key in {_key(phrase) for phrase in said} - {""}:
            if found.setdefault(key, ref) != ref:
                shared.add(key)
    return {key: ref for key, ref in found.items() if key not in shared}


def _key(text: str) -> str:
    return " ".join(tokens(fold(text)))
