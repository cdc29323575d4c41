"""Procedures as on shelves: sectors, fields and what is to be done, the office's own and the most used first."""

import functools
import json
import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from knowledge.entries import FAQ_PREFIX, Hit, Level, OfficeProfile
from knowledge.lifeevents import life_events
from knowledge.listing import Listed
from knowledge.operations import FIRST, OPERATIONS, operations
from knowledge.text import fold

OTHER_OPERATION = "other"
_SET_WORD = "thu tuc "


@dataclass(frozen=True, slots=True)
class Shelf:
    """The procedures of one field, the likeliest wanted first. id: eight hexadecimal digits; own: of the office."""

    id: str
    name: str
    hits: tuple[Hit, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """Several fields under one name."""

    id: str
    name: str
    shelves: tuple[Shelf, ...]


class Shelves:
    """The whole catalogue of one office: procedures of other provinces are left out where its province is known."""

    def __init__(self, facts: Listed, profile: OfficeProfile) -> None:
        ranked = sorted(_hits(facts, profile), key=lambda pair: _order(pair[0], profile))
        by_field: dict[str, list[Hit]] = {}
        for hit, field in ranked:
            by_field.setdefault(field, []).append(hit)
        mine = {fold(name) for name in profile.fields}
        shelves = [
            Shelf(_id(name), name, tuple(hits), fold(name) in mine or any(_of_agency(h, profile) for h in hits))
            for name, hits in by_field.items()
        ]
        self.own = tuple(sorted((s for s in shelves if s.own), key=lambda s: (fold(s.name) not in mine, -len(s.hits))))
        self.sectors = tuple(sorted(_sectors(shelves), key=lambda sector: _rank(sector.shelves[0].hits)))
        self._shelves = {shelf.id: shelf for shelf in shelves}

    def shelf(self, id: str) -> Shelf | None:  # noqa: A002 - a shelf's own name for itself
        """The field with this id."""
        return self._shelves.get(id)

    def sector(self, id: str) -> Sector | None:  # noqa: A002
        """The sector with this id, if any of its fields has procedures."""
        return next((sector for sector in self.sectors if sector.id == id), None)


def by_operation(hits: Iterable[Hit]) -> dict[str, tuple[Hit, ...]]:
    """The same procedures by what is to be done (a name of OPERATIONS or OTHER_OPERATION), the largest group first."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(_operation(hit.title), []).append(hit)
    last = groups.pop(OTHER_OPERATION, [])
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return {name: tuple(found) for name, found in (*ordered, (OTHER_OPERATION, last)) if found}


@functools.cache
def most_used() -> tuple[str, ...]:
    """Codes, the most used in the whole country first; then those of the life events."""
    lines = files("knowledge").joinpath("starter/procedures.jsonl").read_text(encoding="utf-8").splitlines()
    shipped = [json.loads(line)["code"] for line in lines if line.strip()]
    return tuple(dict.fromkeys((*shipped, *(code for event in life_events() for code in event.procedures))))


@functools.cache
def _used() -> Mapping[str, int]:
    return {code: rank for rank, code in enumerate(most_used())}


@functools.cache
def _operation(title: str) -> str:
    found = operations(title.lower())
    telling = found & ~FIRST or found
    return next((name for bit, name in enumerate(OPERATIONS) if telling >> bit & 1), OTHER_OPERATION)


def _hits(facts: Listed, profile: OfficeProfile) -> Iterable[tuple[Hit, str]]:
    province = fold(profile.province)
    rows = zip(facts.ref, facts.title, facts.level, facts.agency, facts.field, facts.province, strict=True)
    for ref, title, level, agency, field, of in rows:
        elsewhere = bool(of and province) and province not in fold(of)
        name = " ".join(field.split())
        if name and not elsewhere and not ref.startswith(FAQ_PREFIX):
            name = name[0].upper() + name[1:]
            hit = Hit(ref=ref, title=title, score=0.0, confidence=1.0, level=level, agency=agency, province=of or None)
            yield hit, name


def _order(hit: Hit, profile: OfficeProfile) -> tuple[bool, bool, int, str, str]:
    title = fold(hit.title).removeprefix(_SET_WORD)
    return not _is_own(hit, profile), bool(hit.province), _used().get(hit.ref, len(_used())), title, hit.ref


def _is_own(hit: Hit, profile: OfficeProfile) -> bool:
    if profile.agencies:
        return _of_agency(hit, profile)
    return profile.level is not Level.UNKNOWN and hit.level is profile.level


def _of_agency(hit: Hit, profile: OfficeProfile) -> bool:
    named = fold(hit.agency)
    return any(fold(agency) in named for agency in profile.agencies)


def _rank(hits: Sequence[Hit]) -> tuple[int, int]:
    return min((_used().get(hit.ref, len(_used())) for hit in hits), default=len(_used())), -len(hits)


def _sectors(shelves: Iterable[Shelf]) -> Iterable[Sector]:
    held: dict[str, list[Shelf]] = {}
    for shelf in shelves:
        held.setdefault(_sector_of(shelf.name), []).append(shelf)
    for id_, name, _ in _shipped_sectors():
        if id_ in held:
            yield Sector(id_, name, tuple(sorted(held[id_], key=lambda shelf: (not shelf.own, _rank(shelf.hits)))))


def _sector_of(field: str) -> str:
    sectors = _shipped_sectors()
    lowered = field.lower()
    return next((id_ for id_, _, words in sectors if words and words.search(lowered)), sectors[-1][0])


@functools.cache
def _shipped_sectors() -> tuple[tuple[str, str, re.Pattern[str] | None], ...]:
    rows = tomllib.loads(files("knowledge").joinpath("sectors.toml").read_text(encoding="utf-8"))["sector"]
    return tuple((row["id"], row["name"], _whole_words(row["words"])) for row in rows)


def _whole_words(words: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None


def _id(name: str) -> str:
    return f"{zlib.crc32(fold(name).encode()):08x}"
