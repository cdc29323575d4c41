"""Whether the web addresses that entries name still open: looked at politely, never within the office's own network."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin

import httpx

from knowledge.forms.addresses import Resolve, public_target, resolve
from knowledge.forms.kinds import Unfit
from knowledge.importing.portal.courtesy import AGENT

MOST_HOPS = 4
SECONDS = 20.0
MOST_PER_HOST = 100
"""Addresses of one host in one round."""
ALL_AWAY = 10
"""After so many looks at several hosts without one answer it is our own network that is away."""
_GONE = {404: "không còn trang này (404)", 410: "trang đã bị gỡ (410)"}


class LinkState(StrEnum):
    """What came of a look."""

    GOOD = "good"
    DEAD = "dead"
    AWAY = "away"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Look:
    """One look. reason: Vietnamese, "" when good."""

    url: str
    state: LinkState
    reason: str = ""


class NoNetwork(Exception):
    """Nothing answers: what was seen says nothing about the links."""


class LinkLooker:
    """Looks at one address after the other. rate: requests a second; loopback: this machine is allowed (tests)."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        rate: float,
        loopback: bool = False,
        resolver: Resolve = resolve,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = http
        self._pause = 1 / rate
        self._loopback = loopback
        self._resolver = resolver
        self._sleep = sleep

    async def all(self, urls: Iterable[str], seen: Callable[[Look], Awaitable[None]]) -> int:
        """Looks at each and tells `seen`; returns how many. Raises NoNetwork before anything was told."""
        per_host: Counter[str] = Counter()
        held: list[Look] | None = []
        looked = 0
        for url in urls:
            host = _host(url)
            per_host[host] += 1
            if per_host[host] > MOST_PER_HOST:
                continue
            if looked:
                await self._sleep(self._pause)
            look = await self.look(url)
            looked += 1
            if held is None:
                await seen(look)
                continue
            held.append(look)
            if look.state in (LinkState.GOOD, LinkState.DEAD):
                await _told(held, seen)
                held = None
            elif looked >= ALL_AWAY and len(per_host) > 1:
                raise NoNetwork
        if held:
            if all(look.state is LinkState.AWAY for look in held) and len(per_host) > 1:
                raise NoNetwork
            await _told(held, seen)
        return looked

    async def look(self, url: str) -> Look:
        """One address, redirects followed; only the head of the answer is read."""
        where = url
        try:
            async with asyncio.timeout(SECONDS):
                for _ in range(MOST_HOPS + 1):
                    status, location = await self._asked(where)
                    if not (300 <= status < 400 and location):
                        return _judged(url, status)
                    where = urljoin(where, location)
        except Unfit as unfit:
            return Look(url, LinkState.UNFIT, str(unfit))
        except TimeoutError:
            return Look(url, LinkState.AWAY, "quá lâu không trả lời")
        except httpx.TransportError as error:
            return Look(url, LinkState.AWAY, f"lỗi mạng ({type(error).__name__})")
        except OSError:
            return Look(url, LinkState.AWAY, "không tìm thấy máy chủ")
        except httpx.HTTPError as error:
            return Look(url, LinkState.AWAY, f"trả lời lạ ({type(error).__name__})")
        return Look(url, LinkState.DEAD, "chuyển hướng vòng quanh")

    async def _asked(self, url: str) -> tuple[int, str]:
        target = await public_target(url, loopback=self._loopback, resolver=self._resolver)
        headers = {**target.headers, "User-Agent": AGENT, "Accept": "*/*"}
        request = self._http.build_request("GET", target.url, headers=headers, extensions=target.extensions)
        response = await self._http.send(request, stream=True, follow_redirects=False)
        await response.aclose()
        return response.status_code, response.headers.get("location", "")


async def _told(held: list[Look], seen: Callable[[Look], Awaitable[None]]) -> None:
    for look in held:
        await seen(look)


def _judged(url: str, status: int) -> Look:
    if status in _GONE:
        return Look(url, LinkState.DEAD, _GONE[status])
    if status >= 500:
        return Look(url, LinkState.AWAY, f"máy chủ lỗi ({status})")
    # Turned away as a machine (401, 403, 405, 429) says nothing about what people see.
    return Look(url, LinkState.GOOD)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""
