"""Zalo's OAuth v4: the first pair of tokens from a code, and each next pair from the refresh token, used once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.channels.calling import PlatformDown, call

BASE_URL = "https://oauth.zaloapp.com"
TOKENS = "/v4/oa/access_token"
ACCESS_SECONDS = 90_000
"""How long an access token lives where Zalo does not say: 25 hours."""
REFRESH_LIVES = timedelta(days=90)
"""How long a refresh token lives; Zalo writes "3 months" and sends no figure."""
TIMEOUT = 15.0


class ConsentNeeded(Exception):
    """Zalo does not take the code or the refresh token: an administrator of the account has to consent again.

    code: Zalo's number, 0 where it gave none.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"Zalo OAuth {code}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPair:
    """A pair just given. The tokens do not show when the pair is printed."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_until: datetime
    refresh_until: datetime


class OAuth:
    """The token endpoint for one app. Every call raises ConsentNeeded or PlatformDown."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        app_id: str,
        app_secret: str,
        base_url: str = BASE_URL,
        timeout: float = TIMEOUT,
    ) -> None:
        self._http = http
        self._app_id = app_id
        self._app_secret = app_secret
        self._url = base_url.rstrip("/") + TOKENS
        self._timeout = timeout

    async def refresh(self, refresh_token: str, now: datetime) -> NewPair:
        """The next pair. From then on the refresh token given is dead, and so is the access token that came with it."""
        return await self._pair({"grant_type": "refresh_token", "refresh_token": refresh_token}, now)

    async def exchange(self, code: str, verifier: str, now: datetime) -> NewPair:
        """The first pair. code: from the consent page, lives 10 minutes; verifier: the PKCE secret behind it."""
        return await self._pair({"grant_type": "authorization_code", "code": code, "code_verifier": verifier}, now)

    async def _pair(self, form: Mapping[str, str], now: datetime) -> NewPair:
        answer = await call(
            self._http,
            "POST",
            self._url,
            within=self._timeout,
            form={"app_id": self._app_id, **form},
            headers={"secret_key": self._app_secret},
        )
        return _pair(answer.body, answer.status, now)


def _pair(body: Mapping[str, Any], status: int, now: datetime) -> NewPair:
    access, refresh = body.get("access_token"), body.get("refresh_token")
    if isinstance(access, str) and access and isinstance(refresh, str) and refresh:
        return NewPair(
            access_token=access,
            refresh_token=refresh,
            access_until=now + timedelta(seconds=_lifetime(body.get("expires_in"))),
            refresh_until=now + REFRESH_LIVES,
        )
    if "error" not in body or status >= 500:
        raise PlatformDown(f"HTTP {status}, no tokens", sent=True)
    try:
        code = int(body["error"])
    except (TypeError, ValueError):
        code = 0
    raise ConsentNeeded(code)


def _lifetime(value: Any) -> int:
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        return ACCESS_SECONDS
    return seconds if 0 < seconds <= 10 * ACCESS_SECONDS else ACCESS_SECONDS
