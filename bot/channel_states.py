"""How each channel is: what staff look at first when somebody says that no answer comes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.channels import Channel, Health
from bot.moment import VIETNAM
from bot.storage.inbox import Figures, StoredInbox
from bot.storage.service_state import StoredSends

NEVER = "chưa có"
NOT_ASKED = Health(well=True, detail="chưa hỏi nền tảng")


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel now. health: what the platform says, tokens included; figures: None while the database is away;
    last_send: when it last wrote to somebody who had not asked just then."""

    name: str
    health: Health
    figures: Figures | None
    last_send: datetime | None = None

    @property
    def detail(self) -> str:
        """One line for people."""
        if self.figures is None:
            return self.health.detail
        told = [
            self.health.detail,
            f"tin đến cuối: {_clock(self.figures.last_event)}",
            f"trả lời cuối: {_clock(self.figures.last_answer)}",
            f"chủ động gửi cuối: {_clock(self.last_send)}",
            f"đang chờ: {self.figures.waiting}",
            f"không trả lời được: {self.figures.failed}",
        ]
        if self.figures.waiting:
            told.append(f"chờ từ: {_clock(self.figures.oldest_waiting)}")
        if self.figures.last_error:
            told.append(f"lỗi cuối: {self.figures.last_error}")
        return "; ".join(told)

    def as_json(self) -> dict[str, Any]:
        """The same for programs; times in ISO 8601, null where nothing has happened."""
        figures = asdict(self.figures) if self.figures else {}
        plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in figures.items()}
        sent = self.last_send.isoformat() if self.last_send else None
        return {"channel": self.name, **asdict(self.health), **({**plain, "last_send": sent} if plain else {})}


async def states(channels: Iterable[Channel], inbox: StoredInbox, sends: StoredSends) -> list[ChannelState]:
    """How these channels are; each platform is asked. Never raises for what is away."""
    return [await _state(channel.name, await channel.check(), inbox, sends) for channel in channels]


async def _state(name: str, health: Health, inbox: StoredInbox, sends: StoredSends) -> ChannelState:
    try:
        return ChannelState(name, health, await inbox.figures(name), (await sends.all()).get(name))
    except ConnectionError:
        return ChannelState(name, health, None)


class ChannelWatch:
    """The channels of this process for the staff's pages: no page waits for a platform that does not answer.

    channels: those there are now.
    """

    def __init__(self, channels: Callable[[], Sequence[Channel]], inbox: StoredInbox, sends: StoredSends) -> None:
        self._channels = channels
        self._inbox = inbox
        self._sends = sends
        self._health: dict[str, Health] = {}

    async def look(self) -> None:
        """Asks each platform; to be called now and then."""
        for channel in self._channels():
            self._health[channel.name] = await channel.check()

    async def states(self) -> list[ChannelState]:
        """How the channels are, with what the platforms last said."""
        names = [channel.name for channel in self._channels()]
        known = [(name, self._health.get(name, NOT_ASKED)) for name in names]
        return [await _state(name, health, self._inbox, self._sends) for name, health in known]

    def unwell(self) -> int:
        """How many are not well, by what they last said."""
        names = {channel.name for channel in self._channels()}
        return sum(not health.well for name, health in self._health.items() if name in names)


def _clock(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if moment else NEVER
