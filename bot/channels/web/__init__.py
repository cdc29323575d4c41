"""The web chat: a page that works on any phone, without JavaScript too, and its channel."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.types import ASGIApp

from bot.channels import Answer, Capabilities, TryLater, Unreachable
from bot.channels.web.pages import WebOptions, always_ready, make_web
from bot.channels.web.serving import listen, serve
from bot.channels.web.sessions import CHANNEL
from bot.channels.web.transcripts import Transcripts
from bot.web.site import NoSite, Site
from handlers.messages import Citizen, Reply
from knowledge.entries import OfficeProfile

__all__ = ["Transcripts", "WebChannel", "WebOptions", "listen", "make_web", "serve"]

STORE_AWAY_SECONDS = 30.0


class WebChannel:
    """The web page as a channel.

    serve: serves an application until it ends (see bot.channels.web.serving); the rest as in `make_web`.
    """

    name = CHANNEL
    # Nobody can be written to whose page is closed, so the web never writes first.
    capabilities = Capabilities(proactive=False, buttons=True, max_length=100_000, edit=False, files=True)

    def __init__(
        self,
        transcripts: Transcripts,
        profile: OfficeProfile,
        *,
        now: Callable[[], datetime],
        serve: Callable[[ASGIApp], Awaitable[None]],
        ready: Callable[[], Awaitable[bool]] = always_ready,
        options: WebOptions = WebOptions(),  # noqa: B008 - frozen
        site: Site = NoSite(),  # noqa: B008 - without state
    ) -> None:
        self._transcripts = transcripts
        self._profile = profile
        self._now = now
        self._serve = serve
        self._ready = ready
        self._options = options
        self._site = site

    async def run(self, answer: Answer) -> None:
        """Serves the chat until `serve` returns or the task is cancelled."""
        web = make_web(
            answer,
            self._transcripts,
            self._profile,
            now=self._now,
            ready=self._ready,
            options=self._options,
            site=self._site,
        )
        await self._serve(web)

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Adds the reply to the citizen's page; it is seen when the page is next opened."""
        try:
            known = await self._transcripts.append(citizen, reply, self._now())
        except ConnectionError as error:
            raise TryLater(STORE_AWAY_SECONDS, "store away") from error
        if not known:
            raise Unreachable("no conversation")
