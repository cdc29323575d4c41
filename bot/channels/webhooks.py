"""The platform's call on our address: its body within bounds, and our answer within its patience."""

import asyncio
import hmac
from typing import TypeGuard

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import Receive
from bot.events import Event

MOST_BYTES = 262_144
"""Of one event; a message of the longest text with its envelope is a twentieth of that."""
PATIENCE = 1.8
"""Seconds within which an event is safe or the platform is asked to come again; Zalo waits two, the inbox 1.5."""


async def body_of(request: Request) -> bytes | None:
    """The raw body; None where it is longer than any event."""
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MOST_BYTES:
            return None
    return raw


def has_secret(request: Request, header: str, secret: str) -> bool:
    """Whether the header carries our secret; never, where there is none."""
    given = request.headers.get(header, "")
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


def is_name(value: object, longest: int) -> TypeGuard[str]:
    """Whether this can be an id of the platform's: printable ASCII of bearable length, as every database keeps it."""
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()


async def taken(event: Event, receive: Receive) -> Response:
    """200 once the event is safe, else 503 so that the platform comes again."""
    try:
        async with asyncio.timeout(PATIENCE):
            await receive(event)
    except (ConnectionError, TimeoutError):
        return Response(status_code=503)
    return Response(status_code=200)
