"""What an event of the Official Account says to us: a message, something we cannot read, a follow, or nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.channels.webhooks import is_name
from bot.events import LONGEST_CONVERSATION, LONGEST_ID

LONGEST_TEXT = 8000
"""Characters of a message that are looked at; the desk refuses longer ones politely anyway."""
_SAID = "user_send_"
_GROUPS = "user_send_group_"
_PLAIN = ("", "link")
_WORDED = (*_PLAIN, "image", "gif", "video", "file")
"""What comes with words of the citizen's own; the words beside a place or a card are Zalo's."""
_QUIET = ("oa_", "user_seen_", "user_received_", "user_submit_", "user_click_", "anonymous_", "add_user_to_", "widget_")
"""Beginnings of events that want no answer: our own messages, receipts, and personal data that nobody asked for."""


class Kind(StrEnum):
    """What is to be done with an event."""

    TEXT = "text"
    UNREADABLE = "unreadable"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event for us. text: what was written, also beside a photo; form: what else came ("image", "audio" ...);
    file: where that is, "" where nothing but text came."""

    kind: Kind
    id: str
    user_id: str
    text: str = ""
    form: str = ""
    file: str = ""


def read(raw: bytes | str) -> Mapping[str, Any] | None:
    """The event as an object; None for anything else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def told(body: Mapping[str, Any]) -> Told | None:
    """What the event says; None where it wants no answer, or is not understood."""
    name = body.get("event_name")
    if not isinstance(name, str):
        return None
    if name in (Kind.FOLLOW, Kind.UNFOLLOW):
        user = _user(body.get("follower"))
        return Told(kind=Kind(name), id=_made_id(name, body, user), user_id=user) if user else None
    user = _user(body.get("sender"))
    if not user or not name.startswith(_SAID) or name.startswith(_GROUPS):
        return None
    message = body.get("message")
    text, message_id = _text(message, "text"), _text(message, "msg_id")
    form = "" if name == "user_send_text" else name.removeprefix(_SAID)[:20]
    readable = bool(text.strip()) and form in _WORDED
    return Told(
        kind=Kind.TEXT if readable else Kind.UNREADABLE,
        id=message_id if is_name(message_id, LONGEST_ID) else _made_id(name, body, user),
        user_id=user,
        text=text[:LONGEST_TEXT],
        form=form,
        file="" if form in _PLAIN else _file(message),
    )


def is_quiet(body: Mapping[str, Any]) -> bool:
    """True for events that are known to want no answer, so that only news are worth a line in the log."""
    return str(body.get("event_name", "")).startswith((*_QUIET, _GROUPS))


def _made_id(name: str, body: Mapping[str, Any], user: str) -> str:
    """An id for an event that brings none: a retry has the same time in it."""
    return hashlib.sha256(f"{name!r} {body.get('timestamp')!r} {user}".encode()).hexdigest()


def _file(message: Any) -> str:
    """The address of the first thing attached."""
    attached = message.get("attachments") if isinstance(message, dict) else None
    first = attached[0] if isinstance(attached, list) and attached else None
    return _text(first.get("payload"), "url") if isinstance(first, dict) else ""


def _text(part: Any, key: str) -> str:
    value = part.get(key) if isinstance(part, dict) else None
    return value if isinstance(value, str) else ""


def _user(part: Any) -> str:
    user = _text(part, "id")
    return user if is_name(user, LONGEST_CONVERSATION) else ""
