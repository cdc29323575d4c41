"""A list of procedures: filtered, searched, page by page."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.pages.catalogue import AUDIENCES, LEVELS, Catalogue, Item, Wanted
from bot.pages.published import Published
from knowledge.entries import Hit
from knowledge.text import clean, fold, tokens

PAGE = 20
LONGEST_SEARCH = 300
MOST_QUESTIONS = 3
REMEMBERED = 256
_LEAST_TOKEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """What a visitor asked the list for; values that we do not know count as not given."""

    text: str = ""
    wanted: Wanted = field(default_factory=Wanted)
    page: int = 1

    def query(self, page: int | None = None) -> str:
        """The same wishes as a query, in one order, "" where nothing is asked."""
        number = page or self.page
        fields = {
            "q": self.text,
            "linh-vuc": self.wanted.field,
            "cap": self.wanted.level,
            "doi-tuong": self.wanted.audience,
            "trang": str(number) if number > 1 else "",
        }
        return urlencode({name: value for name, value in fields.items() if value})

    def address(self, page: int | None = None) -> str:
        """The address of this list, or of another page of it."""
        query = self.query(page)
        return f"/thu-tuc?{query}" if query else "/thu-tuc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list. questions: entries of the FAQ that the search text may mean."""

    items: Sequence[Item]
    total: int
    page: int
    pages: int
    questions: Sequence[Hit] = ()


def browsed(fields: dict[str, str], catalogue: Catalogue) -> Browsed:
    """The visitor's wishes out of a query."""
    number = fields.get("trang", "1")
    chosen = fields.get("linh-vuc", "")
    return Browsed(
        text=clean(fields.get("q", "")[:LONGEST_SEARCH]),
        wanted=Wanted(
            field=chosen if any(chosen == key for key, _, _ in catalogue.fields) else "",
            level=fields["cap"] if fields.get("cap") in LEVELS else "",
            audience=fields["doi-tuong"] if fields.get("doi-tuong") in AUDIENCES else "",
        ),
        page=max(1, int(number)) if number.isascii() and number.isdecimal() and len(number) < 6 else 1,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search text may mean: codes of procedures, best first, and questions of the FAQ."""

    codes: tuple[str, ...]
    questions: tuple[Hit, ...]


class Lists:
    """The lists of one revision. The newest searches are remembered, because people page and many ask the same."""

    def __init__(self, base: Published, catalogue: Catalogue) -> None:
        self.base = base
        self.catalogue = catalogue
        self._found: Callable[[str], Found] = functools.lru_cache(REMEMBERED)(self._find)

    def listing(self, asked: Browsed) -> Listing:
        """The page asked for; a page past the last is the last."""
        items = list(self.catalogue.chosen(asked.wanted))
        questions: Sequence[Hit] = ()
        if asked.text:
            found = self._found(asked.text)
            by_code = {item.code: item for item in items}
            items = [by_code[code] for code in found.codes if code in by_code]
            questions = found.questions
        pages = max(1, -(-len(items) // PAGE))
        page = min(asked.page, pages)
        return Listing(
            items=items[(page - 1) * PAGE : page * PAGE], total=len(items), page=page, pages=pages, questions=questions
        )

    def _find(self, text: str) -> Found:
        """What the search finds, then the other names that hold every word typed (the last one begun)."""
        hits = self.base.find(text).hits
        best = [hit.ref for hit in hits if not hit.is_faq]
        typed = [f" {token}" for token in tokens(fold(text)) if len(token) >= _LEAST_TOKEN]
        others: list[Item] = []
        if typed:
            *whole, begun = typed
            others = [
                item
                for item in self.catalogue.items
                if begun in item.words and all(f"{word} " in item.words for word in whole)
            ]
        together = "".join(typed)
        others.sort(key=lambda item: together not in item.words)
        codes = dict.fromkeys((*best, *(item.code for item in others)))
        return Found(tuple(codes), tuple(hit for hit in hits if hit.is_faq)[:MOST_QUESTIONS])
