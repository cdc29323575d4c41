"""Pages that are open now: what the desk says without being asked reaches them as it is said."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from bot.channels.web.sessions import CHANNEL, session_of
from bot.channels.web.transcripts import Transcripts
from handlers.messages import Line

MOST_PAGES = 2_000
"""Open at once in one process; whoever comes later sees the news when the page is next loaded."""
MOST_OF_ONE = 6
"""Pages of one browser."""
LOOK_SECONDS = 2.0
"""Between two looks for what other replicas have said, while a page is open."""
ALIVE_SECONDS = 20.0
"""Without news; a proxy closes what is silent for longer than a minute."""
RETRY_MILLISECONDS = 5_000
"""After which a browser that lost the connection comes back."""

log = logging.getLogger(__name__)


class _Page:
    """after: the number of the last line that this page has; news: what it is still to be given, None = it is over."""

    def __init__(self, citizen: str, after: int) -> None:
        self.citizen = citizen
        self.after = after
        self.news: asyncio.Queue[Line | None] = asyncio.Queue()

    def give(self, line: Line) -> None:
        if line.number > self.after:
            self.after = line.number
            self.news.put_nowait(line)

    async def lines(self) -> AsyncIterator[Line | None]:
        """What is said, as it comes, until it is over; None now and then while nothing does."""
        while True:
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    line = await self.news.get()
            except TimeoutError:
                yield None
                continue
            if line is None:
                return
            yield line


class OpenPages:
    """The open pages of one process."""

    def __init__(self, transcripts: Transcripts) -> None:
        self._transcripts = transcripts
        self._pages: dict[str, list[_Page]] = {}
        self._count = 0
        self._over = False
        self._changed = asyncio.Event()

    def look(self) -> None:
        """Something may be new."""
        self._changed.set()

    async def run(self) -> None:
        """Brings news to the pages until cancelled; then ends all of them, so that the server can stop."""
        try:
            while True:
                self._changed.clear()
                await self._bring()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS if self._count else None):
                        await self._changed.wait()
        finally:
            self._over = True
            for page in self._all():
                page.news.put_nowait(None)

    async def _bring(self) -> None:
        if not self._count:
            return
        try:
            after = min(page.after for page in self._all())
            news = await self._transcripts.news(CHANNEL, list(self._pages), after)
        except ConnectionError:
            log.warning("news cannot be read")
            return
        for citizen, line in news:
            for page in self._pages.get(citizen, ()):
                page.give(line)

    def has_room(self, citizen: str) -> bool:
        """Whether one more page of this citizen may be open."""
        return not self._over and self._count < MOST_PAGES and len(self._pages.get(citizen, ())) < MOST_OF_ONE

    @contextlib.contextmanager
    def opened(self, citizen: str, after: int) -> Iterator[_Page]:
        """A page of this citizen, for as long as the block runs. after: the number of the last line that it has."""
        page = _Page(citizen, after)
        self._pages.setdefault(citizen, []).append(page)
        self._count += 1
        self.look()
        try:
            yield page
        finally:
            self._count -= 1
            self._pages[citizen].remove(page)
            if not self._pages[citizen]:
                del self._pages[citizen]

    def _all(self) -> list[_Page]:
        return [page for pages in self._pages.values() for page in pages]


def events_of(pages: OpenPages, show: Callable[[Request, Line], Awaitable[str]]) -> Callable[[Request], Response]:
    """The address that an open page listens to. show: a line as the page's HTML, for this browser."""

    def events(request: Request) -> Response:
        session = session_of(request)
        if session.fresh:
            return Response(status_code=204)  # tells the browser not to come again
        citizen = session.citizen.id
        if not pages.has_room(citizen):
            return Response(status_code=503)
        after = _number(request.headers.get("last-event-id") or request.query_params.get("sau", ""))

        async def told() -> AsyncIterator[str]:
            with pages.opened(citizen, after) as page:
                yield f"retry: {RETRY_MILLISECONDS}\n\n"
                async for line in page.lines():
                    yield ": \n\n" if line is None else _event(line.number, await show(request, line))

        # A proxy that gathers an answer before it passes it on would keep the news back.
        return StreamingResponse(told(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return events


def _event(number: int, html: str) -> str:
    data = "\n".join(f"data: {row}" for row in html.splitlines())
    return f"id: {number}\nevent: line\n{data}\n\n"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
