"""What the buttons of a subscription carry: the step, and what has been chosen so far."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.communes import Locality, communes

PREFIX = "n:"
FIELD = "field:"
"""Begins the key of a field of interest among the topics."""
INVITATION = "mr"
"""The kind of link that invites officials of a unit: "mr-CODE"."""
_STEP = re.compile(r"n:([a-z])(?::([A-Za-z0-9._-]*))?(?::([0-9a-f]{1,16}))?")
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Step:
    """A pressed button. kind: one letter; chosen: what it carries; field: id of a field of procedures."""

    kind: str
    chosen: str = ""
    field: str = ""


def step(kind: str, chosen: str = "", field: str = "") -> str:
    """The value of a button."""
    return PREFIX + kind + (f":{chosen}" if chosen or field else "") + (f":{field}" if field else "")


def read(value: str | None) -> Step | None:
    """The step behind a value; None for any other value."""
    match = _STEP.fullmatch(value or "")
    return Step(match[1], match[2] or "", match[3] or "") if match else None


def invitation(code: str) -> str | None:
    """The value behind a link that invites; None for one that no invitation has."""
    value = step("u", code)
    return value if read(value) else None


def packed(keys: Sequence[str]) -> str:
    """Topics as two letters each, so that all of them fit into one button."""
    return "".join(key[:_PAIR] for key in keys)


def unpacked(chosen: str, topics: Sequence[str]) -> tuple[str, ...]:
    """The topics again; what is no topic (any more) is left out."""
    pairs = {chosen[at : at + _PAIR] for at in range(0, len(chosen), _PAIR)}
    return tuple(key for key in topics if key[:_PAIR] in pairs)


def numbered(place: Locality) -> str:
    """A place as two numbers: "23.0" is a whole province."""
    provinces = list(communes())
    known = communes()[place.province]
    return f"{provinces.index(place.province)}.{known.index(place.commune) + 1 if place.commune else 0}"


def place(chosen: str) -> Locality | None:
    """The place again."""
    first, _, second = chosen.partition(".")
    if not (first.isdecimal() and second.isdecimal()):
        return None
    provinces = list(communes())
    if int(first) >= len(provinces):
        return None
    province = provinces[int(first)]
    known = ("", *communes()[province])
    return Locality(province, known[int(second)]) if int(second) < len(known) else None


def hours(chosen: str) -> tuple[int, int] | None:
    """ "21-7" as hours of the day."""
    first, _, second = chosen.partition("-")
    if not (first.isdecimal() and second.isdecimal()):
        return None
    since, until = int(first), int(second)
    return (since, until) if max(since, until) < 24 and since != until else None
