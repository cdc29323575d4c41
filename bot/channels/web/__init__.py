"""The web chat: a page that works on any phone, without JavaScript too, and its channel."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp

from bot.channels import Answer, Capabilities, Health, Receive, TryLater, Unreachable
from bot.channels.web.live import OpenPages
from bot.channels.web.pages import WebOptions, always_ready, make_web
from bot.channels.web.serving import listen, serve
from bot.channels.web.sessions import CHANNEL
from bot.channels.web.transcripts import Transcripts
from bot.events import Event
from bot.web.site import NoSite, Site
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply
from knowledge.entries import OfficeProfile

__all__ = ["Transcripts", "WebChannel", "WebOptions", "listen", "make_web", "serve"]

STORE_AWAY_SECONDS = 30.0
COMES = "Máy đã nhận câu hỏi này và đang trả lời. Anh/Chị tải lại trang sau ít giây."


class WebChannel:
    """The web page as a channel.

    serve: serves an application until it ends (see bot.channels.web.serving); the rest as in `make_web`. The browser's
    request waits for its answer, so it is the queue: what was not answered is sent again under the same id. Its
    `receive` is therefore `bot.channels.at_once(web.handle, answer)`.
    """

    name = CHANNEL
    capabilities = Capabilities(proactive=True, buttons=True, max_length=100_000, edit=False, files=True)

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
        self._pages = OpenPages(transcripts)
        self._replies: dict[str, asyncio.Future[Reply]] = {}

    def application(self, receive: Receive) -> FastAPI:
        """The whole site."""
        return make_web(
            lambda message: self._asked(message, receive),
            self._transcripts,
            self._profile,
            now=self._now,
            ready=self._ready,
            options=self._options,
            site=self._site,
            live=self._pages,
        )

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The site as one route."""
        return (Mount("/", app=self.application(receive)),)

    async def run(self, receive: Receive) -> None:
        """Serves the site until `serve` returns or the task is cancelled; brings news to the pages that are open."""
        bringing = asyncio.create_task(self._pages.run())
        serving = asyncio.ensure_future(self._serve(self.application(receive)))
        try:
            await asyncio.wait({bringing, serving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # First the pages are let go: the server waits for those that are open.
            for task in (bringing, serving):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        for task in (bringing, serving):
            if not task.cancelled():
                task.result()

    async def _asked(self, message: IncomingMessage, receive: Receive) -> Reply:
        """The reply to one form; to one that came before, what was replied then. Raises TooMany."""
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
                return await self._replied_before(message)
            return await replied
        finally:
            self._replies.pop(message.id, None)

    async def _replied_before(self, message: IncomingMessage) -> Reply:
        said = [line.reply for line in await self._transcripts.history(message.citizen, 1) if line.reply]
        return said[-1] if said else Reply(blocks=(COMES,), outcome=Outcome.SMALLTALK)

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
