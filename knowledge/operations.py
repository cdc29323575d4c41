"""What is to be done, for whom and at which level, as far as the words of a title or a question say it."""

import functools
import re
from collections.abc import Sequence

from knowledge.entries import Level
from knowledge.lexicon.patterns import Spelling, outside, read
from knowledge.text import fold

OPERATIONS = (
    "first",
    "again",
    "exchange",
    "extend",
    "change",
    "end",
    "pause",
    "remove",
    "recognise",
    "restore",
    "split",
    "transfer",
    "notify",
)
"""What can happen to a paper, a right or an organisation; a title usually names exactly one."""
FIRST = 1 << OPERATIONS.index("first")
"""Doing something for the first time: what is meant when nothing else is said."""
SPECIAL = (
    "abroad",
    "foreign",
    "mobile",
    "combined",
    "remote",
    "armed",
    "diplomatic",
    "zone",
    "merit",
    "simplified",
    "public_money",
    "trial",
    "online",
    "exempt",
    "limited",
    "documented",
    "authorised",
)
"""Special circumstances: a title that names one is for few people."""
ABROAD = 1
"""What Vietnamese missions in other countries settle; agencies tell it where titles do not."""
PEOPLE = ("citizen", "business", "official")
CITIZEN, BUSINESS, OFFICIAL = 1, 2, 4
OLDEST = 130
"""Years."""

_LEVELS = (Level.COMMUNE, Level.PROVINCE, Level.MINISTRY)
_AGE = re.compile(r"(?<!\d)(\d{1,3})\s*tu[oổ]i")
_AGES = re.compile(
    r"từ (?:đủ )?(?P<from>\d{1,3})(?: tuổi)?(?: trở lên| đến (?P<under>dưới )?(?P<to>\d{1,3}))?"
    r"|(?<!đến )dưới (?P<below>\d{1,3}) tuổi|trên (?P<above>\d{1,3}) tuổi"
)


@functools.cache
def _group(name: str, members: tuple[str, ...]) -> tuple[Spelling, ...]:
    patterns = read("operations.tsv")
    return tuple(patterns[f"{name}.{member}"] for member in members)


@functools.cache
def _any_of(group: tuple[Spelling, ...]) -> Spelling:
    """One expression for the whole group: most titles have nothing of it."""
    accented, folded = ("|".join(pattern.pattern for pattern in side) for side in _sides(group))
    return Spelling(re.compile(accented), re.compile(folded))


def _sides(group: tuple[Spelling, ...]) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    return [spelling.accented for spelling in group], [spelling.folded for spelling in group]


def _bits(group: tuple[Spelling, ...], text: str, *, accents: bool) -> int:
    searched = text if accents else fold(text)
    if not _any_of(group).search(searched, accents=accents):
        return 0
    return sum(1 << n for n, pattern in enumerate(group) if pattern.search(searched, accents=accents))


def operations(text: str, *, accents: bool = True) -> int:
    """Bits of OPERATIONS named in a lower-case text; accents: whether it is typed with them."""
    return _bits(_group("operation", OPERATIONS), text, accents=accents)


def qualifiers(text: str, *, accents: bool = True) -> int:
    """Bits of SPECIAL named in a lower-case text."""
    return _bits(_group("special", SPECIAL), text, accents=accents)


def without_circumstances(syllables: Sequence[str], *, accents: bool) -> list[bool]:
    """For each syllable of a message whether it is outside all words for what is to be done, for whom and where."""
    groups = ("operation", OPERATIONS), ("special", SPECIAL), ("people", PEOPLE), ("level", tuple(_LEVELS))
    patterns = [pattern for name, members in groups for pattern in _group(name, members)]
    return outside(patterns, syllables, accents=accents)


def of_agency(agency: str) -> int:
    """Bits of SPECIAL that follow from who settles a procedure."""
    return qualifiers(agency.lower()) & ABROAD


def people(text: str, *, accents: bool = True) -> int:
    """CITIZEN, BUSINESS, OFFICIAL: who speaks or is spoken of in a text; 0 when it does not tell."""
    return _bits(_group("people", PEOPLE), text, accents=accents)


def levels(text: str, *, accents: bool = True) -> frozenset[Level]:
    """Levels of government that a text names."""
    found = _bits(_group("level", tuple(_LEVELS)), text, accents=accents)
    return frozenset(level for n, level in enumerate(_LEVELS) if found >> n & 1)


def ages(text: str) -> tuple[int, ...]:
    """Ages that a message names, in years."""
    return tuple(age for age in map(int, _AGE.findall(text)) if age < OLDEST)


def age_range(title: str) -> tuple[int, int]:
    """The ages (first and last, in years) that a lower-case title is for; (0, OLDEST) where it says nothing."""
    if "tuổi" not in title:
        return 0, OLDEST
    lows, highs = [], []
    for match in _AGES.finditer(title):
        if match["below"]:
            lows.append(0)
            highs.append(int(match["below"]) - 1)
        elif match["above"]:
            lows.append(int(match["above"]))
            highs.append(OLDEST)
        else:
            lows.append(int(match["from"]))
            highs.append(int(match["to"]) - bool(match["under"]) if match["to"] else OLDEST)
    return (min(lows), max(highs)) if lows else (0, OLDEST)
