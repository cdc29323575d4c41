"""The web chat: a page that works on any phone, without JavaScript too, and its channel."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from bot.channels import Answer, Capabilities, Health, Receive, TryLater, Unreachable
from bot.channels.web.live import OpenPages
from bot.channels.web.pages import NotTakenError, WebOptions, always_ready, make_web
from bot.channels.web.serving import listen, serve
from bot.channels.web.sessions import CHANNEL
from bot.channels.web.transcripts import Transcripts
from bot.events import Event
from bot.web.site import NoSite, Site
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge.entries import OfficeProfile

__all__ = ["Transcripts", "WebChannel", "WebOptions", "listen", "make_web", "serve"]

STORE_AWAY_SECONDS = 30.0


class WebChannel:
    """The web page as a channel; the arguments are those of `make_web`.

    The browser's request waits for its answer, so it is the queue: what was not answered is sent again by the browser
    under the same id. Its `receive` is therefore `bot.channels.at_once(web.handle, answer)`.
    """

    name = CHANNEL
    capabilities = Capabilities(proactive=True, buttons=True, max_length=100_000, edit=False, files=True)

    def __init__(
        self,
        transcripts: Transcripts,
        profile: OfficeProfile,
        *,
        now: Callable[[], datetime],
        ready: Callable[[], Awaitable[bool]] = always_ready,
        options: WebOptions = WebOptions(),  # noqa: B008 - frozen
        site: Site = NoSite(),  # noqa: B008 - without state
    ) -> None:
        self._transcripts = transcripts
        self._profile = profile
        self._now = now
        self._ready = ready
        self._options = options
        self._site = site
        self._pages = OpenPages(transcripts)
        self._replies: dict[str, asyncio.Future[Reply]] = {}

    def application(self, receive: Receive, routes: Sequence[BaseRoute] = ()) -> FastAPI:
        """The whole site. routes: the webhooks of other channels."""
        return make_web(
            lambda message: self._asked(message, receive),
            self._transcripts,
            self._profile,
            now=self._now,
            ready=self._ready,
            options=self._options,
            site=self._site,
            live=self._pages,
            routes=routes,
        )

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The site as one route."""
        return (Mount("/", app=self.application(receive)),)

    async def run(self, receive: Receive) -> None:  # noqa: ARG002 - questions come by the form only
        """Brings to open pages what the desk says to them, in whichever replica, until cancelled."""
        await self._pages.run()

    async def _asked(self, message: IncomingMessage, receive: Receive) -> Reply:
        """Raises NotTakenError."""
        replied = self._replies.setdefault(message.id, asyncio.get_running_loop().create_future())
        event = Event(
            channel=self.name,
            id=message.id,
            conversation=message.citizen.id,
            payload=json.dumps({"text": message.text, "choice": message.choice}, ensure_ascii=False),
            received_at=message.received_at,
        )
        try:
            if not await receive(event) and not replied.done():
                raise NotTakenError
            return await replied
        finally:
            self._replies.pop(message.id, None)

    async def handle(self, event: Event, answer: Answer) -> str:
        """Answers one form; the request that waits for it shows the answer."""
        form = json.loads(event.payload)
        message = IncomingMessage(
            id=event.id,
            citizen=Citizen(self.name, event.conversation),
            text=form["text"],
            received_at=event.received_at,
            choice=form["choice"],
        )
        reply = await answer(message)
        if (waiting := self._replies.get(event.id)) is not None and not waiting.done():
            waiting.set_result(reply)
        return reply.outcome.value

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Adds the reply to the citizen's page: at once where it is open, else when it is next opened."""
        try:
            known = await self._transcripts.append(citizen, reply, self._now())
        except ConnectionError as error:
            raise TryLater(STORE_AWAY_SECONDS, "store away") from error
        if not known:
            raise Unreachable("no conversation")
        self._pages.look()

    async def check(self) -> Health:
        """Whether what the page needs is there."""
        if await self._ready():
            return Health(well=True, detail="sẵn sàng")
        return Health(well=False, detail="chưa sẵn sàng", mend="motcua check; xem cơ sở dữ liệu có chạy không")
