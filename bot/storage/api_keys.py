"""Keys of the programs that use the JSON API: shown once, kept only as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import StorageProblem
from bot.storage.tables import api_key as keys

PREFIX = "motcua_"
"""Begins every key, so that one found in a file or a log is recognised."""
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One key, without the secret. per_minute: its own rate, None = that of the settings; used_on: last day of use."""

    id: int
    name: str
    per_minute: int | None
    created_at: datetime
    revoked_at: datetime | None = None
    used_on: date | None = None


class StoredApiKeys:
    """The api_key table."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, name: str, now: datetime, per_minute: int | None = None) -> str:
        """Makes a key and returns it: the only time that it can be seen. Raises StorageProblem for a bad name."""
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise StorageProblem(f"Tên khóa phải có từ 1 đến {LONGEST_NAME} ký tự in được.")
        secret = PREFIX + secrets.token_urlsafe(32)
        taken = select(keys.c.id).where(keys.c.name == name, keys.c.revoked_at.is_(None))
        async with self._engine.begin() as connection:
            if (await connection.execute(taken)).first():
                raise StorageProblem(f"Đã có khóa tên “{name}”. Chọn tên khác, hoặc thu hồi khóa cũ trước.")
            values = {"name": name, "key_hash": _hash(secret), "per_minute": per_minute, "created_at": _utc(now)}
            await connection.execute(insert(keys).values(values))
        return secret

    async def all(self) -> list[ApiKey]:
        """Every key that was ever made, oldest first."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(keys).order_by(keys.c.id))).all()
        return [_key(row) for row in rows]

    async def revoke(self, name: str, now: datetime) -> bool:
        """Ends the key of this name at once; False if no valid key has it."""
        valid = (keys.c.name == name, keys.c.revoked_at.is_(None))
        async with self._engine.begin() as connection:
            done = await connection.execute(update(keys).where(*valid).values(revoked_at=_utc(now)))
        return bool(done.rowcount)

    async def find(self, secret: str, today: date) -> ApiKey | None:
        """The valid key that this is, marked as used today; None for any other text.

        Raises ConnectionError while the database is away.
        """
        query = select(keys).where(keys.c.key_hash == _hash(secret), keys.c.revoked_at.is_(None))
        try:
            async with self._engine.connect() as connection:
                row = (await connection.execute(query)).one_or_none()
            if row is not None and row.used_on != today:
                async with self._engine.begin() as connection:
                    await connection.execute(update(keys).where(keys.c.id == row.id).values(used_on=today))
        except DBAPIError as error:
            raise ConnectionError("the database does not answer") from error
        return _key(row) if row is not None else None


def _hash(secret: str) -> str:
    # A plain hash is enough: the key is 256 random bits, so there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        per_minute=row.per_minute,
        created_at=_aware(row.created_at) or row.created_at,
        revoked_at=_aware(row.revoked_at),
        used_on=row.used_on,
    )
