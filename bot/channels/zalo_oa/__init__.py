"""The Zalo Official Account: signed events in, text messages with numbered menus out."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    Receive,
    TryLater,
    Unreachable,
)
from bot.channels.calling import PlatformDown
from bot.channels.reception import Reception, Thing
from bot.channels.webhooks import body_of, taken
from bot.channels.zalo_oa.client import LONGEST_TEXT, OaClient
from bot.channels.zalo_oa.events import Kind, Told, is_quiet, read, told
from bot.channels.zalo_oa.health import CONSOLE, NETWORK
from bot.channels.zalo_oa.refusals import Refusal
from bot.channels.zalo_oa.sending import Message, Sender, messages_of
from bot.channels.zalo_oa.signature import Seal
from bot.channels.zalo_oa.tokens import TokenKeeper, TokensAway
from bot.events import Event
from handlers.messages import Citizen, IncomingMessage, Reply

NAME = "zalo_oa"
PATH = "/webhook/zalo-oa"
PROBE = b"{}"
"""What Zalo posts, unsigned, when the address is saved in its console."""
KEEP_SECONDS = 1800.0
WINDOW, PAID_WINDOW, NO_QUOTA = "window over", "window no longer free", "no message left"
THINGS = {
    "image": Thing.PHOTO,
    "gif": Thing.PHOTO,
    "audio": Thing.VOICE,
    "video": Thing.VIDEO,
    "sticker": Thing.STICKER,
    "file": Thing.DOCUMENT,
    "location": Thing.PLACE,
    "business_card": Thing.CONTACT,
}
"""What Zalo's names mean; anything else is "this"."""
LEFT = frozenset({-213, -217, -244, -114, -118, -119, -141})
"""Refusals that mean that this citizen wants or can get nothing more, as long as they do not follow again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OaRules:
    """What the account may do. window: how long after a citizen's last word it may write first; free: how long that
    costs nothing; paid: it may cost something; buttons: Zalo takes them (a press comes back as the label's text).
    """

    window: timedelta = timedelta(days=7)
    free: timedelta = timedelta(hours=48)
    paid: bool = False
    buttons: bool = False


class ZaloOaChannel:
    """One Official Account. reception: without buttons; now, sleep and chance (0..1): the world outside."""

    name = NAME

    def __init__(
        self,
        client: OaClient,
        tokens: TokenKeeper,
        seal: Seal,
        acquaintances: Acquaintances,
        reception: Reception,
        *,
        now: Callable[[], datetime],
        rules: OaRules = OaRules(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.capabilities = Capabilities(proactive=True, buttons=False, max_length=LONGEST_TEXT, edit=False)
        self._client = client
        self._tokens = tokens
        self._seal = seal
        self._acquaintances = acquaintances
        self._reception = reception
        self._now = now
        self._rules = rules
        self._sleep = sleep
        self._sender = Sender(client, now, chance)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The webhook; its address is set by hand in Zalo's console."""

        async def webhook(request: Request) -> Response:
            raw = await body_of(request)
            if raw is None:
                return Response(status_code=413)
            if raw == PROBE:
                return Response(status_code=200)
            return await self._event(raw, request, receive)

        return [Route(PATH, webhook, methods=["POST"])]

    async def _event(self, raw: bytes, request: Request, receive: Receive) -> Response:
        body = read(raw)
        if body is None:
            return Response(status_code=400)
        headers = dict(request.headers)
        if not self._seal.holds(raw, body, headers):
            would = self._seal.would_hold(raw, body, headers)
            hint = {"mac_id": would.identity, "mac_time": would.clock} if would else {}
            log.warning("zalo event refused: wrong signature", **hint)
            return Response(status_code=403)
        said = told(body)
        if said is None:
            if not is_quiet(body):
                log.info("zalo event of no use", event_name=str(body.get("event_name"))[:40])
            return Response(status_code=200)
        event = Event(
            channel=self.name,
            id=said.id,
            conversation=said.user_id,
            payload=raw.decode("utf-8", "replace"),
            received_at=self._now(),
        )
        return await taken(event, receive)

    async def run(self, receive: Receive) -> None:  # noqa: ARG002 - events come by the webhook only
        """Keeps the tokens alive, also while nobody writes, and raises the alarm while there is time."""
        while True:
            try:
                await self._look_after_tokens()
            except ConnectionError:
                log.warning("zalo tokens not looked after: the database is away")
            await self._sleep(KEEP_SECONDS)

    async def _look_after_tokens(self) -> None:
        try:
            await self._tokens.keep()
        except TokensAway as away:
            log.warning("zalo token cannot be used", reason=away.reason)
        health = await self._tokens.health()
        if not health.well:
            log.error("zalo tokens need a person", detail=health.detail, mend=health.mend)

    async def handle(self, event: Event, answer: Answer) -> str:
        """Answers one event; raises Unreachable, TryLater, MaybeSent or Refused."""
        body = read(event.payload)
        said = told(body) if body is not None else None
        if said is None:
            return IGNORED
        citizen = Citizen(self.name, said.user_id)
        if said.kind is Kind.UNFOLLOW:
            await self._acquaintances.lost(citizen, "unfollowed", event.received_at)
            return "unfollow"
        if said.kind is Kind.FOLLOW:
            await self._acquaintances.reached(citizen, event.received_at)
        replies = await self._replies(said, citizen, event, answer)
        messages = [message for reply in replies for message in self._rendered(reply)]
        try:
            await self._sender.deliver(citizen.id, messages, done=event.sent, attempt=event.attempt)
        except Unreachable as gone:
            await self._note(citizen, gone)
            raise
        return "follow" if said.kind is Kind.FOLLOW else "answered"

    async def _replies(self, said: Told, citizen: Citizen, event: Event, answer: Answer) -> list[Reply]:
        try:
            first = await self._acquaintances.greet(citizen, event.id, event.received_at)
        except ConnectionError:
            first = False
        thing = THINGS.get(said.form, Thing.OTHER)
        if said.kind is Kind.TEXT:
            message = IncomingMessage(id=event.id, citizen=citizen, text=said.text, received_at=event.received_at)
            *greeted, reply = await self._reception.replies(message, answer, first=first)
            return [*greeted, await self._reception.beside(reply, citizen, thing, said.file, event.received_at)]
        greeted = [self._reception.greeting()] if first else []
        if said.kind is Kind.FOLLOW:
            return greeted
        return [*greeted, await self._reception.unreadable(citizen, thing, said.file, event.received_at)]

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes to a citizen without being asked, if window and quota allow."""
        try:
            await self._sender.guarded(lambda: self._allowed(citizen))
            await self._sender.deliver(citizen.id, self._rendered(reply))
        except Unreachable as gone:
            await self._note(citizen, gone)
            raise Unreachable(gone.reason, lasting=gone.reason in map(str, LEFT)) from None

    async def send_template(self, citizen: Citizen, template: str, data: Mapping[str, str]) -> str:
        """Sends an approved, paid template; Zalo's id of the message. Raises as `send` does."""
        try:
            return await self._sender.asked(lambda: self._client.send_template(citizen.id, template, data))
        except Unreachable as gone:
            await self._note(citizen, gone)
            raise Unreachable(gone.reason, lasting=gone.reason in map(str, LEFT)) from None

    async def broadcast(self, article: str, target: Mapping[str, str]) -> str:
        """Sends an article to a demographic target; Zalo's id of it. Raises as `send` does."""
        return await self._sender.asked(lambda: self._client.broadcast(article, target))

    async def _allowed(self, citizen: Citizen) -> None:
        """Reads window and quota. Raises Unreachable outside the window, TryLater without quota."""
        quota = await self._client.quota(citizen.id)
        silence = self._now() - quota.last_interaction if quota.last_interaction else None
        if silence is None or silence > self._rules.window:
            raise Unreachable(WINDOW)
        if silence > self._rules.free and not self._rules.paid:
            raise Unreachable(PAID_WINDOW)
        if quota.remaining == 0:
            raise TryLater(self._sender.until_new_day(), NO_QUOTA, alone=True)

    async def _note(self, citizen: Citizen, gone: Unreachable) -> None:
        if gone.reason not in map(str, LEFT):
            return
        try:
            await self._acquaintances.lost(citizen, gone.reason, self._now())
        except ConnectionError:
            log.warning("not noted that a citizen has left", reason=gone.reason)

    def _rendered(self, reply: Reply) -> list[Message]:
        return messages_of(reply, buttons=self._rules.buttons)

    async def check(self) -> Health:
        """How the tokens are, and whether Zalo knows the account."""
        try:
            health = await self._tokens.health()
            if not health.well:
                return health
            account = await self._client.account()
        except (PlatformDown, TokensAway, ConnectionError) as away:
            reason = getattr(away, "reason", "store away")
            return Health(well=False, detail=f"không tới được Zalo từ mạng này ({reason})", mend=NETWORK)
        except Refusal as refusal:
            return Health(well=False, detail=f"Zalo từ chối, mã {refusal.code}", mend=CONSOLE)
        return Health(well=True, detail=f"{account.name or account.id}; {health.detail}")
