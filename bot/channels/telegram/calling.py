"""The calls to Telegram, and what each of its errors means for us; python-telegram-bot's own words stay here."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TypeVar

import httpx
import structlog
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.channels import MaybeSent, Refused, TryLater, Unreachable
from knowledge.forms.addresses import is_loopback

CONNECTIONS = 64
SECONDS = 15.0
POLL_SECONDS = 30
"""How long Telegram holds a poll open while nothing comes."""
PAUSES = (1.0, 5.0, 30.0, 60.0)
"""Seconds between tries to reach Telegram at the start and while polling; the last one again and again."""
SOON, TOKEN_PAUSE = 5.0, 300.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_GONE = {
    "bot was blocked by the user": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "chat not found": "not_found",
    "peer_id_invalid": "not_found",
    "user not found": "not_found",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
    "need administrator rights": "no_rights",
    "chat_write_forbidden": "no_rights",
    "group chat was deleted": "deleted",
}

T = TypeVar("T")

log = structlog.get_logger(__name__)


@asynccontextmanager
async def connected(token: str, base_url: str, seconds: float = SECONDS) -> AsyncIterator[Bot]:
    """The bot of this token, for as long as the block runs; asks Telegram nothing yet.

    base_url: without "/bot"; seconds: that one call may take.
    """
    # Else python-telegram-bot warns at every 429 that it will one day tell the pause as a timedelta.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    calls, polls = (
        HTTPXRequest(
            connection_pool_size=size,
            connect_timeout=seconds,
            read_timeout=seconds,
            write_timeout=seconds,
            pool_timeout=seconds,
            httpx_kwargs={"trust_env": not is_loopback(base_url)},
        )
        for size in (CONNECTIONS, 1)
    )
    # No updater: updates come by our own web server or our own poll, and each is stored before Telegram is told.
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{base_url.rstrip('/')}/bot")
        .base_file_url(f"{base_url.rstrip('/')}/file/bot")
        .request(calls)
        .get_updates_request(polls)
        .updater(None)
        .job_queue(None)
        .build()
    )
    try:
        yield application.bot
    finally:
        await calls.shutdown()
        await polls.shutdown()


@contextmanager
def troubles(sent: int = 0) -> Iterator[None]:
    """Turns Telegram's errors into ours; ChatMigrated passes. sent: messages that have arrived so far."""
    try:
        yield
    except ChatMigrated:
        raise
    except TelegramError as error:
        raise meaning(error, sent) from None  # its words may hold the token


def meaning(error: TelegramError, sent: int = 0) -> Exception:
    """What one of Telegram's errors means for us."""
    said = error.message.lower()
    cause = error.__cause__
    match error:
        case RetryAfter():
            pause = error.retry_after
            return TryLater(pause.total_seconds() if isinstance(pause, timedelta) else pause, "429", sent=sent)
        case Forbidden():
            return Unreachable(next((reason for words, reason in _GONE.items() if words in said), "forbidden"))
        case BadRequest():
            gone = next((reason for words, reason in _GONE.items() if words in said), None)
            return Unreachable(gone) if gone else Refused("400")
        case InvalidToken():
            return TryLater(TOKEN_PAUSE, "token_rejected", sent=sent)
        case Conflict():
            return TryLater(SOON, "conflict", sent=sent)
        case TimedOut() | NetworkError() if isinstance(cause, httpx.HTTPError):
            if isinstance(cause, _NEVER_SENT):
                return TryLater(SOON, type(cause).__name__, sent=sent)
            return MaybeSent(type(cause).__name__, sent=sent)
        case NetworkError():
            return TryLater(SOON, "5xx", sent=sent)
        case _:
            return MaybeSent("garbled", sent=sent)


async def patiently(sleep: Callable[[float], Awaitable[None]], do: Callable[[], Awaitable[T]]) -> T:
    """Tries until it succeeds; waits out whatever the platform, the network or the database has."""
    tries = 0
    while True:
        pause = PAUSES[min(tries, len(PAUSES) - 1)]
        try:
            return await do()
        except TelegramError as error:
            trouble = meaning(error)
            if isinstance(trouble, TryLater) and trouble.reason == "429":
                pause = max(pause, trouble.after)
            log.warning("telegram not reached", reason=getattr(trouble, "reason", ""), seconds=pause)
        except ConnectionError:
            log.warning("updates left with telegram: they can be kept nowhere", seconds=pause)
        tries += 1
        await sleep(pause)
