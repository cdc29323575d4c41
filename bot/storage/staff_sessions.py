"""Who is signed in at the staff desk: sessions known by a hash of their cookie, with an idle and an absolute end."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.staff import Account, Role
from bot.storage.staff_tables import staff_account as accounts
from bot.storage.staff_tables import staff_session as sessions

NOTED_AFTER = timedelta(minutes=1)
"""Use is written down this often at most, so that reading pages does not mean writing."""
CODE_WITHIN = timedelta(minutes=10)
"""How long after the password the code may be given."""
_OF_SESSION = "session_"


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts: without use, and in all."""

    idle: timedelta = timedelta(minutes=60)
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """One browser that somebody signed in with. code_given: False between the password and the code."""

    id: int
    account_id: int
    code_given: bool
    place: str
    device: str
    created_at: datetime
    used_at: datetime


class StoredStaffSessions:
    """The sessions, over one engine. Raises ConnectionError while the database is away."""

    def __init__(self, engine: AsyncEngine, lasting: Lasting = Lasting()) -> None:
        self._engine = engine
        self._lasting = lasting

    async def open(self, account: Account, *, code_given: bool, place: str, device: str, now: datetime) -> str:
        """Begins a session and returns its secret: always a new one, so that none given from outside is ever taken."""
        secret = secrets.token_urlsafe(32)
        values = {
            "account_id": account.id,
            "secret_hash": _hash(secret),
            "code_given": code_given,
            "place": place[:60],
            "device": device[:100],
            "created_at": now,
            "used_at": now,
        }
        async with self._engine.begin() as connection:
            await connection.execute(insert(sessions).values(values))
        return secret

    async def find(self, secret: str, now: datetime) -> tuple[StaffSession, Account] | None:
        """Whose session this is, its use noted; None when it has ended or never was."""
        query = (
            select(*accounts.c, *(column.label(_OF_SESSION + column.name) for column in sessions.c))
            .join_from(sessions, accounts)
            .where(sessions.c.secret_hash == _hash(secret), accounts.c.disabled_at.is_(None), *self._open_at(now))
        )
        try:
            async with self._engine.connect() as connection:
                row = (await connection.execute(query)).mappings().one_or_none()
            if row is None:
                return None
            session = _session({name: row[_OF_SESSION + name] for name in StaffSession.__dataclass_fields__})
            if not session.code_given and now - session.created_at > CODE_WITHIN:
                return None
            if now - session.used_at >= NOTED_AFTER:
                async with self._engine.begin() as connection:
                    await connection.execute(update(sessions).where(sessions.c.id == session.id).values(used_at=now))
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
        found = {column.name: row[column.name] for column in accounts.c}
        return session, Account(**{**found, "roles": frozenset(map(Role, found["roles"].split()))})

    async def of(self, account: Account, now: datetime) -> list[StaffSession]:
        """The account's open sessions, the last used first."""
        query = (
            select(sessions)
            .where(sessions.c.account_id == account.id, *self._open_at(now))
            .order_by(sessions.c.used_at.desc(), sessions.c.id.desc())
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_session({name: row[name] for name in StaffSession.__dataclass_fields__}) for row in rows]

    async def close(self, session: StaffSession) -> None:
        """Ends one session."""
        await self._delete(sessions.c.id == session.id)

    async def close_one(self, account: Account, session_id: int) -> bool:
        """Ends a session of this account; False if that session is not theirs."""
        return bool(await self._delete(sessions.c.id == session_id, sessions.c.account_id == account.id))

    async def close_all(self, account: Account) -> int:
        """Ends all sessions of this account; returns how many there were."""
        return await self._delete(sessions.c.account_id == account.id)

    async def purge(self, now: datetime) -> int:
        """Deletes the sessions that have ended; returns how many."""
        over = or_(sessions.c.used_at <= now - self._lasting.idle, sessions.c.created_at <= now - self._lasting.whole)
        return await self._delete(over)

    def _open_at(self, now: datetime) -> tuple[Any, Any]:
        return sessions.c.used_at > now - self._lasting.idle, sessions.c.created_at > now - self._lasting.whole

    async def _delete(self, *conditions: Any) -> int:
        async with self._engine.begin() as connection:
            return (await connection.execute(delete(sessions).where(*conditions))).rowcount


def _hash(secret: str) -> str:
    # A plain hash is enough: the secret is 256 random bits, so there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _session(values: Mapping[str, Any]) -> StaffSession:
    return StaffSession(**values)
