"""Asks a public service slowly and patiently: paced, with time-outs, trying again later when it is in trouble."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from knowledge.importing.portal import problems
from knowledge.importing.portal.problems import NotThere, PortalBlocked, PortalProblem

AGENT = "MotCua/1.0 (ban hoi dap thu tuc hanh chinh)"
_HEADERS = {"User-Agent": AGENT, "Accept-Language": "vi", "Accept": "application/json, */*;q=0.5"}
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_HTML = ("text/html", "application/xhtml+xml")
_REJECTED = b"request rejected"
_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer. content_type: in lower case, without parameters; content: at most the bytes asked for."""

    status: int
    content_type: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Courtesy:
    """How a service is asked. rate: requests a second; times in seconds.

    sleep, tick (seconds of a steady clock), now (aware) and chance (0..1) are the world outside; tests bring theirs.
    """

    rate: float = 1.0
    attempts: int = 5
    first_pause: float = 2.0
    longest_pause: float = 120.0
    blocked_attempts: int = 3
    blocked_pause: float = 60.0
    longest_wait: float = 900.0
    timeout: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    tick: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = random.random
    _next: float = field(default=float("-inf"), init=False)

    async def ask(
        self,
        http: httpx.AsyncClient,
        method: str,
        url: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, Any] | None = None,
        most_bytes: int,
        html_is_an_answer: bool = False,
    ) -> Answer:
        """The answer, good (below 400) and whole. Raises NotThere for what will not get better, else PortalProblem.

        Waits between requests; tries again after a fault of the network or the service, longer after each one and
        longest when a firewall turns us away. An HTML page is no answer unless said so.
        """
        refusals = faults = 0
        while True:
            await self._in_turn()
            wait: float | None = None
            try:
                async with asyncio.timeout(self.timeout):
                    answer = await _sent(http, method, url, body, headers, extensions, most_bytes)
                why = self._fault(answer, html_is_an_answer=html_is_an_answer)
                if not why:
                    return answer
                if why == _BLOCKED:
                    refusals += 1
                    if refusals >= self.blocked_attempts:
                        raise PortalBlocked(problems.BLOCKED)
                    await self.sleep(self._pause(refusals, self.blocked_pause, self.longest_wait))
                    continue
                wait = self._wanted_wait(answer)
            except TimeoutError:
                why = f"quá {self.timeout:g} giây"
            except httpx.TransportError as error:
                why = f"lỗi mạng: {type(error).__name__}"
            faults += 1
            if faults >= self.attempts:
                raise PortalProblem(problems.UNREACHABLE.format(attempts=faults, why=why))
            await self.sleep(max(self._pause(faults, self.first_pause, self.longest_pause), wait or 0.0))

    async def rest(self, turn: int) -> None:
        """The pause before the same is asked again, longer with each turn (1, 2, ...)."""
        await self.sleep(self._pause(turn, self.first_pause, self.longest_pause))

    async def _in_turn(self) -> None:
        """Waits until the next request may start; the pace is kept between starts."""
        wait = self._next - self.tick()
        if wait > 0:
            await self.sleep(wait)
        self._next = self.tick() + 1 / self.rate

    def _fault(self, answer: Answer, *, html_is_an_answer: bool) -> str:
        html = answer.content_type in _HTML
        if answer.status == 403 or (html and _REJECTED in answer.content[:_HEAD].lower()):
            return _BLOCKED
        if answer.status in _LATER or answer.status >= 500:
            return f"HTTP {answer.status}"
        if answer.status >= 400:
            raise NotThere(f"HTTP {answer.status}")
        if html and not html_is_an_answer:
            return "trang HTML thay cho dữ liệu"
        return ""

    def _pause(self, turn: int, first: float, longest: float) -> float:
        """Twice as long each time, spread by chance so that many desks do not come back together."""
        whole: float = min(first * 2 ** (turn - 1), longest)
        return whole * (0.5 + self.chance() / 2)

    def _wanted_wait(self, answer: Answer) -> float:
        """Seconds that Retry-After asks for, 0 where it does not. Raises PortalProblem if that is too long."""
        written = answer.headers.get("retry-after", "").strip()
        seconds = 0.0
        if written.isascii() and written.isdigit() and len(written) < 10:
            seconds = float(written)
        elif written:
            try:
                seconds = (_aware(parsedate_to_datetime(written)) - self.now()).total_seconds()
            except ValueError:
                seconds = 0.0
        if seconds > self.longest_wait:
            raise PortalProblem(problems.TOO_LONG_A_WAIT.format(minutes=-int(-seconds // 60)))
        return max(seconds, 0.0)


_BLOCKED = "tường lửa từ chối"


async def _sent(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    body: Any,
    headers: Mapping[str, str] | None,
    extensions: Mapping[str, Any] | None,
    most_bytes: int,
) -> Answer:
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {**_HEADERS, **({"Content-Type": "application/json"} if content else {}), **(headers or {})}
    request = http.build_request(method, url, content=content, headers=sent, extensions=dict(extensions or {}))
    response = await http.send(request, stream=True, follow_redirects=False)
    try:
        received = bytearray()
        async for piece in response.aiter_bytes():
            received += piece
            if len(received) > most_bytes:
                raise NotThere(f"dài quá {most_bytes // 1_048_576} MiB")
    except httpx.DecodingError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    finally:
        await response.aclose()
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return Answer(
        status=response.status_code, content_type=kind, content=bytes(received), headers=dict(response.headers)
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
