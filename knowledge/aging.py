"""Which procedures in force nobody has confirmed for long, read without decoding them all."""

import re
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.confirming import last_confirmed
from knowledge.store import calendar_day, contains
from knowledge.tables import Kind, Status, entry, version

_DATA_DATE = re.compile(r'"data_date":"(\d{4}-\d{2}-\d{2})"')
_TAIL = 200
"""Characters at the end of a stored procedure that hold its date."""


async def stale_procedures(session: AsyncSession, on: date, confirm_days: int) -> list[tuple[str, date]]:
    """Code and last day of confirmation of the procedures whose answers carry a caution, the oldest first.

    confirm_days: how long an entry counts as fresh, 0 = for ever. The rule is that of knowledge.staleness.
    """
    if not confirm_days:
        return []
    rows = await session.execute(
        select(
            entry.c.code,
            version.c.published_at,
            func.substr(version.c.body, func.length(version.c.body) - _TAIL),
        )
        .join_from(version, entry)
        .where(entry.c.kind == Kind.PROCEDURE, version.c.status == Status.PUBLISHED, contains(on))
        .order_by(version.c.number)
    )
    confirmed = await last_confirmed(session, Kind.PROCEDURE, on)
    latest: dict[str, date] = {}
    for code, published_at, tail in rows:
        written = _DATA_DATE.search(tail)
        days = [date.fromisoformat(written[1])] if written else []
        day = confirmed.get(code)
        # A confirmation speaks of the version that was in force on its day.
        if day and (published_at is None or day >= calendar_day(published_at)):
            days.append(day)
        if days:
            latest[code] = max(days)
    oldest = on - timedelta(days=confirm_days)
    return sorted(((code, day) for code, day in latest.items() if day < oldest), key=lambda one: (one[1], one[0]))
