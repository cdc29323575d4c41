"""The published base in memory: what is in force, and how to find it."""

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from knowledge import aliases, lexicon
from knowledge.aspects import asked as asked_aspects
from knowledge.documents import Document, of_faq, of_procedure
from knowledge.entries import FAQ_PREFIX, Aspect, Faq, Found, Hit, LocalOverlay, Office, OfficeProfile, Procedure, Topic
from knowledge.followups import Turn, joined, turn
from knowledge.index import Facts, Index
from knowledge.indexing import build_index
from knowledge.merging import merged
from knowledge.provinces import Provinces
from knowledge.query import LONGEST_TEXT, Query
from knowledge.search import Reading, Searcher
from knowledge.serialising import procedure_from_json
from knowledge.text import warm_up

ENGINE_VERSION = "2"
"""Changes whenever the same question over the same base may be answered differently."""

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
VAGUE_MASS = 4.0
_DECODED = 256
_FIRST_QUESTION = "Đăng ký khai sinh ở đâu?"
"""Asked once so that the first citizen does not wait for word models and expressions."""
_CODE = re.compile(r"(?<![\d.])(\d)[.,](\d{6,7})(?!\d)")


class StoredBody(Protocol):
    """A procedure as stored: its version, its JSON, and the last day on which its source still said the same."""

    @property
    def version(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def confirmed(self) -> date | None: ...


class StoredFaq(Protocol):
    """A question of the FAQ base as stored."""

    @property
    def version(self) -> int: ...
    @property
    def faq(self) -> Faq: ...


class Publication(Protocol):
    """What `knowledge.store.load_publication` gives."""

    @property
    def revision(self) -> int: ...
    @property
    def procedures(self) -> Mapping[str, StoredBody]: ...
    @property
    def faqs(self) -> Mapping[str, StoredFaq]: ...
    @property
    def offices(self) -> tuple[Office, ...]: ...
    @property
    def overlays(self) -> Mapping[str, LocalOverlay]: ...
    @property
    def code_aliases(self) -> Mapping[str, str]: ...
    @property
    def aliases(self) -> Mapping[str, tuple[str, ...]]: ...


class KnowledgeBase:
    """One publication with its index. Read-only; a new publication makes a new KnowledgeBase."""

    def __init__(self, publication: Publication, profile: OfficeProfile, searcher: Searcher) -> None:
        self._publication = publication
        self._profile = profile
        self._searcher = searcher
        self._last: tuple[tuple[str, Topic | None] | None, Found] = None, Found()
        self._numbers = {ref: n for n, ref in enumerate(searcher.index.facts.ref)}
        self._decode: Callable[[str], Procedure] = functools.lru_cache(_DECODED)(
            lambda code: _decoded(publication.procedures[code])
        )

    @classmethod
    def build(cls, publication: Publication, profile: OfficeProfile, index_file: Path | None = None) -> "KnowledgeBase":
        """The base ready to answer. A stored index is used when it fits; else it is built and stored.

        Raises lexicon.LexiconError for a damaged data file; a stored index that cannot be read or written
        is no error.
        """
        words = lexicon.load()
        everyday = aliases.load()
        fitting = _fingerprint(publication, words, aliases.fingerprint())
        index = Index.load(index_file, fitting) if index_file else None
        if index is None:
            index = indexed(publication, words, everyday)
            if index_file:
                index.save_if_possible(index_file, fitting)
        base = cls(publication, profile, Searcher(index, words, profile))
        warm_up()
        base.find(_FIRST_QUESTION)
        return base

    @property
    def profile(self) -> OfficeProfile:
        """The office this desk speaks for."""
        return self._profile

    @property
    def revision(self) -> int:
        """The published revision in memory."""
        return self._publication.revision

    @property
    def engine_version(self) -> str:
        """The version of what finds and ranks."""
        return ENGINE_VERSION

    @property
    def facts(self) -> Facts:
        """Name, level, agency, field and province of every entry in force, procedures before questions."""
        return self._searcher.index.facts

    def version_of(self, ref: str) -> int | None:
        """The version in force of a procedure's code or "faq:ID"; None where there is none."""
        if ref.startswith(FAQ_PREFIX):
            stored = self._publication.faqs.get(ref.removeprefix(FAQ_PREFIX))
            return stored.version if stored else None
        body = self._publication.procedures.get(self._current(ref))
        return body.version if body else None

    def procedure(self, code: str) -> Procedure | None:
        """The procedure in force under this code, or under the code that replaced it."""
        current = self._current(code)
        return self._decode(current) if current in self._publication.procedures else None

    def faq(self, id: str) -> Faq | None:  # noqa: A002 - the name of the protocol
        """The question with this id, without "faq:"."""
        stored = self._publication.faqs.get(id)
        return stored.faq if stored else None

    def overlay(self, code: str) -> LocalOverlay | None:
        """What the office itself adds to a procedure."""
        return self._publication.overlays.get(self._current(code))

    def codes(self) -> tuple[str, ...]:
        """The codes of all procedures in force, in order."""
        return tuple(sorted(self._publication.procedures))

    def faqs(self) -> tuple[Faq, ...]:
        """All questions in force, in the order of their ids."""
        return tuple(stored.faq for _, stored in sorted(self._publication.faqs.items()))

    def offices(self) -> tuple[Office, ...]:
        """Every office that is published."""
        return self._publication.offices

    def find(self, text: str, topic: Topic | None = None) -> Found:
        """Entries that `text` may mean. Synchronous, a few milliseconds, never raises on any text.

        The last question is remembered, because several handlers ask the same one in turn.
        """
        asked, found = self._last
        if asked != (text, topic):
            found = self._find(text, topic)
            self._last = (text, topic), found
        return found

    def _find(self, text: str, topic: Topic | None) -> Found:
        searcher = self._searcher
        if topic and not (topic.ref or topic.question):
            topic = None
        query = searcher.understand(text)
        aspects = asked_aspects(query.text, accents=query.accents)
        named = self._named(text)
        if named:
            return Found(hits=named, confidence=1.0, in_domain=1.0, aspects=aspects, question=named[0].title)
        asked = searcher.asked(query)
        relation = turn(searcher.subject(query, asked), topic, restated=query.restated)
        if topic and relation is Turn.SAME:
            return self._same(topic, aspects)
        if topic and relation is Turn.OPERATION:
            return self._carried(query, topic, aspects)
        reading = searcher.read(query, asked)
        found = self._found(reading, aspects, query.text, carried=False, vague=searcher.mass(query) < VAGUE_MASS)
        if topic and relation is Turn.ADDED and found.confidence < SURE_ALONE:
            carried = self._carried(query, topic, aspects)
            number = self._numbers[carried.hits[0].ref] if carried.hits else None
            if number is not None and searcher.held(query, number) >= HELD:
                return carried
        if topic and relation is Turn.NEW and not query.restated and aspects and found.confidence < UNSURE:
            return self._perhaps_same(reading, topic, found)
        return found

    def _perhaps_same(self, reading: Reading, topic: Topic, found: Found) -> Found:
        """A part is asked for in words that name nothing well: about the topic, if they say no other thing.

        Words that the topic's entry never uses leave a doubt: it is offered first, not answered.
        """
        searcher = self._searcher
        if searcher.speaks_of_one_thing(reading.query, searcher.ranked(reading)):
            return found
        same = self._same(topic, found.aspects)
        number = self._numbers.get(self._current(same.hits[0].ref)) if same.hits else None
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
        searcher = self._searcher
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

    def _same(self, topic: Topic, aspects: tuple[Aspect, ...]) -> Found:
        """The message has no subject of its own: it is about the entry last spoken of."""
        query = self._searcher.understand(topic.question)
        reading = self._searcher.read(query, self._searcher.asked(query))
        before = self._found(reading, aspects, topic.question, carried=True, vague=False)
        number = self._numbers.get(self._current(topic.ref))
        if number is None:
            return before
        first = replace(self._hit(number), confidence=CARRIED_CONFIDENCE)
        hits = (first, *(hit for hit in before.hits if hit.ref != first.ref))[:10]
        return replace(
            before,
            hits=tuple(hits),
            confidence=CARRIED_CONFIDENCE,
            in_domain=max(before.in_domain, CARRIED_CONFIDENCE),
            shares={hit.ref: hit.confidence for hit in hits},
        )

    def _carried(self, query: Query, topic: Topic, aspects: tuple[Aspect, ...]) -> Found:
        """The message changes what is to be done, or adds a circumstance, to the subject last spoken of."""
        subject = topic.question or self._title(topic.ref)
        together = joined(self._searcher.understand(subject), query)
        reading = self._searcher.read(together, self._searcher.asked(together, only=query))
        question = f"{subject[-LONGEST_TEXT:]} . {query.text}"
        field_of = self._numbers.get(self._current(topic.ref))
        return self._found(reading, aspects, question, carried=True, vague=False, field_of=field_of)

    def _named(self, text: str) -> tuple[Hit, ...]:
        """Procedures whose code stands in the text."""
        codes = [f"{first}.{rest}" for first, rest in _CODE.findall(text[:LONGEST_TEXT])]
        numbers = [self._numbers[current] for code in codes if (current := self._current(code)) in self._numbers]
        return tuple(self._hit(number) for number in dict.fromkeys(numbers))[:10]

    def _hit(self, number: int) -> Hit:
        facts = self._searcher.index.facts
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
        number = self._numbers.get(self._current(ref))
        return self._searcher.index.facts.title[number] if number is not None else ""

    def _current(self, code: str) -> str:
        for _ in range(8):
            if code in self._publication.procedures or code not in self._publication.code_aliases:
                break
            code = self._publication.code_aliases[code]
        return code


def _decoded(stored: StoredBody) -> Procedure:
    procedure = procedure_from_json(stored.body)
    if stored.confirmed and (procedure.data_date is None or procedure.data_date < stored.confirmed):
        return replace(procedure, data_date=stored.confirmed)
    return procedure


def indexed(publication: Publication, words: lexicon.Lexicon, everyday: Mapping[str, tuple[str, ...]]) -> Index:
    """The index of a publication; `everyday` are the phrases shipped with the program, by code."""
    return build_index(_documents(publication, Provinces(words.provinces), everyday), words.written_out)


def _documents(
    publication: Publication, provinces: Provinces, everyday: Mapping[str, tuple[str, ...]]
) -> Iterator[Document]:
    for code, stored in sorted(publication.procedures.items()):
        said = (*publication.aliases.get(code, ()), *everyday.get(code, ()))
        document = of_procedure(procedure_from_json(stored.body), said)
        yield replace(document, province=provinces.short(document.province)) if document.province else document
    for name, question in sorted(publication.faqs.items()):
        yield of_faq(question.faq, publication.aliases.get(FAQ_PREFIX + name, ()))


def _fingerprint(publication: Publication, words: lexicon.Lexicon, everyday: str) -> str:
    made_of = f"{ENGINE_VERSION}|{publication.revision}|{words.fingerprint}|{everyday}"
    digest = hashlib.blake2b(made_of.encode(), digest_size=20)
    for code, stored in sorted(publication.procedures.items()):
        digest.update(f"{code}|{stored.version}|".encode() + stored.body)
    for name, question in sorted(publication.faqs.items()):
        digest.update(f"{name}|{question.version}|{question.faq!r}".encode())
    digest.update(repr(sorted(publication.aliases.items())).encode())
    return digest.hexdigest()
