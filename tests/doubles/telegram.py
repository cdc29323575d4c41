"""Telegram's Bot API on a loopback port: its limits, its errors, its webhook and its polls."""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import count
from typing import Any

import httpx

from tests.doubles.chatting import Talk
from tests.doubles.loopback import Asked, Given, post, serving

TOKEN = "4242424242:token-of-the-double"  # noqa: S105 - of nobody
BOT = {"id": 4242424242, "is_bot": True, "first_name": "Một Cửa", "username": "motcua_thu_bot"}
CITIZEN = 1001
LONGEST_TEXT, LONGEST_DATA, LONGEST_TOAST, MOST_COMMANDS = 4096, 64, 200, 100
LAYOUT = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}
CHAT_PORT = 8881
STEPS = """\
Telegram giả đang chạy ở {address}. Mở cửa sổ khác và chạy:
  MOTCUA_TELEGRAM__ENABLED=true MOTCUA_TELEGRAM__TOKEN={token} \\
  MOTCUA_TELEGRAM__BASE_URL={address} .venv/bin/motcua run
Rồi gõ câu hỏi ở đây; gõ [2] để bấm nút thứ hai của tin mới nhất. Ctrl-D để dừng."""
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def error(code: int, description: str, **parameters: Any) -> Given:
    """Telegram's way to say no."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Given({**body, "parameters": parameters} if parameters else body, code)


BLOCKED = error(403, "Forbidden: bot was blocked by the user")
BAD_GATEWAY = error(502, "Bad Gateway")


def too_many(seconds: int) -> Given:
    """The answer to somebody who sends too fast."""
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of the bot in somebody's chat. buttons: label and data, row by row, flat; html: as it was sent."""

    id: int
    chat: int
    text: str
    html: str
    buttons: tuple[tuple[str, str], ...] = ()
    quote: int = 0


