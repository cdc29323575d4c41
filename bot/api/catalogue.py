"""Lists of what is published: filtered, searched, page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.api.models import FaqItem, FaqQuery, Faqs, ProcedureItem, ProcedureQuery, Procedures
from handlers.describe.office import existing
from handlers.describe.wording import one_line
from handlers.messages import Knowledge
from knowledge.entries import FAQ_PREFIX, Faq, Procedure
from knowledge.index import Facts
from knowledge.text import clean, fold, tokens

LIKELY, NEAR = 0.05, 6.0
"""Probability from which, and points of the order behind the first up to which, an entry found is shown before those
that only hold the words."""
_PROVINCE_WORDS = ("tinh ", "thanh pho ", "tp ", "tp. ")


class Published(Knowledge, Protocol):
    """The published base as the API sees it."""

    @property
    def revision(self) -> int: ...
    @property
    def engine_version(self) -> str: ...
    @property
    def facts(self) -> Facts:
        """A few facts of every entry in force."""


@dataclass(frozen=True, slots=True)
class _Row:
    ref: str
    number: int
    words: str


class Catalogue:
    """The entries of one publication in the order of their codes."""

    def __init__(self, base: Published) -> None:
        self.base = base
        facts = base.facts
        rows = [
            _Row(ref, number, f" {' '.join(tokens(fold(facts.title[number])))} ")
            for number, ref in enumerate(facts.ref)
        ]
        rows.sort(key=lambda row: row.ref)
        self._procedures = [row for row in rows if not row.ref.startswith(FAQ_PREFIX)]
        self._faqs = [row for row in rows if row.ref.startswith(FAQ_PREFIX)]

    def procedures(self, query: ProcedureQuery) -> Procedures:
        """One page of the procedures asked for."""
        facts = self.base.facts
        found = [
            row
            for row in self._searched(self._procedures, query.q)
            if _same(query.field, facts.field[row.number])
            and query.level in (None, facts.level[row.number])
            and _same_province(query.province, facts.province[row.number])
        ]
        shown, cursor = _page(found, query.cursor, query.limit, ordered=not _words(query.q))
        return Procedures(total=len(found), next_cursor=cursor, items=[self._item(row) for row in shown])

    def faqs(self, query: FaqQuery) -> Faqs:
        """One page of the questions asked for."""
        found = []
        for row in self._searched(self._faqs, query.q):
            faq = self.base.faq(row.ref.removeprefix(FAQ_PREFIX))
            if faq and _same(query.topic, faq.topic) and (query.audience is None or query.audience in faq.audience):
                found.append(row)
        cursor = FAQ_PREFIX + query.cursor if query.cursor else None
        shown, following = _page(found, cursor, query.limit, ordered=not _words(query.q))
        entries = (self.base.faq(row.ref.removeprefix(FAQ_PREFIX)) for row in shown)
        return Faqs(
            total=len(found),
            next_cursor=following.removeprefix(FAQ_PREFIX) if following else None,
            items=[faq_item(faq) for faq in entries if faq],
        )

    def _searched(self, rows: Sequence[_Row], q: str | None) -> Iterable[_Row]:
        """All rows without words to look for; else what the search finds, then names that hold every word."""
        words = _words(q)
        if not words:
            return rows
        by_ref = {row.ref: row for row in rows}
        found = self.base.find(clean(q or "")).hits
        best = max((hit.score for hit in found if hit.ref in by_ref), default=0.0)
        likely = (hit for hit in found if hit.confidence >= LIKELY and hit.score >= best - NEAR)
        hits = (by_ref[hit.ref] for hit in likely if hit.ref in by_ref)
        whole, last = words[:-1], words[-1]
        # The last word may not be typed to its end.
        named = (row for row in rows if f" {last}" in row.words and all(f" {word} " in row.words for word in whole))
        return dict.fromkeys([*hits, *named])

    def _item(self, row: _Row) -> ProcedureItem:
        facts, number = self.base.facts, row.number
        return ProcedureItem(
            code=row.ref,
            name=facts.title[number],
            field=facts.field[number],
            level=facts.level[number],
            province=facts.province[number] or None,
            agency=existing(one_line(facts.agency[number])),
        )


def procedure_item(procedure: Procedure) -> ProcedureItem:
    """A procedure as it stands in lists."""
    agency = procedure.executing_agency or procedure.competent_agency or procedure.issuing_agency
    return ProcedureItem(
        code=procedure.code,
        name=procedure.name,
        field=procedure.field,
        level=procedure.level,
        province=procedure.province,
        agency=existing(one_line(agency)),
    )


def faq_item(faq: Faq) -> FaqItem:
    """A question as it stands in lists."""
    return FaqItem(id=faq.id, question=faq.question, topic=faq.topic, audience=list(faq.audience))


def _words(q: str | None) -> list[str]:
    return tokens(fold(clean(q))) if q else []


def _same(wanted: str | None, value: str) -> bool:
    return wanted is None or fold(clean(wanted)) == fold(value)


def _same_province(wanted: str | None, value: str) -> bool:
    return wanted is None or _bare(wanted) == _bare(value)


def _bare(province: str) -> str:
    name = fold(clean(province))
    for word in _PROVINCE_WORDS:
        name = name.removeprefix(word)
    return name


def _page(rows: Sequence[_Row], cursor: str | None, limit: int, *, ordered: bool) -> tuple[Sequence[_Row], str | None]:
    """The rows behind the cursor, and the cursor of the page after; nothing behind an entry that is not there."""
    if cursor is None:
        behind = rows
    elif ordered:
        behind = [row for row in rows if row.ref > cursor]
    else:
        refs = [row.ref for row in rows]
        behind = rows[refs.index(cursor) + 1 :] if cursor in refs else []
    shown = behind[:limit]
    return shown, shown[-1].ref if len(behind) > len(shown) else None
