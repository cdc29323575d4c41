"""A mail server on a loopback port that keeps what it is sent, and may refuse or hang up."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What was sent. refuse: the code that recipients are answered with, 0 = they are taken; hang_up: nobody is
    answered; user, password: that it asks for, "" = nobody signs in."""

    port: int = 0
    refuse: int = 0
    hang_up: bool = False
    user: str = ""
    password: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    def texts(self) -> list[str]:
        """The texts of all letters."""
        return [str(letter.get_content()).replace("\r\n", "\n") for letter in self.letters]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One conversation."""
        try:
            await self._talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        if self.hang_up:
            return
        say("220 loopback")
        while line := (await reader.readline()).decode("ascii", "replace").strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    say("250-loopback")
                    say("250 AUTH PLAIN" if self.user else "250 8BITMIME")
                case "AUTH":
                    given = base64.b64decode(rest.split()[-1]).decode().split("\0")[1:]
                    self.signed_in.append(given[0])
                    say("235 ok" if given == [self.user, self.password] else "535 secret of the account told")
                case "RCPT" if self.refuse:
                    say(f"{self.refuse} {rest} is not known")
                case "DATA":
                    say("354 go on")
                    self.letters.append(await _letter(reader))
                    say("250 kept")
                case "QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 ok")
            await writer.drain()


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[MailServer]:
    """A server for as long as the block runs."""
    server = MailServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()


async def _letter(reader: asyncio.StreamReader) -> EmailMessage:
    lines: list[bytes] = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    letter = message_from_bytes(b"".join(lines), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter
