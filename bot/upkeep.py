"""What the desk does by itself to stay true: reads the portal at night and takes in files put into a folder."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import PortalSettings
from bot.storage.engine import make_sessions
from knowledge.forms.addresses import is_loopback
from knowledge.importing import ImportProblem, ImportReport
from knowledge.importing.dropping import DropFolder, Taken
from knowledge.importing.portal import PortalClient, history, import_portal
from knowledge.importing.portal.courtesy import Courtesy
from knowledge.importing.portal.history import Alarm

PORTAL_SECONDS = 600
"""How often the night's reading is looked for; whether it is due is decided from the database."""
DROP_SECONDS = 60
CONNECTIONS = 2

log = structlog.get_logger(__name__)


def make_http(settings: PortalSettings) -> httpx.AsyncClient:
    """The connections to the portal; proxies of the environment are used unless the portal is on this machine."""
    return httpx.AsyncClient(
        trust_env=not is_loopback(settings.base_url), limits=httpx.Limits(max_connections=CONNECTIONS)
    )


class Upkeep:
    """The nightly reading and the drop folder of one desk; safe to run in several replicas."""

    def __init__(
        self,
        settings: PortalSettings,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        courtesy: Courtesy | None = None,
    ) -> None:
        self._settings = settings
        self._sessions = make_sessions(engine)
        self._now = now
        self._courtesy = courtesy or Courtesy(rate=settings.rate)
        self._scope = history.scope_of(settings.agencies)
        self._trusted = frozenset(settings.trusted_fields)
        self._at_work: set[asyncio.Task[Any]] = set()
        self._drop = DropFolder(Path(settings.drop_folder)) if settings.drop_folder else None

    async def read_portal(self) -> ImportReport | None:
        """Tonight's reading, if it is switched on and due; None otherwise, and when it failed (the history tells)."""
        with self._working():
            return await self._read_if_due()

    async def stop(self) -> None:
        """Breaks off what is under way; nothing is half-written, and the next tick begins again."""
        tasks = [task for task in self._at_work if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @contextmanager
    def _working(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("no running task")
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    async def _read_if_due(self) -> ImportReport | None:
        try:
            await history.switch(self._sessions, on=self._settings.nightly, now=self._now())
            if not self._settings.nightly:
                return None
            run = await history.begin_if_due(
                self._sessions, hour=self._settings.hour, scope=self._scope, now=self._now()
            )
            if run is None:
                return None
            try:
                return await self._read(run)
            except ImportProblem as problem:
                log.warning("portal not read", problem=str(problem))
            if alarm := await self.alarm():
                log.warning("portal not read for days", days=alarm.days, since=alarm.since.isoformat())
        except SQLAlchemyError as error:
            log.warning("portal not looked for", error=type(error).__name__)
        return None

    async def take_in(self) -> list[Taken]:
        """Takes in the files of the drop folder that have come to rest."""
        if self._drop is None:
            return []
        try:
            with self._working():
                taken = await self._drop.look(self._sessions, now=self._now, trusted=self._trusted)
        except ImportProblem as problem:
            log.warning("drop folder not read", problem=str(problem))
            return []
        for one in taken:
            log.info("file taken in", file=one.name, well=not one.problem)
        return taken

    async def alarm(self) -> Alarm | None:
        """The alarm of a nightly reading that has not succeeded for days; None when all is well or it is off."""
        if not self._settings.nightly:
            return None
        return await history.alarm(self._sessions, scope=self._scope, now=self._now())

    async def _read(self, run: int) -> ImportReport:
        async with make_http(self._settings) as http:
            client = PortalClient(http, self._settings.base_url, self._courtesy)
            report = await import_portal(
                self._sessions,
                client,
                agencies=self._settings.agencies,
                publish=False,
                now=self._now,
                trusted=self._trusted,
                run=run,
            )
        log.info(
            "portal read",
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=len(report.refused),
        )
        return report
