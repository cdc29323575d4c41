"""Local copies of the form files that procedures name."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.tables import form_file

KEPT = "kept"
"""The outcome of a fetch that left a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalForm:
    """A copy on this machine. type: its ending ("docx"), one of CONTENT_TYPES; size: bytes."""

    name: str
    url: str
    path: Path
    sha256: str
    size: int
    type: str


async def local_forms(session: AsyncSession, folder: Path, code: str) -> dict[str, LocalForm]:
    """The copies of a procedure's forms, by the address that the procedure names; missing files are left out."""
    rows = await session.execute(select(form_file).where(form_file.c.code == code, form_file.c.outcome == KEPT))
    found = (
        LocalForm(name=row.name, url=row.url, path=folder / row.path, sha256=row.sha256, size=row.size, type=row.type)
        for row in rows
    )
    return {form.url: form for form in found if form.path.is_file()}


async def local_form(session: AsyncSession, folder: Path, code: str, url: str) -> Path | None:
    """The copy of one form; None if there is none on this machine."""
    form = (await local_forms(session, folder, code)).get(url)
    return form.path if form else None
