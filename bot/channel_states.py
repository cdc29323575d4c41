"""How each channel is: what staff look at first when somebody says that no answer comes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.channels import Channel, Health
from bot.moment import VIETNAM
from bot.storage.inbox import Figures, StoredInbox

NEVER = "chưa có"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One channel now. health: what the platform says, tokens included; figures: None while the database is away."""

    name: str
    health: Health
    figures: Figures | None

    @property
    def detail(self) -> str:
        """One line for people."""
        if self.figures is None:
            return self.health.detail
        told = [
            self.health.detail,
            f"tin đến cuối: {_clock(self.figures.last_event)}",
            f"trả lời cuối: {_clock(self.figures.last_answer)}",
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
        return {"channel": self.name, **asdict(self.health), **plain}


async def states(channels: Iterable[Channel], inbox: StoredInbox) -> list[ChannelState]:
    """How these channels are; each platform is asked. Never raises for what is away."""
    return [await _state(channel, inbox) for channel in channels]


async def _state(channel: Channel, inbox: StoredInbox) -> ChannelState:
    health = await channel.check()
    try:
        figures = await inbox.figures(channel.name)
    except ConnectionError:
        figures = None
    return ChannelState(name=channel.name, health=health, figures=figures)


def _clock(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if moment else NEVER
