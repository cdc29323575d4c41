"""Which changes of a source are published at once, because the office trusts the parts that changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.differences import Change, difference
from knowledge.entries import Procedure
from knowledge.revising import Plan, Proposal, plan
from knowledge.serialising import Entry, faq_from_json, legal_document_from_json, office_from_json, procedure_from_json
from knowledge.tables import Kind, Status, entry, version

_AT_ONCE = 500
_READERS: dict[Kind, Any] = {
    Kind.PROCEDURE: procedure_from_json,
    Kind.FAQ: faq_from_json,
    Kind.OFFICE: office_from_json,
    Kind.LEGAL_DOCUMENT: legal_document_from_json,
}

Entries = Mapping[Kind, Mapping[str, Entry]]
Proposals = Mapping[Kind, Mapping[str, Proposal]]
Changes = dict[str, list[Change]]


async def planned(
    session: AsyncSession, entries: Entries, proposals: Proposals, *, publish: bool, trusted: frozenset[str]
) -> tuple[list[Plan], Changes]:
    """What writing would do, with the changes against what is published where they wait as drafts or are trusted.

    A changed entry is published at once if every part that differs is trusted; otherwise all of it waits.
    """
    plans: list[Plan] = []
    changes: Changes = {}
    for kind, proposed in proposals.items():
        made = await plan(session, kind, list(proposed.values()), publish=publish)
        plans.append(made)
        if publish or not made.changed:
            continue
        found = await _changes(session, kind, [p.code for p in made.changed], entries[kind])
        changes.update(found)
        sure = {code for code, parts in found.items() if trusted.issuperset(part.field for part in parts)}
        if sure:
            plans.append(await plan(session, kind, [p for p in made.changed if p.code in sure], publish=True))
            made.changed = [p for p in made.changed if p.code not in sure]
    return plans, changes


def confirmed(plans: Sequence[Plan], entries: Entries, proposals: Proposals) -> dict[Kind, dict[str, date]]:
    """Entries that the source gives just as they are published, with the day of its data."""
    found: dict[Kind, dict[str, date]] = {}
    for made in plans:
        for code, proposal in proposals[made.kind].items():
            known, item = made.standing.get(code), entries[made.kind][code]
            held = known.published[-1] if known and known.published else None
            if held is None or held.content_hash != proposal.content_hash:
                continue
            if isinstance(item, Procedure) and item.data_date:
                found.setdefault(made.kind, {})[code] = item.data_date
    return found


async def _changes(session: AsyncSession, kind: Kind, codes: list[str], entries: Mapping[str, Entry]) -> Changes:
    found: Changes = {}
    for start in range(0, len(codes), _AT_ONCE):
        rows = await session.execute(
            select(entry.c.code, version.c.body)
            .join_from(version, entry)
            .where(
                entry.c.kind == kind,
                version.c.status == Status.PUBLISHED,
                entry.c.code.in_(codes[start : start + _AT_ONCE]),
            )
            .order_by(version.c.number)
        )
        for code, body in rows:
            found[code] = difference(_READERS[kind](body), entries[code])
    return {code: parts for code, parts in found.items() if parts}
