"""What citizens can ask of the desk itself on every chat platform: commands, links from posters, their data."""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.channels import Answer
from bot.channels.welcome import TYPICAL_QUESTIONS, Note, emergency_line, kept_in_the_chat, welcome
from handlers import choices, guide, person
from handlers.greeting import HOW_TO_ASK, LIMITS
from handlers.messages import Choice, Citizen, IncomingMessage, Outcome, Reply
from knowledge.entries import FAQ_PREFIX, OfficeProfile

LONGEST_LINK = 64
"""Characters that Telegram carries in a link; of A-Z, a-z, 0-9, _ and -."""
SUBSCRIPTIONS, HANDOVER = "subscriptions", "handover"
"""Modules whose commands are shown only where they are switched on."""

FORGET = Choice("Xóa dữ liệu của tôi", "du-lieu:xoa")
HOW_TO_FORGET = "Muốn xóa ngay, Anh/Chị nhắn: /dulieu xoa"
FORGOTTEN = "Đã xóa cuộc trò chuyện của Anh/Chị khỏi máy của cơ quan. Bản trong ứng dụng chat, Anh/Chị tự xóa."
NOT_FORGOTTEN = "Hiện chưa xóa được. Anh/Chị thử lại sau ít phút."
ASK = f"Anh/Chị gõ câu hỏi, ví dụ: “{TYPICAL_QUESTIONS[0]}”, “{TYPICAL_QUESTIONS[1]}”."
COMPLAIN = "Tôi muốn góp ý, phản ánh"
CLOSED = "Cơ quan chưa mở mục này trên kênh chat."
STRANGE = "Máy không có lệnh này."
STALE_LINK = "Liên kết Anh/Chị vừa mở không còn dùng được. Anh/Chị gõ câu hỏi giúp máy nhé."
NOT_READ = "Máy chỉ đọc được chữ, chưa xem được {thing}. Anh/Chị gõ câu hỏi bằng chữ giúp máy nhé."
NO_PAPERS = "Xin đừng gửi ảnh giấy tờ tùy thân hay hồ sơ qua đây."
HANDED_OVER = "Đã báo cán bộ là Anh/Chị gửi {thing}. Máy không giữ tệp; cần xem, cán bộ sẽ nói gửi qua đâu."

_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:\s+(.*))?", re.DOTALL)


class Thing(StrEnum):
    """What else than text citizens send, in their words."""

    PHOTO = "ảnh"
    VOICE = "tin nhắn thoại"
    AUDIO = "tệp âm thanh"
    VIDEO = "video"
    STICKER = "nhãn dán"
    DOCUMENT = "tệp đính kèm"
    PLACE = "vị trí"
    CONTACT = "danh thiếp"
    OTHER = "nội dung này"


PAPERS = (Thing.PHOTO, Thing.VIDEO, Thing.DOCUMENT)
"""Things in which people send their papers."""


class StaffInbox(Protocol):
    """Where staff look at what the machine cannot read."""

    async def take(self, citizen: Citizen, thing: Thing, file: str, at: datetime) -> bool:
        """True when staff will look at it: it is open, and within office hours. file: the platform's reference."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is shown. module: what must be switched on for it, "" = nothing."""

    name: str
    description: str
    module: str = ""


COMMANDS = (
    Command("start", "Bắt đầu: máy này là ai, làm được gì"),
    Command("thutuc", "Tra cứu thủ tục hành chính"),
    Command("hoidap", "Đặt câu hỏi"),
    Command("gopy", "Góp ý, phản ánh, kiến nghị"),
    Command("canbo", "Gặp cán bộ trong giờ làm việc", HANDOVER),
    Command("dangky", "Đăng ký nhận thông báo", SUBSCRIPTIONS),
    Command("huy", "Ngừng nhận thông báo", SUBSCRIPTIONS),
    Command("dulieu", "Dữ liệu được lưu và cách xóa"),
    Command("tro_giup", "Trợ giúp, số điện thoại khẩn cấp"),
)

Opener = Callable[[str], str | None]
"""From what follows the kind in a link to the value of a button; None where it leads nowhere (any more)."""


async def nothing_kept(_: Citizen) -> None:
    """For a channel that keeps nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What is the same for all chat platforms of one desk.

    days: after how many without use a conversation is deleted, None = not said; forget: deletes what is kept of a
    citizen, raises ConnectionError; modules: what is switched on beside questions; links: kinds of links that modules
    add, "cd" a campaign, "ks" a survey; staff: None = nobody looks at photos and files.
    """

    profile: OfficeProfile
    days: int | None = None
    forget: Callable[[Citizen], Awaitable[None]] = nothing_kept
    modules: frozenset[str] = frozenset()
    links: Mapping[str, Opener] = field(default_factory=dict)
    staff: StaffInbox | None = None


