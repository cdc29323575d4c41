"""What talks with citizens need in tests: a channel that keeps what is sent, and the office's people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.routing import BaseRoute

from bot.channel_states import ChannelWatch
from bot.channels import Answer, Capabilities, Health, Receive
from bot.events import Event
from bot.handover import Handovers
from bot.handover.post import Post
from bot.sending import Outgoing
from bot.staff import TalkRoom
from bot.storage.handover_post import StoredPost
from bot.storage.handovers import StoredHandovers
from bot.storage.inbox import StoredInbox
from bot.storage.service_state import StoredSends
from handlers.messages import Citizen, IncomingMessage, Reply
from knowledge.opening import OfficeHours, read_hours
from knowledge.workdays import Workdays

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
IN_HOURS = datetime(2026, 11, 23, 9, 0, tzinfo=HERE)
"""Monday morning."""
AT_LUNCH = IN_HOURS.replace(hour=12)
AFTER_HOURS = IN_HOURS.replace(hour=17, minute=30)
HOURS = "Thứ Hai đến thứ Sáu: 7h30–11h30, 13h30–17h"
IDLE = timedelta(minutes=30)
AN, BINH = Citizen("mailbox", "an"), Citizen("mailbox", "binh")
_numbers = count(1)


@dataclass
class Mailbox:
    """A channel that keeps what it is to send. troubles: raised one after the other instead."""

    sent: list[tuple[Citizen, Reply]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    name: str = "mailbox"
    health: Health = Health(well=True, detail="ổn")
    capabilities = Capabilities(proactive=True, buttons=False, max_length=2000, edit=False)

    def routes(self, receive: Receive) -> Sequence[BaseRoute]:
        return ()

    async def run(self, receive: Receive) -> None:
        return

    async def handle(self, event: Event, answer: Answer) -> str:
        return "answered"

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append((citizen, reply))

    async def check(self) -> Health:
        return self.health

    def texts(self, citizen: Citizen = AN) -> list[str]:
        """What one citizen has got."""
        return ["\n".join(reply.blocks) for whom, reply in self.sent if whom == citizen]


@dataclass
class TalkParts:
    """The people of an office whose citizens write to one mailbox."""

    mailbox: Mailbox
    outgoing: Outgoing
    stored: StoredHandovers
    people: Handovers
    post: Post
    watch: ChannelWatch

    @property
    def room(self) -> TalkRoom:
        """As the staff desk is given it."""
        return TalkRoom(self.people, self.post)


def talk_parts(engine: AsyncEngine, now: Callable[[], datetime], hours: str = HOURS) -> TalkParts:
    """Put together over one database."""
    mailbox, sends = Mailbox(), StoredSends(engine)
    outgoing = Outgoing(sends, now, [mailbox])
    stored = StoredHandovers(engine)
    open_hours = OfficeHours(read_hours(hours), Workdays())
    people = Handovers(stored, lambda: open_hours, outgoing.reaches, IDLE)
    post = Post(StoredPost(engine), outgoing.send, now)
    watch = ChannelWatch(lambda: outgoing.channels, StoredInbox(engine), sends)
    return TalkParts(mailbox, outgoing, stored, people, post, watch)


def said(text: str, at: datetime = IN_HOURS, citizen: Citizen = AN, choice: str | None = None) -> IncomingMessage:
    """A message under an id of its own."""
    return IncomingMessage(id=f"t{next(_numbers)}", citizen=citizen, text=text, received_at=at, choice=choice)
