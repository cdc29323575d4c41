"""What a staff form says: read with a limit, as clean text; uploads are bytes in memory, never a path."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

LONGEST_BODY = 512 * 1024
"""Bytes of a form without files; a page that takes files says how large they may be."""
MOST_FIELDS = 2000
MOST_FILES = 20
LONGEST_NUMBER = 9
BAD_DAY = "Ngày ghi dạng 2026-12-01."
_SURROGATE = re.compile("[\ud800-\udfff]")


class FormTooLarge(Exception):
    """The body is larger than the page takes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as sent. name: only its last part, for people to read; never to be used as a path."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in order."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value of a field, without blanks around it; "" where there is none."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The same with its blanks, for passwords."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field (ticked boxes)."""
        return list(self.fields.get(name, ()))

    def number(self, name: str) -> int | None:
        """A whole number that is not negative; None for anything else."""
        return whole(self.text(name))

    def file(self, name: str) -> Upload | None:
        """The file that was chosen; None where none was."""
        return next((one for one in self.files.get(name, ()) if one.name or one.content), None)


def whole(text: str) -> int | None:
    """A whole number that is not negative and fits a database; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def day_of(form: Form, name: str, problem: type[Exception]) -> date | None:
    """A day as a form sends it; None for an empty field. Raises `problem` for anything else."""
    text = form.text(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise problem(BAD_DAY) from None


def clean_text(text: str) -> str:
    """NFC with plain line ends, without what no database keeps."""
    return _SURROGATE.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\x00", "")


async def read_form(request: Request, largest: int = LONGEST_BODY) -> Form:
    """The form in the request's body, files included. Raises FormTooLarge, HTTPException 400 for what is no form."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise FormTooLarge
    limited = Request(request.scope, _limited(request, largest))
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    try:
        async with limited.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=largest) as sent:
            for name, value in sent.multi_items():
                if isinstance(value, UploadFile):
                    files.setdefault(name, []).append(Upload(_last_part(value.filename or ""), await value.read()))
                else:
                    fields.setdefault(name, []).append(clean_text(value))
    except (UnicodeDecodeError, LookupError) as error:
        raise HTTPException(400) from error
    return Form(fields, files)


def _limited(request: Request, largest: int) -> Any:
    total = 0

    async def receive() -> Any:
        nonlocal total
        message = await request.receive()
        total += len(message.get("body", b""))
        if total > largest:
            raise FormTooLarge
        return message

    return receive


def _last_part(name: str) -> str:
    return clean_text(name).replace("\\", "/").rpartition("/")[2].lstrip(".")[:200]
