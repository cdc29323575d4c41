"""The Zalo Official Account platform on a loopback port: its limits, its tokens, its events, and its ways to fail."""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx

from bot.channels.zalo_oa import PATH
from bot.channels.zalo_oa.client import ACCOUNT, ARTICLE, LONGEST_TEXT, PROFILE, QUOTA, SEND, TEMPLATE
from bot.channels.zalo_oa.oauth import TOKENS
from tests.doubles.chatting import Talk
from tests.doubles.loopback import Asked, Given, post, serving

APP_ID = "3608123456789012345"
APP_SECRET = "app-secret-of-the-double"  # noqa: S105 - of nobody
OA_ID = "3886123456789012345"
OA_SECRET = "oa-secret-of-the-double"  # noqa: S105 - of nobody
FIRST_REFRESH = "refresh-1"
CITIZEN = "2468123456789012345"
WINDOW = timedelta(days=7)
ACCESS_LIVES = timedelta(seconds=90_000)
MOST_RETRIES = 5
ANSWER_WITHIN = 2.0
"""Seconds that Zalo waits for the 200."""


def error(code: int) -> Given:
    """Zalo's way to say no: HTTP 200."""
    return Given({"error": code, "message": f"error {code}"})


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that reached a citizen."""

    user_id: str
    text: str
    id: str
    buttons: tuple[str, ...] = ()


@dataclass
class ZaloOa:
    """One Official Account and its app.

    faults: answers to give first, by path, in their order, None = the right one; down: the answer to everything;
    turned_away: set by both; sent: what reached citizens; asked: paths called;
    statuses: how our webhook answered each delivery; undelivered: events to be retried, with the retries made;
    templates, articles: ids that are approved; paid, broadcasts: what was sent of them;
    echoes: every message of the account comes back as an event; per_minute: calls taken in one minute;
    refresh_token: the one in force, "" = the first that comes is taken.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    webhook: str = ""
    echoes: bool = True
    per_minute: int = 4000
    signs_with: str = APP_ID
    time_in_header: bool = False
    access_token: str = "access-1"  # noqa: S105 - of nobody
    access_until: datetime | None = None
    refresh_token: str = FIRST_REFRESH
    address: str = ""
    counts_replies: bool = False
    takes_buttons: bool = False
    followers: set[str] = field(default_factory=lambda: {CITIZEN})
    gone: set[str] = field(default_factory=set)
    last_interaction: dict[str, datetime] = field(default_factory=dict)
    faults: dict[str, list[Given | None]] = field(default_factory=lambda: defaultdict(list))
    down: Given | None = None
    turned_away: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[Delivered] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    renewals: int = 0
    statuses: list[int] = field(default_factory=list)
    undelivered: list[tuple[bytes, int]] = field(default_factory=list)
    disabled: bool = False
    templates: set[str] = field(default_factory=set)
    paid: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    broadcasts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    on_sent: Callable[[Delivered], None] = lambda _: None
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _minute: tuple[int, int] = (0, 0)
    _http: httpx.AsyncClient | None = None
    _echoing: "set[asyncio.Task[int]]" = field(default_factory=set)

    async def respond(self, asked: Asked) -> Given:
        """The right answer, or the next fault laid out for this path."""
        self.asked.append(asked.path)
        fault = self.down or (self.faults[asked.path].pop(0) if self.faults[asked.path] else None)
        if fault:
            self.turned_away.set()
            return fault
        if asked.path == TOKENS:
            return self._tokens(asked)
        refusal = self._refusal(asked)
        if refusal:
            return refusal
        if asked.path == SEND:
            return self._send(asked.json())
        if asked.path == TEMPLATE:
            return self._send_template(asked.json())
        if asked.path == ARTICLE:
            return self._send_article(asked.json())
        if asked.path == QUOTA:
            return self._quota(asked.json()["user_id"])
        if asked.path == PROFILE:
            user = json.loads(asked.query["data"])["user_id"]
            return _good({"user_id": user, "user_is_follower": user in self.followers})
        if asked.path == ACCOUNT:
            return _good({"oaid": OA_ID, "name": "UBND phường Tô Hiệu", "oa_type": 4, "is_verified": True})
        return Given({"error": -201, "message": "unknown path"}, 404)

    def _tokens(self, asked: Asked) -> Given:
        form = asked.form()
        if asked.headers.get("secret_key") != APP_SECRET or form.get("app_id") != APP_ID:
            return Given({"error": -14004, "error_name": "Invalid secret key"})
        if form.get("grant_type") == "authorization_code":
            good = (form.get("code"), form.get("code_verifier")) == ("code-1", "verifier-1")
        else:
            good = form.get("refresh_token") == (self.refresh_token or form.get("refresh_token"))
        if not good:
            return Given({"error": -14014, "error_name": "Invalid refresh token"})
        self.rotate()
        return Given({"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": "90000"})

    def rotate(self) -> None:
        """Gives a new pair out; both tokens of the old one are dead."""
        self.renewals += 1
        self.access_token, self.refresh_token = f"access-{self.renewals + 1}", f"refresh-{self.renewals + 1}"
        self.access_until = self.now() + ACCESS_LIVES

    def _refusal(self, asked: Asked) -> Given | None:
        if asked.headers.get("access_token") != self.access_token:
            return error(-216)
        if self.access_until is not None and self.now() >= self.access_until:
            return error(-220)
        minute = int(self.now().timestamp()) // 60
        calls = self._minute[1] + 1 if self._minute[0] == minute else 1
        self._minute = (minute, calls)
        return error(-32) if calls > self.per_minute else None

    def _send(self, body: Mapping[str, Any]) -> Given:
        user, text = body["recipient"]["user_id"], body["message"]["text"]
        if not text:
            return error(-201)
        if len(text) > LONGEST_TEXT:
            return error(-210)
        if user in self.gone:
            return error(-213)
        last = self.last_interaction.get(user)
        if last is None or self.now() - last > WINDOW:
            return error(-230)
        attached = body["message"].get("attachment")
        if attached and not self.takes_buttons:
            return error(-201)
        labels = tuple(button["payload"] for button in attached["payload"]["buttons"]) if attached else ()
        delivered = Delivered(user, text, f"oa-message-{next(self._numbers)}", labels)
        self.sent.append(delivered)
        self.on_sent(delivered)
        if self.echoes and self.webhook:
            echo = self.event("oa_send_text", user, message={"text": text, "msg_id": delivered.id}, from_oa=True)
            task = asyncio.create_task(self.deliver(echo))
            self._echoing.add(task)
            task.add_done_callback(self._echoing.discard)
        sent_time = str(_milliseconds(self.now()))
        return _good({"message_id": delivered.id, "user_id": user, "sent_time": sent_time})

    def _send_template(self, body: Mapping[str, Any]) -> Given:
        if body["template_id"] not in self.templates:
            return error(-1121)
        if body["user_id"] in self.gone:
            return error(-118)
        self.paid.append((body["user_id"], body["template_id"], body["template_data"]))
        return _good({"message_id": f"zbs-{next(self._numbers)}"})

    def _send_article(self, body: Mapping[str, Any]) -> Given:
        (element,) = body["message"]["attachment"]["payload"]["elements"]
        if element["attachment_id"] not in self.articles or element["media_type"] != "article":
            return error(-201)
        self.broadcasts.append((element["attachment_id"], body["recipient"]["target"]))
        return _good({"message_id": f"article-{next(self._numbers)}"})

    def _quota(self, user: str) -> Given:
        last = self.last_interaction.get(user)
        data: dict[str, Any] = {"last_interaction": str(_milliseconds(last))} if last else {}
        if self.counts_replies:
            data["cs_reply"] = {"remain": 8, "total": 8}
        return _good(data)

    def event(self, name: str, user: str, *, from_oa: bool = False, **parts: Any) -> bytes:
        """The body of an event as Zalo writes it: every id and time is text."""
        ends = {"sender": {"id": user}, "recipient": {"id": OA_ID}}
        if from_oa:
            ends = {"sender": {"id": OA_ID}, "recipient": {"id": user}}
        if name in ("follow", "unfollow"):
            parts |= {"oa_id": OA_ID, "follower": {"id": user}, "source": "oa_profile"}
            ends = {}
        whole = {"app_id": APP_ID, **ends, "user_id_by_app": "5521" + user[-6:], "event_name": name, **parts}
        whole["timestamp"] = str(_milliseconds(self.now()) + next(self._numbers))
        return json.dumps(whole, ensure_ascii=False).encode()

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that come with an event."""
        stamp = str(json.loads(body).get("timestamp", ""))
        mac = hashlib.sha256(self.signs_with.encode() + body + stamp.encode() + OA_SECRET.encode()).hexdigest()
        return {"X-ZEvent-Signature": f"mac={mac}", **({"X-ZEvent-Timestamp": stamp} if self.time_in_header else {})}

    async def says(self, text: str, user: str = CITIZEN) -> bytes:
        """A citizen writes; the event is delivered and returned."""
        self.last_interaction[user] = self.now()
        body = self.event("user_send_text", user, message={"text": text, "msg_id": f"msg-{next(self._numbers)}"})
        await self.deliver(body)
        return body

    async def deliver(self, body: bytes, retry: int = 0, headers: Mapping[str, str] | None = None) -> int:
        """Posts an event to the webhook; keeps it for `retry_all` unless it was taken in time."""
        if self._http is None:
            raise RuntimeError("the double is not running")
        headers = self.signed(body) if headers is None else headers
        again = {"num_retry": str(retry)} if retry else {}
        status = await post(self._http, self.webhook, body, {**headers, **again})
        self.statuses.append(status)
        if status != 200:
            if retry >= MOST_RETRIES:
                self.disabled = True
            else:
                self.undelivered.append((body, retry + 1))
        return status

    async def probe(self) -> int:
        """What saving the address in the console sends: two braces, unsigned."""
        return await self.deliver(b"{}", headers={})

    async def retry_all(self) -> None:
        """The next retry of everything that was not taken, without the wait of 30 seconds to an hour."""
        waiting, self.undelivered = self.undelivered, []
        for body, retry in waiting:
            await self.deliver(body, retry)


def _good(data: Any) -> Given:
    return Given({"data": data, "error": 0, "message": "Success"})


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@asynccontextmanager
async def a_zalo_oa(double: ZaloOa | None = None, port: int = 0) -> AsyncIterator[ZaloOa]:
    """The platform, serving on loopback until the block ends."""
    double = double or ZaloOa()
    limits = httpx.Limits(max_connections=100)
    async with (
        httpx.AsyncClient(trust_env=False, timeout=ANSWER_WITHIN, limits=limits) as http,
        serving(double.respond, port) as address,
    ):
        double.address, double._http = address, http
        yield double
        await asyncio.gather(*double._echoing, return_exceptions=True)


CHAT_PORT = 9182
RETRY_SECONDS = 30.0
STEPS = """Zalo OA giả đang chạy. Trong một cửa sổ khác, ở thư mục của dự án:

