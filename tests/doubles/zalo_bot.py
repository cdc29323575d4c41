"""The Zalo Bot platform on a loopback port: one event a poll, errors in the body, a secret header on its webhook."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from bot.channels.zalo_bot.client import LONGEST_TEXT
from tests.doubles.chatting import Talk
from tests.doubles.loopback import Asked, Given, post, serving

TOKEN = "1234567890:token-of-the-double"  # noqa: S105 - of nobody
CITIZEN = "6ede9afa66b88fe6d6a9"
SHORTEST_SECRET, LONGEST_SECRET = 8, 256


def error(code: int) -> Given:
    """The platform's way to say no: in the body, under whatever status."""
    return Given({"ok": False, "error_code": code, "description": f"error {code}"})


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that reached a citizen."""

    chat_id: str
    text: str
    id: str


@dataclass
class ZaloBot:
    """One bot.

    faults: answers to give first, by method, in their order, None = the right one; down: the answer to everything;
    turned_away: set by both; hooked: set once we know the webhook; sent: what reached citizens; asked: methods called;
    statuses: how our webhook answered; monthly: messages that may still be sent; gone: chats that cannot be written to.
    longest_poll: seconds that a poll without an event really waits, None = as long as it asks.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    webhook: str = ""
    secret: str = ""
    address: str = ""
    monthly: int = 3000
    refuses_loopback: bool = False
    gone: set[str] = field(default_factory=set)
    faults: dict[str, list[Given | None]] = field(default_factory=lambda: defaultdict(list))
    down: Given | None = None
    turned_away: asyncio.Event = field(default_factory=asyncio.Event)
    hooked: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[Delivered] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    bodies: list[Mapping[str, Any]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    on_sent: Callable[[Delivered], None] = lambda _: None
    longest_poll: float | None = None
    _events: "asyncio.Queue[bytes]" = field(default_factory=asyncio.Queue)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _http: httpx.AsyncClient | None = None

    async def respond(self, asked: Asked) -> Given:
        """The right answer, or the next fault laid out for this method."""
        prefix, method = asked.path.rsplit("/", 1)
        self.asked.append(method)
        if prefix != f"/bot{TOKEN}":
            return error(401)
        fault = self.down or (self.faults[method].pop(0) if self.faults[method] else None)
        if fault:
            self.turned_away.set()
            return fault
        body = asked.json() or {}
        self.bodies.append(body)
        if method == "getMe":
            return _good({"id": "1459232241454765289", "account_name": "bot.motcua", "account_type": "BASIC"})
        if method == "sendMessage":
            return self._send(body)
        if method == "getUpdates":
            return await self._poll(body)
        if method == "setWebhook":
            return self._set_webhook(body)
        if method == "deleteWebhook":
            self.webhook = self.secret = ""
            return _good({"url": ""})
        return error(404)

    def _send(self, body: Mapping[str, Any]) -> Given:
        chat, text = body.get("chat_id"), body.get("text")
        if not isinstance(chat, str) or not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT:
            return error(400)
        if chat in self.gone:
            return error(404)
        if len(self.sent) >= self.monthly:
            return error(429)
        delivered = Delivered(chat, text, f"bot-message-{next(self._numbers)}")
        self.sent.append(delivered)
        self.on_sent(delivered)
        return _good({"message_id": delivered.id, "date": _milliseconds(self.now())})

    async def _poll(self, body: Mapping[str, Any]) -> Given:
        if self.webhook:
            return error(400)
        wait = float(body.get("timeout", 0))
        if self.longest_poll is not None:
            wait = min(wait, self.longest_poll)
        try:
            event = self._events.get_nowait() if not wait else await asyncio.wait_for(self._events.get(), wait)
        except (TimeoutError, asyncio.QueueEmpty):
            return error(408)
        return _good(json.loads(event)["result"])

    def _set_webhook(self, body: Mapping[str, Any]) -> Given:
        secret = body.get("secret_token", "")
        if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET or (self.refuses_loopback and "127." in body["url"]):
            return error(400)
        self.webhook, self.secret = body["url"], secret
        self.hooked.set()
        return _good({"url": self.webhook})

    def event(self, name: str, user: str = CITIZEN, *, group: bool = False, **parts: Any) -> bytes:
        """The body of an event; it carries the id of its message."""
        message = {
            "from": {"id": user, "display_name": "Ted", "is_bot": False},
            "chat": {"id": "group-1" if group else user, "chat_type": "GROUP" if group else "PRIVATE"},
            "message_id": f"msg-{next(self._numbers)}",
            "date": _milliseconds(self.now()),
            **parts,
        }
        return json.dumps({"ok": True, "result": {"event_name": name, "message": message}}).encode()

    async def says(self, text: str, user: str = CITIZEN) -> bytes:
        """A citizen writes; the event is delivered, or kept for the next poll, and returned."""
        body = self.event("message.text.received", user, text=text)
        await self.deliver(body)
        return body

    async def deliver(self, body: bytes, secret: str | None = None) -> int:
        """Posts an event to the webhook with its secret, or keeps it for polling where there is none."""
        if not self.webhook:
            self._events.put_nowait(body)
            return 0
        if self._http is None:
            raise RuntimeError("the double is not running")
        header = {"X-Bot-Api-Secret-Token": self.secret if secret is None else secret}
        status = await post(self._http, self.webhook, body, header)
        self.statuses.append(status)
        return status


def _good(result: Any) -> Given:
    return Given({"ok": True, "result": result})


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@asynccontextmanager
async def a_zalo_bot(double: ZaloBot | None = None, port: int = 0) -> AsyncIterator[ZaloBot]:
    """The platform, serving on loopback until the block ends."""
    double = double or ZaloBot()
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10.0) as http,
        serving(double.respond, port) as address,
    ):
        double.address, double._http = address, http
        yield double


CHAT_PORT = 9183
STEPS = """Zalo Bot giả đang chạy. Trong một cửa sổ khác, ở thư mục của dự án:

export MOTCUA_ZALO_BOT__ENABLED=true MOTCUA_ZALO_BOT__TOKEN={token}
export MOTCUA_ZALO_BOT__BASE_URL={address}
make run

Rồi gõ câu hỏi ở đây; Ctrl-D để dừng."""


@asynccontextmanager
async def chat(show: Callable[[str], None]) -> AsyncIterator[Talk]:
    """The platform for a developer: one citizen at the terminal, the bot polls."""
    double = ZaloBot()
    double.on_sent = lambda delivered: show(delivered.text)
    async with a_zalo_bot(double, CHAT_PORT):

        async def say(text: str) -> None:
            await double.says(text)

        yield Talk(STEPS.format(token=TOKEN, address=double.address), say)
