"""The ready-made campaigns of the starter: drafts for an office to complete, never sent as they are by themselves."""

import tomllib
from importlib import resources

from bot.campaigns.audience import Audience
from bot.campaigns.campaign import EVERYWHERE, Plan
from handlers.messages import Link

FILE = "ready.toml"


def ready_made() -> list[Plan]:
    """The ready-made campaigns, in the order in which staff are shown them."""
    text = resources.files("bot.campaigns").joinpath(FILE).read_text(encoding="utf-8")
    return [
        Plan(
            title=one["title"],
            texts={EVERYWHERE: one["text"].strip()},
            audience=Audience(topics=tuple(one["topics"])),
            links=tuple(Link(**link) for link in one.get("links", [])),
        )
        for one in tomllib.loads(text)["campaign"]
    ]