class Reception:
    """The desk's front on one platform. place: its name for people; buttons: choices can be pressed there."""

    def __init__(self, house: House, place: str, *, buttons: bool) -> None:
        self._house = house
        self._buttons = buttons
        self._kept = kept_in_the_chat(place, house.days)

    def commands(self) -> tuple[Command, ...]:
        """The commands of what is switched on."""
        return tuple(one for one in COMMANDS if not one.module or one.module in self._house.modules)

    def greeting(self) -> Reply:
        """The first words: that a machine answers, what it does, what is kept, where to call in an emergency."""
        said = welcome(self._house.profile, self._kept)
        return replace(said, choices=(guide.START,)) if self._buttons else said

    async def replies(self, message: IncomingMessage, answer: Answer, *, first: bool) -> list[Reply]:
        """The replies to one message, in order. first: this citizen has not been greeted yet."""
        greeted = [self.greeting()] if first else []
        if message.choice == FORGET.value:
            return [await self._forget(message.citizen)]
        command = _COMMAND.fullmatch(message.text.strip()) if message.choice is None else None
        if command is None:
            return [*greeted, await answer(message)]
        name, rest = command[1].lower(), (command[2] or "").strip()
        if name == "start" and not rest:
            return [self.greeting()]
        return [*greeted, await self._command(name, rest, message, answer)]

    async def unreadable(self, citizen: Citizen, thing: Thing, file: str, at: datetime) -> Reply:
        """What is said to something that is not text, once staff have been offered it."""
        if self._house.staff is not None and await self._house.staff.take(citizen, thing, file, at):
            return _said(HANDED_OVER.format(thing=thing))
        return _said(*self.not_read(thing), outcome=Outcome.REFUSED)

    async def beside(self, reply: Reply, citizen: Citizen, thing: Thing, file: str, at: datetime) -> Reply:
        """The reply to the words that came with something else than text; file: "" where nothing came."""
        if not file:
            return reply
        if reply.outcome is not Outcome.TO_PERSON:
            return replace(reply, blocks=(*self.not_read(thing), *reply.blocks))
        if self._house.staff is not None:
            await self._house.staff.take(citizen, thing, file, at)
        return reply

    def not_read(self, thing: Thing) -> tuple[str, ...]:
        """That the desk reads text only."""
        return (NOT_READ.format(thing=thing), *((NO_PAPERS,) if thing in PAPERS else ()))

    async def _command(self, name: str, rest: str, message: IncomingMessage, answer: Answer) -> Reply:
        known = {one.name: one for one in COMMANDS}.get(name)
        if known is not None and known not in self.commands():
            return _said(CLOSED)
        match name:
            case "start":
                value = self._opened(rest)
                return await answer(_pressed(message, value)) if value else _said(STALE_LINK)
            case "thutuc" if not rest:
                return await answer(_pressed(message, guide.START.value, guide.START.label))
            case "hoidap" if not rest:
                return _said(ASK)
            case "thutuc" | "hoidap":
                return await answer(replace(message, text=rest))
            case "gopy":
                return await answer(replace(message, text=rest or COMPLAIN))
            case "canbo":
                return await answer(_pressed(message, person.ASK.value, person.ASK.label))
            case "dulieu":
                return await self._data(rest, message.citizen)
            case "tro_giup":
                return self._help()
            case _ if known is not None:
                return await answer(message)
            case _:
                return self._help(STRANGE)

    def _help(self, *before: str) -> Reply:
        listed = "\n".join(f"• /{one.name}: {one.description}" for one in self.commands())
        return _said(*before, f"{HOW_TO_ASK} {LIMITS}", listed, emergency_line())

    async def _data(self, rest: str, citizen: Citizen) -> Reply:
        if rest.lower() in ("xoa", "xóa", "xoá"):
            return await self._forget(citizen)
        told = f"{self._kept.title}: {self._kept.text}"
        if self._buttons:
            return replace(_said(told), choices=(FORGET,))
        return _said(told, HOW_TO_FORGET)

    async def _forget(self, citizen: Citizen) -> Reply:
        try:
            await self._house.forget(citizen)
        except ConnectionError:
            return _said(NOT_FORGOTTEN, outcome=Outcome.FAILED)
        return _said(FORGOTTEN)

    def _opened(self, link: str) -> str | None:
        kind, _, rest = link.partition("-")
        opener = {"tt": _procedure, "hd": _question, "v": _value, **self._house.links}.get(kind)
        return opener(rest) if opener and rest and len(link) <= LONGEST_LINK else None


def link_to(value: str) -> str:
    """What a link carries to open a button's value. Raises ValueError for one that no link can carry."""
    pick = choices.decode(value)
    link = ""
    if pick and pick.ref.startswith(FAQ_PREFIX):
        link = f"hd-{pick.ref.removeprefix(FAQ_PREFIX)}"
    elif pick and value == choices.for_procedure(pick.ref):
        link = f"tt-{pick.ref.replace('.', '_')}"
    if {"hd": _question, "tt": _procedure}.get(link[:2], _value)(link[3:]) != value:
        link = f"v-{base64.urlsafe_b64encode(value.encode()).rstrip(b'=').decode()}"
    if len(link) > LONGEST_LINK:
        raise ValueError(f"too long for a link: {value!r}")
    return link


def _procedure(rest: str) -> str | None:
    return _valid(f"p:{rest.replace('_', '.')}:")


def _question(rest: str) -> str | None:
    return _valid(f"q:{rest}")


def _value(rest: str) -> str | None:
    try:
        value = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return _valid(value)


def _valid(value: str) -> str | None:
    return value if choices.decode(value) or choices.place(value) or choices.errand(value) else None


def _pressed(message: IncomingMessage, value: str, label: str = "") -> IncomingMessage:
    return replace(message, text=label or message.text, choice=value)


def _said(*blocks: str, outcome: Outcome = Outcome.SMALLTALK) -> Reply:
    return Reply(blocks=blocks, outcome=outcome)


__all__ = ["COMMANDS", "Command", "House", "Note", "Reception", "StaffInbox", "Thing", "link_to"]
