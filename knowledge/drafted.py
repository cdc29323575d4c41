"""The base as it would be with some changes published, to be tried out before anybody else sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from knowledge import aliases
from knowledge.base import KnowledgeBase, Publication, StoredBody, StoredFaq, documents, indexed
from knowledge.entries import FAQ_PREFIX, Faq, LocalOverlay, Office, Phrases, Procedure
from knowledge.search import Searcher
from knowledge.serialising import to_json
from knowledge.versions import Told

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Body:
    """A procedure as a change says it."""

    version: int
    body: bytes
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the FAQ base as a change says it."""

    version: int
    faq: Faq


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be published, by code, id or ref; None: it stops answering.

    aliases: all the everyday words that the office gives an entry, not only new ones.
    """

    procedures: Mapping[str, Body | None] = field(default_factory=dict)
    faqs: Mapping[str, Asked | None] = field(default_factory=dict)
    overlays: Mapping[str, LocalOverlay | None] = field(default_factory=dict)
    offices: Mapping[str, Office | None] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A publication with changes upon it."""

    revision: int
    procedures: Mapping[str, StoredBody]
    faqs: Mapping[str, StoredFaq]
    offices: tuple[Office, ...]
    overlays: Mapping[str, LocalOverlay]
    code_aliases: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]]


def with_changes(base: KnowledgeBase, changes: Changes) -> KnowledgeBase:
    """The base with these changes. Takes seconds where they change what is searched, no time where only what is said
    changes (fees, time limits, what the office adds): run it in a thread."""
    published = base.publication
    draft = _upon(published, changes)
    searcher = base.searcher
    if _searched(published, changes, searcher) != _searched(draft, changes, searcher):
        index = indexed(draft, searcher.lexicon, aliases.shipped())
        searcher = Searcher(index, searcher.lexicon, base.profile)
    return KnowledgeBase(draft, base.profile, searcher)


def _upon(published: Publication, changes: Changes) -> Drafted:
    return Drafted(
        revision=published.revision,
        procedures=_changed(published.procedures, changes.procedures),
        faqs=_changed(published.faqs, changes.faqs),
        offices=tuple(_changed({one.id: one for one in published.offices}, changes.offices).values()),
        overlays=_changed(published.overlays, changes.overlays),
        code_aliases=published.code_aliases,
        aliases={**published.aliases, **changes.aliases},
    )


def _changed(now: Mapping[str, Value], changes: Mapping[str, Value | None]) -> dict[str, Value]:
    merged = {**now, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def _searched(publication: Publication, changes: Changes, searcher: Searcher) -> list[object]:
    """What the search sees of the entries that change."""
    questions = {ref.removeprefix(FAQ_PREFIX) for ref in changes.aliases if ref.startswith(FAQ_PREFIX)}
    names = {*changes.faqs, *questions}
    codes = {*changes.procedures, *(ref for ref in changes.aliases if not ref.startswith(FAQ_PREFIX))}
    some = Drafted(
        revision=publication.revision,
        procedures={code: body for code, body in publication.procedures.items() if code in codes},
        faqs={name: asked for name, asked in publication.faqs.items() if name in names},
        offices=(),
        overlays={},
        code_aliases={},
        aliases=publication.aliases,
    )
    return list(documents(some, searcher.lexicon, aliases.shipped()))


def changes_of(waiting: Iterable[Told], today: date) -> Changes:
    """What some waiting versions would change, as if their day had come. today: what ends before it answers no more."""
    procedures: dict[str, Body | None] = {}
    faqs: dict[str, Asked | None] = {}
    overlays: dict[str, LocalOverlay | None] = {}
    offices: dict[str, Office | None] = {}
    said: dict[str, tuple[str, ...]] = {}
    for told in waiting:
        shall, number = told.written, told.stored.number
        last = told.stored.effective_to or getattr(shall, "effective_to", None)
        over = last is not None and last < today
        if isinstance(shall, Procedure):
            procedures[shall.code] = None if over else Body(number, to_json(shall))
        elif isinstance(shall, Faq):
            faqs[shall.id] = None if over else Asked(number, shall)
        elif isinstance(shall, Office):
            offices[shall.id] = None if over else shall
        elif isinstance(shall, LocalOverlay):
            overlays[shall.code] = None if shall == LocalOverlay(code=shall.code) else shall
        elif isinstance(shall, Phrases):
            said[shall.ref] = shall.phrases
    return Changes(procedures=procedures, faqs=faqs, overlays=overlays, offices=offices, aliases=said)
