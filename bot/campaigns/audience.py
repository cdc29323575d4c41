"""To whom a campaign goes: what can be chosen, how many that is, and the same as one SQL condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Who somebody is to the office."""

    CITIZEN = "citizen"
    OFFICIAL = "official"


KIND_NAMES: Mapping[Kind, str] = {Kind.CITIZEN: "Người dân, doanh nghiệp", Kind.OFFICIAL: "Cán bộ, công chức"}


class Route(StrEnum):
    """How a citizen is reached: free text, a paid template, or not at all."""

    TEXT = "text"
    TEMPLATE = "template"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is meant; an empty part says nothing. Only people who agreed to be written to are ever counted.

    channels: names; topics, fields: one of them chosen; kinds: values of Kind; units: of officials; provinces: names
    ("Sơn La"); communes: "Sơn La/phường Tô Hiệu"; the `not_` parts take people out again.
    """

    channels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    not_channels: tuple[str, ...] = ()
    not_topics: tuple[str, ...] = ()
    not_units: tuple[str, ...] = ()
    not_communes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One of the people meant, as staff may see them: never the whole id. shown: "…4821"."""

    channel: str
    shown: str
    kind: str
    place: str
    topics: tuple[str, ...]
    route: Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many people would be written to now.

    total: agreed and chosen; by_channel: of all; by_route: free text, paid template, none (reachable by no way: offer
    the text for posting by hand); price: VND that the templates would cost, cut at the budget; priced_out: people whom
    the budget leaves out; examples: up to ten.
    """

    total: int
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_route: Mapping[Route, int] = field(default_factory=dict)
    price: int = 0
    priced_out: int = 0
    examples: tuple[Example, ...] = ()
