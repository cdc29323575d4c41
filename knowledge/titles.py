"""A procedure's title taken apart: what is done, to what, in which circumstances."""

import functools
import re
from dataclasses import dataclass

from knowledge.documents import bare_title
from knowledge.entries import Level
from knowledge.lexicon.patterns import FOLDER
from knowledge.lexicon.reading import LexiconError, lines
from knowledge.operations import FIRST, OPERATIONS, operations
from knowledge.text import fold, tokens

LEAST_SYLLABLES = 2
"""A shorter object says nothing by itself ("dự án"): it is read on up to the next break."""
_PARTS = ("verb", "weak", "generic", "paper", "break", "empty", "level")
_NAMED_LEVELS = {
    Level.COMMUNE: re.compile(r"(?<!\w)(?:cấp xã|địa phương)(?!\w)"),
    Level.PROVINCE: re.compile(r"(?<!\w)(?:cấp tỉnh|địa phương)(?!\w)"),
    Level.MINISTRY: re.compile(r"(?<!\w)(?:cấp bộ|(?:cấp )?trung ương)(?!\w)"),
}
_MAY_NAME_A_LEVEL = re.compile(r"cấp (?:tỉnh|xã|bộ|trung ương)|trung ương|thẩm quyền|phạm vi quản lý|\(", re.IGNORECASE)
_LOST = re.compile(r"(?<!\w)(?:mất|hỏng|rách|thất lạc)(?!\w)")
_CIRCUMSTANCE = re.compile(r",? (?:do|bị|đã|đối với|cho|theo|khi|trong|trên)(?= )", re.IGNORECASE)
"""What may follow a paper that its title does not name further."""
_TRAILING = re.compile(r"(?: hoạt động(?: giáo dục)?(?: trở lại)?| mới| lần đầu| trở lại)+$", re.IGNORECASE)
_BEGINNING = frozenset({"cấp", "cấp,", "đăng", "thành", "cho", "mở"})
"""First syllables of verbs that stand for doing something for the first time."""
_SPELLINGS = ("xoá", "xóa"), ("Xoá", "Xóa"), ("huỷ", "hủy"), ("Huỷ", "Hủy")
AGAIN = 1 << OPERATIONS.index("again")


@dataclass(frozen=True, slots=True)
class Parted:
    """A title in its parts, spelled as in the title, the words for what is done in lower case.

    doing: the words for what is done, "" where the title has none; operations: its bits of `operations.OPERATIONS`;
    object: the paper, right or organisation; key: what it is compared by, folded; circumstance: the rest.
    """

    doing: str
    operations: int
    object: str
    key: str
    circumstance: str


@dataclass(frozen=True, slots=True)
class _Grammar:
    front: re.Pattern[str]
    weak: re.Pattern[str]
    paper: re.Pattern[str]
    cut: re.Pattern[str]
    level: re.Pattern[str]
    empty: frozenset[str]


def parted(name: str) -> Parted:
    """The parts of a procedure's name."""
    grammar = _grammar()
    title = _spelled(name, grammar)
    lower = title.lower()
    front = grammar.front.match(lower)
    start, end = front.span("doing") if front else (0, 0)
    rest = front.end() if front else 0
    if not lower[rest:].strip(" ,;:"):
        start = end = rest = 0
    said, circumstance = _cut(title[rest:].strip(" ,;:"), grammar)
    thing = _trimmed(said)
    if "trở lại" in (tail := said[len(thing) :]):
        circumstance = f"{tail.strip()} {circumstance}".strip()
    doing = _telling(lower[start:end], grammar)
    bits = _operations(doing) or _operations(tail.lower())
    if not bits & ~FIRST and _LOST.search(circumstance.lower()):
        bits = AGAIN
    if not bits and doing.split(" ")[0] in _BEGINNING:
        bits = FIRST
    return Parted(doing, bits, _uncapitalised(thing), _key(thing.lower(), grammar), circumstance)


def compared(words: str, level: Level = Level.UNKNOWN) -> str:
    """Some words of a title as they are compared: folded, in the order written, without the name of this level."""
    named = _NAMED_LEVELS.get(level)
    return " ".join(tokens(fold(named.sub(" ", words.lower()) if named else words)))


