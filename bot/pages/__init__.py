"""The public pages around the chat: procedures, questions, cards to pass on, and what machines read."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.pages import addresses
from bot.pages.browsing import Browsed, browsed
from bot.pages.card import card_of
from bot.pages.catalogue import AUDIENCES, LEVEL_NAMES, LEVELS, slug
from bot.pages.desk import MOST_ASKED, life_events, most_asked
from bot.pages.edition import Edition, Editions
from bot.pages.errand import errand_card
from bot.pages.news import NewsPages
from bot.pages.newsstand import Newsstand, NoNews
from bot.pages.procedure import data_date, procedure_page
from bot.pages.published import MostAsked, Published
from bot.pages.questions import AUDIENCES as QUESTION_AUDIENCES
from bot.pages.questions import topic_name, topics
from bot.pages.structured import script, service
from bot.web import downloads
from bot.web.frame import Display, Frame, display_of
from bot.web.markup import is_web_address
from handlers.contacts import office_name
from handlers.describe import Asked
from handlers.describe.office import receiver
from knowledge.entries import FAQ_PREFIX, OfficeProfile
from knowledge.forms.registry import Forms, no_forms

__all__ = ["MostAsked", "PublicPages", "Published"]

COUNTED_AGAIN = timedelta(minutes=10)
LONGEST_CASE = 3
"""Digits of a case's number."""


