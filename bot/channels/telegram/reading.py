"""What a Telegram update tells: who wrote, pressed, sent, reacted, blocked; everything else tells nothing."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    MessageReactionUpdated,
    Update,
)

from bot.channels import IN_A_GROUP
from bot.channels.reception import Thing

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""Reactions and blocks come to a bot only where it asks for them by name."""
PRIVATE = "private"
GLAD, SAD = frozenset("👍❤🔥👏🎉🙏👌💯🤝😁🥰"), frozenset("👎💩🤮😡🤬")

_THINGS = {
    "photo": Thing.PHOTO,
    "voice": Thing.VOICE,
    "audio": Thing.AUDIO,
    "video": Thing.VIDEO,
    "video_note": Thing.VIDEO,
    "animation": Thing.VIDEO,
    "sticker": Thing.STICKER,
    "document": Thing.DOCUMENT,
    "location": Thing.PLACE,
    "venue": Thing.PLACE,
    "contact": Thing.CONTACT,
    "poll": Thing.OTHER,
    "dice": Thing.OTHER,
    "story": Thing.OTHER,
    "paid_media": Thing.OTHER,
    "checklist": Thing.OTHER,
}
"""Attributes of a message; an animation is a document too, so the order counts."""


class Kind(StrEnum):
    """What happened."""

    SAID = "said"
    PRESSED = "pressed"
    SENT = "sent"
    REACTED = "reacted"
    REACHED = "reached"
    LOST = "lost"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that happened.

    citizen: their id (see `citizen_id`); text: what was said, or the label of the pressed button; data: what that
    button carries; callback: the press, to be acknowledged; thing, file: what was sent; quote: the message to be
    quoted by the answer; glad: a reaction's sense, None = neither; about: the message reacted to.
    """

    kind: Kind
    citizen: str
    text: str = ""
    data: str = ""
    callback: str = ""
    thing: Thing = Thing.OTHER
    file: str = ""
    quote: int | None = None
    glad: bool | None = None
    about: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """The bot itself: what it is called in groups."""

    id: int
    username: str


def citizen_id(chat: int, user: int | None = None) -> str:
    """The id of a citizen: of their private chat, or of the group and the person in it."""
    return str(chat) if user is None else f"{chat}{IN_A_GROUP}{user}"


def chat_of(citizen: str) -> int:
    """The chat to write to. Raises ValueError for an id that is not ours."""
    return int(citizen.partition(IN_A_GROUP)[0])


def event_of(update: Mapping[str, Any]) -> tuple[str, str] | None:
    """Id and conversation of a raw update; None for something that is no update.

    The pictures of one album are one event, so that they are explained once; one that has words is its own.
    """
    number = update.get("update_id")
    if not isinstance(number, int):
        return None
    happened: Mapping[str, Any] = next(
        (update[name] for name in ALLOWED_UPDATES if isinstance(update.get(name), Mapping)), {}
    )
    id_ = str(number)
    if (album := happened.get("media_group_id")) and not happened.get("caption"):
        id_ = f"album-{album}"
    message = happened.get("message", happened)
    chat = message.get("chat", {}) if isinstance(message, Mapping) else {}
    user = happened.get("from") or happened.get("user") or {}
    if not isinstance(chat.get("id"), int):
        return id_, "0"
    return id_, citizen_id(chat["id"], None if chat.get("type") == PRIVATE else user.get("id"))


def told(update: Update, own: Own | None) -> Told | None:
    """What an update tells, None where nothing is to be done. own: needed in groups only."""
    if (said := update.message or update.edited_message) is not None:
        return _message(said, own, edited=update.edited_message is not None)
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.my_chat_member is not None:
        return _standing(update.my_chat_member)
    if update.message_reaction is not None:
        return _reaction(update.message_reaction)
    return None


def in_a_group(payload: str) -> bool:
    """Whether a raw update may come from a group, where it must be known what the bot is called."""
    update = json.loads(payload)
    return any(IN_A_GROUP in key for key in (event_of(update) or ("", ""))[1:])


def _message(message: Message, own: Own | None, *, edited: bool) -> Told | None:
    if message.from_user is None or message.from_user.is_bot:
        return None
    private = message.chat.type == PRIVATE
    citizen = citizen_id(message.chat.id, None if private else message.from_user.id)
    text = message.text or message.caption or ""
    if not private:
        if own is None or not _addressed(message, own):
            return None
        text = _without_name(text, own.username)
    quote = message.message_id if edited or not private else None
    found = next(((name, thing) for name, thing in _THINGS.items() if getattr(message, name, None)), None)
    if found is None:
        return Told(kind=Kind.SAID, citizen=citizen, text=_command(text), quote=quote) if text else None
    if edited:
        return None  # a place that moves, a caption put right: explained once already
    return Told(
        kind=Kind.SENT, citizen=citizen, text=text, thing=found[1], file=_file(getattr(message, found[0])), quote=quote
    )


def _addressed(message: Message, own: Own) -> bool:
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == own.id:
        return True
    name = f"@{own.username}".lower()
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND]
    found = message.parse_entities(kinds) if message.text else {}
    under = message.parse_caption_entities(kinds) if message.caption else {}
    return any(_names(entity, words.lower(), name, own) for entity, words in {**found, **under}.items())


def _names(entity: MessageEntity, words: str, name: str, own: Own) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == own.id
    return words == name if entity.type == MessageEntity.MENTION else words.endswith(name)


def _without_name(text: str, username: str) -> str:
    return re.sub(rf"@{re.escape(username)}\b", " ", text, flags=re.IGNORECASE).strip()


def _command(text: str) -> str:
    """A command without the name of the bot that it may carry."""
    return re.sub(r"^(/\w{1,32})@\w+", r"\1", text)


def _file(sent: Any) -> str:
    """Telegram's reference of a file; of a photo the largest size."""
    if isinstance(sent, Iterable):
        sizes = list(sent)
        return str(getattr(sizes[-1], "file_id", "")) if sizes else ""
    return str(getattr(sent, "file_id", ""))


def _pressed(query: CallbackQuery) -> Told | None:
    if query.data is None or query.message is None:
        return None
    private = query.message.chat.type == PRIVATE
    markup = query.message.reply_markup if isinstance(query.message, Message) else None
    rows = markup.inline_keyboard if markup else ()
    label = next((key.text for row in rows for key in row if key.callback_data == query.data), "")
    return Told(
        kind=Kind.PRESSED,
        citizen=citizen_id(query.message.chat.id, None if private else query.from_user.id),
        text=label,
        data=query.data,
        callback=query.id,
    )


def _standing(change: ChatMemberUpdated) -> Told | None:
    here = change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT)
    if change.chat.type == PRIVATE:
        return Told(kind=Kind.REACHED if here else Kind.LOST, citizen=citizen_id(change.chat.id))
    before = change.old_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT)
    kind = Kind.JOINED if here and not before else Kind.LOST if not here else None
    return Told(kind=kind, citizen=citizen_id(change.chat.id)) if kind else None


def _reaction(change: MessageReactionUpdated) -> Told | None:
    if change.chat.type != PRIVATE:
        return None
    shown = {getattr(reaction, "emoji", "").rstrip("\ufe0f") for reaction in change.new_reaction}
    glad = True if shown & GLAD else False if shown & SAD else None
    return Told(kind=Kind.REACTED, citizen=citizen_id(change.chat.id), glad=glad, about=change.message_id)
