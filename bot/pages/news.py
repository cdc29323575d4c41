"""News of the office: the list, one page for each item, its pictures, and an Atom feed."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.pages.cache import rendered, respond
from bot.pages.edition import VIETNAM
from bot.pages.newsstand import Newsstand, PublicItem
from bot.web.frame import Frame, display_of
from bot.web.markup import parts

ADDRESS = "/tin-tuc"
FEED = ADDRESS + "/atom.xml"
PICTURES = ADDRESS + "/hinh/"
PAGE, IN_FEED = 20, 30
TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}
_PICTURE = re.compile(r"([0-9a-f]{64})\.(png|jpeg|webp)")
_ATOM = "http://www.w3.org/2005/Atom"
_LONGEST_NUMBER = 9


class NewsPages:
    """The pages. site: the site's own address for a request; office: the name that signs the feed."""

    def __init__(
        self,
        news: Newsstand,
        frame: Frame,
        *,
        now: Callable[[], datetime],
        site: Callable[[Request], str],
        office: str,
    ) -> None:
        self._news = news
        self._frame = frame
        self._now = now
        self._site = site
        self._office = office

    def routes(self) -> Sequence[Route]:
        """The addresses."""
        return (
            Route(ADDRESS, self.show_all),
            Route(FEED, self.feed),
            Route(PICTURES + "{name}", self.picture),
            Route(ADDRESS + "/{number}", self.show),
        )

    async def show_all(self, request: Request) -> Response:
        """The items of today, page by page."""
        page = _whole(request.query_params.get("trang", "")) or 1
        items, total = await self._news.public(self._today(), limit=PAGE, offset=(page - 1) * PAGE)
        text = self._frame.render(
            "news.html", display_of(request), items=items, page=page, pages=max(1, -(-total // PAGE)), day=_day
        )
        return HTMLResponse(text)

    async def show(self, request: Request) -> Response:
        """One item."""
        number = _whole(request.path_params["number"])
        item = await self._news.public_item(number, self._today()) if number else None
        if item is None:
            raise HTTPException(404)
        text = self._frame.render("news_item.html", display_of(request), item=item, text=parts([item.text]), day=_day)
        return HTMLResponse(text)

    async def picture(self, request: Request) -> Response:
        """A picture, under what it holds: it never changes."""
        asked = _PICTURE.fullmatch(request.path_params["name"])
        found = await self._news.picture(asked[1]) if asked else None
        if asked is None or found is None or found[0] != asked[2]:
            raise HTTPException(404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
        }
        return Response(found[1], media_type=TYPES[found[0]], headers=headers)

    async def feed(self, request: Request) -> Response:
        """The newest items as an Atom feed."""
        items, _ = await self._news.public(self._today(), limit=IN_FEED)
        return respond(request, rendered(self._atom(self._site(request), items), "application/atom+xml; charset=utf-8"))

    def _atom(self, site: str, items: Sequence[PublicItem]) -> str:
        ElementTree.register_namespace("", _ATOM)
        feed = ElementTree.Element(f"{{{_ATOM}}}feed")
        _put(feed, "id", site + ADDRESS)
        _put(feed, "title", f"Tin tức – {self._office}")
        _put(feed, "updated", _moment(max((_changed(item) for item in items), default=self._now())))
        _put(feed, "link", rel="self", href=site + FEED)
        _put(feed, "link", rel="alternate", href=site + ADDRESS)
        _put(ElementTree.SubElement(feed, f"{{{_ATOM}}}author"), "name", self._office)
        for item in items:
            entry = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
            _put(entry, "id", f"{site}{ADDRESS}/{item.id}")
            _put(entry, "title", item.title)
            _put(entry, "published", _moment(item.published_at or self._now()))
            _put(entry, "updated", _moment(_changed(item)))
            _put(entry, "link", rel="alternate", href=f"{site}{ADDRESS}/{item.id}")
            if item.link:
                _put(entry, "link", rel="related", href=item.link)
            if item.field:
                _put(entry, "category", term=item.field)
            if item.text:
                _put(entry, "content", item.text, type="text")
        return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True)

    def _today(self) -> date:
        return self._now().astimezone(VIETNAM).date()


def _put(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = text or None


def _changed(item: PublicItem) -> datetime:
    return max(item.changed_at, item.published_at or item.changed_at)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(at: datetime | None) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}" if at else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else None
