"""Who did what, when and from where: lines that are only added, each sealed with the one before."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from bot.storage.staff_tables import audit_entry as entries
from bot.storage.staff_tables import audit_head as head

LONGEST_SUBJECT = 100
LONGEST_PLACE = 60
SYSTEM = "máy"
"""The actor where nobody in particular did it."""
TERMINAL = "dòng lệnh"
"""The actor, and the place, of commands typed at the server."""
_READ_AT_ONCE = 1000
_ONE_HEAD = head.c.id == 1

Detail = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done.

    actor: an account's name, SYSTEM or TERMINAL; action: a word of the program ("account.reset"); subject: what it was
    done to ("account:an", "faq:phi", "1.001193"); detail: facts worth keeping, never a secret nor a citizen's words;
    place: the network address.
    """

    actor: str
    action: str
    subject: str = ""
    detail: Detail = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry(Deed):
    """One line of the record. number counts from 1 without a gap; hash: its seal, hex."""

    number: int
    at: datetime
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which lines are wanted; an empty part says nothing. since is included, until is not; actions: beginnings."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions of a query."""
        found: list[ColumnElement[bool]] = []
        if self.actor:
            found.append(entries.c.actor == self.actor)
        if self.action:
            found.append(entries.c.action.startswith(self.action, autoescape=True))
        if self.subject:
            found.append(entries.c.subject.contains(self.subject, autoescape=True))
        if self.since:
            found.append(entries.c.at >= self.since)
        if self.until:
            found.append(entries.c.at < self.until)
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the record is whole.

    lines: that were read and fit; broken: the first line that does not fit, 0 = none; seal: that of the last line.
    """

    lines: int
    broken: int
    seal: str

    @property
    def whole(self) -> bool:
        """True when no line was changed, added or removed."""
        return not self.broken


async def note(connection: AsyncConnection | AsyncSession, deed: Deed, now: datetime) -> None:
    """Adds a line in the caller's transaction, so that what was done and its record stand or fall together.

    Writers wait for each other from here to the end of their transaction: call it last, or first where what is looked
    at must not change meanwhile.
    """
    last = (
        await connection.execute(
            update(head).where(_ONE_HEAD).values(number=head.c.number + 1).returning(head.c.number, head.c.hash)
        )
    ).one()
    values = {
        "number": last.number,
        "at": now.astimezone(UTC),
        "actor": deed.actor[:40],
        "action": deed.action,
        "subject": deed.subject[:LONGEST_SUBJECT],
        "detail": json.dumps(dict(deed.detail), ensure_ascii=False, sort_keys=True),
        "place": deed.place[:LONGEST_PLACE],
    }
    values["hash"] = seal(last.hash, values)
    await connection.execute(insert(entries).values(values))
    await connection.execute(update(head).where(_ONE_HEAD).values(hash=values["hash"]))


def seal(before: str, values: Mapping[Any, Any]) -> str:
    """The hash of a line's values that stands for everything up to it. before: the hash of the line before it."""
    at: datetime = values["at"]
    parts = [
        before,
        values["number"],
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        *(values[name] for name in ("actor", "action", "subject", "detail", "place")),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


class StoredAudit:
    """The record, over one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, deed: Deed, now: datetime) -> None:
        """Adds a line in a transaction of its own, for what changes nothing else."""
        async with self._engine.begin() as connection:
            await note(connection, deed, now)

    async def page(self, wanted: AuditFilter, *, limit: int, offset: int = 0) -> tuple[list[AuditEntry], int]:
        """The newest lines that are wanted, and how many there are of them in all."""
        where = wanted.conditions()
        query = select(entries).where(*where).order_by(entries.c.number.desc()).limit(limit).offset(offset)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
            total = (await connection.execute(select(func.count()).select_from(entries).where(*where))).scalar_one()
        return [_entry(row) for row in rows], total

    async def all(self, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
        """Every line that is wanted, oldest first."""
        last = 0
        while True:
            query = (
                select(entries)
                .where(*wanted.conditions(), entries.c.number > last)
                .order_by(entries.c.number)
                .limit(_READ_AT_ONCE)
            )
            async with self._engine.connect() as connection:
                rows = (await connection.execute(query)).mappings().all()
            for row in rows:
                yield _entry(row)
            if len(rows) < _READ_AT_ONCE:
                return
            last = rows[-1]["number"]

    async def actors(self) -> list[str]:
        """Everybody who ever did something, by name."""
        query = select(entries.c.actor).distinct().order_by(entries.c.actor)
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).scalars())

    async def verify(self, newest: int | None = None) -> Verdict:
        """Says whether the record is whole, or its newest lines; the first of those is taken as it stands."""
        async with self._engine.connect() as connection:
            last = (await connection.execute(select(head.c.number, head.c.hash).where(_ONE_HEAD))).one_or_none()
            first = max(0, last.number - newest) if last is not None and newest is not None else 0
            before = ""
            if first:
                query = select(entries.c.hash).where(entries.c.number == first)
                before = (await connection.execute(query)).scalar_one_or_none() or ""
            count, rows = first, await _after(connection, first)
            while rows:
                found = await asyncio.to_thread(_fitting, rows, count, before)
                if found != len(rows):
                    return Verdict(
                        count - first + found, count + found + 1, rows[found - 1]["hash"] if found else before
                    )
                count, before = count + found, rows[-1]["hash"]
                rows = await _after(connection, count)
        # Lines written while we read are newer than the head that was read first.
        if last is None or count < last.number or (count == last.number and before != last.hash):
            return Verdict(count - first, count + 1, before)
        return Verdict(count - first, 0, before)


async def _after(connection: AsyncConnection, number: int) -> Sequence[RowMapping]:
    query = select(entries).where(entries.c.number > number).order_by(entries.c.number).limit(_READ_AT_ONCE)
    return (await connection.execute(query)).mappings().all()


def _fitting(rows: Sequence[Mapping[Any, Any]], count: int, before: str) -> int:
    """How many of the lines follow on one another from line `count` with the hash `before`."""
    for place, row in enumerate(rows):
        if row["number"] != count + place + 1 or row["hash"] != seal(before, row):
            return place
        before = row["hash"]
    return len(rows)


def _entry(row: Mapping[Any, Any]) -> AuditEntry:
    return AuditEntry(**{**row, "detail": json.loads(row["detail"])})
