"""The pages' present edition: one revision on one day, with what has been rendered of it so far."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.pages.browsing import Lists
from bot.pages.cache import PageCache, rendered, respond
from bot.pages.catalogue import Catalogue
from bot.pages.published import Published
from bot.pages.questions import Entry, entry
from bot.web.frame import Display, display_of
from knowledge.entries import Faq

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Edition:
    """One revision on one day: as long as it lasts, a page stays as it is."""

    base: Published
    lists: Lists
    today: date
    cache: PageCache

    @property
    def catalogue(self) -> Catalogue:
        """The procedures that are listed."""
        return self.lists.catalogue

    def entry(self, faq: Faq) -> Entry:
        """A question of the FAQ as it is shown."""
        return entry(faq, self.catalogue, self.today, self.base.profile.confirm_days)

    def text(self, key: tuple[object, ...], make: Callable[[], str]) -> str:
        """A part of a page, rendered once."""
        page = self.cache.get(self._name, key)
        if page is None:
            page = rendered(make())
            self.cache.keep(self._name, key, page)
        return page.text()

    def sent(self, request: Request, key: tuple[object, ...], make: Callable[[], str], media_type: str) -> Response:
        """A page, rendered once, or that it has not changed."""
        page = self.cache.get(self._name, key)
        if page is None:
            page = rendered(make(), f"{media_type}; charset=utf-8")
            self.cache.keep(self._name, key, page)
        return respond(request, page)

    def page(
        self, request: Request, site: str, address: str, make: Callable[[Display], str], also: Hashable = None
    ) -> Response:
        """An HTML page; `address` names it whole, whatever else the request's query held.

        also: what else the page depends on.
        """
        display = Display(large=display_of(request).large, here=address)
        return self.sent(request, (address, display.large, site, also), lambda: make(display), "text/html")

    @property
    def _name(self) -> tuple[int, date]:
        return self.base.revision, self.today


class Editions:
    """Finds the edition of this moment; a new base has its catalogue read once, in a thread."""

    def __init__(self, base: Callable[[], Published], now: Callable[[], datetime]) -> None:
        self._base = base
        self._now = now
        self._cache = PageCache()
        self._reading = asyncio.Lock()
        self._lists: Lists | None = None

    async def current(self) -> Edition:
        """What is published now."""
        base, today = self._base(), self._now().astimezone(VIETNAM).date()
        lists = self._lists
        if lists is None or lists.base is not base:
            async with self._reading:
                lists = self._lists
                if lists is None or lists.base is not base:
                    lists = Lists(base, await asyncio.to_thread(Catalogue.of, base))
                    self._lists = lists
        return Edition(base, lists, today, self._cache)
