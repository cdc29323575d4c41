"""Counts of the answers by day, kept up with what is answered, so that a year is added up in a moment."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, cast, delete, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.figure_tables import figure_day
from bot.storage.tables import answer, service_state
from handlers import voting
from handlers.messages import Outcome

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
MARK = "figures"
AT_ONCE = 5_000
"""Answers that are counted in one transaction."""
STEP = 1.05
"""Between two classes of answer times: what is read from them is right within 3 %."""
NO_QUESTION = (Outcome.VOTED.value, Outcome.TO_PERSON.value)
_READ = (
    answer.c.id,
    answer.c.at,
    answer.c.channel,
    answer.c.outcome,
    answer.c.refs,
    answer.c.aspects,
    answer.c.choice,
    answer.c.milliseconds,
)


def _counter() -> Counter[str]:
    return Counter()


@dataclass(slots=True)
class Counts:
    """What was counted of some answers.

    outcomes: by "channel outcome"; hours: of the day in Viet Nam, "07"; aspects: letters of parts answered; entries:
    what was answered, codes and "faq:ID"; votes: "+ code" and "- code"; times: classes of milliseconds.
    """

    outcomes: Counter[str] = field(default_factory=_counter)
    hours: Counter[str] = field(default_factory=_counter)
    aspects: Counter[str] = field(default_factory=_counter)
    entries: Counter[str] = field(default_factory=_counter)
    votes: Counter[str] = field(default_factory=_counter)
    times: Counter[str] = field(default_factory=_counter)

    def take(self, row: Any, here: datetime) -> None:
        """Counts one answer. here: its moment on the clock of Viet Nam."""
        self.outcomes[f"{row.channel} {row.outcome}"] += 1
        if (vote := voting.decode(row.choice)) is not None:
            self.votes[f"{'+' if vote.helpful else '-'} {vote.ref}"] += 1
        if row.outcome in NO_QUESTION:
            return
        self.hours[f"{here:%H}"] += 1
        self.times[str(_class_of(row.milliseconds))] += 1
        if row.outcome == Outcome.ANSWERED.value:
            self.aspects.update(row.aspects)
            if first := row.refs.partition(" ")[0]:
                self.entries[first] += 1

    def add(self, other: "Counts") -> None:
        """Adds those of other answers."""
        for name in _PARTS:
            getattr(self, name).update(getattr(other, name))

    def questions(self) -> Counter[str]:
        """Questions by outcome."""
        found: Counter[str] = Counter()
        for key, count in self.outcomes.items():
            outcome = key.partition(" ")[2]
            if outcome not in NO_QUESTION:
                found[outcome] += count
        return found

    def by_channel(self) -> dict[str, Counter[str]]:
        """Questions by outcome of each channel."""
        found: dict[str, Counter[str]] = {}
        for key, count in self.outcomes.items():
            channel, _, outcome = key.partition(" ")
            if outcome not in NO_QUESTION:
                found.setdefault(channel, Counter())[outcome] += count
        return found

    def quantile(self, share: float) -> float | None:
        """Milliseconds within which this share of the questions was answered; None without any."""
        total, seen = sum(self.times.values()), 0
        for number in sorted(self.times, key=int):
            seen += self.times[number]
            if seen >= share * total:
                return float(STEP ** int(number))
        return None

    def as_json(self) -> str:
        """As it is kept."""
        return json.dumps({name: getattr(self, name) for name in _PARTS}, separators=(",", ":"))

    @classmethod
    def of(cls, body: str) -> "Counts":
        """From what is kept."""
        kept = json.loads(body)
        return cls(**{name: Counter(kept.get(name, {})) for name in _PARTS})


_PARTS = tuple(Counts.__dataclass_fields__)


def _class_of(milliseconds: float) -> int:
    return round(math.log(max(milliseconds, 0.01)) / math.log(STEP))


class StoredFigures:
    """The counts of all replicas."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def keep_up(self) -> int:
        """Counts what was answered since the last time but one; returns how many.

        Numbers are given before their rows can be seen: what has the highest now is counted the next time.
        """
        counted = 0
        while True:
            done = await self._step(finish=counted > 0)
            counted += done
            if done < AT_ONCE:
                return counted

    async def _step(self, *, finish: bool) -> int:
        """One transaction; finish: the mark of what may be counted stays where it is."""
        async with self._engine.begin() as connection:
            first = self._insert(service_state).values(name=MARK, value="0 0", at=datetime.now(UTC))
            await connection.execute(first.on_conflict_do_nothing())
            mine = service_state.c.name == MARK
            mark = (await connection.execute(select(service_state.c.value).where(mine))).scalar_one()
            behind, upto = (int(part) for part in mark.split())
            query = select(*_READ).where(answer.c.id > behind, answer.c.id <= upto).order_by(answer.c.id)
            rows = (await connection.execute(query.limit(AT_ONCE))).all()
            highest = (await connection.execute(select(func.coalesce(func.max(answer.c.id), 0)))).scalar_one()
            reached = rows[-1].id if len(rows) == AT_ONCE else upto
            value = f"{reached} {upto if finish or reached < upto else highest}"
            moved = update(service_state).where(mine, service_state.c.value == mark).values(value=value)
            if (await connection.execute(moved)).rowcount != 1:
                return 0  # another replica has just counted them
            await self._keep(connection, by_day(rows))
        return len(rows)

    async def _keep(self, connection: AsyncConnection, counted: Mapping[date, Counts]) -> None:
        if not counted:
            return
        query = select(figure_day.c.day, figure_day.c.body).where(figure_day.c.day.in_(counted))
        for row in (await connection.execute(query)).all():
            counted[row.day].add(Counts.of(row.body))
        rows = [{"day": day, "body": counts.as_json()} for day, counts in sorted(counted.items())]
        new = self._insert(figure_day)
        await connection.execute(
            new.on_conflict_do_update(index_elements=["day"], set_={"body": new.excluded.body}), rows
        )

    async def days(self, since: date, until: date) -> dict[date, Counts]:
        """The counts of each day from one to another, both included, with what has not been kept yet."""
        kept = select(figure_day.c.day, figure_day.c.body).where(figure_day.c.day >= since, figure_day.c.day <= until)
        mark = select(cast(null(), Date), service_state.c.value).where(service_state.c.name == MARK)
        found: dict[date, Counts] = {}
        behind = 0
        async with self._engine.connect() as connection:
            for day, body in await connection.execute(kept.union_all(mark)):  # together: nothing counts twice
                if day is None:
                    behind = int(body.split()[0])
                else:
                    found[day] = Counts.of(body)
            fresh = (await connection.execute(select(*_READ).where(answer.c.id > behind))).all()
        for day, counts in by_day(fresh).items():
            if since <= day <= until:
                found.setdefault(day, Counts()).add(counts)
        return found

    async def purge(self, before: date) -> None:
        """Deletes the counts of days before one."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(figure_day).where(figure_day.c.day < before))


def by_day(rows: Iterable[Any]) -> dict[date, Counts]:
    """Rows of the answer table counted by their day in Viet Nam."""
    found: dict[date, Counts] = {}
    for row in rows:
        at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        here = at.astimezone(VIETNAM)
        found.setdefault(here.date(), Counts()).take(row, here)
    return found