class PublicPages:
    """The pages of one office; implements bot.web.site.Site.

    base: what is published now; now: the present moment, aware; counts: what people ask most;
    address: the site's own address as people reach it ("https://motcua.example.vn"), "" = as each request says;
    forms: the form files that are kept here; news: what the office has published; also: more addresses
    (bot.pages.opening).
    """

    def __init__(
        self,
        base: Callable[[], Published],
        profile: OfficeProfile,
        *,
        now: Callable[[], datetime],
        counts: MostAsked,
        address: str = "",
        forms: Forms = no_forms,
        news: Newsstand = NoNews(),  # noqa: B008 - it holds nothing
        also: Sequence[BaseRoute] = (),
    ) -> None:
        self._also = also
        self._now = now
        self._counts = counts
        self._address = address
        self._forms = forms
        self._frame = Frame(
            profile,
            Path(__file__).parent / "templates",
            {
                "levels": [(key, LEVEL_NAMES[level]) for key, level in LEVELS.items()],
                "audiences": list(AUDIENCES.items()),
                "slug": slug,
                "topic_name": topic_name,
                "is_web_address": is_web_address,
            },
        )
        self._editions = Editions(base, now)
        self._news = NewsPages(news, self._frame, now=now, site=self._site, office=office_name(profile))
        self._asked: tuple[datetime, Sequence[str]] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses of the pages."""
        return (
            Route("/thu-tuc", self.browse),
            Route("/thu-tuc/{code}", self.procedure),
            Route("/thu-tuc/{code}/qr.svg", self.qr),
            Route("/hoi-dap", self.questions),
            Route("/hoi-dap/{name}", self.question),
            Route("/the/{ref}", self.card),
            Route("/the/{ref}/qr.svg", self.qr),
            *self._news.routes(),
            downloads.route(self._forms),
            Route("/sitemap.xml", self.sitemap),
            Route("/robots.txt", self.robots),
            *self._also,
        )

    async def warm(self) -> None:
        """Reads the catalogue and the templates, so that the first visitor does not wait for them."""
        self._frame.warm()
        await self._editions.current()

    async def desk(self) -> Markup:
        """What stands below the chat on the first page."""
        edition = await self._editions.current()
        codes = tuple(await self._most_asked())

        def make() -> str:
            return self._frame.render(
                "desk.html",
                Display(),
                most=most_asked(edition.catalogue, codes),
                events=life_events(edition.catalogue),
            )

        return Markup(edition.text(("desk", codes), make))  # noqa: S704 - our own template's output

    async def browse(self, request: Request) -> Response:
        """The list of procedures, or with `manh` only what changes while one types."""
        edition = await self._editions.current()
        asked = browsed(dict(request.query_params), edition.catalogue)
        if "manh" in request.query_params:
            return HTMLResponse(self._list(edition, asked, display_of(request), "results.html"))
        if asked.text:
            return HTMLResponse(self._list(edition, asked, display_of(request), "browse.html"))
        return edition.page(
            request,
            self._site(request),
            asked.address(),
            lambda display: self._list(edition, asked, display, "browse.html"),
        )

    async def procedure(self, request: Request) -> Response:
        """The whole of one procedure; an old code leads to the new one for good."""
        edition = await self._editions.current()
        procedure = edition.base.procedure(request.path_params["code"])
        if procedure is None:
            raise HTTPException(404)
        address = f"/thu-tuc/{procedure.code}"
        if procedure.code != request.path_params["code"]:
            return RedirectResponse(address, status_code=301)
        asked = Asked(
            procedure=procedure,
            today=edition.today,
            profile=edition.base.profile,
            overlay=edition.base.overlay(procedure.code),
            case=_case(request),
        )
        site, kept = self._site(request), (await self._forms()).of(procedure.code)

        def make(display: Display) -> str:
            return self._frame.render(
                "procedure.html",
                display,
                page=procedure_page(asked, kept),
                field=procedure.field if edition.catalogue.lists(procedure.field) else "",
                level=LEVEL_NAMES[procedure.level],
                agency=receiver(procedure),
                data_date=data_date(procedure.data_date),
                address=site + address,
                described=script(service(procedure, site + address, edition.today)),
            )

        shown = f"{address}?truong-hop={asked.case}" if asked.case else address
        return edition.page(request, site, shown, make, also=tuple(sorted(form.sha256 for form in kept.values())))

    async def questions(self, request: Request) -> Response:
        """The questions by topic; one topic with its answers."""
        edition = await self._editions.current()
        who = request.query_params.get("doi-tuong", "")
        audience = QUESTION_AUDIENCES.get(who)
        known = topics(edition.base.faqs(), audience)
        topic = next((one for one in known if one.key == request.query_params.get("chu-de")), None)
        wishes = [f"chu-de={topic.key}"] if topic else []
        wishes += [f"doi-tuong={who}"] if audience else []
        address = "/hoi-dap" + ("?" + "&".join(wishes) if wishes else "")

        def make(display: Display) -> str:
            entries = [edition.entry(faq) for faq in topic.faqs] if topic else []
            return self._frame.render(
                "questions.html", display, topics=known, topic=topic, entries=entries, who=who if audience else ""
            )

        return edition.page(request, self._site(request), address, make)

    async def question(self, request: Request) -> Response:
        """One question with its answer."""
        edition = await self._editions.current()
        faq = edition.base.faq(request.path_params["name"])
        if faq is None:
            raise HTTPException(404)
        others = [one for one in edition.base.faqs() if one.topic == faq.topic and one.id != faq.id]
        return edition.page(
            request,
            self._site(request),
            f"/hoi-dap/{faq.id}",
            lambda display: self._frame.render(
                "question.html",
                display,
                entry=edition.entry(faq),
                topic=faq.topic,
                others=[one for one in others if set(one.audience) & set(faq.audience)][:8],
            ),
        )

    async def card(self, request: Request) -> Response:
        """One answer as a sheet to print or to pass on."""
        edition = await self._editions.current()
        ref, letters = request.path_params["ref"], request.query_params.get("phan", "")[:13]
        value = request.query_params.get("viec", "")
        if value:
            card = errand_card(edition.base, ref, value, edition.today)
        else:
            card = card_of(edition.base, ref, letters, _case(request), edition.today)
        if card is None:
            raise HTTPException(404)
        site = self._site(request)
        page = self._frame.render("card.html", display_of(request), card=card, ref=ref, address=site + card.page)
        return HTMLResponse(page)

    async def qr(self, request: Request) -> Response:
        """The QR code of a procedure's page or of a question's."""
        edition = await self._editions.current()
        ref = request.path_params.get("code") or request.path_params["ref"]
        if ref.startswith(FAQ_PREFIX):
            found = edition.base.faq(ref.removeprefix(FAQ_PREFIX))
            path = f"/hoi-dap/{found.id}" if found else ""
        else:
            procedure = edition.base.procedure(ref)
            path = f"/thu-tuc/{procedure.code}" if procedure else ""
        if not path:
            raise HTTPException(404)
        site = self._site(request)
        return edition.sent(request, ("qr", site, path), lambda: addresses.qr_code(site + path), "image/svg+xml")

    async def sitemap(self, request: Request) -> Response:
        """Every public page, for search engines."""
        edition = await self._editions.current()
        site = self._site(request)

        def make() -> str:
            return addresses.sitemap(site, edition.catalogue, edition.base.faqs())

        return edition.sent(request, ("sitemap", site), make, "application/xml")

    async def robots(self, request: Request) -> Response:
        """What search engines are to leave alone."""
        return Response(addresses.robots(self._site(request)), media_type="text/plain")

    def _list(self, edition: Edition, asked: Browsed, display: Display, template: str) -> str:
        return self._frame.render(
            template,
            display,
            asked=asked,
            listing=edition.lists.listing(asked),
            fields=edition.catalogue.fields,
        )

    def _site(self, request: Request) -> str:
        return addresses.origin(request, self._address)

    async def _most_asked(self) -> Sequence[str]:
        now = self._now()
        if self._asked is None or now - self._asked[0] > COUNTED_AGAIN:
            self._asked = (now, await self._counts.most_asked(MOST_ASKED))
        return self._asked[1]


def _case(request: Request) -> int | None:
    number = request.query_params.get("truong-hop", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= LONGEST_CASE else None
