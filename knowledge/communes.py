"""The communes in force, by province, and the one that somebody names."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.lexicon.reading import lines
from knowledge.text import clean, fold

FOLDER = Path(__file__).parent / "lexicon"
KINDS = {"p": "phường", "x": "xã", "d": "đặc khu"}
_PROVINCE_KIND = re.compile(r"\b(?:tinh|thanh pho|tp) ")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Locality:
    """A province ("Sơn La"), or a commune of it ("phường Tô Hiệu"; "" = the whole province)."""

    province: str
    commune: str = ""

    def __str__(self) -> str:
        return f"{self.commune}, {self.province}" if self.commune else self.province


@functools.cache
def communes() -> Mapping[str, tuple[str, ...]]:
    """The communes of each of the 34 provinces, as the lists of the program have them."""
    found: dict[str, list[str]] = {}
    for _, line in lines(FOLDER / "places.tsv"):
        province, kind, name = line.split("\t")[:3]
        found.setdefault(province, []).append(f"{KINDS[kind]} {name}")
    return {province: tuple(found[province]) for province in sorted(found, key=fold)}


def localities(text: str) -> list[Locality]:
    """What a text may name: one place where it is sure, several where a name is that of several, none else.

    "Tô Hiệu, Sơn La", "phuong to hieu son la" and "tỉnh Sơn La" are understood; nothing else may stand in the text.
    """
    said, typed = _key(text), clean(text).lower()
    found = _by_name().get(said) or _by_name().get(_PROVINCE_KIND.sub("", said), [])
    accents = typed != fold(typed)
    exact = [one for one in found if accents and _bare(one.commune or one.province).lower() in typed]
    return list(exact or found)


@functools.cache
def _by_name() -> Mapping[str, list[Locality]]:
    found: dict[str, list[Locality]] = {}
    for province, names in communes().items():
        where = _key(province)
        for name in names:
            place, whole, bare = Locality(province, name), _key(name), _key(_bare(name))
            for key in (whole, bare, f"{whole} {where}", f"{bare} {where}"):
                found.setdefault(key, []).append(place)
    return found | {_key(province): [Locality(province)] for province in communes()}


def _bare(name: str) -> str:
    return next((name.removeprefix(f"{kind} ") for kind in KINDS.values() if name.startswith(f"{kind} ")), name)


def _key(text: str) -> str:
    return " ".join(_WORD.findall(fold(text).lower()))