export MOTCUA_ZALO_OA__ENABLED=true
export MOTCUA_ZALO_OA__APP_ID={app_id} MOTCUA_ZALO_OA__OA_ID={oa_id}
export MOTCUA_ZALO_OA__APP_SECRET={app_secret} MOTCUA_ZALO_OA__SECRET_KEY={oa_secret}
export MOTCUA_ZALO_OA__BASE_URL={address} MOTCUA_ZALO_OA__OAUTH_URL={address}
export MOTCUA_ZALO_OA__REFRESH_TOKEN={refresh}
make run

Rồi gõ câu hỏi ở đây; Ctrl-D để dừng. Tin được gửi tới {webhook}."""


@asynccontextmanager
async def chat(show: Callable[[str], None]) -> AsyncIterator[Talk]:
    """The platform for a developer: one citizen at the terminal, retries in real time."""
    double = ZaloOa(webhook=f"http://127.0.0.1:8080{PATH}", refresh_token="", access_token="access-0")  # noqa: S106
    double.on_sent = lambda delivered: show(delivered.text)
    async with a_zalo_oa(double, CHAT_PORT):
        retrying = asyncio.create_task(_retry_for_ever(double, show))
        steps = STEPS.format(
            app_id=APP_ID,
            oa_id=OA_ID,
            app_secret=APP_SECRET,
            oa_secret=OA_SECRET,
            refresh=FIRST_REFRESH,
            address=double.address,
            webhook=double.webhook,
        )

        async def say(text: str) -> None:
            await double.says(text)
            if double.undelivered:
                show(f"(chưa giao được, mã {double.statuses[-1]}; gửi lại sau {RETRY_SECONDS:g} giây)")

        try:
            yield Talk(steps, say)
        finally:
            retrying.cancel()


async def _retry_for_ever(double: ZaloOa, show: Callable[[str], None]) -> None:
    pause = asyncio.Event()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(pause.wait(), RETRY_SECONDS)
        await double.retry_all()
        if double.disabled:
            show("(năm lần không giao được: Zalo tắt webhook)")
            return
