"""The published base in memory: what is in force, and how to find it."""

import copy
import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

from knowledge import aliases, grouping, lexicon, meaning
from knowledge.documents import Document, of_faq, of_procedure
from knowledge.entries import FAQ_PREFIX, Faq, Found, Hit, LocalOverlay, Office, OfficeProfile, Procedure, Topic
from knowledge.explaining import Explanation, Watched, explained
from knowledge.families import Families
from knowledge.index import Facts, Index
from knowledge.indexing import build_index
from knowledge.learning import Wording, wording
from knowledge.provinces import Provinces
from knowledge.search import Searcher
from knowledge.serialising import procedure_from_json
from knowledge.shelves import Shelves
from knowledge.talking import Talk
from knowledge.taught import Taught
from knowledge.text import warm_up

ENGINE_VERSION = "4"
"""Changes whenever the same question over the same base may be answered differently."""

_DECODED = 256
_FIRST_QUESTION = "Đăng ký khai sinh ở đâu?"
"""Asked once so that the first citizen does not wait for word models and expressions."""


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
        self._shelves = Shelves(searcher.index.facts, profile)
        self._families = Families(searcher.index.facts, grouping.corrections())
        asked = ((FAQ_PREFIX + name, stored.faq) for name, stored in publication.faqs.items())
        self._taught = Taught(publication.aliases, {ref: (faq.question, *faq.variants) for ref, faq in asked})
        self._decode: Callable[[str], Procedure] = functools.lru_cache(_DECODED)(
            lambda code: _decoded(publication.procedures[code])
        )

    @classmethod
    def build(cls, publication: Publication, profile: OfficeProfile, index_file: Path | None = None) -> "KnowledgeBase":
        """The base ready to answer. A stored index is used when it fits; else it is built and stored.

        Raises lexicon.LexiconError or aliases.AliasError for a damaged data file; a stored index that cannot be
        read or written is no error.
        """
        words = lexicon.shipped()
        fitting = _fingerprint(publication, words, aliases.fingerprint() + meaning.fingerprint())
        index = Index.load(index_file, fitting) if index_file else None
        if index is None:
            index = indexed(publication, words, aliases.shipped())
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
    def publication(self) -> Publication:
        """What this base is made of."""
        return self._publication

    @property
    def searcher(self) -> Searcher:
        """What searches its index; holds nothing of a question, so that several bases may share it."""
        return self._searcher

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

    def shelves(self) -> Shelves:
        """Every procedure by sector and field, as this office lays them out."""
        return self._shelves

    def families(self) -> Families:
        """Every procedure by what it is about."""
        return self._families

    def find(self, text: str, topic: Topic | None = None) -> Found:
        """Entries that `text` may mean. Synchronous, a few milliseconds, never raises on any text.

        The last question is remembered, because several handlers ask the same one in turn.
        """
        asked, found = self._last
        if asked != (text, topic):
            found = self._find(text, topic)
            self._last = (text, topic), found
        return found

    def explain(self, text: str, topic: Topic | None = None) -> Explanation:
        """How `find` comes to what it finds; slower than `find`, and remembers nothing."""
        watched, watching = Watched(self._searcher), copy.copy(self)
        watching._searcher = watched
        return explained(watched, text, watching._find(text, topic))

    def worded(self, text: str) -> Wording | None:
        """The words of a question that name its subject; None where they are no phrase."""
        return wording(self._searcher.understand(text))

    def _find(self, text: str, topic: Topic | None) -> Found:
        found = Talk(self._searcher, self._numbers, self._current).find(text, topic)
        return self._taught.applied(text, found, self.worded, self._hit)

    def _hit(self, ref: str) -> Hit | None:
        number, facts = self._numbers.get(self._current(ref)), self.facts
        if number is None:
            return None
        return Hit(
            ref=facts.ref[number],
            title=facts.title[number],
            score=0.0,
            confidence=0.0,
            level=facts.level[number],
            agency=facts.agency[number],
            province=facts.province[number] or None,
        )

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


def indexed(
    publication: Publication,
    words: lexicon.Lexicon,
    everyday: Mapping[str, tuple[str, ...]],
    learnt: meaning.Meaning | None = None,
) -> Index:
    """The index of a publication; `everyday` are the phrases shipped with the program, by code.

    learnt: the vectors, by default those shipped with the program.
    """
    return build_index(documents(publication, words, everyday), words.written_out, learnt)


def documents(
    publication: Publication, words: lexicon.Lexicon, everyday: Mapping[str, tuple[str, ...]]
) -> Iterator[Document]:
    """What is indexed of every entry, procedures before questions."""
    provinces = Provinces(words.provinces)
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
