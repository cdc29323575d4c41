"""What a message means in the talk it stands in: something new, the same, or one of what was offered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.aspects import asked as asked_aspects
from knowledge.entries import FAQ_PREFIX, Aspect, Found, Hit, Topic
from knowledge.followups import Turn, joined, opens_a_contrast, own_words, points_back, subject_words, turn
from knowledge.merging import MOST_HITS, merged
from knowledge.query import LONGEST_TEXT, Query
from knowledge.search import Ranked, Reading, Searcher
from knowledge.text import fold, tokens

REMEMBERED_SUBJECT = 300
"""Characters of the subject kept for the next turn."""
CARRIED_CONFIDENCE = 0.9
SURE_ALONE = 0.6
"""Below this a message that goes on ("còn ...", "nếu ...") is tried again together with the subject before it."""
UNSURE = 0.35
"""Below this a message that asks for a part may be about the topic although it opens like a new one."""
DOUBTFUL = 0.4
"""Confidence where the topic is offered, not answered."""
HELD = 0.5
"""Share of a message's own words that an entry has to speak of before the message may be about it."""
TOLD_APART = 0.7
"""Confidence in the one of the offered entries that the citizen's next words name."""
LEAD = 0.5
"""How far that entry has to be before the other ones offered, in points of the ranking."""
VAGUE_MASS = 4.0
NEARBY = 0.5
"""Confidence from which words after an answer of the FAQ base are read together with the question before."""
POINTED_MASS = 8.0
"""Words about a subject, as in followups.NO_MASS, that "việc đó" outweighs."""
NEAREST = 5
"""Entries among which the one is looked for that "còn ..." sets against the topic."""
_CODE = re.compile(r"(?<![\d.])(\d)[.,](\d{6,9})(?!\d)")


