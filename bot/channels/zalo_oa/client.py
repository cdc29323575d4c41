"""The calls of the Zalo Official Account API that the desk needs, with an access token that renews itself."""

import hashlib
import hmac
import json
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from bot.channels.calling import Called, PlatformDown, call
from bot.channels.zalo_oa.refusals import RATE, Busy, TokenRefused, refusal

BASE_URL = "https://openapi.zalo.me"
SEND = "/v3.0/oa/message/cs"
TEMPLATE = "/v3.0/oa/message/template"
ARTICLE = "/v2.0/oa/message"
QUOTA = "/v3.0/oa/quota/message"
PROFILE = "/v3.0/oa/user/detail"
ACCOUNT = "/v2.0/oa/getoa"
LONGEST_TEXT = 2000
"""Characters (NFC) of one message; one more is refused with -210."""
LONGEST_TITLE, MOST_BUTTONS = 100, 5
PER_MINUTE = 4000
TIMEOUT = 10.0


class AccessTokens(Protocol):
    """Where the access token comes from."""

    async def current(self) -> str:
        """The token to use now."""

    async def renewed(self, rejected: str) -> str:
        """Another token than the one that Zalo has just rejected."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that Zalo took. id: Zalo's own name for it."""

    id: str


@dataclass(frozen=True, slots=True)
class Quota:
    """What may still be written to one citizen.

    last_interaction: when they last wrote or pressed, None where Zalo does not say; remaining: messages left without
    an approved template, None where Zalo does not count (since 2026-03 it no longer does).
    """

    last_interaction: datetime | None
    remaining: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """The Official Account itself. kind: "4" is a government agency; package: what the office pays for, "" = none."""

    id: str
    name: str
    kind: str
    verified: bool
    package: str


class OaClient:
    """The API over one connection pool. Every call raises Refusal, TokensAway or PlatformDown.

    proof_key: the app's secret, where every call has to prove that it is known (`appsecret_proof`), else "";
    per_minute: calls that Zalo takes of one app, more are refused here already; tick: seconds of a steady clock.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: AccessTokens,
        *,
        base_url: str = BASE_URL,
        proof_key: str = "",
        per_minute: int = PER_MINUTE,
        timeout: float = TIMEOUT,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._base_url = base_url.rstrip("/")
        self._proof_key = proof_key
        self._timeout = timeout
        self._per_minute = per_minute
        self._tick = tick
        self._minute, self._calls = -1, 0

    async def send_text(self, user_id: str, text: str, buttons: Sequence[str] = ()) -> Sent:
        """Sends one message of at most LONGEST_TEXT characters. buttons: what the citizen says by pressing each."""
        message: dict[str, Any] = {"text": unicodedata.normalize("NFC", text)}
        if buttons:
            pressed = [{"title": label[:LONGEST_TITLE], "type": "oa.query.show", "payload": label} for label in buttons]
            message["attachment"] = {"type": "template", "payload": {"buttons": pressed}}
        data = await self._ask("POST", SEND, body={"recipient": {"user_id": user_id}, "message": message})
        return Sent(str(data.get("message_id") or ""))

    async def send_template(self, user_id: str, template_id: str, data: Mapping[str, str]) -> Sent:
        """Sends an approved template, which costs money; the id that comes back is the only trace of it."""
        body = {"user_id": user_id, "template_id": template_id, "template_data": dict(data)}
        answer = await self._ask("POST", TEMPLATE, body=body)
        return Sent(str(answer.get("message_id") or answer.get("msg_id") or ""))

    async def broadcast(self, article_id: str, target: Mapping[str, str]) -> Sent:
        """Sends an article to a demographic target (ages, gender, locations, cities, platform), not to named people."""
        elements = [{"media_type": "article", "attachment_id": article_id}]
        body = {
            "recipient": {"target": dict(target)},
            "message": {
                "attachment": {"type": "template", "payload": {"template_type": "media", "elements": elements}}
            },
        }
        answer = await self._ask("POST", ARTICLE, body=body)
        return Sent(str(answer.get("message_id") or ""))

    async def quota(self, user_id: str) -> Quota:
        """What may still be written to a citizen."""
        data = await self._ask("POST", QUOTA, body={"user_id": user_id})
        replies = data.get("cs_reply")
        remaining = _number(replies.get("remain")) if isinstance(replies, dict) else None
        return Quota(_moment(data.get("last_interaction")), remaining)

    async def follows(self, user_id: str) -> bool | None:
        """Whether a citizen follows the account; None where Zalo does not say."""
        data = await self._ask("GET", PROFILE, query={"data": json.dumps({"user_id": user_id})})
        found = data.get("user_is_follower")
        return found if isinstance(found, bool) else None

    async def account(self) -> Account:
        """The account that the token belongs to; also the cheapest sign of life."""
        data = await self._ask("GET", ACCOUNT)
        return Account(
            id=str(data.get("oaid") or data.get("oa_id") or ""),
            name=str(data.get("name") or ""),
            kind=str(data.get("oa_type") or ""),
            verified=data.get("is_verified") is True,
            package=str(data.get("package_name") or ""),
        )

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        """Asks, and once more with another token where the first has ended."""
        self._count()
        token = await self._tokens.current()
        try:
            return await self._once(token, method, path, body, query)
        except TokenRefused:
            another = await self._tokens.renewed(token)
        return await self._once(another, method, path, body, query)

    def _count(self) -> None:
        minute = int(self._tick() // 60)
        if minute != self._minute:
            self._minute, self._calls = minute, 0
        if self._calls >= self._per_minute:
            raise Busy(RATE)
        self._calls += 1

    async def _once(
        self, token: str, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str] | None
    ) -> Mapping[str, Any]:
        headers = {"access_token": token}
        if self._proof_key:
            headers["appsecret_proof"] = hmac.new(self._proof_key.encode(), token.encode(), hashlib.sha256).hexdigest()
        answer = await call(
            self._http, method, self._base_url + path, within=self._timeout, body=body, query=query, headers=headers
        )
        return _unpacked(answer)


def _unpacked(answer: Called) -> Mapping[str, Any]:
    """What is inside the envelope; an error comes under HTTP 200 like anything else."""
    code = _number(answer.body.get("error"))
    if code is None:
        raise PlatformDown(f"HTTP {answer.status}, no error number", sent=answer.status < 400)
    if code:
        raise refusal(code)
    data = answer.body.get("data")
    return data if isinstance(data, dict) else {}


def _number(value: Any) -> int | None:
    """A whole number, also where it is written as text."""
    if isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> datetime | None:
    """Milliseconds since 1970 as a moment."""
    milliseconds = _number(value)
    if milliseconds is None or not 0 < milliseconds < 10**14:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
