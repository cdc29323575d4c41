"""Procedures about one thing: what can be done with it, at which level, in which province."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import FAQ_PREFIX, Level
from knowledge.grouping import TAKEN_OUT, by_object, keys_of, kind_of, named, with_kinds
from knowledge.listing import Listed
from knowledge.titles import Parted, key_of, parted

_K = TypeVar("_K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One procedure of a family. doing: the title's words for what is done, "" where it has none;

    operations: bits of `operations.OPERATIONS`; circumstance: what the title says after the object;
    province: short name, "" = the whole country.
    """

    ref: str
    title: str
    doing: str
    operations: int
    object: str
    circumstance: str
    level: Level
    province: str
    agency: str


@dataclass(frozen=True, slots=True)
class Family:
    """The procedures about one object, as they stand in the base. object: as most of its titles spell it."""

    object: str
    members: tuple[Member, ...]

    def by_operation(self) -> dict[str, tuple[Member, ...]]:
        """The members by what is done with the object."""
        return _grouped((member.doing, member) for member in self.members)

    def by_level(self) -> dict[Level, tuple[Member, ...]]:
        """The members by the level that settles them."""
        return _grouped((member.level, member) for member in self.members)

    def by_province(self) -> dict[str, tuple[Member, ...]]:
        """The members by province, "" = the whole country."""
        return _grouped((member.province, member) for member in self.members)


class Families:
    """The families of one base; read-only. Entries of the FAQ base belong to none.

    family, kind, operations: for each entry the number of its family and of what its twins share (-1 = none), and
    its bits of `operations.OPERATIONS`.
    """

    def __init__(self, facts: Listed, corrections: Mapping[str, str] | None = None) -> None:
        """corrections: by code the name of the family in which it and all of its name are, or TAKEN_OUT."""
        self._facts = facts
        self._places = {ref: n for n, ref in enumerate(facts.ref)}
        apart = {title: parted(title) for ref, title in named(facts) if not ref.startswith(FAQ_PREFIX)}
        nothing = Parted("", 0, "", "", "")
        parts = [nothing if ref.startswith(FAQ_PREFIX) else apart[title] for ref, title in named(facts)]
        kinds = [kind_of(part, level) for part, level in zip(parts, facts.level, strict=True)]
        keys = keys_of(facts, parts, corrections or {})
        self._keys = keys
        self._names = {key_of(name): name for name in (corrections or {}).values() if name != TAKEN_OUT}
        self.family = with_kinds(by_object(facts, keys), facts, keys, [kind[1] for kind in kinds])
        self.kind = _numbered(
            (number, kind) if number >= 0 else None for number, kind in zip(self.family.tolist(), kinds, strict=True)
        )
        self.operations: NDArray[np.int32] = np.asarray([part.operations for part in parts], dtype=np.int32)
        self._order = np.argsort(self.family, kind="stable").astype(np.int32)
        self._sorted = self.family[self._order]
        self._kinds = np.argsort(self.kind, kind="stable").astype(np.int32)
        self._sorted_kinds = self.kind[self._kinds]

    def member(self, ref: str) -> Member | None:
        """A procedure with its title taken apart; None where it is in no family."""
        place = self._places.get(ref)
        return None if place is None or self.family[place] < 0 else self._member(place)

    def family_of(self, ref: str) -> Family | None:
        """The family of a procedure, which may be alone in it; None where it is in none."""
        place = self._places.get(ref)
        if place is None or self.family[place] < 0:
            return None
        places = _run(self._order, self._sorted, int(self.family[place]))
        return Family(self._object(places), tuple(self._member(n) for n in places))

    def object_of(self, refs: Sequence[str]) -> str:
        """What some procedures of one family are about, as most of their titles spell it; "" for none."""
        return self._object([self._places[ref] for ref in refs if ref in self._places])

    def _object(self, places: Sequence[int]) -> str:
        named = Counter(name for n in places if (name := self._names.get(self._keys[n] or "")))
        spelled = named or Counter(parted(self._facts.title[n]).object for n in places)
        return min(spelled, key=lambda name: (-spelled[name], len(name), name), default="")

    def same_family(self, ref: str, other: str) -> bool:
        """Whether two procedures are about one object."""
        numbers = {int(self.family[self._places[r]]) if r in self._places else -1 for r in (ref, other)}
        return len(numbers) == 1 and -1 not in numbers

    def twins(self, ref: str) -> tuple[str, ...]:
        """The same done with the same thing at another level, in a province, or under another code.

        The procedure itself is left out; those of the whole country stand first.
        """
        place = self._places.get(ref)
        if place is None or self.kind[place] < 0:
            return ()
        places = [n for n in _run(self._kinds, self._sorted_kinds, int(self.kind[place])) if n != place]
        return tuple(self._facts.ref[n] for n in sorted(places, key=lambda n: (self._facts.province[n], n)))

    def _member(self, place: int) -> Member:
        part = parted(self._facts.title[place])
        return Member(
            ref=self._facts.ref[place],
            title=self._facts.title[place],
            doing=part.doing,
            operations=part.operations,
            object=part.object,
            circumstance=part.circumstance,
            level=self._facts.level[place],
            province=self._facts.province[place],
            agency=self._facts.agency[place],
        )


def _numbered(values: Iterable[tuple[int, tuple[str, str, str]] | None]) -> NDArray[np.int32]:
    seen: dict[tuple[int, tuple[str, str, str]], int] = {}
    numbers = [-1 if value is None else seen.setdefault(value, len(seen)) for value in values]
    return np.asarray(numbers, dtype=np.int32)


def _run(order: NDArray[np.int32], values: NDArray[np.int32], wanted: int) -> list[int]:
    first, last = np.searchsorted(values, wanted), np.searchsorted(values, wanted, side="right")
    return [int(n) for n in order[first:last]]


def _grouped(pairs: Iterable[tuple[_K, Member]]) -> dict[_K, tuple[Member, ...]]:
    groups: dict[_K, list[Member]] = {}
    for key, member in pairs:
        groups.setdefault(key, []).append(member)
    return {key: tuple(members) for key, members in groups.items()}