@dataclass(frozen=True, slots=True)
class Talk:
    """Finds what messages mean. numbers: of the entries in the index; current: the code in force for a code."""

    searcher: Searcher
    numbers: Mapping[str, int]
    current: Callable[[str], str]

    def find(self, text: str, topic: Topic | None) -> Found:
        """Entries that `text` may mean after talk about `topic`."""
        searcher = self.searcher
        if topic and not (topic.ref or topic.question):
            topic = None
        query = searcher.understand(text)
        aspects = asked_aspects(query.text, accents=query.accents)
        named = self._named(text)
        if named:
            return Found(hits=named, confidence=1.0, in_domain=1.0, aspects=aspects, question=named[0].title)
        if topic and query.restated:
            aspects = aspects or topic.aspects
        asked = searcher.asked(query)
        subject = searcher.subject(query, asked)
        relation = turn(subject, topic, restated=query.restated)
        if topic and opens_a_contrast(query) and (other := self._contrasted(query, topic, aspects)):
            return other
        if topic and aspects and not subject.named and subject.mass < POINTED_MASS and points_back(query):
            relation = Turn.SAME
        if relation is Turn.OPERATION and not (subject_words(query) or query.provinces):
            relation = Turn.SAME
        after_question = topic is not None and topic.ref.startswith(FAQ_PREFIX)
        if topic and relation is Turn.SAME:
            nearby = self._nearby(query, topic, aspects) if after_question and query.words else None
            return nearby or self._same(topic, aspects)
        if topic and query.denied and relation is not Turn.OPERATION:
            return self._other(topic, aspects)
        pending = topic is not None and bool(topic.offered) and not topic.ref
        if topic and relation is Turn.OPERATION and not pending:
            return self._carried(query, topic, aspects)
        reading = searcher.read(query, asked)
        found = self._found(reading, aspects, query.text, carried=False, vague=searcher.mass(query) < VAGUE_MASS)
        if topic and pending and not query.restated:
            among = self._among(query, topic, found, aspects or topic.aspects)
            if among:
                return among
            if relation is Turn.OPERATION:
                return self._carried(query, topic, aspects)
        if topic and after_question and not query.restated and found.confidence < SURE_ALONE:
            nearby = self._nearby(query, topic, aspects)
            if nearby:
                return nearby
        if topic and relation is Turn.ADDED and found.confidence < SURE_ALONE:
            carried = self._carried(query, topic, aspects)
            number = self.numbers[carried.hits[0].ref] if carried.hits else None
            if number is not None and searcher.held(query, number) >= HELD:
                return carried
        if topic and not query.restated and aspects and found.confidence < UNSURE:
            return self._perhaps_same(reading, topic, found)
        return found

    def _nearby(self, query: Query, topic: Topic, aspects: tuple[Aspect, ...]) -> Found | None:
        """After an answer of the FAQ base: the question of that base that the words mean together with the one before.

        None where they surely mean none, or nothing in them belongs to it.
        """
        found = self._carried(query, topic, aspects)
        if not found.hits or not found.hits[0].is_faq or found.confidence < NEARBY:
            return None
        held = self.searcher.held(query, self.numbers[found.hits[0].ref])
        return found if held >= HELD else None

    def _among(self, query: Query, topic: Topic, alone: Found, aspects: tuple[Aspect, ...]) -> Found | None:
        """The one of the entries just offered that the message tells apart from the others; None if it does not.

        The words are read together with the question that was asked back about; a message that by itself
        surely means another entry begins a new subject.
        """
        offered = {self.current(ref) for ref in topic.offered}
        if not alone.hits or (alone.confidence >= SURE_ALONE and alone.hits[0].ref not in offered):
            return None
        reading, question, _ = self._together(query, topic)
        ranked, refs = self.searcher.ranked(reading), self.searcher.index.facts.ref
        ours = [
            (points, owner) for owner, points in zip(ranked.order, ranked.points, strict=True) if refs[owner] in offered
        ]
        if not ours or not self._tells(query, alone, ours[0][1]):
            return None
        if len(ours) > 1 and ours[0][0] - ours[1][0] < LEAD and alone.hits[0].ref != refs[ours[0][1]]:
            return None
        found = self._read(reading, ranked, aspects, question, carried=True, vague=False)
        return self._first(found, ours[0][1], max(TOLD_APART, alone.confidence))

    def _contrasted(self, query: Query, topic: Topic, aspects: tuple[Aspect, ...]) -> Found | None:
        """The entry whose name holds the words that "còn ..." sets against the topic, which does not hold them."""
        own = {word.folded for word in own_words(query)}
        mine = self.numbers.get(self.current(topic.ref))
        if not own or mine is None or self._named_by(own, mine):
            return None
        found = self._carried(query, topic, aspects)
        others = (self.numbers[hit.ref] for hit in found.hits[:NEAREST] if hit.ref != self._ref(mine))
        other = next((number for number in others if self._named_by(own, number)), None)
        return None if other is None else self._first(found, other, max(TOLD_APART, found.confidence))

    def _named_by(self, words: set[str], number: int) -> bool:
        """Whether an entry's name holds most of these folded words."""
        title = set(tokens(fold(self.searcher.index.facts.title[number])))
        return len(words & title) > len(words) / 2

    def _ref(self, number: int) -> str:
        return self.searcher.index.facts.ref[number]

    def _tells(self, query: Query, alone: Found, number: int) -> bool:
        """Whether the message's own words are words of this entry."""
        ref = self.searcher.index.facts.ref[number]
        return ref == alone.hits[0].ref or self.searcher.held(query, number) >= HELD

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

    def _perhaps_same(self, reading: Reading, topic: Topic, found: Found) -> Found:
        """A part is asked for in words that name nothing well: about the topic, if they say no other thing.

        Words that the topic's entry never uses leave a doubt: it is offered first, not answered.
        """
        searcher = self.searcher
        if searcher.speaks_of_one_thing(reading.query, searcher.ranked(reading)):
            return found
        same = self._same(topic, found.aspects)
        number = self.numbers.get(self.current(same.hits[0].ref)) if same.hits else None
        if number is not None and searcher.held(reading.query, number) >= HELD:
            return same
        return replace(same, confidence=min(same.confidence, DOUBTFUL))

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
        ranked = self.searcher.ranked(reading, field_of=field_of)
        return self._read(reading, ranked, aspects, question, carried=carried, vague=vague)

    def _read(
        self,
        reading: Reading,
        ranked: Ranked,
        aspects: tuple[Aspect, ...],
        question: str,
        *,
        carried: bool,
        vague: bool,
    ) -> Found:
        searcher = self.searcher
        questions = searcher.questions(reading)
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

    def _same(self, topic: Topic, aspects: tuple[Aspect, ...]) -> Found:
        """The message has no subject of its own: it is about the entry last spoken of, or those just offered."""
        query = self.searcher.understand(topic.question)
        reading = self.searcher.read(query, self.searcher.asked(query))
        before = self._found(reading, aspects, topic.question, carried=True, vague=False)
        number = self.numbers.get(self.current(topic.ref))
        if number is not None:
            return self._first(before, number, CARRIED_CONFIDENCE)
        if not topic.offered or (before.hits and before.hits[0].ref in topic.offered):
            return replace(before, aspects=aspects or topic.aspects)
        known = [self.numbers[ref] for ref in map(self.current, topic.offered) if ref in self.numbers]
        offered = tuple(replace(self._hit(number), confidence=DOUBTFUL) for number in known)
        others = (hit for hit in before.hits if hit.ref not in {hit.ref for hit in offered})
        return replace(
            before,
            hits=(*offered, *others)[:MOST_HITS],
            confidence=min(before.confidence, DOUBTFUL),
            in_domain=max(before.in_domain, CARRIED_CONFIDENCE),
            aspects=aspects or topic.aspects,
        )

    def _first(self, found: Found, number: int, confidence: float) -> Found:
        """The same with this entry before the others."""
        first = replace(self._hit(number), confidence=confidence)
        hits = (first, *(hit for hit in found.hits if hit.ref != first.ref))[:MOST_HITS]
        return replace(
            found,
            hits=tuple(hits),
            confidence=confidence,
            in_domain=max(found.in_domain, confidence),
            shares={hit.ref: hit.confidence for hit in hits},
        )

    def _carried(self, query: Query, topic: Topic, aspects: tuple[Aspect, ...]) -> Found:
        """The message changes what is to be done, or adds a circumstance, to the subject last spoken of."""
        reading, question, field_of = self._together(query, topic)
        return self._found(reading, aspects, question, carried=True, vague=False, field_of=field_of)

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

    def _title(self, ref: str) -> str:
        number = self.numbers.get(self.current(ref))
        return self.searcher.index.facts.title[number] if number is not None else ""
