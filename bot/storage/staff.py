"""Accounts of the staff desk: who may come in, with which roles, and how they prove who they are."""

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.audit import Deed, note
from bot.storage.engine import StorageProblem
from bot.storage.staff_tables import staff_account as accounts
from bot.storage.staff_tables import staff_session as sessions
from knowledge.text import clean

LONGEST_FULL_NAME = 100
GIVEN_LASTS = timedelta(days=3)
"""How long a password that somebody else made may be used; it has to be changed at the first sign-in anyway."""
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
BAD_NAME = "Tên đăng nhập gồm 2–40 ký tự: chữ thường không dấu, số, dấu chấm, gạch; bắt đầu bằng chữ. Ví dụ: an.nguyen."
NO_ROLE = "Phải chọn ít nhất một vai trò."
TAKEN = "Đã có tài khoản “{name}”. Chọn tên khác."
BAD_FULL_NAME = "Họ tên có từ 1 đến 100 ký tự."
LAST_ADMINISTRATOR = "Đây là quản trị viên cuối cùng còn dùng được; hãy giao vai trò quản trị cho người khác trước."


class Role(StrEnum):
    """What somebody may do at the staff desk; one person may have several."""

    EDITOR = "editor"
    APPROVER = "approver"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.EDITOR: "Biên tập",
    Role.APPROVER: "Duyệt",
    Role.OPERATOR: "Vận hành",
    Role.ADMINISTRATOR: "Quản trị",
}
NEED_CODE = frozenset({Role.APPROVER, Role.ADMINISTRATOR})
"""Roles that have to give a code of an authenticator as well."""


class AccountProblem(StorageProblem):
    """What was asked for cannot be done; the message is Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One member of staff.

    password_hash: Argon2; password_until: end of a password given by somebody else, None for one's own;
    totp_secret: base32, "" without an authenticator; totp_step: the last step whose code was used.
    """

    id: int
    name: str
    full_name: str
    unit: str
    roles: frozenset[Role]
    password_hash: str = field(repr=False)
    password_at: datetime
    password_until: datetime | None
    totp_secret: str = field(repr=False)
    totp_step: int
    created_at: datetime
    disabled_at: datetime | None

    @property
    def needs_code(self) -> bool:
        """True when signing in takes a code besides the password."""
        return bool(self.totp_secret)

    @property
    def must_enrol(self) -> bool:
        """True when an authenticator has to be set up before anything else."""
        return bool(self.roles & NEED_CODE) and not self.totp_secret

    @property
    def must_change_password(self) -> bool:
        """True while the password is one that somebody else has made."""
        return self.password_until is not None

    def role_names(self) -> str:
        """The roles as people read them."""
        return ", ".join(name for role, name in ROLE_NAMES.items() if role in self.roles)


