"""What the base says now of the entries that a file names, and what a file without their columns leaves as it is."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.entries import Faq, LegalDocument, Office, Procedure
from knowledge.importing.harvest import Harvest, proposal_of
from knowledge.serialising import Entry, adapter
from knowledge.tables import Kind, Status, entry, version

FORMS = {
    Kind.PROCEDURE: "procedures",
    Kind.FAQ: "faq",
    Kind.OFFICE: "offices",
    Kind.LEGAL_DOCUMENT: "legal-documents",
}
"""What the importer calls each kind of entry."""
_TYPES: dict[Kind, Any] = {
    Kind.PROCEDURE: Procedure,
    Kind.FAQ: Faq,
    Kind.OFFICE: Office,
    Kind.LEGAL_DOCUMENT: LegalDocument,
}
_AT_ONCE = 500


async def standing(session: AsyncSession, kind: Kind, codes: Sequence[str], *, drafts: bool) -> dict[str, Entry]:
    """The newest version of each entry: published, or with `drafts` the one that waits where there is one."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(codes), _AT_ONCE):
        rows = await session.execute(
            select(entry.c.code, version.c.status, version.c.body)
            .join_from(version, entry)
            .where(
                entry.c.kind == kind,
                version.c.status.in_((Status.PUBLISHED, Status.DRAFT)),
                entry.c.code.in_(codes[start : start + _AT_ONCE]),
            )
            .order_by(version.c.number)
        )
        for code, status, body in rows:
            known = found.get(code)
            if known is None or status == known[0] or (status == Status.DRAFT) == drafts:
                found[code] = (status, body)
    return {code: adapter(_TYPES[kind]).validate_json(body) for code, (_, body) in found.items()}


async def keep_the_rest(session: AsyncSession, harvest: Harvest, *, drafts: bool) -> None:
    """Completes entries of a file that has columns for some parts only: the base's other parts stay as they are."""
    for kind, found in harvest.entries.items():
        parts = harvest.fields.get(FORMS[kind])
        if parts is None:
            continue
        for code, now in (await standing(session, kind, list(found), drafts=drafts)).items():
            item: Any = found[code]
            found[code] = whole = replace(now, **{name: getattr(item, name) for name in parts})
            harvest.proposals[kind][code] = proposal_of(code, whole)
