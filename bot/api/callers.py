"""Who calls: a program with a key, or anybody from one network address."""

import hashlib
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from fastapi import Request

from bot.api.pacing import Allowance, Pace
from bot.api.problems import Problem
from handlers.messages import Citizen

CHANNEL = "api"
BAD_KEY = "Khóa không đúng hoặc đã bị thu hồi. Gửi khóa trong tiêu đề “Authorization: Bearer …”."
NO_KEY = "Dịch vụ này chỉ nhận yêu cầu có khóa. Gửi khóa trong tiêu đề “Authorization: Bearer …”."
TOO_MANY = "Mỗi phút chỉ nhận {limit} yêu cầu. Xin thử lại sau {reset} giây."
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="motcua"'}
_ANYBODY = 0


class Key(Protocol):
    """A valid key. per_minute: its own rate, None = the usual one."""

    @property
    def id(self) -> int: ...
    @property
    def per_minute(self) -> int | None: ...


class Keys(Protocol):
    """The keys that were given out."""

    async def find(self, secret: str, today: date) -> Key | None:
        """The valid key that this is; None for any other text. Raises ConnectionError while the store is away."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. key_id: 0 without a key."""

    key_id: int

    def citizen(self, conversation: str) -> Citizen:
        """Whose conversation this is. The caller's own id is hashed: it may hold what must not be stored."""
        return Citizen(CHANNEL, f"{self.key_id}:{hashlib.sha256(conversation.encode()).hexdigest()[:32]}")


class Door:
    """Lets a request in: by its key where it has one, and at its pace."""

    def __init__(
        self, keys: Keys, pace: Pace, today: Callable[[], date], *, require_key: bool, per_minute: int
    ) -> None:
        self._keys = keys
        self._pace = pace
        self._today = today
        self._require_key = require_key
        self._per_minute = per_minute

    async def admit(self, request: Request) -> Caller:
        """Who calls. Raises Problem 401 or 429; what is left of the minute goes into the response's headers."""
        secret = _bearer(request.headers.get("authorization"))
        key = await self._keys.find(secret, self._today()) if secret else None
        if key is not None:
            self._paced(request, f"key:{key.id}", key.per_minute or self._per_minute)
            return Caller(key.id)
        # Counted before the refusal, so that keys cannot be tried without end.
        self._paced(request, f"address:{network(request)}", self._per_minute)
        if secret is not None:
            raise Problem(
                401, BAD_KEY, headers={"WWW-Authenticate": f'{_CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
            )
        if self._require_key:
            raise Problem(401, NO_KEY, headers=_CHALLENGE)
        return Caller(_ANYBODY)

    def _paced(self, request: Request, caller: str, per_minute: int) -> None:
        allowance: Allowance = self._pace.take(caller, per_minute)
        request.state.pace = allowance.headers
        if not allowance.allowed:
            raise Problem(429, TOO_MANY.format(limit=allowance.limit, reset=allowance.reset))


def _bearer(header: str | None) -> str | None:
    """The key of an Authorization header; "" where there is a header with none, None without a header."""
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def network(request: Request) -> str:
    """The caller's address; of IPv6 the network, because one subscriber has a whole one."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network(f"{host.partition('%')[0]}/64", strict=False))
    return host
