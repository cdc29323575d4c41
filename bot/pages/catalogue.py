"""The catalogue of one revision: enough of every procedure to list, filter and count it."""

import functools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from bot.pages.published import Published
from handlers.describe.office import is_own, receiver
from handlers.describe.wording import one_line
from knowledge.entries import Level, OfficeProfile, Procedure
from knowledge.text import fold, tokens

LEVELS = {"xa": Level.COMMUNE, "tinh": Level.PROVINCE, "bo": Level.MINISTRY}
LEVEL_NAMES = {Level.COMMUNE: "Cấp xã", Level.PROVINCE: "Cấp tỉnh", Level.MINISTRY: "Cấp bộ", Level.UNKNOWN: ""}
AUDIENCES = {
    "ca-nhan": "Cá nhân",
    "doanh-nghiep": "Doanh nghiệp, hợp tác xã",
    "to-chuc": "Tổ chức khác",
    "can-bo": "Cán bộ, công chức",
}
_WHO = (
    ("can-bo", re.compile(r"cán bộ|công chức|viên chức|đảng viên", re.IGNORECASE)),
    ("to-chuc", re.compile(r"tổ chức", re.IGNORECASE)),
    ("doanh-nghiep", re.compile(r"doanh nghiệp|hợp tác xã|htx|hộ kinh doanh", re.IGNORECASE)),
    ("ca-nhan", re.compile(r"công dân|người|cá nhân|hộ gia đình", re.IGNORECASE)),
)
_SET_WORD = " thu tuc"
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One procedure in a list. words: its name folded, each word between blanks; own: received by the office itself."""

    code: str
    name: str
    field: str
    level: Level
    agency: str
    province: str
    audiences: frozenset[str]
    words: str
    data_date: date | None = None
    own: bool = False

    @property
    def level_name(self) -> str:
        """The level as people read it; "" where it is not recorded."""
        return LEVEL_NAMES[self.level]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a visitor filters by; "" = everything."""

    field: str = ""
    level: str = ""
    audience: str = ""


class Catalogue:
    """All procedures that this office's pages list, in the order of `_order`.

    Procedures of another province are left out where the office's province is known; their pages exist all the same.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(sorted(items, key=_order))
        self.by_code = {item.code: item for item in self.items}
        counted = Counter((slug(item.field), item.field) for item in self.items if item.field)
        self.fields = tuple(sorted(((s, name, n) for (s, name), n in counted.items()), key=lambda row: fold(row[1])))

    @classmethod
    def of(cls, base: Published) -> "Catalogue":
        """Reads every procedure once; about a second for the whole country."""
        return cls(_items(base))

    def chosen(self, wanted: Wanted) -> Iterator[Item]:
        """The procedures that a filter lets through, in the catalogue's order."""
        level = LEVELS.get(wanted.level)
        for item in self.items:
            if wanted.field and slug(item.field) != wanted.field:
                continue
            if level is not None and item.level is not level:
                continue
            if wanted.audience and wanted.audience not in item.audiences:
                continue
            yield item

    def lists(self, field: str) -> bool:
        """True if procedures of this field are listed."""
        return any(name == one_line(field) for _, name, _ in self.fields)

    def known(self, codes: Iterable[str]) -> list[Item]:
        """The items with these codes that are in force, in the given order, each once."""
        return [self.by_code[code] for code in dict.fromkeys(codes) if code in self.by_code]


def slug(name: str) -> str:
    """A name for an address: letters without accents, digits and hyphens."""
    return _NOT_LETTERS.sub("-", fold(name)).strip("-")


def audiences(subjects: Sequence[str]) -> frozenset[str]:
    """The groups of people that a list of subjects speaks of."""
    return frozenset(next((key for key, who in _WHO if who.search(subject)), "ca-nhan") for subject in subjects)


def _items(base: Published) -> Iterator[Item]:
    profile = base.profile
    for code in base.codes():
        procedure = base.procedure(code)
        if procedure is not None and not _elsewhere(procedure, profile):
            yield item_of(procedure, profile)


def item_of(procedure: Procedure, profile: OfficeProfile) -> Item:
    """One procedure as the catalogue lists it."""
    return Item(
        code=procedure.code,
        name=one_line(procedure.name),
        field=one_line(procedure.field),
        level=procedure.level,
        agency=receiver(procedure).rstrip(" ."),
        province=procedure.province or "",
        audiences=audiences(procedure.subjects),
        words=f" {' '.join(tokens(fold(procedure.name)))} ",
        data_date=procedure.data_date,
        own=profile.known and is_own(procedure, profile),
    )


def _elsewhere(procedure: Procedure, profile: OfficeProfile) -> bool:
    if not (procedure.province and profile.province):
        return False
    return fold(profile.province) not in fold(procedure.province)


def _order(item: Item) -> tuple[bool, bool, int, str]:
    """The office's own, then the country's; among them the most used, then by name."""
    used = _used().get(item.code, len(_used()))
    return not item.own, bool(item.province), used, item.words.removeprefix(_SET_WORD)


@functools.cache
def _used() -> dict[str, int]:
    return {code: rank for rank, code in enumerate(shipped())}


@functools.cache
def shipped() -> tuple[str, ...]:
    """Codes of the shipped procedures, the most used in the country first."""
    lines = files("knowledge").joinpath("starter/procedures.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["code"] for line in lines if line.strip())
