"""Brings knowledge in from files, one transaction each: the national snapshot, our own files, the starter base."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.cautions import review_reasons
from knowledge.confirming import due, write_down
from knowledge.differences import in_words
from knowledge.entries import Procedure
from knowledge.faults import message_of
from knowledge.importing import renumbered, repeated
from knowledge.importing.harvest import FORMS, Harvest, Progress, gather
from knowledge.importing.local import AdditionPlan, CodeAlias, plan_additions, write_additions
from knowledge.importing.precedence import STARTER, settle
from knowledge.importing.reading import ImportProblem
from knowledge.importing.report import ForReview, ImportReport, RefusedRow, write_refused
from knowledge.importing.standing import keep_the_rest
from knowledge.importing.trusting import Changes, confirmed, planned
from knowledge.revising import Plan, Proposal, carry_out, claim, raise_revision
from knowledge.serialising import Entry
from knowledge.store import calendar_day, published_revision
from knowledge.tables import Kind, Status, entry, import_run, version

__all__ = [
    "ForReview",
    "ImportProblem",
    "ImportReport",
    "RefusedRow",
    "import_file",
    "import_starter",
    "store",
    "write_refused",
]

Sessions = async_sessionmaker[AsyncSession]
Reasons = dict[str, tuple[str, ...]]

AUTHOR = "import"
ONLY_PUBLISHED = "Phần cơ quan tự bổ sung không có bản nháp: thêm --publish để ghi."


async def import_file(
    sessions: Sessions,
    path: Path,
    *,
    kind: str | None = None,
    publish: bool,
    dry_run: bool,
    now: datetime,
    progress: Progress | None = None,
    trusted: frozenset[str] = frozenset(),
) -> ImportReport:
    """Takes one file in; kind is one of harvest.FORMS or local.FORMS, None = told from the content.

    Without `publish`, what is new or changed waits as a draft; trusted: parts whose change alone is published at once.
    Raises ImportProblem; nothing is written then.
    progress: called from another thread, now and then, with rows done and rows in all.
    """
    told = await _told(path, kind)
    if publish and not dry_run and (same := await _known(sessions, told, path.name)):
        return same
    harvest = await asyncio.to_thread(gather, path, kind, progress)
    if harvest.empty:
        raise ImportProblem(_nothing_good(path.name, harvest.refused))
    if not harvest.entries and not (publish or dry_run):
        raise ImportProblem(f"{ONLY_PUBLISHED} Chưa ghi gì vào cơ sở dữ liệu.")
    if harvest.fields:
        try:
            async with sessions() as session:
                await keep_the_rest(session, harvest, drafts=not publish)
        except SQLAlchemyError as error:
            raise ImportProblem(f"{message_of(error)} Chưa ghi gì vào cơ sở dữ liệu.") from error
    return await store(
        sessions, [harvest], path.name, publish=publish, dry_run=dry_run, now=now, trusted=trusted, digest=told
    )


async def _told(path: Path, kind: str | None) -> str:
    try:
        return await asyncio.to_thread(repeated.digest, path, kind)
    except OSError:
        return ""  # reading the file will say what is wrong with it


async def _known(sessions: Sessions, told: str, name: str) -> ImportReport | None:
    try:
        async with sessions() as session:
            return await repeated.known(session, told, name) if told else None
    except SQLAlchemyError as error:
        raise ImportProblem(f"{message_of(error)} Chưa ghi gì vào cơ sở dữ liệu.") from error


async def import_starter(
    sessions: Sessions, *, publish: bool, dry_run: bool, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Takes in the knowledge shipped with the program: every file of knowledge/starter, the form by its name.

    Renumbered codes have no drafts, so they come with `publish` only. Raises ImportProblem.
    """
    with as_file(files("knowledge").joinpath("starter")) as folder:
        found = [
            (path, form) for path in sorted(folder.glob("*.jsonl")) for form in FORMS[1:] if path.name.startswith(form)
        ]
        harvests = [await asyncio.to_thread(gather, path, form, progress) for path, form in found]
        moved = renumbered.shipped(folder / renumbered.FILE)
    if publish:
        harvests.append(await _renumbered(sessions, moved))
    return await store(sessions, harvests, STARTER, publish=publish, dry_run=dry_run, now=now)


async def _renumbered(sessions: Sessions, moved: Mapping[str, CodeAlias]) -> Harvest:
    try:
        async with sessions() as session:
            new = await renumbered.still_unknown(session, moved)
    except SQLAlchemyError as error:
        raise ImportProblem(f"{message_of(error)} Chưa ghi gì vào cơ sở dữ liệu.") from error
    return Harvest(renumbered.FILE, renumbered.FORM, additions={renumbered.FORM: dict(new)})


