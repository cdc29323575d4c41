"""What a message means in the talk it stands in: something new, the same, or one of what was offered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.aspects import asked as asked_aspects
from knowledge.confidence import shares
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Hit, Topic
from knowledge.followups import joined, opens_a_contrast, own_words, points_back
from knowledge.merging import MOST_HITS, merged
from knowledge.query import LONGEST_TEXT, Query
from knowledge.search import Reading, Searcher
from knowledge.turns import ABOUT_THE_TOPIC, ALONE, READINGS, SAME, Belief, likelihood, weighed

REMEMBERED_SUBJECT = 300
"""Characters of the subject kept for the next turn."""
DOUBTFUL = 0.4
"""Confidence where an entry is offered, not answered."""
VAGUE_MASS = 4.0
STRANGE_TO, MOST_STRANGE = 0.1, 2
"""Below this share of a message's own words (if so many) that the subject before it speaks of, it is only offered
again: the message may be about something that the base does not have."""
MOST_MASS, MOST_WORDS = 12.0, 40
"""From here on more rarity, or more words, say nothing more about a turn."""
_CODE = re.compile(r"(?<![\d.])(\d)[.,](\d{6,9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Later:
    """A later message: what each of READINGS gives, and the signs by which they are weighed."""

    topic: Topic
    alone: Found
    together: Found
    same: Mapping[str, float]
    signs: Mapping[str, float]
    own: int = 0

    @property
    def foreign(self) -> bool:
        """Whether the message has words about something of which the subject before it never speaks."""
        return self.own >= MOST_STRANGE and self.signs["topic_holds"] < STRANGE_TO

    @property
    def beliefs(self) -> tuple[Belief, Belief, Belief]:
        """The entries of each reading."""
        return _belief(self.alone), _belief(self.together), Belief(self.same, ABOUT_THE_TOPIC)


@dataclass(frozen=True, slots=True)
class Talk:
    """Finds what messages mean. numbers: of the entries in the index; current: the code in force for a code."""

    searcher: Searcher
    numbers: Mapping[str, int]
    current: Callable[[str], str]

    def find(self, text: str, topic: Topic | None) -> Found:
        """Entries that `text` may mean after talk about `topic`."""
        query = self.searcher.understand(text)
        named = self._named(text)
        if named:
            aspects = asked_aspects(query.text, accents=query.accents)
            return Found(hits=named, confidence=1.0, in_domain=1.0, aspects=aspects, question=named[0].title)
        asked_again = topic is not None and query.text[-REMEMBERED_SUBJECT:] == topic.question
        if topic is None or asked_again or not (topic.ref or topic.question):
            return self._alone(query)[1]
        if query.denied and not query.restated:
            return self._other(topic, asked_aspects(query.text, accents=query.accents))
        return self._weighed(self.later(query, topic))

    def later(self, query: Query, topic: Topic) -> Later:
        """The readings of a message after talk about `topic`."""
        reading, alone = self._alone(query, topic)
        with_topic, question, field_of = self._together(query, topic)
        together = self._found(with_topic, alone.aspects, question, carried=True, vague=False, field_of=field_of)
        same = self._same(topic, with_topic)
        signs = self._signs(reading, topic, alone, together, same)
        own = own_words(query, reading.asked.provinces)
        unknown = sum(word.folded not in self.searcher.index.folded for word in own)
        return Later(topic, alone, together, same, signs, len(own) + unknown)

    def _alone(self, query: Query, topic: Topic | None = None) -> tuple[Reading, Found]:
        reading = self.searcher.read(query, self.searcher.asked(query))
        aspects = asked_aspects(query.text, accents=query.accents)
        if topic and (query.restated or not topic.ref):
            aspects = aspects or topic.aspects
        vague = self.searcher.mass(query) < VAGUE_MASS
        return reading, self._found(reading, aspects, query.text, carried=False, vague=vague)

    def _weighed(self, later: Later) -> Found:
        """The readings of a later message, each as much as it is likely."""
        readings = likelihood(later.signs, self.searcher.weights.turn)
        made = weighed(readings, later.beliefs)
        chosen = later.alone if made.reading == ALONE else later.together
        known = {hit.ref: hit for hit in (*later.together.hits, *later.alone.hits)}
        hits = tuple(
            replace(known.get(ref) or self._hit(self.numbers[ref]), confidence=probability)
            for ref, probability in made.entries[:MOST_HITS]
        )
        sure = hits[0].confidence if hits else 0.0
        if hits and made.reading != ALONE and hits[0].ref in later.same and later.foreign:
            sure = min(sure, DOUBTFUL)
        return replace(
            chosen,
            hits=hits,
            confidence=sure,
            in_domain=made.in_domain,
            carried=made.reading != ALONE,
            question=later.topic.question if made.reading == SAME else chosen.question,
            shares={hit.ref: hit.confidence for hit in hits},
            readings=dict(zip(READINGS, readings, strict=True)),
        )

    def _signs(
        self, reading: Reading, topic: Topic, alone: Found, together: Found, same: Mapping[str, float]
    ) -> dict[str, float]:
        """TURN_SIGNS of a message."""
        query, asked = reading.query, reading.asked
        subject = self.searcher.subject(query, asked)
        first, other = _first(alone), _first(together)
        before = max(same, key=lambda ref: same[ref], default="")
        after_question = topic.ref.startswith(FAQ_PREFIX)
        signs = {
            "constant": True,
            "mass": min(subject.mass, MOST_MASS) / MOST_MASS,
            "named": subject.named,
            "circumstance": subject.circumstance,
            "operation": asked.operations != 0,
            "province": bool(asked.provinces),
            "qualifier": asked.qualifiers != 0,
            "opening": subject.opening,
            "contrast": opens_a_contrast(query),
            "pointing": points_back(query),
            "part_asked": bool(asked_aspects(query.text, accents=query.accents)),
            "words": min(len(query.words), MOST_WORDS) / MOST_WORDS,
            "alone_sure": alone.confidence,
            "alone_domain": alone.in_domain,
            "alone_is_topic": first in same,
            "alone_is_question": first.startswith(FAQ_PREFIX),
            "together_sure": together.confidence,
            "together_is_topic": other in same,
            "agree": first == other,
            "topic_holds": self._holds(query, before),
            "alone_holds": self._holds(query, first),
            "together_holds": self._holds(query, other),
            "after_question": after_question,
            "alone_other_question": after_question and first.startswith(FAQ_PREFIX) and first not in same,
            "together_other_question": after_question and other.startswith(FAQ_PREFIX) and other not in same,
            "pending": not topic.ref,
            "restated": query.restated,
            "near_topic": self._near(reading, before),
            "near_alone": self._near(reading, first),
        }
        return {name: float(value) for name, value in signs.items()}

    def _holds(self, query: Query, ref: str) -> float:
        return self.searcher.held(query, self.numbers[ref]) if ref in self.numbers else 0.0

    def _near(self, reading: Reading, ref: str) -> float:
        return float(reading.near.names[self.numbers[ref], 1]) if ref in self.numbers else 0.0

    def _same(self, topic: Topic, with_topic: Reading) -> dict[str, float]:
        """The entry last spoken of; else those just offered, as the message and its subject favour them."""
        ref = self.current(topic.ref)
        if topic.ref:
            return {ref: 1.0} if ref in self.numbers else {}
        offered = [ref for ref in map(self.current, topic.offered) if ref in self.numbers]
        ranked = self.searcher.ranked(with_topic)
        points = {self._ref(n): value for n, value in zip(ranked.order, ranked.points, strict=True)}
        lowest = min(points.values(), default=0.0)
        return dict(zip(offered, shares([points.get(ref, lowest) for ref in offered]), strict=True))

    def _other(self, topic: Topic, aspects: tuple[Aspect, ...]) -> Found:
        """The message only denies what was answered: the next entries for the same question are offered."""
        query = self.searcher.understand(topic.question)
        reading = self.searcher.read(query, self.searcher.asked(query))
        found = self._found(reading, aspects or topic.aspects, topic.question, carried=True, vague=True)
        denied = {topic.ref, *topic.offered}
        hits = tuple(
            replace(hit, confidence=min(hit.confidence, DOUBTFUL)) for hit in found.hits if hit.ref not in denied
        )
        return replace(found, hits=hits, confidence=min(found.confidence, DOUBTFUL))

    def _found(
        self,
        reading: Reading,
        aspects: tuple[Aspect, ...],
        question: str,
        *,
        carried: bool,
        vague: bool,
        field_of: int | None = None,
    ) -> Found:
        searcher = self.searcher
        ranked, questions = searcher.ranked(reading, field_of=field_of), searcher.questions(reading)
        sure = searcher.judge(reading, ranked, questions)
        hits = merged(searcher.index.facts, ranked, questions, sure)
        return Found(
            hits=hits,
            confidence=hits[0].confidence if hits else 0.0,
            in_domain=sure.in_domain,
            aspects=aspects,
            carried=carried,
            vague=vague,
            question=question[-REMEMBERED_SUBJECT:],
            shares={hit.ref: hit.confidence for hit in hits},
        )

    def _together(self, query: Query, topic: Topic) -> tuple[Reading, str, int | None]:
        """The message read with the subject before it, that subject in words, and the number of its entry."""
        subject = topic.question or self._title(topic.ref)
        together = joined(self.searcher.understand(subject), query)
        reading = self.searcher.read(together, self.searcher.asked(together, only=query))
        return reading, f"{subject[-LONGEST_TEXT:]} . {query.text}", self.numbers.get(self.current(topic.ref))

    def _named(self, text: str) -> tuple[Hit, ...]:
        """Procedures whose code stands in the text."""
        codes = [f"{first}.{rest}" for first, rest in _CODE.findall(text[:LONGEST_TEXT])]
        numbers = [self.numbers[code] for code in map(self.current, codes) if code in self.numbers]
        return tuple(self._hit(number) for number in dict.fromkeys(numbers))[:MOST_HITS]

    def _hit(self, number: int) -> Hit:
        facts = self.searcher.index.facts
        return Hit(
            ref=facts.ref[number],
            title=facts.title[number],
            score=0.0,
            confidence=1.0,
            level=facts.level[number],
            agency=facts.agency[number],
            province=facts.province[number] or None,
        )

    def _ref(self, number: int) -> str:
        return self.searcher.index.facts.ref[number]

    def _title(self, ref: str) -> str:
        number = self.numbers.get(self.current(ref))
        return self.searcher.index.facts.title[number] if number is not None else ""


def _first(found: Found) -> str:
    return found.hits[0].ref if found.hits else ""


def _belief(found: Found) -> Belief:
    return Belief({hit.ref: hit.confidence for hit in found.hits}, found.in_domain)
