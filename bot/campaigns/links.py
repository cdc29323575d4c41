"""Links of campaigns: behind addresses of our own, counted in all, and asked before approval whether they answer."""

import asyncio
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

import httpx
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaigns.campaign import State
from bot.storage.campaign_tables import campaign, campaign_file, campaign_link

PATH = "/l/"
"""Begins the address of every link; the public pages serve it (bot.pages.opening)."""
FILE = "tep"
"""The key of a file's own address beside those of links."""
PUBLIC = [state.value for state in (State.SCHEDULED, State.RUNNING, State.PAUSED, State.FINISHED)]
SECONDS = 10.0
MOST_HOPS = 5
Look = Callable[[str, int], Awaitable[Sequence[str]]]
"""The network addresses of a name and a port; raises OSError for one that does not exist."""

NOT_WEB = "phải bắt đầu bằng https:// hoặc http://."
PRIVATE = "dẫn tới địa chỉ nội bộ; chỉ dùng địa chỉ công khai."
NOT_THERE = "không mở được ({why}); hãy kiểm tra lại."


async def register(connection: AsyncConnection, campaign_id: int, urls: Sequence[str]) -> None:
    """Gives each link of a campaign an address of its own, once."""
    known = set(await addresses(connection, campaign_id, ""))
    new = [
        {"code": secrets.token_urlsafe(8), "campaign_id": campaign_id, "url": url, "clicks": 0}
        for url in dict.fromkeys(urls)
        if url not in known
    ]
    if new:
        await connection.execute(insert(campaign_link), new)


async def addresses(connection: AsyncConnection, campaign_id: int, site: str) -> Mapping[str, str]:
    """Our own address for each link of a campaign. site: "https://motcua.example.vn"."""
    query = select(campaign_link.c.url, campaign_link.c.code).where(campaign_link.c.campaign_id == campaign_id)
    return {row.url: f"{site.rstrip('/')}{PATH}{row.code}" for row in await connection.execute(query)}


class StoredLinks:
    """The links as the public opens them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self, code: str) -> str | None:
        """Where a link leads, counted once; None for one that is not there. Who opened it is not noted."""
        counted = (
            update(campaign_link)
            .where(campaign_link.c.code == code)
            .values(clicks=campaign_link.c.clicks + 1)
            .returning(campaign_link.c.url)
        )
        async with self._engine.begin() as connection:
            found: str | None = (await connection.execute(counted)).scalar_one_or_none()
        return found

    async def file(self, number: int) -> tuple[str, str, bytes] | None:
        """Name, media type and content of a file, once a campaign with it has been scheduled."""
        query = (
            select(campaign_file.c.name, campaign_file.c.media_type, campaign_file.c.content)
            .join_from(campaign_file, campaign, campaign.c.file_id == campaign_file.c.id)
            .where(campaign_file.c.id == number, campaign.c.state.in_(PUBLIC))
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        return (row.name, row.media_type, row.content) if row else None


async def looked_up(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class LinkChecker:
    """Asks links whether they answer; never calls an address inside the office's network, whatever name or redirection
    leads there. http: without redirections of its own; allowed: names that may be called anyway (tests)."""

    def __init__(self, http: httpx.AsyncClient, look: Look = looked_up, allowed: frozenset[str] = frozenset()) -> None:
        self._http = http
        self._look = look
        self._allowed = allowed

    async def answers(self, url: str) -> str:
        """What is wrong with a link, in Vietnamese; "" for one that answers."""
        for _ in range(MOST_HOPS):
            try:
                wrong, following = await self._once(url)
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError) as error:
                return NOT_THERE.format(why=type(error).__name__)
            if wrong or not following:
                return wrong
            url = following
        return NOT_THERE.format(why="chuyển hướng quá nhiều lần")

    async def _once(self, url: str) -> tuple[str, str]:
        """What is wrong, and where it leads on."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return NOT_WEB, ""
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        request = self._http.build_request("GET", url)
        if f"{host}:{port}" not in self._allowed:
            found = await self._look(host, port)
            if not found or not all(_public(address) for address in found):
                return PRIVATE, ""
            # The address that was looked at is the one that is called: the name could mean another by then.
            request.url = request.url.copy_with(host=found[0])
            request.extensions["sni_hostname"] = host
        async with asyncio.timeout(SECONDS):
            answer = await self._http.send(request, stream=True, follow_redirects=False)
            await answer.aclose()
        if answer.is_redirect:
            return "", str(httpx.URL(url).join(answer.headers["location"]))
        return (NOT_THERE.format(why=f"HTTP {answer.status_code}") if answer.status_code >= 400 else ""), ""


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)
