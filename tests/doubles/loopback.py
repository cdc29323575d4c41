"""A platform's side of HTTP on a loopback port: requests go to one function, which may also fail as the net does."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. query: first value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON; None where it is empty."""
        return json.loads(self.content) if self.content else None

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[0] for name, values in parse_qs(self.content.decode()).items()}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. drop: the connection breaks after that many bytes; hang: no answer comes."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    drop: int | None = None
    hang: bool = False

    def raw(self) -> bytes:
        """The bytes on the wire."""
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        lines = [
            f"HTTP/1.1 {self.status} X",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


DROPPED = Given(drop=0)
CUT_OFF = Given(drop=40)
SLOW = Given(hang=True)
GATEWAY = Given(b"<html>Bad Gateway</html>", 502)

Respond = Callable[[Asked], Awaitable[Given]]


@asynccontextmanager
async def serving(respond: Respond, port: int = 0) -> AsyncIterator[str]:
    """Serves on 127.0.0.1 (port 0: a free one) until the block ends; gives the address."""
    over = asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while not over.is_set() and await _exchange(respond, reader, writer, over):
                    pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        over.set()
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _exchange(
    respond: Respond, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, over: asyncio.Event
) -> bool:
    """One request and its answer; False when the connection is over."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    given = await respond(Asked(method, parts.path, query, headers, content))
    if given.hang:
        await over.wait()
        return False
    raw = given.raw()
    writer.write(raw if given.drop is None else raw[: given.drop])
    await writer.drain()
    return given.drop is None


async def post(http: httpx.AsyncClient, url: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Delivers an event as platforms do; the status, 0 where nobody answered."""
    whole = {"Content-Type": "application/json", **headers}
    raw = [(name.encode(), value.encode()) for name, value in whole.items()]
    try:
        answer = await http.post(url, content=content, headers=raw)
    except httpx.HTTPError:
        return 0
    return answer.status_code
