"""Citizens' and officials' subscriptions as handlers use them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.followers import Agreement, StoredFollowers
from bot.campaigns.topics import TOPICS, WORDING, names
from handlers.messages import Citizen, IncomingMessage, Subscription

OFFICIAL_WORDING = (
    "Anh/Chị đồng ý nhận thông báo công việc với tư cách cán bộ, công chức của {unit}. Cơ quan chỉ dùng mã tài khoản "
    "trò chuyện này để gửi tin, không chuyển cho bên khác. Anh/Chị nhắn HỦY bất cứ lúc nào để thôi nhận ngay."
)


class StoredSubscriptions:
    """Implements handlers.messages.Subscriptions over one database. channels: those that may write first."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime], channels: Collection[str]) -> None:
        self._followers = StoredFollowers(engine)
        self._now = now
        self._channels = frozenset(channels)

    @property
    def topics(self) -> Mapping[str, str]:
        """What can be chosen."""
        return TOPICS

    def open_on(self, channel: str) -> bool:
        """Whether a channel can write to people first."""
        return channel in self._channels

    def wording(self, topics: Sequence[str], unit: str = "") -> str:
        """The words to agree to."""
        return OFFICIAL_WORDING.format(unit=unit) if unit else WORDING.format(topics=names(tuple(topics)))

    async def of(self, citizen: Citizen) -> Subscription | None:
        """What they receive now."""
        found = await self._followers.of(citizen)
        if found is None or not found.active:
            return None
        place = ", ".join(filter(None, (found.commune, found.province)))
        return Subscription(topics=found.topics, place=place, quiet=found.quiet, unit=found.unit)

    async def agree(self, message: IncomingMessage, topics: Sequence[str], wording: str, unit: str = "") -> None:
        """Records a yes."""
        agreement = Agreement(
            citizen=message.citizen,
            topics=tuple(topics),
            wording=wording,
            said=message.text or message.choice or "",
            message_id=message.id,
        )
        await self._followers.agree(agreement, self._now(), unit=unit)

    async def stop(self, message: IncomingMessage) -> None:
        """Records a no."""
        await self._followers.stop(message.citizen, message.text or message.choice or "", message.id, self._now())

    async def settle(self, citizen: Citizen, province: str, commune: str) -> None:
        """Where they live."""
        await self._followers.settle(citizen, province=province, commune=commune)

    async def keep_quiet(self, citizen: Citizen, hours: tuple[int, int] | None) -> None:
        """When they want nothing."""
        await self._followers.keep_quiet(citizen, hours)

    async def unit(self, code: str) -> str:
        """The unit that invites with this code."""
        found = await self._followers.invitation(code)
        return found.unit if found else ""
