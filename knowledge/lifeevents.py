"""What happens in life, with the procedures it brings: read from the data file beside, for the chat and the pages."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens in life. procedures: what each code is called there, the most common first."""

    id: str
    name: str
    procedures: Mapping[str, str]


@functools.cache
def life_events() -> tuple[LifeEvent, ...]:
    """All events, in the order in which they are shown."""
    text = files("knowledge").joinpath("lifeevents.toml").read_text(encoding="utf-8")
    return tuple(
        LifeEvent(row["id"], row["name"], MappingProxyType(row["procedures"])) for row in tomllib.loads(text)["event"]
    )
