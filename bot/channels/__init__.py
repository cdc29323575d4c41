"""What every channel to citizens can do, and how it says that it cannot do it now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from handlers.messages import Citizen, IncomingMessage, Reply

Answer = Callable[[IncomingMessage], Awaitable[Reply]]
"""What a channel is given: one message in, one reply out, whatever happens (see bot.dispatch)."""


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


class Unreachable(Exception):
    """This citizen cannot be written to any more (blocked, left, forgotten): stop writing to them.

    reason: a short word for the record, never the citizen's text.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Exception):
    """The platform cannot take the message now. after: seconds to wait before the next try."""

    def __init__(self, after: float, reason: str = "") -> None:
        super().__init__(f"{reason or 'try later'} (after {after:g} s)")
        self.after = after
        self.reason = reason


class Channel(Protocol):
    """One way in and out. Platform objects never leave the channel's own module."""

    @property
    def name(self) -> str:
        """Short ASCII name; the `channel` of every `Citizen` that comes in here."""

    @property
    def capabilities(self) -> Capabilities: ...

    async def run(self, answer: Answer) -> None:
        """Receives messages and delivers the answers until the platform ends or the task is cancelled."""

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes to a citizen without being asked. Raises Unreachable or TryLater."""
