"""The way out to citizens who have not asked just now, whatever their channel; remembers when each was last used."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.channels import IN_A_GROUP, Channel, Unreachable
from handlers.messages import Citizen, Reply

NOTE_EVERY = timedelta(seconds=10)
"""A campaign sends thousands: when the last one went out is written down this often."""
NO_CHANNEL = "channel switched off"

log = structlog.get_logger(__name__)


class LastSends(Protocol):
    """Where it is kept when something was last sent (bot.storage.service_state). Both raise ConnectionError."""

    async def note(self, channel: str, at: datetime) -> None: ...


class Outgoing:
    """The channels of this process by name."""

    def __init__(self, sends: LastSends, now: Callable[[], datetime], channels: Iterable[Channel] = ()) -> None:
        self._sends = sends
        self._now = now
        self._channels = {channel.name: channel for channel in channels}
        self._noted: dict[str, datetime] = {}

    def add(self, *channels: Channel) -> None:
        """More ways out."""
        self._channels.update({channel.name: channel for channel in channels})

    @property
    def channels(self) -> list[Channel]:
        """Every channel that can be written to."""
        return list(self._channels.values())

    def reaches(self, citizen: Citizen) -> bool:
        """Whether a citizen can be written to from here, and nobody else reads it."""
        found = self._channels.get(citizen.channel)
        return found is not None and found.capabilities.proactive and IN_A_GROUP not in citizen.id

    async def send(self, citizen: Citizen, reply: Reply) -> None:
        """Writes to a citizen by their own channel. Raises Unreachable, TryLater, MaybeSent or Refused."""
        channel = self._channels.get(citizen.channel)
        if channel is None:
            raise Unreachable(NO_CHANNEL)
        await channel.send(citizen, reply)
        await self._note(channel.name)

    async def _note(self, name: str) -> None:
        now, before = self._now(), self._noted.get(name)
        if before is not None and now - before < NOTE_EVERY:
            return
        self._noted[name] = now
        try:
            await self._sends.note(name, now)
        except ConnectionError:
            log.warning("not noted that something was sent", channel=name)
