"""Remembers on which day a source still said what is published, without a new version of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.tables import Kind, Status, confirmation, entry, version

RENEWED_AFTER = timedelta(days=30)
"""A confirmation is written down only when the last one is older: a row for each month, not for each night."""
_DATA_DATE = re.compile(r'"data_date":"(\d{4}-\d{2}-\d{2})"')
_TAIL = 200
"""Characters at the end of an entry that hold its date: reading all of it would take seconds for the whole country."""
_AT_ONCE = 500

Rows = list[dict[str, Any]]


async def due(session: AsyncSession, kind: Kind, days: Mapping[str, date]) -> Rows:
    """Which of these confirmations (code -> day) are worth writing down; reads only."""
    last = await last_confirmed(session, kind)
    candidates = [code for code, day in days.items() if code not in last or day - last[code] >= RENEWED_AFTER]
    dated = await _data_dates(session, kind, [code for code in candidates if code not in last])
    return [
        {"kind": kind, "code": code, "day": days[code]}
        for code in candidates
        if code in last or code not in dated or days[code] - dated[code] >= RENEWED_AFTER
    ]


async def write_down(session: AsyncSession, rows: Rows) -> None:
    """Keeps what `due` gave, in the caller's transaction, which holds `knowledge.revising.claim` since before."""
    if rows:
        await session.execute(insert(confirmation), rows)


async def last_confirmed(session: AsyncSession, kind: Kind, on: date | None = None) -> dict[str, date]:
    """The last day on which each entry was confirmed, up to the day `on`; entries never confirmed are left out."""
    query = select(confirmation.c.code, func.max(confirmation.c.day)).where(confirmation.c.kind == kind)
    if on is not None:
        query = query.where(confirmation.c.day <= on)
    rows = await session.execute(query.group_by(confirmation.c.code))
    return {row[0]: row[1] for row in rows}


async def _data_dates(session: AsyncSession, kind: Kind, codes: Sequence[str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for start in range(0, len(codes), _AT_ONCE):
        rows = await session.execute(
            select(entry.c.code, func.substr(version.c.body, func.length(version.c.body) - _TAIL))
            .join_from(version, entry)
            .where(
                entry.c.kind == kind,
                version.c.status == Status.PUBLISHED,
                entry.c.code.in_(codes[start : start + _AT_ONCE]),
            )
            .order_by(version.c.number)
        )
        for code, tail in rows:
            if written := _DATA_DATE.search(tail):
                found[code] = date.fromisoformat(written[1])
    return found