def key_of(thing: str) -> str:
    """What an object is compared by: without the paper before it, where enough is left."""
    return _key(thing.lower(), _grammar())


@functools.lru_cache(maxsize=2048)
def _operations(words: str) -> int:
    return operations(words) if words else 0


def _spelled(name: str, grammar: _Grammar) -> str:
    """The title without notes of level and authority, in ordinary letters and one spelling of its verbs."""
    title = " ".join(bare_title(name).split())
    if title.isupper() or len(title.lower()) != len(title):
        title = title.lower()
    if _MAY_NAME_A_LEVEL.search(title):
        title = " ".join(grammar.level.sub(" ", title).split())
    for old, new in _SPELLINGS:
        title = title.replace(old, new)
    return title.strip(" .,;:-–") or name


def _telling(doing: str, grammar: _Grammar) -> str:
    """The verbs without those that only lead up to them."""
    doing = doing.strip(" ,;/")
    return grammar.weak.sub("", doing).strip(" ,;/") or doing


def _trimmed(thing: str) -> str:
    shorter = _TRAILING.sub("", thing)
    return shorter if len(shorter.split()) >= LEAST_SYLLABLES else thing


def _uncapitalised(thing: str) -> str:
    first, _, rest = thing.partition(" ")
    return thing if first.isupper() and len(first) > 1 else f"{first[:1].lower()}{first[1:]}{' ' if rest else ''}{rest}"


def _cut(rest: str, grammar: _Grammar) -> tuple[str, str]:
    """The object and the rest; a first part that says nothing by itself is not cut off."""
    for match in grammar.cut.finditer(rest):
        thing = rest[: match.start()].strip(" ,")
        bare = _without_papers(thing.lower(), grammar)
        if thing and not bare and _CIRCUMSTANCE.match(rest, match.start()):
            return thing, rest[match.start() :].strip(" ,;:")
        named = len(bare.split()) >= LEAST_SYLLABLES or 0 < len(bare) < len(thing)
        if named and compared(thing) not in grammar.empty:
            return thing, rest[match.start() :].strip(" ,;:")
    return rest, ""


def _key(thing: str, grammar: _Grammar) -> str:
    bare = _without_papers(thing, grammar)
    return compared(bare if len(bare.split()) > LEAST_SYLLABLES else thing)


def _without_papers(thing: str, grammar: _Grammar) -> str:
    return grammar.paper.sub("", thing, count=1).strip()


@functools.cache
def _grammar() -> _Grammar:
    parts: dict[str, list[str]] = {name: [] for name in _PARTS}
    for number, line in lines(FOLDER / "titles.tsv"):
        name, tab, expression = line.partition("\t")
        if not tab or name not in parts or not expression:
            raise LexiconError(f"titles.tsv:{number}: cần loại từ và biểu thức cách nhau bằng dấu tab: {line[:60]!r}")
        parts[name].append(expression)
    verb, weak, generic, paper, cut, empty, level = ("|".join(parts[name]) for name in _PARTS)
    word = rf"(?:{verb}|{weak}|{generic})(?!\w)"
    join = r"(?:\s*[,/;]\s*|\s+)(?:(?:và|hoặc|hay|các|trong|trên|của|về|vào|để|sang|việc)\s+)?"
    return _Grammar(
        front=re.compile(
            rf"(?P<doing>(?:{verb}|{weak})(?!\w)(?:{join}{word})*)(?:\s+(?:của|trong|trên|đối với|cho|các|việc)(?!\w))*"
        ),
        weak=re.compile(rf"^(?:(?:{weak})(?!\w)[\s,/;]*)+"),
        paper=re.compile(rf"^(?:(?:{paper})(?!\w)\s*)+"),
        cut=re.compile(rf"\s*[(;:–]| - (?!giáo dục)|,? (?:{cut})(?!\w)", re.IGNORECASE),
        level=re.compile(level, re.IGNORECASE),
        empty=frozenset(compared(word) for word in empty.split("|")),
    )
