"""A staff desk over a real database, and visitors of it who sign in as people do."""

import asyncio
import functools
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import pyotp
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.staff import Room, make_room, make_staff
from bot.storage.audit import TERMINAL, Deed
from bot.storage.engine import make_engine
from bot.storage.schema import upgrade
from bot.storage.staff import Account, Role
from knowledge.base import KnowledgeBase
from tests.bot.pages.office import PROFILE, a_base
from tests.bot.staff.talking import TalkParts, talk_parts
from tests.fakes import NOON

ADDRESS = "https://desk.example"
PASSWORD = "con trâu đi trước cái cày"  # noqa: S105 - invented
OTHER_PASSWORD = "lúa chín vàng ngoài đồng"  # noqa: S105 - invented
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BY = Deed(actor=TERMINAL, action="", place=TERMINAL)
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@functools.cache
def quick_hasher() -> PasswordHasher:
    """Argon2 as cheap as it can be."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Clock:
    """The clock of the tests' desk."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class StaffVisitor:
    """One browser without JavaScript. token: that of the last page with a form."""

    client: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Opens a page; redirects are left to the caller."""
        response = await self.client.get(path, headers=_named(headers))
        if found := _TOKEN.search(response.text):
            self.token = found[1]
        return response

    async def post(
        self,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Sends a form with the token; redirects are left to the caller."""
        data = {"token": self.token, **(fields or {})}
        response = await self.client.post(path, data=data, files=files, headers=_named(headers))
        if found := _TOKEN.search(response.text):
            self.token = found[1]
        return response

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Types name and password."""
        await self.get("/can-bo/dang-nhap")
        return await self.post("/can-bo/dang-nhap", {"ten": name, "mat_khau": password})


@dataclass
class StaffDesk:
    """The desk of the tests."""

    room: Room
    app: ASGIApp
    clock: Clock
    parts: TalkParts | None = None
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def talking(self) -> TalkParts:
        """The talks with citizens."""
        assert self.parts is not None
        return self.parts

    @property
    def routes(self) -> list[Any]:
        """Every address."""
        staff = self.app.app  # type: ignore[attr-defined]
        assert isinstance(staff, Starlette)
        return list(staff.routes)

    def visitor(self, address: str = ADDRESS, app: ASGIApp | None = None) -> StaffVisitor:
        """A browser that is not signed in."""
        transport = httpx.ASGITransport(app=app or self.app, raise_app_exceptions=False, client=("192.0.2.7", 4711))
        client = httpx.AsyncClient(transport=transport, base_url=address, headers={"user-agent": "tests"})
        self._clients.append(client)
        return StaffVisitor(client)

    async def account(
        self, *roles: Role, name: str = "", password: str = PASSWORD, ready: bool = True, unit: str = ""
    ) -> Account:
        """An account. ready: with a password of its own, and an authenticator where its roles demand one."""
        accounts, now = self.room.accounts, self.clock()
        name = name or "-".join(role.value for role in roles)
        known = await accounts.named(name)
        if known:
            return known
        hashed = quick_hasher().hash(password)
        made = await accounts.add(
            name=name, full_name=f"Người {name}", roles=roles, unit=unit, password_hash=hashed, by=BY, now=now
        )
        if ready:
            await accounts.own_password(made, hashed, by=BY, now=now)
            if made.must_enrol:
                await accounts.enrol(made, TOTP, 0, by=BY, now=now)
        found = await accounts.get(made.id)
        assert found is not None
        return found

    async def signed_in(self, *roles: Role, name: str = "") -> StaffVisitor:
        """A browser whose owner has come in; made straight in the database."""
        account = await self.account(*roles, name=name)
        visitor = self.visitor()
        await self.enter(visitor, account)
        return visitor

    async def enter(self, visitor: StaffVisitor, account: Account, *, code_given: bool = True) -> None:
        """Gives a browser a session of this account, and the token of its forms."""
        secret = await self.room.signed_in.open(
            account, code_given=code_given, place="192.0.2.7", device="Thử", now=self.clock()
        )
        visitor.client.cookies.set("__Host-motcua_can_bo", secret, domain="desk.example")
        await visitor.get("/can-bo/tai-khoan")
        if not visitor.token:
            await visitor.get((await visitor.client.get("/can-bo")).headers["location"])

    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(TOTP).at(self.clock())

    async def close(self) -> None:
        """Gives everything back."""
        for client in self._clients:
            await client.aclose()
        await self.room.engine.dispose()


@asynccontextmanager
async def a_staff_desk(url: str, base: KnowledgeBase | None = None) -> AsyncIterator[StaffDesk]:
    """A staff desk at noon of the tests' day over a new database."""
    await asyncio.to_thread(upgrade, url)
    clock, known, engine = Clock(), base or a_base(), make_engine(url)
    parts = talk_parts(engine, clock)
    room = make_room(engine, lambda: known, PROFILE, clock, hasher=quick_hasher(), talks=parts.room, watch=parts.watch)
    desk = StaffDesk(room, make_staff(room), clock, parts)
    try:
        yield desk
    finally:
        await desk.close()


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
