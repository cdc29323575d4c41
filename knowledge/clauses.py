"""Time-bound clauses of official text: where they are, and what the text says today without the ended ones."""

import functools
import re
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from knowledge.periods import Period, find_periods

_BOUNDARY = re.compile(
    r"\n|;|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s+[^\d\s]|$)|\.(?=\s*[-+*]\s)|(?<=[.:);])\s*[-+*](?=\s)|\s[+*](?=\s)"
)
_BULLET = re.compile(r"\s*[*]\s|\n")
_EXEMPTION = re.compile(
    r"(?:áp\s+dụng\s+)?mi[ễe]n?\s*(?:thu\s+)?(?:nộp\s+)?(?:lệ\s*)?(?:phí\s*)?(?:kể\s*)?$", re.IGNORECASE
)
_MONEY = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+(?:,\d+)?\s*(?:triệu|nghìn|ngàn)|\d+\s*%|\d{4,}\s*(?:đồng|đ(?!\w)|vnđ)",
    re.IGNORECASE,
)
_OWN_RULE = re.compile(r"mi[ễe]n|áp\s+dụng\s+mức|mức[^,;.()]*\bbằng\b", re.IGNORECASE)
_TITLE = re.compile(r"quy\s+định\s+(?:về\s+)?mức\s+thu.*", re.IGNORECASE | re.DOTALL)
_GOES_ON = re.compile(r"\s*(?:[:.]\s*)?(?=\+)|\s*:\s*(?=\S)")
_RULE_WORD = re.compile(r"áp dụng|thực hiện|hiệu lực|nộp|tiếp nhận|gửi|miễn|giảm|mức thu", re.IGNORECASE)
_FACT_WORD = re.compile(r"đã được|chấp thuận|chấp hành|tham gia|công tác|được cấp|hoạt động|làm việc", re.IGNORECASE)
_SCRAP = re.compile(r"(?:lệ\s*phí|phí|mức|đồng|đông|vnđ|đ|lần|cấp|hồ sơ|người|giấy|/|[^\w/]|_)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a text that holds only from `start` to `end` (None = open). span: the part it governs.

    own_rule: it states a rule of its own (an exemption, another amount), so the text around it stands alone.
    implied: the text names no end itself; it comes from the temporary document cited.
    """

    start: date | None
    end: date | None
    span: tuple[int, int]
    text: str
    own_rule: bool = False
    implied: bool = False

    def ended(self, today: date) -> bool:
        """True from the day after the last day on."""
        return self.end is not None and self.end < today

    def pending(self, today: date) -> bool:
        """True before the first day."""
        return self.start is not None and self.start > today


@functools.lru_cache(maxsize=1024)
def find_clauses(text: str, *, prose: bool = False) -> tuple[Clause, ...]:
    """The time-bound clauses of a text, in order, spans not overlapping where one ends another begins.

    prose: the text tells steps, papers or conditions, where most periods are facts about a person or a project;
    only periods of a rule (applied, filed, in force from ... to ...) count there.
    """
    clauses = [_clause(text, p) for p in find_periods(text) if not prose or _is_rule(text, p)]
    for number, (start, end) in temporary_documents().items():
        if number not in text:
            continue
        for match in re.finditer(rf"(?<!\d){re.escape(number)}", text):
            if not any(c.end and c.span[0] <= match.start() < c.span[1] for c in clauses):
                cited = _clause(text, Period(start, end, match.span()), implied=True)
                clauses = [c for c in clauses if c.end or not cited.span[0] <= c.span[0] < cited.span[1]]
                clauses.append(cited)
    return tuple(sorted(clauses, key=lambda clause: clause.span))


def _clause(text: str, period: Period, *, implied: bool = False) -> Clause:
    span, own_rule = _governed(text, period.span)
    return Clause(period.start, period.end, span, text[slice(*span)], own_rule, implied)


def in_force(text: str, today: date, *, prose: bool = False) -> str:
    """The text without its ended clauses; "" where nothing that says anything remains."""
    clauses = find_clauses(text, prose=prose)
    gone = [clause.span for clause in clauses if clause.ended(today)]
    notes = {
        c.span[1]: f" (áp dụng đến hết {vn_date(c.end)})" for c in clauses if c.implied and c.end and c.end >= today
    }
    if not gone and not notes:
        return text
    kept, position = [], 0
    for cut in sorted({*(span[0] for span in gone), *(span[1] for span in gone), *notes, len(text)}):
        if not any(start <= position < end for start, end in gone):
            kept.append(text[position:cut] + notes.get(cut, ""))
        position = cut
    remaining = _tidy("".join(kept))
    return "" if _SCRAP.fullmatch(remaining) else remaining


def last_day(text: str, today: date, *, prose: bool = False) -> date | None:
    """The latest day on which a clause of this text ended before today; None when none has ended."""
    return max((c.end for c in find_clauses(text, prose=prose) if c.end and c.end < today), default=None)


def vn_date(day: date) -> str:
    """A date as Vietnamese officials write it: 31/12/2026."""
    return f"{day:%d/%m/%Y}"


@functools.cache
def temporary_documents() -> dict[str, tuple[date, date]]:
    """Numbers of documents whose whole effect is temporary, with the first and the last day."""
    table = files("knowledge").joinpath("lexicon/temporary.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[0]: (date.fromisoformat(row[1]), date.fromisoformat(row[2])) for row in rows}


def _is_rule(text: str, period: Period) -> bool:
    if period.end is None or _FACT_WORD.search(text[max(0, period.span[0] - 45) : period.span[1]]):
        return False
    start, _ = _unit(text, period.span, text.rfind("\n", 0, period.span[0]) + 1, len(text))
    return bool(_RULE_WORD.search(text[start : period.span[1]]))


def _governed(text: str, at: tuple[int, int]) -> tuple[tuple[int, int], bool]:
    """The part of the text that holds only in the period named at `at`, and whether it is a rule of its own."""
    bracket = _bracket(text, at[0])
    if bracket is None:
        return _sentence(text, at, text.rfind("\n", 0, at[0]) + 1, len(text))
    if text[bracket[1] - 1] != ")" and re.match(r"\s*[:+]", text[at[1] :]):
        bracket = (bracket[0], at[1])
    inside = _TITLE.sub("", text[bracket[0] + 1 : bracket[1]]).rstrip(") .")
    if _OWN_RULE.search(inside) or _MONEY.search(inside):
        if _BOUNDARY.search(inside) and not _EXEMPTION.search(text[bracket[0] + 1 : at[0]]):
            return _sentence(text, at, bracket[0] + 1, bracket[1])
        return bracket, True
    outer = _bracket(text, bracket[0])
    low, high = (outer[0] + 1, outer[1]) if outer else (0, len(text))
    start, _ = _unit(text, bracket, low, high)
    goes_on = _GOES_ON.match(text, bracket[1])
    if not goes_on:
        return (start, bracket[1]), False
    following = _BULLET.search(text, goes_on.end())
    return (start, following.start() if following else high), False


def _sentence(text: str, at: tuple[int, int], low: int, high: int) -> tuple[tuple[int, int], bool]:
    start, end = _unit(text, at, low, high)
    exemption = _EXEMPTION.search(text[start : at[0]])
    if exemption:
        return (start + exemption.start(), end), True
    if re.match(r"\s*mức\s+(?:phí|thu|lệ phí)\s+kể\s+từ", text[start:end], re.IGNORECASE):
        return (start, high), False
    if text[start:end].rstrip().endswith(":"):
        following = _BULLET.search(text, end + 1, high)
        return (start, following.start() if following else high), False
    return (start, end), bool(_MONEY.search(text[start:end]) and (low, high) != (start, end))


def _unit(text: str, at: tuple[int, int], low: int, high: int) -> tuple[int, int]:
    """The sentence or list item around `at`, within [low, high); brackets are not split."""
    start, end = low, high
    for boundary in _BOUNDARY.finditer(text, low, high):
        if _depth(text, low, boundary.start()) > 0:
            continue
        if boundary.end() <= at[0]:
            start = boundary.end() if boundary[0].strip() in (".", ";") else boundary.start()
        elif boundary.start() >= at[1]:
            end = boundary.end() if boundary[0].strip() in (".", ";") else boundary.start()
            break
    return start, end


def _depth(text: str, low: int, position: int) -> int:
    depth = 0
    for character in text[low:position]:
        depth = depth + 1 if character == "(" else max(0, depth - 1) if character == ")" else depth
    return depth


def _bracket(text: str, position: int) -> tuple[int, int] | None:
    """The innermost bracket around a position: opening index and index after its close (or the line's end)."""
    depth = 0
    for start in range(position - 1, -1, -1):
        if text[start] == "\n":
            return None
        depth += (text[start] == ")") - (text[start] == "(")
        if depth < 0:
            break
    else:
        return None
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] == "(") - (text[end] == ")")
        if depth == 0:
            return start, end + 1
        if text[end] == "\n":
            return start, end
    return start, len(text)


def _tidy(text: str) -> str:
    """Takes away what a cut leaves behind: lone bullets, empty brackets, doubled punctuation."""
    text = re.sub(r"\(\s*[.,;:]?\s*\)", "", text)
    lines = (re.sub(r"^\s*[-+*]\s*$|\s*[-+*]\s*$", "", line) for line in text.split("\n"))
    text = "\n".join(re.sub(r"[ \t]{2,}", " ", line) for line in lines)
    text = re.sub(r"\s+([.,;])", r"\1", re.sub(r"([.;])(?:\s*[.;])+", r"\1", text))
    text = text.strip(" ;,\n\t").lstrip(".) ")
    if text.count("(") > text.count(")"):
        text = text.rstrip("( ") if text.rstrip().endswith("(") else text + ")" * (text.count("(") - text.count(")"))
    return text
