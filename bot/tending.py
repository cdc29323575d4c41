"""Looks through the whole base every night for what its editors should mend, and at its links every week."""

import asyncio
import copy
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, time, timedelta

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import PortalSettings
from bot.storage.engine import make_sessions
from bot.storage.warnings import StoredWarnings
from bot.storage.warnings_now import WarningsNow
from knowledge.base import KnowledgeBase
from knowledge.checking import Finding, FindingKind, addresses, overlapping, unasked, without_source
from knowledge.forms.addresses import Resolve, is_loopback, resolve
from knowledge.links import LinkLooker, Look, NoNetwork
from knowledge.store import VIETNAM, load_publication

TEND_SECONDS = 600
"""How often it is looked whether tonight's look is due; that is decided from the database."""
HOUR = 3
"""Of the night in Viet Nam, after the portal's reading."""
MOST_LINKS = 3000
"""Addresses of one night."""
UNASKED_FOR, YOUNG = timedelta(days=180), timedelta(days=90)
ASKED_BACK_WITHIN, ASKED_BACK_LEAST = timedelta(days=30), 3

log = structlog.get_logger(__name__)


class Tending:
    """The nightly look of one desk; safe to run in several replicas.

    base: what is published now; links: whether addresses are visited at all; sleep, resolver: the world outside.
    """

    def __init__(
        self,
        settings: PortalSettings,
        engine: AsyncEngine,
        base: Callable[[], KnowledgeBase],
        now: Callable[[], datetime],
        *,
        links: bool,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        resolver: Resolve = resolve,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._base = base
        self._now = now
        self._links = links
        self._sleep = sleep
        self._resolver = resolver
        self._stored = StoredWarnings(engine)
        self._queries = WarningsNow(engine)
        self._over = threading.Event()
        self._at_work: asyncio.Task[None] | None = None

    async def nightly(self) -> bool:
        """Tonight's look, if it is due; False otherwise."""
        try:
            if not await self._due():
                return False
        except SQLAlchemyError as error:
            log.warning("warnings not looked for", error=type(error).__name__)
            return False
        self._at_work = asyncio.current_task()
        try:
            await self.look_through()
            if self._links:
                await self.look_at_links()
        except SQLAlchemyError as error:
            log.warning("warnings not written down", error=type(error).__name__)
        finally:
            self._at_work = None
        return True

    async def stop(self) -> None:
        """Breaks off what is under way; what was found so far tonight is not written down."""
        self._over.set()
        task = self._at_work
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look_through(self) -> int:
        """Looks through the base and writes down what should be mended; returns how much. Minutes of a thread."""
        # A copy, so that the last question that citizens' handlers share is not forgotten meanwhile.
        base, now = copy.copy(self._base()), self._now()
        async with make_sessions(self._engine)() as session:
            taught = (await load_publication(session, now.astimezone(VIETNAM).date())).aliases
        asked = await self._queries.asked_about(now - UNASKED_FOR)
        young = await self._queries.published_after(now - YOUNG)
        tied = await self._queries.asked_back(now - ASKED_BACK_WITHIN, ASKED_BACK_LEAST)

        def work() -> list[Finding]:
            found = [*without_source(base, self._going), *overlapping(base, taught, self._going)]
            found += [] if not asked else unasked(base.facts.ref, asked, young)
            return found

        found = [*_asked_back(tied), *await asyncio.to_thread(work)]
        if not self._going():
            return 0
        named = {ref for one in found for ref in (one.subject, one.other) if ref}
        versions = {ref: base.version_of(ref) for ref in named}
        written = await self._stored.replace(list(FindingKind), found, versions, now)
        log.info("base looked through", warnings=written)
        return written

    async def look_at_links(self) -> int:
        """Looks at the addresses that are due; returns how many."""
        base = self._base()
        named = await asyncio.to_thread(addresses, base, self._going)
        portal = httpx.URL(self._settings.base_url).host
        # The portal's own pages are read every night by their code; visiting each would only be a burden to it.
        known = {url: refs for url, refs in named.items() if _host(url) != portal or is_loopback(url)}
        due = await self._stored.links_due(known, self._now())

        async def seen(look: Look) -> None:
            await self._stored.keep_look(look, known[look.url], self._now())

        loopback = is_loopback(self._settings.base_url)
        async with httpx.AsyncClient(trust_env=not loopback, limits=httpx.Limits(max_connections=1)) as http:
            looker = LinkLooker(
                http, rate=self._settings.rate, loopback=loopback, resolver=self._resolver, sleep=self._sleep
            )
            try:
                looked = await looker.all(due[:MOST_LINKS], seen)
            except NoNetwork:
                log.warning("no link could be looked at: nothing answers from this network")
                return 0
        log.info("links looked at", links=looked)
        return looked

    def _going(self) -> bool:
        return not self._over.is_set()

    async def _due(self) -> bool:
        local = self._now().astimezone(VIETNAM)
        if local.hour < HOUR:
            return False
        since = datetime.combine(local.date(), time(HOUR), VIETNAM)
        return await self._stored.begin_if_due(since, self._now())


def _asked_back(tied: Sequence[tuple[str, str, int]]) -> Iterable[Finding]:
    for subject, other, times in tied:
        detail = f"Người dân được hỏi lại giữa hai mục này {times} lần trong 30 ngày"
        yield Finding(kind=FindingKind.FLIP, subject=subject, other=other, detail=detail, weight=10 + times)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""
