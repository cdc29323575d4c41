"""Campaigns to begin from: a title, a text and a link of another page, or one of the ready-made ones."""

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from bot.campaigns.audience import Audience
from bot.campaigns.campaign import EVERYWHERE, LONGEST_TITLE, Plan
from handlers.messages import Link

READ_MORE = "Xem thêm"
TO_FILL_IN = "[điền"
"""Begins what a ready-made text leaves to the office; nothing goes out while one is left."""


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A ready-made campaign. key: of its file; hint: what to look at before it goes out."""

    key: str
    plan: Plan
    hint: str


def draft_from(title: str, text: str, link: str = "") -> Plan:
    """A campaign to go on writing, for everybody who subscribed. link: "" = none; the caller need not shorten."""
    links = (Link(READ_MORE, link),) if link else ()
    return Plan(title=title.strip()[:LONGEST_TITLE], texts={EVERYWHERE: text.strip()}, links=links)


@functools.cache
def ready_made() -> tuple[ReadyMade, ...]:
    """The campaigns shipped with the program, in the order of their files."""
    folder = files("bot.campaigns").joinpath("starter")
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(_read(file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")) for file in found)


def ready_made_named(key: str) -> ReadyMade | None:
    """One of them."""
    return next((one for one in ready_made() if one.key == key), None)


def _read(key: str, content: str) -> ReadyMade:
    told = tomllib.loads(content)
    plan = Plan(
        title=told["title"],
        texts={EVERYWHERE: told["text"].strip()},
        links=tuple(Link(link["label"], link["url"]) for link in told.get("links", ())),
        procedures=tuple(told.get("procedures", ())),
        audience=Audience(topics=tuple(told["topics"])),
        expires_at=told.get("not_after"),
    )
    return ReadyMade(key=key, plan=plan, hint=told["hint"])
