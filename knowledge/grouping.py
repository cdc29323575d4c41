"""Which procedures are about one thing: the parts of their titles, their fields and agencies, and corrections."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import bare_title
from knowledge.entries import Level
from knowledge.lexicon.patterns import FOLDER
from knowledge.lexicon.reading import LexiconError, lines
from knowledge.listing import Listed
from knowledge.text import clean, fold, tokens
from knowledge.titles import Parted, compared, key_of

CORRECTIONS = "families.tsv"
TAKEN_OUT = "-"
"""Instead of a family's name: the procedure belongs to none."""
OWN_NAME = 4
"""Syllables from which an object is hardly ever called the same by chance in two fields."""
LEAST_COMMON, MOST_ADDED = 3, 6
"""Syllables that an object needs to have kinds, and that the name of a kind may add to it."""
_COMMON = frozenset(tokens("quan ly hoat dong va trong theo cac ve bqp linh vuc khac chinh sach dang ky cap"))
_JOINING = frozenset({"va", "hoac", "hay", "cua", "tren", "trong"})
_SPECIALISED = re.compile(r"(?:cuc|vu|so|chi cuc|bao hiem|quy|ngan hang|van phong) ")
"""Agencies of one trade only: what they all call the same is the same."""
_FIRST_TIME = re.compile(r" (?:moi|lan dau)$")


def corrections(folder: Path = FOLDER) -> dict[str, str]:
    """The corrections shipped with the program, by code. Raises LexiconError."""
    found: dict[str, str] = {}
    for number, line in lines(folder / CORRECTIONS):
        code, _, name = (part.strip() for part in line.partition("\t"))
        if not code or not name or code in found:
            raise LexiconError(f"{CORRECTIONS}:{number}: cần mã và tên nhóm, mỗi mã một dòng: {line[:60]!r}")
        found[code] = clean(name)
    return found


def named(facts: Listed) -> Iterable[tuple[str, str]]:
    """Reference and title of every entry."""
    return zip(facts.ref, facts.title, strict=True)


def kind_of(part: Parted, level: Level) -> tuple[str, str, str]:
    """What twins have in common within a family."""
    doing = _FIRST_TIME.sub("", compared(part.doing))
    return doing, compared(part.object, level), compared(part.circumstance, level)


def keys_of(facts: Listed, parts: Sequence[Parted], names: Mapping[str, str]) -> list[str | None]:
    """The key of each entry, None = in no family; what is said of a code holds for all of the same name."""
    said = {_name(title): names[ref] for ref, title in named(facts) if ref in names}
    keys: list[str | None] = [part.key or None for part in parts]
    for n, title in enumerate(facts.title):
        if said and (name := said.get(_name(title))):
            keys[n] = None if name == TAKEN_OUT else key_of(name)
    return keys


def _name(title: str) -> str:
    return compared(bare_title(title))


def by_object(facts: Listed, keys: Sequence[str | None]) -> NDArray[np.int32]:
    """The number of each entry's family: one key, in one field or in fields that have something in common."""
    by_key: dict[str, dict[str, list[int]]] = {}
    for n, key in enumerate(keys):
        if key is not None:
            by_key.setdefault(key, {}).setdefault(fold(facts.field[n]), []).append(n)
    numbers = np.full(len(keys), -1, dtype=np.int32)
    count = 0
    for key, fields in by_key.items():
        for places in _joined(key, fields, facts):
            numbers[places] = count
            count += 1
    return numbers


def _joined(key: str, fields: Mapping[str, list[int]], facts: Listed) -> list[list[int]]:
    if len(fields) == 1:
        return list(fields.values())
    if len(key.split()) >= OWN_NAME:
        return [[n for places in fields.values() for n in places]]
    groups: list[tuple[set[str], set[str], list[int]]] = []
    for field, places in fields.items():
        words, agencies = set(tokens(field)) - _COMMON, {fold(facts.agency[n]) for n in places}
        for known, theirs, held in groups:
            alike = 2 * len(words & known) > min(len(words), len(known))
            if alike or all(agency in theirs and _SPECIALISED.match(agency) for agency in agencies):
                known |= words
                theirs |= agencies
                held.extend(places)
                break
        else:
            groups.append((words, agencies, list(places)))
    return [held for _, _, held in groups]


def with_kinds(
    numbers: NDArray[np.int32], facts: Listed, keys: Sequence[str | None], objects: Sequence[str]
) -> NDArray[np.int32]:
    """Joins the family of an object with those of its kinds: "giấy phép lái xe quốc tế" is a "giấy phép lái xe"."""
    known: dict[tuple[str, str], int] = {}
    for number, field, key, thing in zip(numbers.tolist(), facts.field, keys, objects, strict=True):
        if key is not None and thing:
            known.setdefault((field, thing), number)
    root = np.arange(int(numbers.max(initial=-1)) + 1, dtype=np.int32)
    for (field, thing), number in sorted(known.items()):
        words = thing.split()
        for length in range(len(words) - 1, LEAST_COMMON - 1, -1):
            of = known.get((field, " ".join(words[:length])))
            if of is not None and words[length] not in _JOINING and len(words) - length <= MOST_ADDED:
                root[number] = root[of]
                break
    while not np.array_equal(root, root[root]):
        root = root[root]
    return np.where(numbers >= 0, root[np.maximum(numbers, 0)], -1).astype(np.int32) if len(root) else numbers
