"""Campaigns as staff see them: the messages of each platform, the audience in words, who may do what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.campaigns.audience import KIND_NAMES, Audience, Kind
from bot.campaigns.campaign import Campaign, Move, Plan
from bot.campaigns.links import FILE, PATH
from bot.campaigns.topics import TOPICS
from bot.campaigns.writing import message
from bot.channels.rendering import as_messages
from bot.staff.campaigning import Campaigning
from bot.staff.visit import Visit
from bot.storage.staff import Role
from handlers.messages import Reply

CHANNEL_NAMES: Mapping[str, str] = {
    "telegram": "Telegram",
    "zalo_oa": "Zalo (Official Account)",
    "zalo_bot": "Zalo Bot",
    "web": "Trang web",
    "console": "Dòng lệnh",
}
LIMITS: Mapping[str, int] = {"telegram": 4096, "zalo_oa": 2000, "zalo_bot": 2000, "web": 100_000}
"""Characters of one message; where a channel is switched on, it says for itself."""
WRITABLE = ("telegram", "zalo_oa", "zalo_bot")
"""Platforms that a campaign may have a text of its own for, whether they are on yet or not."""
UNDER_WORDS = ("telegram", "web")
"""Where a link stands under its words; elsewhere its address is shown."""
SAMPLE = "xxxxxxxxxxx"
"""Stands in a preview for the code of our own address, which is made when the campaign goes out."""
WRITERS = (Role.EDITOR, Role.APPROVER)
STEERERS = (Role.EDITOR, Role.APPROVER, Role.OPERATOR)
MAY: Mapping[Move, tuple[Role, ...]] = {
    Move.EDIT: WRITERS,
    Move.SUBMIT: WRITERS,
    Move.APPROVE: (Role.APPROVER,),
    Move.SEND_BACK: (Role.APPROVER,),
    Move.SCHEDULE: (Role.APPROVER,),
    Move.PAUSE: STEERERS,
    Move.RESUME: STEERERS,
    Move.CANCEL: STEERERS,
    Move.RESEND: STEERERS,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message. link: where its words lead, "" = they are only words."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one platform shows. on: the channel is switched on; messages: each as its lines."""

    channel: str
    name: str
    on: bool
    messages: Sequence[Sequence[Line]]
    longest: int


def channel_name(channel: str) -> str:
    """A channel for people."""
    return CHANNEL_NAMES.get(channel, channel)


def channels_of(desk: Campaigning) -> list[str]:
    """Every channel that can be chosen."""
    return list(dict.fromkeys((*(outlet.name for outlet in desk.outlets), *WRITABLE)))


def previews(plan: Plan, desk: Campaigning) -> list[Preview]:
    """The campaign on every platform, with addresses as long as those that will be sent."""
    site = f"{desk.site.rstrip('/')}{PATH}"
    own = {link.url: f"{site}{SAMPLE}" for link in plan.links} if desk.site else {}
    if desk.site and plan.file_id is not None:
        own[FILE] = f"{site}{FILE}/{plan.file_id}"
    on = {outlet.name: outlet.preview for outlet in desk.outlets}
    found = []
    for channel in (*channels_of(desk), "web"):
        reply = message(plan, channel, own)
        make: Callable[[Reply], Sequence[str]] = on.get(channel) or _as_on(channel)
        texts = make(reply)
        lines = [[_line(line, reply, channel) for line in text.split("\n")] for text in texts]
        longest = max((len(text) for text in texts), default=0)
        found.append(Preview(channel, channel_name(channel), channel in on, lines, longest))
    return found


def by_hand(plan: Plan) -> str:
    """The text to post where no channel of ours reaches: Facebook, the office's site, a notice board."""
    links = "\n".join(f"{link.label}: {link.url}" for link in plan.links)
    return "\n\n".join(filter(None, (plan.title, plan.text_for(""), links)))


def audience_words(audience: Audience) -> list[tuple[str, str]]:
    """Who is meant, part by part; only parts that were chosen."""
    told = (
        ("Kênh", map(channel_name, audience.channels)),
        ("Chủ đề đã đăng ký", (TOPICS.get(key, key) for key in audience.topics)),
        ("Lĩnh vực quan tâm", audience.fields),
        ("Nhóm", (KIND_NAMES[Kind(kind)] for kind in audience.kinds)),
        ("Đơn vị", audience.units),
        ("Tỉnh, thành phố", audience.provinces),
        ("Phường, xã", (place.replace("/", " – ") for place in audience.communes)),
        ("Trừ kênh", map(channel_name, audience.not_channels)),
        ("Trừ chủ đề", (TOPICS.get(key, key) for key in audience.not_topics)),
        ("Trừ đơn vị", audience.not_units),
        ("Trừ phường, xã", (place.replace("/", " – ") for place in audience.not_communes)),
    )
    return [(name, "; ".join(values)) for name, values in ((name, list(values)) for name, values in told) if values]


def may(visit: Visit, campaign: Campaign, move: Move) -> bool:
    """Whether this visitor may do this to this campaign now. Nobody approves own work."""
    own = campaign.author == visit.me.name
    return move in campaign.moves and visit.may(*MAY[move]) and not (move is Move.APPROVE and own)


def _as_on(channel: str) -> Callable[[Reply], Sequence[str]]:
    return lambda reply: as_messages(reply, LIMITS.get(channel, LIMITS["web"]), buttons=False)


def _line(text: str, reply: Reply, channel: str) -> Line:
    if channel in UNDER_WORDS:
        for link in reply.links:
            if text == f"{link.label}: {link.url}":
                return Line(link.label, link.url)
    return Line(text)
