"""Sends the messages of a reply to one chat, each once, with their buttons."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import ChatMigrated

from bot.channels import TryLater
from bot.channels.telegram.calling import troubles
from bot.channels.telegram.writing import Page
from handlers.messages import Choice

LONGEST_DATA = 64
"""Bytes that a button carries."""
MARK = "#"
"""Begins what a button carries instead of a long value."""
MOST_REMEMBERED = 10_000
"""Answers whose reactions are understood."""


class Buttons(Protocol):
    """Where values too long for a button are kept (bot.storage.buttons). Both raise ConnectionError."""

    async def keep(self, value: str, at: datetime) -> str: ...

    async def value(self, ref: str) -> str | None: ...


class Post:
    """The way out of one bot."""

    def __init__(self, bot: Bot, buttons: Buttons, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._buttons = buttons
        self._now = now
        self._answers: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._slow: dict[int, datetime] = {}

    async def deliver(self, chat: int, written: Sequence[Page], *, skip: int, quote: int | None) -> None:
        """Sends all but the first `skip`; raises Unreachable, TryLater, MaybeSent or Refused."""
        sent = skip
        for page in written[skip:]:
            keyboard = await self._keyboard(page)
            self._mind_the_pause(sent)
            try:
                chat = await self._send(chat, page, keyboard, quote if sent == 0 else None, sent)
            except TryLater as later:
                if later.reason == "429":
                    self._slow[chat] = self._now() + timedelta(seconds=later.after)
                raise
            sent += 1

    def _mind_the_pause(self, sent: int) -> None:
        """Nothing more is sent while two chats are to be slower: then it is the bot that is too fast, not a chat."""
        now = self._now()
        self._slow = {chat: until for chat, until in self._slow.items() if until > now}
        if len(self._slow) > 1:
            raise TryLater((min(self._slow.values()) - now).total_seconds(), "429", sent=sent)

    def answered(self, chat: int, message: int) -> str | None:
        """The entry that one of our messages was about, as long as it is remembered."""
        return self._answers.get((chat, message))

    async def value(self, data: str) -> str | None:
        """The value behind what a button carried; None where it is not known (any more)."""
        if not data.startswith(MARK):
            return data
        try:
            return await self._buttons.value(data)
        except ConnectionError:
            return None

    async def _send(
        self, chat: int, page: Page, keyboard: InlineKeyboardMarkup | None, quote: int | None, sent: int
    ) -> int:
        """Sends one message; returns the chat's id, which is another one where the group has become a larger one."""
        options: Mapping[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard,
            "link_preview_options": LinkPreviewOptions(is_disabled=True),
            "reply_parameters": ReplyParameters(quote, allow_sending_without_reply=True) if quote else None,
        }
        with troubles(sent):
            try:
                message = await self._bot.send_message(chat, page.html, **options)
            except ChatMigrated as moved:
                chat = moved.new_chat_id
                message = await self._bot.send_message(chat, page.html, **{**options, "reply_parameters": None})
        if page.ref:
            self._answers[chat, message.message_id] = page.ref
            while len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        return chat

    async def _keyboard(self, page: Page) -> InlineKeyboardMarkup | None:
        rows = []
        for row in page.rows:
            keys = [(choice.label, await self._data(choice)) for choice in row]
            if found := [InlineKeyboardButton(label, callback_data=data) for label, data in keys if data]:
                rows.append(found)
        return InlineKeyboardMarkup(rows) if rows else None

    async def _data(self, choice: Choice) -> str:
        """What the button of a choice carries; "" where a long value cannot be kept now."""
        if len(choice.value.encode()) <= LONGEST_DATA and not choice.value.startswith(MARK):
            return choice.value
        try:
            return await self._buttons.keep(choice.value, self._now())
        except ConnectionError:
            return ""
