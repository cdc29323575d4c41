"""Brings knowledge in from the national portal: only what has changed since it was last read."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.entries import Procedure
from knowledge.faults import message_of
from knowledge.importing import ImportReport, store
from knowledge.importing.harvest import Harvest, Progress, proposal_of
from knowledge.importing.portal import history, problems, remembering
from knowledge.importing.portal.client import Listed, PortalClient
from knowledge.importing.portal.mapping import MAPPING_VERSION, procedure_of
from knowledge.importing.portal.problems import NotThere, PortalBlocked, PortalProblem
from knowledge.importing.reading import ImportProblem, Refusal
from knowledge.importing.report import RefusedRow
from knowledge.serialising import content_hash, procedure_from_json
from knowledge.store import calendar_day
from knowledge.tables import Kind, Status

__all__ = ["PortalBlocked", "PortalClient", "PortalProblem", "import_portal"]

SOURCE = "portal"
FAILURES_IN_A_ROW = 3
"""After so many procedures that cannot be read, each tried several times, the portal itself is taken to be away."""

Sessions = async_sessionmaker[AsyncSession]


@dataclass(slots=True)
class _Reading:
    """What one reading has found so far. skipped: code -> hash of procedures that the list says are as before."""

    listed: dict[str, Listed] = field(default_factory=dict)
    complete: bool = True
    harvest: Harvest = field(default_factory=lambda: Harvest(SOURCE, SOURCE))
    read: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


async def import_portal(
    sessions: Sessions,
    client: PortalClient,
    *,
    agencies: Sequence[str],
    publish: bool,
    now: Callable[[], datetime],
    trusted: frozenset[str] = frozenset(),
    dry_run: bool = False,
    run: int | None = None,
    progress: Progress | None = None,
    longest: float = history.LONGEST.total_seconds(),
) -> ImportReport:
    """Reads the list (of these agencies, none = all) and what changed, and writes it in one transaction.

    Without `publish` changes wait as drafts, unless only trusted parts differ. run: a reading already begun in the
    history; longest: seconds for all of it. Raises ImportProblem; nothing of the knowledge is written then.
    """
    if run is None and not dry_run:
        run = await history.begin(sessions, trigger=history.BY_HAND, scope=history.scope_of(agencies), now=now())
    reading = _Reading()
    try:
        report = await _imported(sessions, client, reading, agencies, publish, now, trusted, dry_run, progress, longest)
    except ImportProblem as problem:
        await _finish(sessions, run, reading, history.FAILED, now(), error=str(problem))
        raise
    except BaseException:
        await _finish(sessions, run, reading, history.STOPPED, now())
        raise
    await _finish(sessions, run, reading, history.DONE, now(), report=report)
    return report


async def _imported(
    sessions: Sessions,
    client: PortalClient,
    reading: _Reading,
    agencies: Sequence[str],
    publish: bool,
    now: Callable[[], datetime],
    trusted: frozenset[str],
    dry_run: bool,
    progress: Progress | None,
    longest: float,
) -> ImportReport:
    try:
        async with asyncio.timeout(longest):
            await _list(client, reading, agencies)
            known = await remembering.last_read(sessions)
            held = await remembering.held(sessions)
            await _read(client, reading, known, held, publish, now, progress)
    except TimeoutError as error:
        raise PortalProblem(problems.OUT_OF_TIME.format(hours=f"{longest / 3600:g}")) from error
    except SQLAlchemyError as error:
        raise ImportProblem(f"{message_of(error)} Chưa ghi gì vào cơ sở dữ liệu.") from error
    report = await store(
        sessions, [reading.harvest], SOURCE, publish=publish, dry_run=dry_run, now=now(), trusted=trusted
    )
    report.unchanged += len(reading.skipped)
    listed = {item.code for item in reading.listed.values()}
    moved = {old: new for old, new in reading.moved.items() if old not in listed}
    if not agencies and reading.complete:
        report.gone = sorted({row["code"] for row in known.values()} - listed - set(moved))
    if not dry_run:
        read = list(reading.read.values())
        await remembering.remember(sessions, read=read, skipped=reading.skipped, moved=moved, now=now())
    return report


async def _list(client: PortalClient, reading: _Reading, agencies: Sequence[str]) -> None:
    for agency in agencies or ("",):
        found, total = 0, 0
        async for page in client.pages(agency):
            total = max(total, page.total or 0)
            new = {item.id: item for item in page.items}
            found += len(new.keys() - reading.listed.keys())
            reading.listed.update(new)
        if not found and not reading.listed:
            raise PortalProblem(problems.EMPTY.format(agency=f" cho mã cơ quan {agency}" if agency else ""))
        reading.complete &= found >= total


async def _read(
    client: PortalClient,
    reading: _Reading,
    known: Mapping[str, Mapping[str, Any]],
    held: Mapping[tuple[str, str], tuple[Status, str]],
    publish: bool,
    now: Callable[[], datetime],
    progress: Progress | None,
) -> None:
    """Takes each procedure of the list from the base where the list says that it is as before, else from the portal."""
    failures = 0
    for number, item in enumerate(reading.listed.values(), start=1):
        before = known.get(item.id)
        try:
            if before is None or not _as_before(item, before) or not _taken_from_base(reading, before, held, publish):
                record = await client.detail(item.id)
                procedure = procedure_of({**record, "id": item.id}, client.base_url, calendar_day(now()))
                _take(reading, item, procedure, now())
                if before is not None and before["code"] != procedure.code:
                    reading.moved[before["code"]] = procedure.code
            failures = 0
        except Refusal as refusal:
            _refuse(reading, number, item, refusal.field, refusal.reason)
        except NotThere as problem:
            _refuse(reading, number, item, "", f"Cổng trả lời lạ: {problem.what}")
        except PortalBlocked:
            raise
        except PortalProblem:
            failures += 1
            if failures >= FAILURES_IN_A_ROW:
                raise
            _refuse(reading, number, item, "", "Cổng không trả lời")
        if progress:
            progress(number, len(reading.listed))


def _as_before(item: Listed, before: Mapping[str, Any]) -> bool:
    return bool(
        item.mark
        and item.mark == before["mark"]
        and item.code in ("", before["code"])
        and before["mapping"] == MAPPING_VERSION
    )


def _taken_from_base(
    reading: _Reading,
    before: Mapping[str, Any],
    held: Mapping[tuple[str, str], tuple[Status, str]],
    publish: bool,
) -> bool:
    """False if the base no longer holds what was read before; a version not yet in force is proposed again."""
    code, digest = before["code"], before["content_hash"]
    stored = held.get((code, digest))
    if stored is None:
        return False
    status, body = stored
    if publish and status is not Status.PUBLISHED:
        _propose(reading, procedure_from_json(body))
    else:
        reading.skipped[code] = digest
    return True


def _take(reading: _Reading, item: Listed, procedure: Procedure, at: datetime) -> None:
    _propose(reading, procedure)
    reading.read[item.id] = {
        "id": item.id,
        "code": procedure.code,
        "mark": item.mark,
        "content_hash": content_hash(procedure),
        "mapping": MAPPING_VERSION,
        "read_at": at,
    }


def _propose(reading: _Reading, procedure: Procedure) -> None:
    if procedure.code in reading.skipped or procedure.code in reading.harvest.entries.get(Kind.PROCEDURE, {}):
        raise Refusal("code", "trùng mã với một thủ tục khác của Cổng")
    reading.harvest.entries.setdefault(Kind.PROCEDURE, {})[procedure.code] = procedure
    proposals = reading.harvest.proposals.setdefault(Kind.PROCEDURE, {})
    proposals[procedure.code] = proposal_of(procedure.code, procedure)


def _refuse(reading: _Reading, number: int, item: Listed, part: str, reason: str) -> None:
    reading.harvest.refused.append(RefusedRow(file=SOURCE, row=number, code=item.code[:60], field=part, reason=reason))


async def _finish(
    sessions: Sessions,
    run: int | None,
    reading: _Reading,
    outcome: str,
    now: datetime,
    *,
    report: ImportReport | None = None,
    error: str = "",
) -> None:
    if run is not None:
        await history.finish(
            sessions,
            run,
            outcome=outcome,
            now=now,
            listed=len(reading.listed),
            read=len(reading.read),
            report=report,
            error=error,
        )
