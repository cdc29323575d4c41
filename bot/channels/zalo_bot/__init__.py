"""The Zalo Bot platform: a pilot without a verified account; text in by webhook or polling, text with menus out."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels import (
    IGNORED,
    Acquaintances,
    Answer,
    Capabilities,
    Health,
    MaybeSent,
    Receive,
    TryLater,
    Unreachable,
)
from bot.channels.calling import PlatformDown
from bot.channels.reception import Reception, Thing
from bot.channels.rendering import as_messages
from bot.channels.webhooks import body_of, has_secret, taken
from bot.channels.zalo_bot.client import LONGEST_TEXT, POLL_SECONDS, BotClient, BotRefusal
from bot.channels.zalo_bot.events import Told, read, told
from bot.channels.zalo_bot.sending import PERSON_WAIT, UNKNOWN_TOKEN, Sender, growing
from bot.events import Event
from handlers.messages import Citizen, IncomingMessage, Reply

NAME = "zalo_bot"
PATH = "/webhook/zalo-bot"
SECRET_HEADER = "x-bot-api-secret-token"  # noqa: S105 - the header's name
THINGS = {"image": Thing.PHOTO, "sticker": Thing.STICKER, "voice": Thing.VOICE}
PROTECTED = "unsupported"
"""What an account that is protected (a child's, perhaps) sends: a general word back, tried once."""
STORE_WAIT = 2.0
TOKEN = "lấy lại mã bot ở Zalo Bot Manager, đặt biến MOTCUA_ZALO_BOT__TOKEN"  # noqa: S105 - a hint
NETWORK = "xem mạng, tường lửa tới bot-api.zaloplatforms.com; motcua check để thử lại"
_Result = TypeVar("_Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where the platform is to send events. secret: 8 to 256 characters, comes back in a header of each."""

    url: str
    secret: str = field(repr=False)


class ZaloBotChannel:
    """One bot.

    reception: for a platform without buttons; hook: None = polling, by one process alone; now, sleep and chance (0..1)
    are the world outside.
    """

    name = NAME

    def __init__(
        self,
        client: BotClient,
        acquaintances: Acquaintances,
        reception: Reception,
        *,
        now: Callable[[], datetime],
        hook: Hook | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        self.capabilities = Capabilities(proactive=True, buttons=False, max_length=LONGEST_TEXT, edit=False)
        self._client = client
        self._acquaintances = acquaintances
        self._reception = reception
        self._now = now
        self._hook = hook
        self._sleep = sleep
        self._chance = chance
        self._poll_seconds = poll_seconds
        self._sender = Sender(client, chance)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The webhook, where there is one."""
        if self._hook is None:
            return ()
        secret = self._hook.secret

        async def webhook(request: Request) -> Response:
            if not has_secret(request, SECRET_HEADER, secret):
                log.warning("zalo bot event refused: wrong secret")
                return Response(status_code=403)
            raw = await body_of(request)
            update = read(raw) if raw is not None else None
            if update is None:
                return Response(status_code=400)
            event = self._event(update)
            return await taken(event, receive) if event else Response(status_code=200)

        return [Route(PATH, webhook, methods=["POST"])]

    def _event(self, update: Mapping[str, Any]) -> Event | None:
        said = told(update)
        if said is None:
            log.info("zalo bot event of no use", event_name=str(update.get("event_name"))[:40])
            return None
        return Event(
            channel=self.name,
            id=said.id,
            conversation=said.chat_id,
            payload=json.dumps(update),
            received_at=self._now(),
        )

    async def run(self, receive: Receive) -> None:
        """Tells the platform where to send events, or polls for them until cancelled."""
        if self._hook is not None:
            hook = self._hook
            await self._patiently(lambda: self._client.set_webhook(hook.url, hook.secret))
            return
        await self._patiently(self._client.delete_webhook)
        while True:
            update = await self._patiently(lambda: self._client.update(self._poll_seconds))
            event = self._event(update) if update else None
            if event:
                await self._keep(event, receive)

    async def _patiently(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        """Makes a call until it succeeds, ever more slowly."""
        attempt = 1
        while True:
            try:
                return await call()
            except PlatformDown as down:
                log.warning("zalo bot does not answer", reason=down.reason, attempt=attempt)
                wait = growing(attempt, self._chance)
            except BotRefusal as refusal:
                log.error("zalo bot refuses", code=refusal.code, attempt=attempt)
                wait = PERSON_WAIT if refusal.code == UNKNOWN_TOKEN else growing(attempt, self._chance)
            attempt += 1
            await self._sleep(wait)

    async def _keep(self, event: Event, receive: Receive) -> None:
        """Stores what a poll brought before the next one: the platform gives it only once."""
        while True:
            try:
                await receive(event)
            except ConnectionError:
                log.warning("a polled event waits for the database")
                await self._sleep(STORE_WAIT)
            else:
                return

    async def handle(self, event: Event, answer: Answer) -> str:
        """Answers one event; raises Unreachable, TryLater, MaybeSent or Refused."""
        update = read(event.payload)
        said = told(update) if update is not None else None
        if said is None:
            return IGNORED
        citizen = Citizen(self.name, said.chat_id)
        replies = await self._replies(said, citizen, event, answer)
        texts = [text for reply in replies for text in self._rendered(reply)]
        try:
            await self._deliver(citizen, texts, done=event.sent, attempt=event.attempt)
        except (TryLater, MaybeSent):
            if said.form != PROTECTED:
                raise
            return IGNORED
        return "answered"

    async def _replies(self, said: Told, citizen: Citizen, event: Event, answer: Answer) -> list[Reply]:
        try:
            first = await self._acquaintances.greet(citizen, event.id, event.received_at)
        except ConnectionError:
            first = False
        thing = THINGS.get(said.form, Thing.OTHER)
        if said.text.strip():
            message = IncomingMessage(id=event.id, citizen=citizen, text=said.text, received_at=event.received_at)
            *greeted, reply = await self._reception.replies(message, answer, first=first)
            file = said.file or said.form
            return [*greeted, await self._reception.beside(reply, citizen, thing, file, event.received_at)]
        greeted = [self._reception.greeting()] if first else []
        return [*greeted, await self._reception.unreadable(citizen, thing, said.file, event.received_at)]

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes to a citizen without being asked; the platform names no window for that."""
        await self._deliver(citizen, self._rendered(reply))

    async def _deliver(self, citizen: Citizen, texts: Sequence[str], *, done: int = 0, attempt: int = 1) -> None:
        try:
            await self._sender.deliver(citizen.id, texts, done=done, attempt=attempt)
        except Unreachable as gone:
            try:
                await self._acquaintances.lost(citizen, gone.reason, self._now())
            except ConnectionError:
                log.warning("not noted that a citizen has left", reason=gone.reason)
            raise

    def _rendered(self, reply: Reply) -> list[str]:
        return as_messages(reply, self.capabilities.max_length, buttons=False)

    async def check(self) -> Health:
        """Whether the platform knows the bot."""
        try:
            bot = await self._client.me()
        except PlatformDown as down:
            return Health(well=False, detail=f"không tới được Zalo Bot từ mạng này ({down.reason})", mend=NETWORK)
        except BotRefusal as refusal:
            return Health(well=False, detail=f"Zalo Bot từ chối, mã {refusal.code}", mend=TOKEN)
        return Health(well=True, detail=bot.name or bot.id)
