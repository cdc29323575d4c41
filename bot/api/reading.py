"""The body of a request, read with a limit and strictly: one JSON object, each key once, nothing unknown."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from pydantic import ValidationError

from bot.api.models import Question
from bot.api.problems import Problem, field_problems

LONGEST_BODY = 64 * 1024
"""Bytes; the longest text allowed, with every character written as an escape, fits."""


async def read_question(request: Request) -> Question:
    """The question in the body. Raises Problem 400, 413, 415 or 422."""
    _check_type(request.headers.get("content-type", ""))
    value = _strict(await _body(request))
    try:
        return Question.model_validate(_whole(value), strict=True)
    except ValidationError as error:
        problems = field_problems(error.errors(include_url=False, include_input=False), "body")
        raise Problem(422, "Xem danh sách trường có lỗi.", errors=problems) from None


def _check_type(header: str) -> None:
    kind, _, parameters = header.partition(";")
    charset = parameters.replace(" ", "").lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise Problem(415, "Nội dung phải là application/json, mã hóa UTF-8.")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            # The rest is not read, so the connection cannot carry another request.
            raise Problem(413, f"Nội dung tối đa {LONGEST_BODY // 1024} KiB.", headers={"Connection": "close"})
    return bytes(body)


def _strict(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        # No cause: its message quotes what was sent.
        raise Problem(400, "Nội dung phải là một đối tượng JSON đúng chuẩn, mã hóa UTF-8.") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _whole(value: Any) -> Any:
    """The same with lone surrogates, halves of a cut emoji, replaced: no encoding can carry them."""
    if isinstance(value, dict):
        return {_sound(key): _sound(item) if isinstance(item, str) else item for key, item in value.items()}
    return value


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
