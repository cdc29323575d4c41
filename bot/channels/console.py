"""The desk in a terminal: lines in, answers out; the twin of every other channel, for trying things and for pipes."""

import asyncio
import codecs
import os
import sys
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from itertools import count

from rich.console import Console
from rich.text import Text
from starlette.routing import BaseRoute

from bot.channels import Answer, Capabilities, Health, Receive
from bot.channels.rendering import as_messages
from bot.channels.welcome import KEPT_IN_THE_TERMINAL, welcome
from bot.events import Event
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge.entries import OfficeProfile

FAREWELL = "Tạm biệt Anh/Chị."
PROMPT = "> "
READ_BYTES = 64 * 1024


class ConsoleChannel:
    """Talks with one person at a terminal.

    lines: what they type, without line ends (default: standard input); console: where answers are written
    (default: standard output); now: the current time, aware.
    """

    name = "console"
    capabilities = Capabilities(proactive=True, buttons=False, max_length=100_000, edit=False)

    def __init__(
        self,
        profile: OfficeProfile,
        *,
        lines: AsyncIterable[str] | None = None,
        console: Console | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        citizen_id: str = "local",
    ) -> None:
        self._lines = lines or lines_of()
        self._console = console or Console(highlight=False)
        self._profile = profile
        self._now = now
        self._citizen = Citizen(self.name, citizen_id)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:  # noqa: ARG002
        """None: nobody calls a terminal."""
        return ()

    async def run(self, receive: Receive) -> None:
        """Greets, then takes in line by line until the input ends or the task is cancelled; says goodbye either way."""
        self._show(welcome(self._profile, KEPT_IN_THE_TERMINAL))
        numbers = count(1)
        try:
            self._ask_for_more()
            async for line in self._lines:
                if line.strip():
                    at = self._now()
                    event_id = f"{self._citizen.id}-{at.timestamp():.6f}-{next(numbers)}"
                    await receive(
                        Event(
                            channel=self.name,
                            id=event_id,
                            conversation=self._citizen.id,
                            payload=line,
                            received_at=at,
                        )
                    )
                self._ask_for_more()
        finally:
            self._console.print()
            self._console.print(FAREWELL)

    async def handle(self, event: Event, answer: Answer) -> str:
        """Prints the answer to one line."""
        message = IncomingMessage(id=event.id, citizen=self._citizen, text=event.payload, received_at=event.received_at)
        reply = await answer(message)
        self._show(reply)
        return reply.outcome.value

    async def send(self, citizen: Citizen, reply: Reply) -> None:  # noqa: ARG002
        """Prints the reply; a terminal is always reachable."""
        self._show(reply)

    async def check(self) -> Health:
        """A terminal is always well."""
        return Health(well=True, detail="cửa sổ dòng lệnh")

    def _show(self, reply: Reply) -> None:
        for message in as_messages(reply, self.capabilities.max_length, self.capabilities.buttons):
            text = Text(_printable(message), style="")
            if reply.citation:
                text.highlight_words([reply.citation], style="dim")
            self._console.print()
            self._console.print(text, soft_wrap=not self._console.is_terminal)
        self._console.print()

    def _ask_for_more(self) -> None:
        if self._console.is_terminal:
            self._console.print(Text(PROMPT, style="bold"), end="")


def _printable(text: str) -> str:
    """The text without what a terminal would obey rather than show."""
    return "".join(c for c in text if c == "\n" or c.isprintable())


async def lines_of(descriptor: int | None = None) -> AsyncIterator[str]:
    """Lines typed at a terminal, piped in or read from a file (default: standard input), until it ends.

    Bytes that are not UTF-8 come as replacement characters. The loop stays free while waiting, so that Ctrl-C works.
    """
    source = sys.stdin.fileno() if descriptor is None else descriptor
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while True:
        await _readable(source)
        data = os.read(source, READ_BYTES)
        rest += decoder.decode(data, final=not data)
        *lines, rest = rest.split("\n")
        for line in lines:
            yield line.rstrip("\r")
        if not data:
            if rest:
                yield rest
            return


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(descriptor, ready.set)
    except PermissionError:  # an ordinary file cannot be waited for, and never has to be
        return
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