async def store(
    sessions: Sessions,
    harvests: Sequence[Harvest],
    source: str,
    *,
    publish: bool,
    dry_run: bool,
    now: datetime,
    trusted: frozenset[str] = frozenset(),
    digest: str = "",
) -> ImportReport:
    """Writes what was harvested, in one transaction. Raises ImportProblem; nothing is written then.

    digest: by which the same file is known again (see knowledge.importing.repeated).
    """
    report = ImportReport(source=source, published=publish, dry_run=dry_run)
    entries: dict[Kind, dict[str, Entry]] = {}
    proposals: dict[Kind, dict[str, Proposal]] = {}
    additions = {form: found for harvest in harvests for form, found in harvest.additions.items()}
    parts = next((h.fields["overlay"] for h in harvests if "overlay" in h.fields), None)
    if additions and not publish:
        report.notes.append(ONLY_PUBLISHED)
        additions = {}
    for harvest in harvests:
        report.refused += harvest.refused
        report.notes += harvest.notes
        for kind, found in harvest.entries.items():
            entries.setdefault(kind, {}).update(found)
            proposals.setdefault(kind, {}).update(harvest.proposals[kind])
    try:
        named = frozenset(proposals.get(Kind.PROCEDURE, ()))
        # Looked at twice: what takes seconds is done before the base is claimed, so that nobody waits for it.
        async with sessions() as session:
            settled = await settle(session, entries, proposals, STARTER if source == STARTER else harvests[0].form)
            report.unchanged += settled.left
            report.notes += settled.notes
            plans, changes = await planned(session, entries, proposals, publish=publish, trusted=trusted)
            added = await plan_additions(session, additions, parts)
            same = confirmed(plans, entries, proposals)
            news = [row for kind, days in same.items() for row in await due(session, kind, days)]
            gone = any(harvest.form == "snapshot" for harvest in harvests)
            report.gone = await _gone(session, named) if gone else []
            report.revision = await published_revision(session)
        reasons = await asyncio.to_thread(_reasons, plans, entries, calendar_day(now))
        writes = any(made.new or made.changed for made in plans) or bool(added.new or added.changed)
        if dry_run or not writes:
            _count(report, plans, entries, reasons, changes)
            _count_additions(report, added)
            if news and not dry_run:
                async with sessions() as session, session.begin():
                    await claim(session)
                    for kind, days in same.items():
                        await write_down(session, await due(session, kind, days))
            return report
        _give_reasons(proposals, reasons, changes)
        async with sessions() as session, session.begin():
            await claim(session)
            plans, changes = await planned(session, entries, proposals, publish=publish, trusted=trusted)
            for kind, days in confirmed(plans, entries, proposals).items():
                await write_down(session, await due(session, kind, days))
            added = await plan_additions(session, additions, parts)
            written = [await carry_out(session, made, source=source, by=AUTHOR, now=now) for made in plans]
            written.append(await write_additions(session, added, source=source, by=AUTHOR, now=now))
            report.revision = await (raise_revision(session) if any(written) else published_revision(session))
            _count(report, plans, entries, reasons, changes)
            _count_additions(report, added)
            await session.execute(insert(import_run).values(_run(report, harvests, now, digest)))
    except SQLAlchemyError as error:
        raise ImportProblem(f"{message_of(error)} Chưa ghi gì vào cơ sở dữ liệu.") from error
    return report


def _reasons(plans: Sequence[Plan], entries: Mapping[Kind, Mapping[str, Entry]], today: date) -> Reasons:
    """Why new or changed procedures should be looked at; entries without a reason are left out."""
    found: Reasons = {}
    for made in plans:
        for proposal in (*made.new, *made.changed):
            item = entries[made.kind][proposal.code]
            if isinstance(item, Procedure) and (reasons := review_reasons(item, today)):
                found[item.code] = reasons
    return found


def _give_reasons(proposals: Mapping[Kind, dict[str, Proposal]], reasons: Reasons, changes: Changes) -> None:
    """Tells staff in each version why to look at it, and what a draft says otherwise than what is published."""
    for proposed in proposals.values():
        for code, proposal in proposed.items():
            differs = (f"Khác bản đang công bố ở: {in_words(changes[code])}.",) if code in changes else ()
            if code in reasons or differs:
                proposed[code] = proposal.with_reasons((*reasons.get(code, ()), *differs))


def _count(
    report: ImportReport,
    plans: Sequence[Plan],
    entries: Mapping[Kind, Mapping[str, Entry]],
    reasons: Reasons,
    changes: Changes,
) -> None:
    for made in plans:
        report.new += len(made.new)
        report.changed += len(made.changed)
        report.unchanged += made.unchanged
        if made.publish and not report.published:
            report.at_once += len(made.changed)
    report.differences = changes
    procedures = entries.get(Kind.PROCEDURE, {})
    for code, why in reasons.items():
        item = procedures[code]
        if isinstance(item, Procedure):
            report.review.append(ForReview(code=code, name=item.name, reasons=why))


def _count_additions(report: ImportReport, added: AdditionPlan) -> None:
    report.new += len(added.new)
    report.changed += len(added.changed)
    report.unchanged += added.unchanged


async def _gone(session: AsyncSession, found: frozenset[str]) -> list[str]:
    snapshots = select(import_run.c.source).where(import_run.c.kind == "snapshot")
    rows = await session.scalars(
        select(entry.c.code)
        .join_from(version, entry)
        .where(
            entry.c.kind == Kind.PROCEDURE,
            version.c.status == Status.PUBLISHED,
            version.c.source.in_(snapshots),
        )
        .order_by(entry.c.code)
    )
    return [code for code in rows if code not in found]


def _run(report: ImportReport, harvests: Sequence[Harvest], now: datetime, digest: str) -> dict[str, Any]:
    return {
        "at": now,
        "source": report.source[:300],
        "kind": harvests[0].form if report.source != STARTER else STARTER,
        "published": report.published,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "refused": len(report.refused),
        "outcome": "done",
        "digest": digest,
        "revision": report.revision,
    }


def _nothing_good(name: str, refused: Sequence[RefusedRow]) -> str:
    if not refused:
        return f"Tệp {name} không có dòng nào."
    first = refused[0]
    about = f", trường {first.field}" if first.field else ""
    return (
        f"Tệp {name} không có dòng nào dùng được (từ chối {len(refused)} dòng). "
        f"Dòng {first.row}{about}: {first.reason}."
    )
