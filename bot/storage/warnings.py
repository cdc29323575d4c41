"""Warnings about the knowledge that the nightly look found, and those that somebody has set aside."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.audit import Deed, note
from bot.storage.tables import service_state
from bot.storage.warning_tables import link_look, warning, warning_silence
from knowledge.checking import Finding, FindingKind
from knowledge.links import LinkState, Look

TENDED = "tended"
"""The row of service_state whose moment says when the base was last looked through."""
LOOK_AGAIN, LOOK_SOON = timedelta(days=7), timedelta(days=1)
FAILED_TWICE = 2
_AT_ONCE = 500
_LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding:
    """A finding as it was written down. version: the subject's when it was looked at."""

    kind: FindingKind
    subject: str
    version: int | None
    other: str
    other_version: int | None
    detail: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLink:
    """An address that does not open. refs: entries that name it; key: by which it is set aside."""

    id: int
    url: str
    outcome: LinkState
    reason: str
    refs: tuple[str, ...]
    looked_at: datetime
    key: str


def key_of(kind: str, subject: str, other: str = "") -> str:
    """By what a warning is known again."""
    return hashlib.sha256(f"{kind}\n{subject}\n{other}".encode()).hexdigest()


class StoredWarnings:
    """The warnings, what was set aside, and the links."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._upsert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def begin_if_due(self, since: datetime, now: datetime) -> bool:
        """True for the one replica that looks through the base now; False if somebody has begun after `since`."""
        mine = update(service_state).where(service_state.c.name == TENDED, service_state.c.at < since)
        first = self._upsert(service_state).values(name=TENDED, value="", at=now)
        async with self._engine.begin() as connection:
            moved = await connection.execute(mine.values(at=now).returning(service_state.c.name))
            if moved.one_or_none():
                return True
            made = await connection.execute(
                first.on_conflict_do_nothing(index_elements=["name"]).returning(service_state.c.name)
            )
            return made.one_or_none() is not None

    async def looked_at(self) -> datetime | None:
        """When the base was last looked through."""
        async with self._engine.connect() as connection:
            at = await connection.scalar(select(service_state.c.at).where(service_state.c.name == TENDED))
        return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)

    async def replace(
        self,
        kinds: Collection[FindingKind],
        findings: Iterable[Finding],
        versions: Mapping[str, int | None],
        now: datetime,
    ) -> int:
        """Puts new findings of these kinds in the place of the former; returns how many there are."""
        rows = {key_of(one.kind, one.subject, one.other): _row(one, versions, now) for one in findings}
        values = list(rows.values())
        async with self._engine.begin() as connection:
            await connection.execute(delete(warning).where(warning.c.kind.in_(list(kinds))))
            for start in range(0, len(values), _AT_ONCE):
                await connection.execute(insert(warning), values[start : start + _AT_ONCE])
        return len(values)

    async def counts(self, now: datetime) -> dict[FindingKind, int]:
        """How many findings of each kind stand open."""
        query = select(warning.c.kind, func.count()).where(_heard(now)).group_by(warning.c.kind)
        async with self._engine.connect() as connection:
            return {FindingKind(row[0]): row[1] for row in await connection.execute(query)}

    async def page(self, kind: FindingKind, now: datetime, *, limit: int, offset: int = 0) -> list[StoredFinding]:
        """Open findings of a kind, the heaviest first."""
        query = (
            select(warning)
            .where(warning.c.kind == kind, _heard(now))
            .order_by(warning.c.weight.desc(), warning.c.subject, warning.c.id)
            .limit(limit)
            .offset(offset)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_finding(row) for row in rows]

    async def silenced(self, now: datetime) -> frozenset[str]:
        """Keys of everything that was set aside and still is."""
        async with self._engine.connect() as connection:
            return frozenset((await connection.execute(_quiet(now))).scalars())

    async def silence(self, key: str, *, until: datetime | None, by: Deed, now: datetime) -> None:
        """Sets a warning aside; recorded."""
        values = {"at": now, "until": until, "by": by.actor}
        row = self._upsert(warning_silence).values(key=key, **values)
        async with self._engine.begin() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))
            await note(connection, by, now)

    async def links_due(self, known: Mapping[str, Sequence[str]], now: datetime) -> list[str]:
        """The addresses to look at now: new ones, those of a week ago, and those that failed yesterday.

        known: every address that is named today, with who names it; others are forgotten.
        """
        hashes = {_hash(url): url for url in known}
        async with self._engine.begin() as connection:
            held = (await connection.execute(select(link_look))).mappings().all()
            gone = [row["id"] for row in held if row["url_hash"] not in hashes]
            for start in range(0, len(gone), _AT_ONCE):
                await connection.execute(delete(link_look).where(link_look.c.id.in_(gone[start : start + _AT_ONCE])))
            for row in held:
                refs = _refs(known.get(row["url"], ()))
                if row["url_hash"] in hashes and refs != row["refs"]:
                    await connection.execute(update(link_look).where(link_look.c.id == row["id"]).values(refs=refs))
        looked = {row["url_hash"]: row for row in held}
        fresh = [url for key, url in hashes.items() if key not in looked]
        old = [row for key, row in looked.items() if key in hashes and now - row["looked_at"] >= _wait(row)]
        return fresh + [row["url"] for row in sorted(old, key=lambda row: row["looked_at"])]

    async def keep_look(self, look: Look, refs: Sequence[str], now: datetime) -> None:
        """Writes down what came of a look."""
        failed = look.state in (LinkState.AWAY, LinkState.DEAD)
        values = {"outcome": look.state, "reason": look.reason[:100], "refs": _refs(refs), "looked_at": now}
        row = self._upsert(link_look).values(url_hash=_hash(look.url), url=look.url, failures=int(failed), **values)
        shall = {**values, "failures": link_look.c.failures + 1 if failed else 0}
        async with self._engine.begin() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["url_hash"], set_=shall))

    async def bad_links(self, now: datetime, *, limit: int, offset: int = 0) -> list[BadLink]:
        """Addresses that are gone, that may not be visited, or whose server was away twice; not those set aside."""
        query = select(link_look).where(*_bad(now)).order_by(link_look.c.outcome.desc(), link_look.c.id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query.limit(limit).offset(offset))).mappings().all()
        return [
            BadLink(
                id=row["id"],
                url=row["url"],
                outcome=LinkState(row["outcome"]),
                reason=row["reason"],
                refs=tuple(row["refs"].split()),
                looked_at=row["looked_at"],
                key=row["url_hash"],
            )
            for row in rows
        ]

    async def count_bad_links(self, now: datetime) -> int:
        """How many of them there are."""
        async with self._engine.connect() as connection:
            return await connection.scalar(select(func.count()).where(*_bad(now))) or 0

    async def look_tonight(self, number: int, *, by: Deed, now: datetime) -> bool:
        """Has an address looked at with the next round; False if there is none of this number."""
        when = now - LOOK_AGAIN
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                update(link_look).where(link_look.c.id == number).values(looked_at=when).returning(link_look.c.url_hash)
            )
            found = moved.scalar_one_or_none()
            if found is not None:
                await note(connection, replace(by, subject=f"link:{found[:12]}"), now)
        return found is not None


def _quiet(now: datetime) -> Select[Any]:
    return select(warning_silence.c.key).where(or_(warning_silence.c.until.is_(None), warning_silence.c.until > now))


def _heard(now: datetime) -> ColumnElement[bool]:
    return warning.c.key.not_in(_quiet(now))


def _bad(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    failed = and_(link_look.c.outcome == LinkState.AWAY, link_look.c.failures >= FAILED_TWICE)
    bad = or_(link_look.c.outcome.in_((LinkState.DEAD, LinkState.UNFIT)), failed)
    return bad, link_look.c.url_hash.not_in(_quiet(now))


def _row(one: Finding, versions: Mapping[str, int | None], now: datetime) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject[:70],
        "version": versions.get(one.subject),
        "other": one.other[:70],
        "other_version": versions.get(one.other) if one.other else None,
        "detail": one.detail[:_LONGEST_DETAIL],
        "weight": one.weight,
        "found_at": now,
        "key": key_of(one.kind, one.subject, one.other),
    }


def _finding(row: Any) -> StoredFinding:
    kept = {name: row[name] for name in StoredFinding.__dataclass_fields__}
    return StoredFinding(**{**kept, "kind": FindingKind(row["kind"])})


def _wait(row: Any) -> timedelta:
    return LOOK_SOON if row["outcome"] == LinkState.AWAY and row["failures"] < FAILED_TWICE else LOOK_AGAIN


def _refs(refs: Sequence[str]) -> str:
    return " ".join(refs[:10])


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
