"""Telegram: updates by webhook or by polling, answers as messages with buttons."""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram import Bot, BotCommand, Update
from telegram.error import TelegramError

from bot.channels import (
    IGNORED,
    Acquaintances,
    Answer,
    Capabilities,
    Health,
    MaybeSent,
    Receive,
    Refused,
    TryLater,
    Unreachable,
)
from bot.channels.reception import Reception
from bot.channels.telegram.calling import POLL_SECONDS, connected, patiently, troubles
from bot.channels.telegram.posting import Buttons, Post
from bot.channels.telegram.reading import (
    ALLOWED_UPDATES,
    Kind,
    Own,
    Told,
    chat_of,
    event_of,
    in_a_group,
    told,
)
from bot.channels.telegram.writing import LONGEST, pages
from bot.channels.webhooks import body_of, has_secret, taken
from bot.events import Event
from handlers import voting
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply

__all__ = ["TelegramChannel", "TelegramOptions", "connected", "fit_for_secret", "secret_of"]

PATH = "/webhook/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_TOAST = 200
"""Characters of the small note that answers a pressed button."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
OLD_BUTTON = "Nút này đã cũ. Anh/Chị gõ lại câu hỏi giúp máy nhé."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramOptions:
    """webhook: our address as Telegram reaches it, "" = polling; secret: proves that Telegram calls; connections:
    that Telegram may open at once."""

    webhook: str = ""
    secret: str = ""
    connections: int = 40


def secret_of(token: str) -> str:
    """A secret for the webhook that every replica can make from the token, and nobody else."""
    return hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


def fit_for_secret(secret: str) -> bool:
    """Whether Telegram takes this as the secret of a webhook."""
    return _SECRET.fullmatch(secret) is not None


class TelegramChannel:
    """One bot. sleep: waits some seconds; the other arguments as their types say."""

    name = "telegram"
    capabilities = Capabilities(proactive=True, buttons=True, max_length=LONGEST, edit=True)

    def __init__(
        self,
        bot: Bot,
        reception: Reception,
        *,
        acquaintances: Acquaintances,
        buttons: Buttons,
        now: Callable[[], datetime],
        options: TelegramOptions = TelegramOptions(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._reception = reception
        self._acquaintances = acquaintances
        self._buttons = buttons
        self._now = now
        self._options = options
        self._sleep = sleep
        self._own: Own | None = None
        self._offset = 0
        self._post = Post(bot, buttons, now)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The webhook, where there is one."""
        if not self._options.webhook:
            return ()

        async def called(request: Request) -> Response:
            if not has_secret(request, SECRET_HEADER, self._options.secret):
                return Response(status_code=403)
            event = self._event(await body_of(request) or b"")
            return await taken(event, receive) if event else Response(status_code=400)

        return (Route(PATH, called, methods=["POST"]),)

    async def run(self, receive: Receive) -> None:
        """Says what we offer and where we are; polls where there is no webhook."""
        await patiently(self._sleep, self._introduce)
        log.info("telegram connected", way="webhook" if self._options.webhook else "polling")
        while not self._options.webhook:
            await patiently(self._sleep, lambda: self._poll(receive))

    async def handle(self, event: Event, answer: Answer) -> str:
        """Answers one update; raises Unreachable, TryLater, MaybeSent or Refused."""
        update = self._update(event.payload)
        happened = told(update, await self._called(event)) if update else None
        if happened is None:
            return IGNORED
        citizen = Citizen(self.name, happened.citizen)
        if happened.kind is Kind.LOST:
            await self._lost(citizen, "blocked")
            return "blocked"
        if happened.kind is Kind.REACHED:
            await self._acquaintances.reached(citizen, event.received_at)
            return "unblocked"
        if happened.kind is Kind.REACTED:
            return await self._reacted(happened, citizen, event, answer)
        replies = await self._replies(happened, citizen, event, answer)
        if happened.callback:
            replies = await self._acknowledged(happened.callback, replies, event)
        await self._deliver(citizen, replies, skip=event.sent, quote=happened.quote)
        return replies[-1].outcome.value if replies else Outcome.VOTED.value

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes first, to whoever has not blocked us."""
        await self._deliver(citizen, [reply])

    async def check(self) -> Health:
        """Whether Telegram is reached and knows our token."""
        try:
            with troubles():
                me = await self._bot.get_me()
        except TryLater as trouble:
            if trouble.reason == "token_rejected":
                return Health(
                    well=False, detail="Telegram không nhận mã bot", mend="đặt lại MOTCUA_TELEGRAM__TOKEN (@BotFather)"
                )
            return _unreachable(trouble.reason)
        except (MaybeSent, Unreachable, Refused) as trouble:
            return _unreachable(trouble.reason)
        return Health(well=True, detail=f"kết nối được, bot @{me.username}")

    # Receiving

    def _event(self, raw: bytes) -> Event | None:
        try:
            update = json.loads(raw)
        except ValueError:
            return None
        found = event_of(update) if isinstance(update, dict) else None
        if found is None:
            return None
        return Event(
            channel=self.name,
            id=f"{self._bot.token.partition(':')[0]}-{found[0]}",
            conversation=found[1],
            payload=raw.decode("utf-8", "replace"),
            received_at=self._now(),
        )

    async def _introduce(self) -> None:
        me = await self._bot.get_me()
        self._own = Own(me.id, me.username or "")
        commands = [BotCommand(one.name, one.description) for one in self._reception.commands()]
        await self._bot.set_my_commands(commands)
        await self._bot.set_my_commands(commands, language_code="vi")
        if self._options.webhook:
            await self._bot.set_webhook(
                self._options.webhook + PATH,
                secret_token=self._options.secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=self._options.connections,
            )
        else:
            await self._bot.delete_webhook()

    async def _poll(self, receive: Receive) -> None:
        """Takes in what has come since; what could not be kept comes again with the same offset."""
        for update in await self._bot.get_updates(
            offset=self._offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
        ):
            if (event := self._event(update.to_json().encode())) is not None:
                await receive(event)
            self._offset = max(self._offset, update.update_id + 1)

    # Understanding

    def _update(self, payload: str) -> Update | None:
        try:
            return Update.de_json(json.loads(payload), self._bot)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.warning("update not understood", error=type(error).__name__)
            return None

    async def _called(self, event: Event) -> Own | None:
        """What we are called, where it matters."""
        if self._own is None and in_a_group(event.payload):
            with troubles(event.sent):
                me = await self._bot.get_me()
            self._own = Own(me.id, me.username or "")
        return self._own

    async def _replies(self, happened: Told, citizen: Citizen, event: Event, answer: Answer) -> list[Reply]:
        if happened.kind is Kind.JOINED:
            return [self._reception.greeting()]
        message = IncomingMessage(id=event.id, citizen=citizen, text=happened.text, received_at=event.received_at)
        if happened.kind is Kind.PRESSED:
            value = await self._post.value(happened.data)
            if value is None:
                return [Reply(blocks=(OLD_BUTTON,), outcome=Outcome.NOT_FOUND)]
            return await self._reception.replies(replace(message, choice=value), answer, first=False)
        first = await self._first(citizen, event)
        if happened.kind is Kind.SENT:
            greeting = [self._reception.greeting()] if first else []
            if not happened.text:
                at = event.received_at
                return [*greeting, await self._reception.unreadable(citizen, happened.thing, happened.file, at)]
            reply, at = await answer(message), event.received_at
            return [*greeting, await self._reception.beside(reply, citizen, happened.thing, happened.file or "-", at)]
        return await self._reception.replies(message, answer, first=first)

    async def _first(self, citizen: Citizen, event: Event) -> bool:
        try:
            return await self._acquaintances.greet(citizen, event.id, event.received_at)
        except ConnectionError:
            return False

    async def _reacted(self, happened: Told, citizen: Citizen, event: Event, answer: Answer) -> str:
        """A thumb up or down on an answer is a vote on it, where it is still known what it answered."""
        ref = self._post.answered(chat_of(citizen.id), happened.about)
        if ref is None or happened.glad is None:
            return "reaction"
        value = f"v:{'+' if happened.glad else '-'}:{ref}"
        label = voting.HELPFUL if happened.glad else voting.NOT_RIGHT
        reply = await answer(
            IncomingMessage(id=event.id, citizen=citizen, text=label, received_at=event.received_at, choice=value)
        )
        if not happened.glad:
            await self._deliver(citizen, [reply], skip=event.sent)
        return Outcome.VOTED.value

    # Answering

    async def _acknowledged(self, callback: str, replies: list[Reply], event: Event) -> list[Reply]:
        """Ends the waiting of a pressed button; short thanks for a vote are told with it and need no message."""
        toast = ""
        if len(replies) == 1 and replies[0].outcome is Outcome.VOTED and not replies[0].choices:
            toast = " ".join(replies[0].blocks)
        try:
            await self._bot.answer_callback_query(callback, toast if len(toast) <= LONGEST_TOAST else None)
        except TelegramError as error:
            log.info("press not acknowledged", event_id=event.id, reason=type(error).__name__)
            return replies
        return [] if toast and len(toast) <= LONGEST_TOAST else replies

    async def _deliver(
        self, citizen: Citizen, replies: Sequence[Reply], *, skip: int = 0, quote: int | None = None
    ) -> None:
        try:
            await self._post.deliver(chat_of(citizen.id), pages(replies), skip=skip, quote=quote)
        except Unreachable as gone:
            await self._lost(citizen, gone.reason)
            raise

    async def _lost(self, citizen: Citizen, reason: str) -> None:
        try:
            await self._acquaintances.lost(citizen, reason, self._now())
        except ConnectionError:
            log.warning("not noted who cannot be reached", reason=reason)


def _unreachable(reason: str) -> Health:
    return Health(
        well=False,
        detail=f"không tới được Telegram từ mạng này ({reason})",
        mend="xin phép mở đường mạng theo hướng dẫn của cơ quan, hoặc tắt telegram.enabled",
    )
