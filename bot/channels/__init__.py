"""What every channel to citizens can do, and how it says that it cannot do it now."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.routing import BaseRoute

from bot.events import Event
from bot.troubles import MaybeSent as MaybeSent
from bot.troubles import Refused as Refused
from bot.troubles import TryLater as TryLater
from bot.troubles import Unreachable as Unreachable
from handlers.messages import Citizen, IncomingMessage, Reply

Answer = Callable[[IncomingMessage], Awaitable[Reply]]
"""What a channel is given: one message in, one reply out, whatever happens (see bot.dispatch). The same message id
a second time gets the same reply again and leaves no second trace, so an event may be handled again."""

Receive = Callable[[Event], Awaitable[bool]]
"""Takes an event in; when it returns, the event is safe and the platform may be told so. False: known already.

Raises ConnectionError when it can be kept nowhere: the platform must then be told to come again (503)."""

IN_A_GROUP = "/"
"""Stands in a citizen's id between a group and the person in it: what is written to them, others read along."""

IGNORED = "ignored"
"""What `handle` returns for an event that wants no answer; other outcomes are a short word of its own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the platform allows.

    proactive: the desk may write first; buttons: choices can be pressed (else they are numbered in the text);
    max_length: characters (NFC) of one message, longer replies are split; edit: a sent message can be changed;
    files: the attachments of a reply reach the citizen as files.
    """

    proactive: bool
    buttons: bool
    max_length: int
    edit: bool
    files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a channel is, in Vietnamese, for `motcua check` and the staff page. mend: what to do when it is not well."""

    well: bool
    detail: str
    mend: str = ""


class TooMany(Exception):
    """Raised by a `receive` whose caller can say so itself: this citizen has sent too many messages of late."""


class Acquaintances(Protocol):
    """Who can be written to, kept by bot.storage.subscribers. Each method raises ConnectionError."""

    async def greet(self, citizen: Citizen, message_id: str, at: datetime) -> bool:
        """True when this citizen is to be told who answers here: the first time, and again for the same message."""

    async def reached(self, citizen: Citizen, at: datetime) -> None:
        """They can be written to (again): they followed, unblocked or pressed start."""

    async def lost(self, citizen: Citizen, reason: str, at: datetime) -> None:
        """They cannot be written to any more."""


class Channel(Protocol):
    """One way in and out. Platform objects never leave the channel's own module."""

    @property
    def name(self) -> str:
        """Short ASCII name; the `channel` of every `Citizen` that comes in here."""

    @property
    def capabilities(self) -> Capabilities: ...

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        """The addresses that the platform calls, () where there are none. Each stores with `receive` before its 200."""

    async def run(self, receive: Receive) -> None:
        """Tells the platform where we are and what we offer, and polls where it is to be polled; until cancelled.

        Returns at once where there is nothing to do. Troubles of the platform are waited out, not raised.
        """

    async def handle(self, event: Event, answer: Answer) -> str:
        """Reads one event of `receive`, answers it on the platform, returns a word for the record (see IGNORED).

        Skips the first `event.sent` messages. Raises Unreachable, TryLater, MaybeSent or Refused.
        """

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes to a citizen without being asked. Raises Unreachable, TryLater, MaybeSent or Refused."""

    async def check(self) -> Health:
        """Asks the platform whether it knows us; never raises for the platform's troubles."""


def at_once(handle: Callable[[Event, Answer], Awaitable[str]], answer: Answer) -> Receive:
    """A `receive` without an inbox, for a channel of one person: the event is answered before it returns."""

    async def receive(event: Event) -> bool:
        await handle(event, answer)
        return True

    return receive
