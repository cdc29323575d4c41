"""Brings the messages of a reply to a citizen, and says what Zalo's refusals mean for the desk."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from bot.channels.calling import PlatformDown
from bot.channels.rendering import MENU_HINT, as_messages, numbered
from bot.channels.zalo_oa.client import LONGEST_TEXT, MOST_BUTTONS, OaClient, Sent
from bot.channels.zalo_oa.refusals import (
    BadMessage,
    Busy,
    NeedsAPerson,
    NightRest,
    NotReachable,
    QuotaSpent,
    Refusal,
    TooLong,
)
from bot.channels.zalo_oa.tokens import TokensAway
from handlers.messages import Outcome, Reply

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""No page of Zalo's names the time zone of its nights and days; the account is Vietnamese."""
MORNING, NEW_DAY = time(6, 5), time(0, 5)
SPREAD_SECONDS = 600.0
"""Over which messages that waited for the morning or the new quota are spread."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0
PERSON_WAIT = 900.0
SHORTEST_PIECE = 250

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. buttons: labels to be pressed, () = none; menu: the same as numbered lines."""

    text: str
    buttons: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()


def messages_of(reply: Reply, *, buttons: bool) -> list[Message]:
    """The reply in Zalo's measure. buttons: choices are pressed, where there are few enough of them."""
    pressed = buttons and 0 < len(reply.choices) <= MOST_BUTTONS
    found = [Message(text) for text in as_messages(reply, LONGEST_TEXT, buttons=pressed)]
    if pressed and found:
        labels = tuple(choice.label for choice in reply.choices)
        found[-1] = Message(found[-1].text, labels, tuple(numbered(reply.choices)))
    return found


class Sender:
    """Sends texts one after the other. chance: 0..1, spreads what waited for the same moment."""

    def __init__(self, client: OaClient, now: Callable[[], datetime], chance: Callable[[], float]) -> None:
        self._client = client
        self._now = now
        self._chance = chance

    async def deliver(self, user_id: str, messages: Sequence[Message], *, done: int = 0, attempt: int = 1) -> None:
        """Sends the messages after the first `done`. Raises Unreachable, TryLater, MaybeSent or Refused."""
        for number, message in enumerate(messages[done:], start=done):
            await self.guarded(partial(self._send, user_id, message), sent=number, attempt=attempt)

    async def _send(self, user_id: str, message: Message) -> None:
        text, buttons = message.text, message.buttons
        try:
            await self._client.send_text(user_id, text, buttons)
        except TooLong:
            # Zalo does not say what it counts as one character; half of it is within every count.
            if len(text) <= SHORTEST_PIECE:
                raise
            for piece in as_messages(_plain(text), (len(text) + 1) // 2, buttons=True):
                await self._send(user_id, Message(piece))
        except BadMessage as refusal:
            if not buttons:
                raise
            log.warning("zalo takes no buttons: set zalo_oa.buttons = false", code=refusal.code)
            await self._send(user_id, Message("\n".join([text, "", MENU_HINT, *message.menu])))

    async def asked(self, call: Callable[[], Awaitable[Sent]]) -> str:
        """Makes a call that sends something; Zalo's id of it. Raises Unreachable, TryLater, MaybeSent or Refused."""
        found: list[Sent] = []

        async def once() -> None:
            found.append(await call())

        await self.guarded(once)
        return found[0].id

    async def guarded(self, call: Callable[[], Awaitable[None]], *, sent: int = 0, attempt: int = 1) -> None:
        """Makes a call; whatever goes wrong comes out in the words of the desk."""
        try:
            await call()
        except PlatformDown as down:
            if down.sent:
                raise MaybeSent(down.reason, sent=sent) from None
            raise TryLater(self._growing(attempt), down.reason, sent=sent) from None
        except TokensAway as away:
            wait = PERSON_WAIT if away.consent else self._growing(attempt + 3)
            raise TryLater(wait, away.reason, sent=sent) from None
        except ConnectionError:
            raise TryLater(self._growing(attempt), "store away", sent=sent) from None
        except Refusal as refusal:
            raise self._meaning(refusal, sent, attempt) from None

    def _meaning(self, refusal: Refusal, sent: int, attempt: int) -> Exception:
        reason = str(refusal.code)
        match refusal:
            case NotReachable():
                return Unreachable(reason)
            case BadMessage():
                return Refused(reason)
            case Busy():
                return TryLater(self._growing(attempt + 1), reason, sent=sent)
            case QuotaSpent():
                return TryLater(self.until_new_day(), reason, sent=sent)
            case NightRest():
                return TryLater(self._until(MORNING), reason, sent=sent)
            case NeedsAPerson():
                log.error("zalo refuses until somebody puts it right", code=refusal.code)
        return TryLater(PERSON_WAIT, reason, sent=sent)

    def until_new_day(self) -> float:
        """Seconds until the day's quota is renewed."""
        return self._until(NEW_DAY)

    def _growing(self, attempt: int) -> float:
        wait: float = min(FIRST_WAIT * (1 << min(attempt - 1, 10)), LONGEST_WAIT)
        return wait * (0.5 + self._chance() / 2)

    def _until(self, clock: time) -> float:
        """Seconds until the next time that clocks in Viet Nam show this, and a little more."""
        here = self._now().astimezone(VIETNAM)
        then = datetime.combine(here.date(), clock, VIETNAM)
        if then <= here:
            then += timedelta(days=1)
        return (then - here).total_seconds() + self._chance() * SPREAD_SECONDS


def _plain(text: str) -> Reply:
    return Reply(blocks=tuple(text.split("\n\n")), outcome=Outcome.ANSWERED)
