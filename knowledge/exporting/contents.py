"""Everything that an export holds, in an order that does not depend on the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.entries import LocalOverlay, Phrases
from knowledge.importing.local import Addition, CodeAlias
from knowledge.importing.standing import FORMS
from knowledge.serialising import Entry, faq_from_json, legal_document_from_json, office_from_json, procedure_from_json
from knowledge.store import load_publication
from knowledge.tables import Kind, Status, entry, version

_DECODERS: dict[Kind, Callable[[str], Entry]] = {
    Kind.PROCEDURE: procedure_from_json,
    Kind.FAQ: faq_from_json,
    Kind.OFFICE: office_from_json,
    Kind.LEGAL_DOCUMENT: legal_document_from_json,
}


@dataclass(slots=True)
class Contents:
    """Entries and additions by form (the importer's names), each form sorted by key."""

    entries: dict[str, list[Entry | Addition]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many entries and additions there are."""
        return sum(len(found) for found in self.entries.values())


async def load_contents(session: AsyncSession, on: date, forms: frozenset[str] | None = None) -> Contents:
    """What is published and has not ended by the day `on`; forms None = all.

    Of an entry with a version in force and one that starts later, the one in force. Drafts are no part of it.
    """
    contents = Contents()
    for kind, form in FORMS.items():
        if forms is None or form in forms:
            contents.entries[form] = await _published(session, kind, on)
    publication = await load_publication(session, on)
    overlays: list[LocalOverlay] = [publication.overlays[code] for code in sorted(publication.overlays)]
    additions: dict[str, list[Entry | Addition]] = {
        "overlay": [*overlays],
        "code-aliases": [CodeAlias(old_code=o, new_code=n) for o, n in sorted(publication.code_aliases.items())],
        "phrases": [Phrases(ref=ref, phrases=said) for ref, said in sorted(publication.aliases.items())],
    }
    contents.entries |= {form: found for form, found in additions.items() if forms is None or form in forms}
    return contents


async def _published(session: AsyncSession, kind: Kind, on: date) -> list[Entry | Addition]:
    rows = await session.execute(
        select(entry.c.code, version.c.effective_from, version.c.body)
        .join_from(version, entry)
        .where(
            entry.c.kind == kind,
            version.c.status == Status.PUBLISHED,
            or_(version.c.effective_to.is_(None), version.c.effective_to >= on),
        )
        .order_by(version.c.number)
    )
    found: dict[str, tuple[bool, str]] = {}
    for code, first, body in rows:
        started = first is None or first <= on
        if code not in found or started or not found[code][0]:
            found[code] = (started, body)
    decoded = _DECODERS[kind]
    return [decoded(found[code][1]) for code in sorted(found)]
