"""What the pages of the campaigns need of the rest of the service: its channels, its site, who asks its links."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.campaigns.checks import LinkAnswers
from bot.campaigns.choosing import Reach
from bot.campaigns.writing import Outlet
from handlers.subscription.values import INVITATION

REMEMBERED = timedelta(minutes=2)
"""How long it is not asked again whether a link answers, as long as it did."""
MOST_REMEMBERED = 200


async def unasked(_: str) -> str:
    """For a desk that cannot ask links."""
    return "chưa kiểm tra được: máy này không mở được đường dẫn ra ngoài."


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigning:
    """outlets, reach: of the channels that are on; site: our public address, "" = none; answers: asks a link;
    telegram: the bot's name and zalo: the account's number, for invitations, "" = unknown."""

    outlets: Sequence[Outlet] = ()
    reach: Reach = field(default_factory=Reach)
    site: str = ""
    answers: LinkAnswers = unasked
    telegram: str = ""
    zalo: str = ""

    def invitations(self, code: str) -> Mapping[str, str]:
        """The addresses that open the desk, by the channel's name for people; {} where only the code helps."""
        found = {}
        if self.telegram:
            found["Telegram"] = f"https://t.me/{self.telegram}?start={INVITATION}-{code}"
        if self.zalo:
            found["Zalo"] = f"https://zalo.me/{self.zalo}"
        return found


class Remembering:
    """Asks links, several at once, and those that answered not again for a while."""

    def __init__(self, answers: LinkAnswers, now: Callable[[], datetime]) -> None:
        self._answers = answers
        self._now = now
        self._well: dict[str, datetime] = {}

    async def __call__(self, url: str) -> str:
        """What is wrong with a link, "" = it answers."""
        if url in self._well and self._now() - self._well[url] < REMEMBERED:
            return ""
        wrong = await self._answers(url)
        if not wrong:
            if len(self._well) >= MOST_REMEMBERED:
                self._well.clear()
            self._well[url] = self._now()
        return wrong


def asked_together(answers: LinkAnswers, urls: Sequence[str]) -> LinkAnswers:
    """The same, asking all these links at once instead of one after the other."""
    asking: dict[str, Awaitable[str]] = {url: asyncio.ensure_future(answers(url)) for url in dict.fromkeys(urls)}

    async def told(url: str) -> str:
        return await (asking[url] if url in asking else answers(url))

    return told
