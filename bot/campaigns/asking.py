"""What a handler may do to subscriptions, over the followers in the database."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from bot.campaigns.followers import Agreement, StoredFollowers
from handlers.messages import Citizen, IncomingMessage

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class Subscribing:
    """handlers.messages.Subscriptions. channels: names of those that may write first."""

    zone = VIETNAM

    def __init__(self, followers: StoredFollowers, channels: Collection[str]) -> None:
        self._followers = followers
        self._channels = frozenset(channels)

    def reaches(self, channel: str) -> bool:
        """Whether this channel may write first."""
        return channel in self._channels

    async def topics(self, citizen: Citizen) -> tuple[str, ...] | None:
        """What they receive; None for somebody who receives nothing."""
        found = await self._followers.of(citizen)
        return found.topics if found is not None and found.active else None

    async def agree(self, message: IncomingMessage, topics: tuple[str, ...], wording: str, *, unit: str = "") -> None:
        """Records the yes of this message to these words."""
        yes = Agreement(
            citizen=message.citizen, topics=topics, wording=wording, said=message.text, message_id=message.id
        )
        await self._followers.agree(yes, message.received_at, unit=unit)

    async def stop(self, message: IncomingMessage) -> bool:
        """Records the no of this message; True where there was a yes."""
        return await self._followers.stop(message.citizen, message.text, message.id, message.received_at)

    async def keep_quiet(self, citizen: Citizen, hours: tuple[int, int] | None) -> None:
        """The hours in which they want nothing."""
        await self._followers.keep_quiet(citizen, hours)

    async def unit(self, code: str) -> str | None:
        """The unit that invites with this code."""
        found = await self._followers.invitation(code)
        return found.unit if found else None
