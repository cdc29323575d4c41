"""The calls of the Zalo Bot platform that the desk needs; its token lives in the address, so the address is guarded."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from bot.channels.calling import Called, PlatformDown, call

BASE_URL = "https://bot-api.zaloplatforms.com"
LONGEST_TEXT = 2000
"""Characters (NFC) of one message."""
TIMEOUT = 10.0
POLL_SECONDS = 30
SPARE_SECONDS = 10.0
"""What an answer to a poll may take beyond the time asked for."""
MOST_CONNECTIONS = 32
"""As many events as the inbox answers at once; each more makes every call a little slower."""
NOTHING_NEW = 408
TOO_MANY = 429


class BotRefusal(Exception):
    """The platform said no. code: its number, as in HTTP."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Zalo Bot {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Bot:
    """Who we are there."""

    id: str
    name: str


class HiddenToken(httpx.AsyncBaseTransport):
    """Puts the token into the address below httpx: whatever httpx logs or raises shows the address without it."""

    def __init__(self, token: str, below: httpx.AsyncBaseTransport) -> None:
        self._token = token
        self._below = below

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Asks for /botTOKEN/method where /bot/method was asked for."""
        path = request.url.raw_path.replace(b"/bot/", f"/bot{self._token}/".encode(), 1)
        hidden = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._below.handle_async_request(hidden)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._below.aclose()


def make_http(token: str, *, proxy: str | None = None) -> httpx.AsyncClient:
    """A connection pool that knows the token. proxy: through which the platform is reached (see `proxy_for`)."""
    limits = httpx.Limits(max_connections=MOST_CONNECTIONS)
    below = httpx.AsyncHTTPTransport(limits=limits, proxy=proxy)
    return httpx.AsyncClient(transport=HiddenToken(token, below), trust_env=False)


def proxy_for(base_url: str) -> str | None:
    """The proxy that the environment names for this address; a client with its own transport does not look itself."""
    url = httpx.URL(base_url)
    return None if proxy_bypass(url.host) else getproxies().get(url.scheme)


class BotClient:
    """The API over one connection pool of `make_http`. Every call raises BotRefusal or PlatformDown."""

    def __init__(self, http: httpx.AsyncClient, *, base_url: str = BASE_URL, timeout: float = TIMEOUT) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout

    async def send_text(self, chat_id: str, text: str) -> str:
        """Sends one message of at most LONGEST_TEXT characters; returns its id."""
        sent = await self._ask("sendMessage", {"chat_id": chat_id, "text": unicodedata.normalize("NFC", text)})
        return str(sent.get("message_id") or "") if isinstance(sent, dict) else ""

    async def me(self) -> Bot:
        """Who we are: the cheapest sign of life."""
        found = await self._ask("getMe", {})
        if not isinstance(found, dict):
            raise PlatformDown("no result", sent=True)
        return Bot(id=str(found.get("id") or ""), name=str(found.get("account_name") or found.get("name") or ""))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Has events sent to an address, each with this secret (8 to 256 characters) in a header."""
        await self._ask("setWebhook", {"url": url, "secret_token": secret})

    async def delete_webhook(self) -> None:
        """Has events kept for polling."""
        await self._ask("deleteWebhook", {})

    async def update(self, wait: int = POLL_SECONDS) -> Mapping[str, Any] | None:
        """The next event, waited for that many seconds; None when there was none, which is normal."""
        try:
            found = await self._ask("getUpdates", {"timeout": wait}, spare=wait + SPARE_SECONDS)
        except BotRefusal as refusal:
            if refusal.code == NOTHING_NEW:
                return None
            raise
        if isinstance(found, list):
            found = found[0] if found else None
        return found if isinstance(found, dict) and found else None

    async def _ask(self, method: str, body: Mapping[str, Any], *, spare: float = 0.0) -> Any:
        answer = await call(
            self._http,
            "POST",
            f"{self._base_url}/bot/{method}",
            within=max(self._timeout, spare),
            body=body,
        )
        return _unpacked(answer)


def _unpacked(answer: Called) -> Any:
    """The result; an error stands in the body, whatever the status says."""
    if answer.body.get("ok") is True:
        return answer.body.get("result")
    code = answer.body.get("error_code")
    if isinstance(code, int) and not isinstance(code, bool):
        raise BotRefusal(code)
    if answer.status >= 400:
        raise BotRefusal(answer.status)
    raise PlatformDown("neither ok nor an error", sent=True)
