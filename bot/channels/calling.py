"""One JSON call to a platform: a whole JSON object comes back, or a failure that holds no address and no secret."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

MOST_BYTES = 1_048_576
"""Of one answer; platforms answer with a few hundred."""
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class PlatformDown(Exception):
    """No usable answer came. reason: a short word; sent: the platform may have done all the same what it was asked."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Called:
    """A whole answer."""

    status: int
    body: Mapping[str, Any]


async def call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    within: float,
    body: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Called:
    """The platform's JSON object, whatever its status. within: seconds for everything. Raises PlatformDown.

    What httpx raises names the address it called, and there are platforms that want the token in it: hence no cause.
    """
    try:
        async with (
            asyncio.timeout(within),
            http.stream(method, url, json=body, data=form, params=query, headers=headers, timeout=within) as answer,
        ):
            status, content = answer.status_code, await _read(answer)
    except TimeoutError:
        raise PlatformDown("timeout", sent=True) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PlatformDown(type(error).__name__, sent=not isinstance(error, _NEVER_SENT)) from None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        # Without a good status it is a gateway that speaks, and it speaks because the platform did not.
        raise PlatformDown(f"HTTP {status}", sent=status < 400)
    return Called(status, found)


async def _read(answer: httpx.Response) -> bytes:
    content = b""
    async for piece in answer.aiter_bytes():
        content += piece
        if len(content) > MOST_BYTES:
            return b""
    return content