class StoredAccounts:
    """The accounts. Every change is recorded in the same transaction; `by` is whose deed it is (actor, place)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(
        self,
        *,
        name: str,
        full_name: str,
        roles: Collection[Role],
        unit: str,
        password_hash: str,
        by: Deed,
        now: datetime,
    ) -> Account:
        """Makes an account whose password has to be changed at once. Raises AccountProblem."""
        if not _NAME.fullmatch(name):
            raise AccountProblem(BAD_NAME)
        values = {
            "name": name,
            **_described(full_name, unit, roles),
            "password_hash": password_hash,
            "password_at": now,
            "password_until": now + GIVEN_LASTS,
            "totp_secret": "",
            "totp_step": 0,
            "created_at": now,
        }
        async with self._engine.begin() as connection:
            if (await connection.execute(select(accounts.c.id).where(accounts.c.name == name))).first():
                raise AccountProblem(TAKEN.format(name=name))
            made = (await connection.execute(insert(accounts).values(values).returning(*accounts.c))).mappings().one()
            await _note(connection, by, "account.add", name, {"roles": made["roles"], "unit": made["unit"]}, now)
        return _account(made)

    async def all(self) -> list[Account]:
        """Every account, by name; those no longer in use last."""
        query = select(accounts).order_by(accounts.c.disabled_at.is_not(None), accounts.c.name)
        async with self._engine.connect() as connection:
            return [_account(row) for row in (await connection.execute(query)).mappings()]

    async def named(self, name: str) -> Account | None:
        """The account of this name, in use or not."""
        return await self._one(accounts.c.name == name)

    async def get(self, account_id: int) -> Account | None:
        """The account with this number, in use or not."""
        return await self._one(accounts.c.id == account_id)

    async def describe(
        self, account: Account, *, full_name: str, unit: str, roles: Collection[Role], by: Deed, now: datetime
    ) -> None:
        """Changes name, unit and roles; other roles end the account's sessions. Raises AccountProblem."""
        values = _described(full_name, unit, roles)
        detail = {"roles": values["roles"], "unit": values["unit"]}
        async with self._engine.begin() as connection:
            await _note(connection, by, "account.describe", account.name, detail, now)
            if Role.ADMINISTRATOR not in roles:
                await _leave_an_administrator(connection, account)
            await _set(connection, account, values)
            if frozenset(roles) != account.roles:
                await connection.execute(delete(sessions).where(sessions.c.account_id == account.id))

    async def give_password(self, account: Account, password_hash: str, *, by: Deed, now: datetime) -> None:
        """A password made by somebody else: it ends the sessions and the authenticator, and has to be changed."""
        values = {
            "password_hash": password_hash,
            "password_at": now,
            "password_until": now + GIVEN_LASTS,
            "totp_secret": "",
            "totp_step": 0,
        }
        await self._change(account, values, "account.reset", by=by, now=now)

    async def own_password(self, account: Account, password_hash: str, *, by: Deed, now: datetime) -> None:
        """A password that its owner chose; it ends every session."""
        values = {"password_hash": password_hash, "password_at": now, "password_until": None}
        await self._change(account, values, "account.password", by=by, now=now)

    async def rehash(self, account: Account, password_hash: str) -> None:
        """The same password hashed by newer rules."""
        async with self._engine.begin() as connection:
            await _set(connection, account, {"password_hash": password_hash})

    async def enrol(self, account: Account, secret: str, step: int, *, by: Deed, now: datetime) -> None:
        """Sets up the authenticator whose code was just given; "" takes it away. Ends every session."""
        action = "account.enrol" if secret else "account.unenrol"
        await self._change(account, {"totp_secret": secret, "totp_step": step}, action, by=by, now=now)

    async def use_step(self, account: Account, step: int) -> bool:
        """Marks a code as used; False if it, or a later one, was used before."""
        unused = (accounts.c.id == account.id, accounts.c.totp_step < step)
        async with self._engine.begin() as connection:
            done = await connection.execute(update(accounts).where(*unused).values(totp_step=step))
        return bool(done.rowcount)

    async def disable(self, account: Account, *, by: Deed, now: datetime) -> None:
        """Shuts the account and ends its sessions. Raises AccountProblem for the last administrator."""
        async with self._engine.begin() as connection:
            await _note(connection, by, "account.disable", account.name, {}, now)
            await _leave_an_administrator(connection, account)
            await _set(connection, account, {"disabled_at": now})
            await connection.execute(delete(sessions).where(sessions.c.account_id == account.id))

    async def enable(self, account: Account, *, by: Deed, now: datetime) -> None:
        """Opens a shut account again."""
        await self._change(account, {"disabled_at": None}, "account.enable", by=by, now=now)

    async def _change(self, account: Account, values: dict[str, Any], action: str, *, by: Deed, now: datetime) -> None:
        async with self._engine.begin() as connection:
            await _set(connection, account, values)
            await connection.execute(delete(sessions).where(sessions.c.account_id == account.id))
            await _note(connection, by, action, account.name, {}, now)

    async def _one(self, condition: Any) -> Account | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(accounts).where(condition))).mappings().one_or_none()
        return _account(row) if row else None


def made_up_password() -> str:
    """A random password that can be read out on the telephone: 16 signs, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def _described(full_name: str, unit: str, roles: Collection[Role]) -> dict[str, str]:
    shown, where = clean(full_name), clean(unit)
    if not shown or len(shown) > LONGEST_FULL_NAME or len(where) > LONGEST_FULL_NAME:
        raise AccountProblem(BAD_FULL_NAME)
    if not roles:
        raise AccountProblem(NO_ROLE)
    return {"full_name": shown, "unit": where, "roles": " ".join(role.value for role in Role if role in roles)}


async def _leave_an_administrator(connection: AsyncConnection, account: Account) -> None:
    if Role.ADMINISTRATOR not in account.roles or account.disabled_at is not None:
        return
    # After the record's line, which one transaction writes at a time: two administrators cannot take each other out.
    others = select(accounts.c.roles).where(accounts.c.id != account.id, accounts.c.disabled_at.is_(None))
    rows = (await connection.execute(others)).scalars()
    if not any(Role.ADMINISTRATOR in roles.split() for roles in rows):
        raise AccountProblem(LAST_ADMINISTRATOR)


async def _set(connection: AsyncConnection, account: Account, values: Mapping[str, Any]) -> None:
    await connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))


async def _note(
    connection: AsyncConnection, by: Deed, action: str, name: str, detail: Mapping[str, str], now: datetime
) -> None:
    deed = Deed(actor=by.actor, place=by.place, action=action, subject=f"account:{name}", detail=detail)
    await note(connection, deed, now)


def _account(row: Mapping[Any, Any]) -> Account:
    return Account(**{**row, "roles": frozenset(map(Role, row["roles"].split()))})
