"""What an event of the bot platform says to us: a message, something we cannot read, or nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.webhooks import is_name
from bot.events import LONGEST_CONVERSATION, LONGEST_ID

LONGEST_TEXT = 8000
_FORMS = {
    "message.image.received": "image",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
    "message.unsupported.received": "unsupported",
}
"""unsupported: what protected accounts (children among them) write reaches no bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event for us. chat_id: where to answer; text: what was written, also beside a photo; form: what else came,
    "" for text alone; file: its address."""

    id: str
    chat_id: str
    text: str = ""
    form: str = ""
    file: str = ""


def read(raw: bytes | str) -> Mapping[str, Any] | None:
    """The update as an object, out of its envelope where it has one; None for anything else."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and isinstance(found.get("result"), dict):
        found = found["result"]
    return found if isinstance(found, dict) else None


def told(update: Mapping[str, Any]) -> Told | None:
    """What the update says; None where it wants no answer: groups (others would read along), bots, unknown events."""
    name, message = update.get("event_name"), update.get("message")
    if not isinstance(name, str) or not isinstance(message, dict):
        return None
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, dict) or chat.get("chat_type", "PRIVATE") != "PRIVATE":
        return None
    if isinstance(sender, dict) and sender.get("is_bot") is True:
        return None
    chat_id, text = chat.get("id"), message.get("text")
    text = text if isinstance(text, str) else ""
    if not is_name(chat_id, LONGEST_CONVERSATION):
        return None
    if name == "message.text.received" and text.strip():
        return Told(id=_id(name, message, chat_id), chat_id=chat_id, text=text[:LONGEST_TEXT])
    form = _FORMS.get(name)
    if form is None:
        return None
    # An image's address is documented under one name and delivered under another.
    found = (message.get(key) for key in ("photo", "photo_url", "voice_url"))
    file = next((address for address in found if isinstance(address, str)), "")
    caption = message.get("caption")
    text = caption[:LONGEST_TEXT] if isinstance(caption, str) else ""
    return Told(id=_id(name, message, chat_id), chat_id=chat_id, text=text, form=form, file=file)


def _id(name: str, message: Mapping[str, Any], chat_id: str) -> str:
    """The message's id, or one that a repeated event would get again."""
    given = message.get("message_id")
    if is_name(given, LONGEST_ID):
        return given
    return hashlib.sha256(f"{name!r} {message.get('date')!r} {chat_id}".encode()).hexdigest()
