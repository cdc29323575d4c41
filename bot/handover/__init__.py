"""Citizens who talk with the office's people: handed over in office hours, given back when it is over."""

import hashlib
from collections.abc import Callable
from datetime import datetime, time, timedelta

import structlog

from bot.channels.reception import Thing
from bot.storage.handovers import NOTE, Handover, State, StoredHandovers
from handlers.messages import Citizen, IncomingMessage, Presence, Talk
from handlers.person import HOW_BACK
from knowledge.opening import VIETNAM, OfficeHours

REMIND_AFTER = timedelta(minutes=2)
SENT_A = "[Người dân gửi {thing}; máy không giữ tệp]"
CLOSED = (
    "Đã hết giờ làm việc mà chưa có cán bộ trả lời được Anh/Chị, mong Anh/Chị thông cảm. Máy trả lời lại từ đây. "
    "Vẫn cần gặp cán bộ, Anh/Chị nhắn lại trong giờ làm việc: {hours}."
)
QUIET = (
    "Cuộc trò chuyện với cán bộ đã kết thúc vì lâu không có tin mới. Máy trả lời lại từ đây. "
    "Cần gặp cán bộ nữa, Anh/Chị nhắn: gặp cán bộ"
)
UNANSWERED = (
    "Cán bộ chưa trả lời kịp tin cuối của Anh/Chị, mong Anh/Chị thông cảm. Máy trả lời lại từ đây. "
    "Vẫn cần gặp cán bộ, Anh/Chị nhắn: gặp cán bộ"
)
JOINS = "Cán bộ{unit} đã vào cuộc trò chuyện. " + HOW_BACK
LEAVES = "Cán bộ đã kết thúc cuộc trò chuyện. Máy trả lời lại từ đây. Cần gặp cán bộ nữa, Anh/Chị nhắn: gặp cán bộ"
WAITS_AGAIN = "Việc của Anh/Chị đang được chuyển tới cán bộ khác, xin Anh/Chị chờ. " + HOW_BACK

log = structlog.get_logger(__name__)


class Handovers:
    """What handlers (handlers.messages.People) and channels (bot.channels.reception.StaffInbox) ask of the office's
    people.

    hours: the office's, as published now; reaches: whether what staff write gets to a citizen alone; idle: after
    how long without a word a talk is over.
    """

    def __init__(
        self,
        stored: StoredHandovers,
        hours: Callable[[], OfficeHours],
        reaches: Callable[[Citizen], bool],
        idle: timedelta,
    ) -> None:
        self.stored = stored
        self.idle = idle
        self._hours = hours
        self._reaches = reaches

    @property
    def hours(self) -> OfficeHours:
        """When somebody is there."""
        return self._hours()

    def presence(self, citizen: Citizen, at: datetime) -> Presence | None:
        """See handlers.messages.People."""
        if not self._reaches(citizen):
            return None
        hours = self.hours
        is_open = hours.is_open(at)
        return Presence(open=is_open, hours=str(hours), opens=None if is_open else hours.next_opening(at))

    async def talk(self, citizen: Citizen, at: datetime) -> Talk | None:
        """See handlers.messages.People."""
        try:
            found = await self.stored.under_way(citizen)
            if found is None:
                return None
            waiting = found.state is State.WAITING
            return _talk(found, await self.stored.ahead(found) if waiting else 0, at)
        except ConnectionError:
            log.warning("not known who talks with a person")
            return None

    async def ask(self, message: IncomingMessage) -> Talk:
        """See handlers.messages.People."""
        found = await self.stored.open(message.citizen, message.received_at, asked=True)
        return _talk(found, await self.stored.ahead(found), message.received_at)

    async def pass_on(self, message: IncomingMessage, *, note: str = "", urgent: bool = False) -> bool:
        """See handlers.messages.People."""
        found = await self.stored.under_way(message.citizen)
        if found is None:
            return False
        said = note or message.text
        kind = {"speaker": NOTE} if note else {}
        at = message.received_at
        await self.stored.hear(found, said, at, message_id=message.id, urgent=urgent, **kind)
        if found.state is State.WAITING and _remind(found, at):
            await self.stored.told(found, at)
        return True

    async def give_back(self, message: IncomingMessage) -> None:
        """See handlers.messages.People."""
        await self.stored.end_by_citizen(message.citizen, message.received_at)

    async def take(self, citizen: Citizen, thing: Thing, file: str, at: datetime) -> bool:
        """Notes that something came that the machine cannot read; the file itself is not kept. False outside hours."""
        if not self._reaches(citizen):
            return False
        try:
            found = await self.stored.under_way(citizen)
            if found is None:
                if thing is Thing.OTHER or not self.hours.is_open(at):
                    return False
                found = await self.stored.open(citizen, at, asked=False)
            await self.stored.hear(found, SENT_A.format(thing=thing), at, message_id=_key(file, at))
        except ConnectionError:
            log.warning("not told to staff that something came", channel=citizen.channel)
            return False
        return True

    async def tick(self, now: datetime) -> int:
        """Gives back to the machine what lies idle, and what still waits when the office has closed."""
        hours, here = self.hours, now.astimezone(VIETNAM)
        today = datetime.combine(here.date(), time(), VIETNAM)
        closed = CLOSED.format(hours=hours)
        try:
            ended = await self.stored.end_idle(now - self.idle, now, QUIET, UNANSWERED)
            since = today if hours.opens_again_today(now) else now
            return ended + await self.stored.end_waiting(since, now, closed)
        except ConnectionError:
            log.warning("talks not looked after: the database is away")
            return 0


def _talk(found: Handover, ahead: int, at: datetime) -> Talk:
    taken = found.state is State.TAKEN
    return Talk(asked=found.asked, taken=taken, ahead=0 if taken else ahead, remind=_remind(found, at))


def _remind(found: Handover, at: datetime) -> bool:
    return at - found.told_at >= REMIND_AFTER


def _key(file: str, at: datetime) -> str:
    """The same when the event is handled again, another for the same sticker sent later."""
    return hashlib.sha256(f"{at.isoformat()} {file}".encode()).hexdigest()
