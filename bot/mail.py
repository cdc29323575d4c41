"""Official e-mail, by SMTP, sent in a thread of its own so that nobody waits for a slow server."""

import asyncio
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal

TIMEOUT = 20.0
"""Seconds that one answer of the server may take."""
Security = Literal["starttls", "tls", "none"]


class MailProblem(Exception):
    """A mail was not taken; the message says by what, without addresses or passwords."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One letter of plain text."""

    to: str
    subject: str
    text: str


Send = Callable[[Mail], Awaitable[None]]
"""Hands a mail over. Raises MailProblem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """A mail server. sender: the address that mails come from; user: "" = no sign-in."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, mail: Mail) -> None:
        """Hands a mail to the server. Raises MailProblem."""
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: Mail) -> None:
        try:
            message = _message(mail, self.sender)
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # The error itself may quote the address or what the server says about the account.
            code = getattr(error, "smtp_code", "")
            raise MailProblem(f"{type(error).__name__} {code}".strip()) from None

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"], message["Message-ID"] = formatdate(localtime=False), make_msgid(domain="motcua")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message