@dataclass
class Telegram:
    """One bot and its citizens.

    faults: answers to give first, by method, in their order, None = the right one; "*" for every method; down: given
    to every call; turned_away: set by each fault given; called: set by each method. shown: messages in chats; toasts:
    small notes over pressed buttons; commands: by language; statuses: how our webhook answered; gone: chats that have
    blocked the bot; known: chats that exist, None = all; longest_poll: seconds that a poll really waits.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    webhook: str = ""
    secret: str = ""
    address: str = ""
    allowed: tuple[str, ...] = ()
    gone: set[int] = field(default_factory=set)
    known: set[int] | None = None
    migrated: dict[int, int] = field(default_factory=dict)
    faults: dict[str, list[Given | None]] = field(default_factory=lambda: defaultdict(list))
    down: Given | None = None
    shown: list[Shown] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    commands: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    turned_away: asyncio.Event = field(default_factory=asyncio.Event)
    called: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    statuses: list[int] = field(default_factory=list)
    on_shown: Callable[[Shown], None] = lambda _: None
    longest_poll: float | None = None
    _last: dict[str, Any] = field(default_factory=dict)
    _pending: list[dict[str, Any]] = field(default_factory=list)
    _come: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _http: httpx.AsyncClient | None = None

    async def respond(self, asked: Asked) -> Given:
        """The right answer, or the next fault laid out for this method."""
        prefix, _, method = asked.path.rpartition("/")
        self.asked.append(method)
        laid = self.faults[method] or self.faults["*"]
        if (fault := self.down or (laid.pop(0) if laid else None)) is not None:
            self.turned_away.set()
            return fault
        if prefix != f"/bot{TOKEN}":
            return error(401, "Unauthorized")
        answer = getattr(self, f"_{method}", None)
        given: Given = await answer(_read(asked)) if answer else error(404, "Not Found: method not found")
        self.called[method].set()
        return given

    # Methods of the Bot API, under their own names

    async def _getMe(self, _: Mapping[str, Any]) -> Given:  # noqa: N802
        return _good({**BOT, "can_join_groups": True, "can_read_all_group_messages": False})

    async def _setMyCommands(self, body: Mapping[str, Any]) -> Given:  # noqa: N802
        commands = [(one["command"], one["description"]) for one in body["commands"]]
        if len(commands) > MOST_COMMANDS or not all(COMMAND.fullmatch(name) for name, _ in commands):
            return error(400, "Bad Request: BOT_COMMAND_INVALID")
        if not all(1 <= len(told) <= 256 for _, told in commands):
            return error(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[body.get("language_code", "")] = commands
        return _good(True)

    async def _setWebhook(self, body: Mapping[str, Any]) -> Given:  # noqa: N802
        if not SECRET.fullmatch(body.get("secret_token", "x")):
            return error(400, "Bad Request: secret token contains unallowed characters")
        if not 1 <= int(body.get("max_connections", 40)) <= 100:
            return error(400, "Bad Request: max_connections is out of range")
        self.webhook, self.secret = body["url"], body.get("secret_token", "")
        self.allowed = tuple(body.get("allowed_updates", ()))
        return _good(True)

    async def _deleteWebhook(self, _: Mapping[str, Any]) -> Given:  # noqa: N802
        self.webhook = self.secret = ""
        return _good(True)

    async def _getUpdates(self, body: Mapping[str, Any]) -> Given:  # noqa: N802
        if self.webhook:
            return error(409, "Conflict: can't use getUpdates method while webhook is active")
        self.allowed = tuple(body.get("allowed_updates", self.allowed))
        self._pending = [one for one in self._pending if one["update_id"] >= int(body.get("offset", 0))]
        wait = float(body.get("timeout", 0)) if self.longest_poll is None else self.longest_poll
        if not self._pending and wait:
            self._come.clear()
            try:
                await asyncio.wait_for(self._come.wait(), wait)
            except TimeoutError:
                return _good([])
        return _good([one for one in self._pending if self._wanted(one)][:100])

    async def _answerCallbackQuery(self, body: Mapping[str, Any]) -> Given:  # noqa: N802
        text = body.get("text", "")
        if len(text) > LONGEST_TOAST:
            return error(400, "Bad Request: MESSAGE_TOO_LONG")
        if body["callback_query_id"] in self.acknowledged:
            return error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.acknowledged.add(body["callback_query_id"])
        if text:
            self.toasts.append(text)
        return _good(True)

    async def _sendMessage(self, body: Mapping[str, Any]) -> Given:  # noqa: N802
        chat, html = int(body["chat_id"]), str(body.get("text", ""))
        if chat in self.migrated:
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            return error(400, reason, migrate_to_chat_id=self.migrated[chat])
        if self.known is not None and chat not in self.known:
            return error(400, "Bad Request: chat not found")
        if chat in self.gone:
            return BLOCKED
        try:
            text = _seen(html) if body.get("parse_mode") == "HTML" else html
        except ValueError as fault:
            return error(400, f"Bad Request: can't parse entities: {fault}")
        if not text.strip():
            return error(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            return error(400, "Bad Request: message is too long")
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = tuple((key["text"], key["callback_data"]) for row in rows for key in row)
        if not all(1 <= len(data.encode()) <= LONGEST_DATA and label for label, data in buttons) or len(buttons) > 100:
            return error(400, "Bad Request: BUTTON_DATA_INVALID")
        quote = body.get("reply_parameters", {}).get("message_id", 0)
        message = Shown(id=next(self._numbers), chat=chat, text=text, html=html, buttons=buttons, quote=quote)
        self.shown.append(message)
        self.on_shown(message)
        return _good(self._as_message(message))

    def _as_message(self, shown: Shown) -> dict[str, Any]:
        keyboard = [[{"text": label, "callback_data": data}] for label, data in shown.buttons]
        more = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        return {
            "message_id": shown.id,
            "from": BOT,
            "chat": _chat(shown.chat),
            "date": int(self.now().timestamp()),
            "text": shown.text,
            **more,
        }

    # Citizens

    def message(self, user: int = CITIZEN, *, group: int = 0, **parts: Any) -> dict[str, Any]:
        """A message of a citizen, in their private chat or in a group."""
        return {
            "message_id": next(self._numbers),
            "from": {"id": user, "is_bot": False, "first_name": "Ẩn danh", "language_code": "vi"},
            "chat": {"id": group, "type": "supergroup", "title": "Tổ dân phố"} if group else _chat(user),
            "date": int(self.now().timestamp()),
            **parts,
        }

    async def says(self, text: str, user: int = CITIZEN) -> int:
        """A citizen writes; the status of our webhook, 0 while there is none."""
        entities = []
        if command := re.match(r"/\w+", text):
            entities = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        more: dict[str, Any] = {"entities": entities} if entities else {}
        return await self.tell(message=self.message(user, text=text, **more))

    async def presses(self, shown: Shown, number: int, user: int = CITIZEN) -> int:
        """A citizen presses a button (from 1) of a message."""
        query = {
            "id": f"press-{next(self._numbers)}",
            "from": {"id": user, "is_bot": False, "first_name": "Ẩn danh"},
            "chat_instance": "1",
            "message": self._as_message(shown),
            "data": shown.buttons[number - 1][1],
        }
        return await self.tell(callback_query=query)

    async def blocks(self, user: int = CITIZEN, *, again: bool = False) -> int:
        """A citizen blocks the bot, or (again) lets it write."""
        (self.gone.discard if again else self.gone.add)(user)
        here, away = {"user": BOT, "status": "member"}, {"user": BOT, "status": "kicked", "until_date": 0}
        change = {
            "chat": _chat(user),
            "from": {"id": user, "is_bot": False, "first_name": "Ẩn danh"},
            "date": int(self.now().timestamp()),
            "old_chat_member": away if again else here,
            "new_chat_member": here if again else away,
        }
        return await self.tell(my_chat_member=change)

    async def tell(self, **update: Any) -> int:
        """Tells the bot something; the status of its webhook, 0 while there is none."""
        return await self.deliver({"update_id": next(self._numbers), **update})

    async def repeat(self) -> int:
        """Tells the last update once more, as Telegram does when it has not heard our 200."""
        return await self.deliver(self._last)

    async def deliver(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Delivers one update as it is, by webhook or at the next poll."""
        self._last = update
        if self.webhook:
            if not self._wanted(update):
                return 0
            if self._http is None:
                raise RuntimeError("the double is not running")
            header = {"X-Telegram-Bot-Api-Secret-Token": self.secret if secret is None else secret}
            body = json.dumps(update, ensure_ascii=False).encode()
            status = await post(self._http, self.webhook, body, header)
            self.statuses.append(status)
            return status
        self._pending.append(update)
        self._come.set()
        return 0

    def in_chat(self, chat: int = CITIZEN) -> list[Shown]:
        """What the bot has written to a chat."""
        return [message for message in self.shown if message.chat == chat]

    def _wanted(self, update: Mapping[str, Any]) -> bool:
        kind = next(name for name in update if name != "update_id")
        return kind in self.allowed if self.allowed else kind not in ("message_reaction", "chat_member")


