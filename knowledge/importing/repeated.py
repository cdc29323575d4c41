"""Knows a file that has been taken in already, so that the same file again costs next to nothing."""

import functools
import hashlib
from importlib.resources import files
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.importing.report import ImportReport
from knowledge.store import published_revision
from knowledge.tables import import_run

_CHUNK = 1 << 20


def digest(path: Path, kind: str | None) -> str:
    """Stands for a file's bytes, the kind it is read as, and the code that reads it. Raises OSError."""
    told = hashlib.sha256(f"{_reading()}|{kind or ''}|{path.name}|".encode())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            told.update(chunk)
    return told.hexdigest()


@functools.cache
def _reading() -> str:
    """Changes with the code of this package: what is read from a file may then be something else."""
    told = hashlib.sha256()
    for folder in (files("knowledge"), files("knowledge.importing")):
        for source in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if source.name.endswith(".py"):
                told.update(source.read_bytes())
    return told.hexdigest()


async def known(session: AsyncSession, told: str, name: str) -> ImportReport | None:
    """The report of a published import of the same file, if nothing at all has been published since."""
    run = import_run.c
    query = (
        select(run.new, run.changed, run.unchanged, run.revision)
        .where(run.digest == told, run.published, run.refused == 0)
        .order_by(run.id.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or row.revision != await published_revision(session):
        return None
    report = ImportReport(source=name, published=True, dry_run=False)
    report.unchanged = row.new + row.changed + row.unchanged
    report.revision = row.revision
    return report
