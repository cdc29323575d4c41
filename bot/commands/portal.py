"""`motcua import portal`: knowledge from the national portal, as much as has changed."""

from collections.abc import Sequence

from bot.config import ConfigProblem, Settings
from bot.moment import utc_now
from bot.storage.engine import make_engine, make_sessions
from bot.upkeep import make_http
from knowledge.importing import ImportReport
from knowledge.importing.harvest import Progress
from knowledge.importing.portal import PortalClient, import_portal
from knowledge.importing.portal.courtesy import Courtesy

PORTAL = "portal"
WHICH = "Cần cho biết đọc gì: motcua import portal --agency MÃ (nhiều lần được) hoặc --all."


def chosen_agencies(settings: Settings, agencies: Sequence[str], *, everything: bool) -> tuple[str, ...]:
    """The agencies to read: those named, those of the configuration, or none = all. Raises ConfigProblem."""
    if everything and agencies:
        raise ConfigProblem(WHICH)
    chosen = tuple(agencies) or (() if everything else settings.portal.agencies)
    if not chosen and not everything:
        raise ConfigProblem(WHICH)
    return chosen


async def read_portal(
    settings: Settings, agencies: Sequence[str], *, publish: bool, dry_run: bool, progress: Progress
) -> ImportReport:
    """Reads the portal at the pace of the configuration. Raises ImportProblem."""
    engine = make_engine(settings.database_url)
    try:
        async with make_http(settings.portal) as http:
            client = PortalClient(http, settings.portal.base_url, Courtesy(rate=settings.portal.rate))
            return await import_portal(
                make_sessions(engine),
                client,
                agencies=agencies,
                publish=publish,
                dry_run=dry_run,
                now=utc_now,
                trusted=frozenset(settings.portal.trusted_fields),
                progress=progress,
            )
    finally:
        await engine.dispose()
