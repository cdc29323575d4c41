"""What a citizen's form says: read with a limit, checked, turned into a message."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from fastapi import Request

from handlers.messages import Citizen, IncomingMessage
from knowledge.text import clean

LONGEST_TEXT = 4000
"""Characters (NFC) of one message."""
LONGEST_BODY = 512 * 1024
"""Bytes of one form; far above LONGEST_TEXT, so that a text a little too long can be shown again."""
LONGEST_LABEL = 200
CHOICE_SEPARATOR = "\t"
"""Between a choice's value and its label in the value of its button."""

EMPTY = "Anh/Chị chưa nhập câu hỏi. Xin gõ câu hỏi vào ô bên dưới rồi bấm Gửi."
TOO_LONG = (
    "Câu hỏi dài {length} ký tự, nhiều hơn mức {longest} ký tự. "
    "Xin rút gọn hoặc chia thành nhiều câu; nội dung Anh/Chị đã gõ vẫn còn trong ô nhập."
)

_ID = re.compile(r"[0-9a-f]{32}")
_CHOICE = re.compile(r"[!-~]{1,64}")


class BodyTooLarge(Exception):
    """The form is larger than LONGEST_BODY."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form as sent. text: typed, or the label of the pressed choice."""

    text: str = ""
    choice: str | None = None
    token: str = ""
    message_id: str = ""

    @property
    def problem(self) -> str:
        """Why this cannot be asked, in words for the citizen; "" when it can."""
        if not clean(self.text) and self.choice is None:
            return EMPTY
        if len(self.text) > LONGEST_TEXT:
            return TOO_LONG.format(length=f"{len(self.text):,}".replace(",", "."), longest="4.000")
        return ""

    def as_message(self, citizen: Citizen, at: datetime) -> IncomingMessage:
        """The message; a form sent twice keeps its id."""
        return IncomingMessage(id=self.message_id, citizen=citizen, text=self.text, received_at=at, choice=self.choice)


async def read_form(request: Request) -> Form:
    """The form in the request's body. Raises BodyTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            raise BodyTooLarge
    fields = parse_qs(bytes(body).decode("ascii", "replace"), keep_blank_values=True)
    text = "\n".join(fields.get("text", [])).replace("\r\n", "\n")
    choice, _, label = fields.get("choice", [""])[0].partition(CHOICE_SEPARATOR)
    pressed = choice if _CHOICE.fullmatch(choice) else None
    message_id = fields.get("message_id", [""])[0]
    return Form(
        text=unicodedata.normalize("NFC", (label or choice)[:LONGEST_LABEL] if pressed else text),
        choice=pressed,
        token=fields.get("token", [""])[0],
        message_id=message_id if _ID.fullmatch(message_id) else new_message_id(),
    )


def new_message_id() -> str:
    """A random id for a message that has none yet."""
    return secrets.token_hex(16)