class _Layout(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in LAYOUT:
            raise ValueError(f'Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f'Unmatched end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text += data


def _seen(html: str) -> str:
    """What is read of HTML. Raises ValueError where Telegram would."""
    layout = _Layout()
    layout.feed(html)
    layout.close()
    if layout.open:
        raise ValueError(f'Can\'t find end tag "{layout.open[-1]}"')
    if re.search(r"<(?![a-z/])", html):
        raise ValueError("Unsupported start tag")
    return layout.text


def _read(asked: Asked) -> dict[str, Any]:
    """The fields of a call: a form whose values may be JSON."""
    fields = asked.json() if "json" in asked.headers.get("content-type", "") else asked.form()
    return {name: _value(value) if name != "text" else value for name, value in (fields or {}).items()}


def _value(text: Any) -> Any:
    if isinstance(text, str) and text[:1] in "[{":
        return json.loads(text)
    return text


def _chat(number: int) -> dict[str, Any]:
    if number < 0:
        return {"id": number, "type": "supergroup", "title": "Tổ dân phố"}
    return {"id": number, "type": "private", "first_name": "Ẩn danh"}


def _good(result: Any) -> Given:
    return Given({"ok": True, "result": result})


@asynccontextmanager
async def a_telegram(double: Telegram | None = None, port: int = 0) -> AsyncIterator[Telegram]:
    """The platform, serving on loopback until the block ends."""
    double = double or Telegram()
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10.0) as http,
        serving(double.respond, port) as address,
    ):
        double.address, double._http = address, http
        yield double


@asynccontextmanager
async def chat(show: Callable[[str], None]) -> AsyncIterator[Talk]:
    """The platform for a developer: one citizen at the terminal, the bot polls."""
    double = Telegram()

    def shown(message: Shown) -> None:
        buttons = "\n".join(f"[{number}] {label}" for number, (label, _) in enumerate(message.buttons, start=1))
        show("\n".join(filter(None, (message.text, buttons))))

    double.on_shown = shown
    async with a_telegram(double, CHAT_PORT):

        async def say(text: str) -> None:
            with_buttons = [message for message in double.in_chat() if message.buttons]
            pressed = re.fullmatch(r"\[(\d{1,2})\]", text.strip())
            if pressed and with_buttons and 0 < int(pressed[1]) <= len(with_buttons[-1].buttons):
                await double.presses(with_buttons[-1], int(pressed[1]))
            else:
                await double.says(text)

        yield Talk(STEPS.format(token=TOKEN, address=double.address), say)
