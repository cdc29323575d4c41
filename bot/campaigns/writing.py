"""A campaign's words as the message that one channel sends, and as it will look there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.campaigns.campaign import Plan
from bot.campaigns.links import FILE
from bot.campaigns.topics import STOP_LINE
from handlers.messages import Citizen, Link, Outcome, Reply

FILE_LABEL = "Tệp kèm theo"

Send = Callable[[Citizen, Reply], Awaitable[None]]
"""Writes to a citizen without being asked. Raises Unreachable, TryLater, MaybeSent or Refused (bot.troubles)."""
SendTemplate = Callable[[Citizen, str, Mapping[str, str]], Awaitable[str]]
"""Sends an approved template (id, values); the platform's own name of the message. Raises as Send does."""
Broadcast = Callable[[str, Mapping[str, str]], Awaitable[str]]
"""Sends an article (id) to a demographic target; the platform's own name of it. Raises as Send does."""
Preview = Callable[[Reply], Sequence[str]]
"""The messages that a reply becomes on a channel, as people will read them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One channel, as a campaign uses it.

    name: the channel's; proactive: it may write first; per_second: messages of campaigns a second with this token, 0 =
    no limit; parallel: on their way at once; template, broadcast: None where the channel has no such way.
    """

    name: str
    send: Send
    preview: Preview
    proactive: bool = True
    per_second: int = 20
    parallel: int = 12
    template: SendTemplate | None = None
    broadcast: Broadcast | None = None


def message(plan: Plan, channel: str, addresses: Mapping[str, str]) -> Reply:
    """What is sent on a channel. addresses: our own address for each link's; the link's own where there is none."""
    text = plan.text_for(channel).strip()
    blocks = [part.strip() for part in text.split("\n\n") if part.strip()]
    links = tuple(Link(link.label, addresses.get(link.url, link.url)) for link in plan.links)
    if plan.file_id is not None and FILE in addresses:
        links = (*links, Link(FILE_LABEL, addresses[FILE]))
    return Reply(blocks=(*blocks, STOP_LINE), outcome=Outcome.SMALLTALK, links=links)


def previews(plan: Plan, outlets: Sequence[Outlet]) -> dict[str, Sequence[str]]:
    """How each channel will show it."""
    return {outlet.name: outlet.preview(message(plan, outlet.name, {})) for outlet in outlets}
