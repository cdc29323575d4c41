"""The portal's fee lines ("20000 VNĐ (text) | 0 VNĐ (...)") as fees that can be trusted."""

import functools
import re

from knowledge.charges import figures
from knowledge.clauses import find_clauses
from knowledge.entries import Fee
from knowledge.importing.fields import block

SMALLEST = 1000
"""Below this the portal's "VNĐ" are dollars (visas, consulates) or thousands: nothing costs less than 1,000 đồng."""
PLACEHOLDER = 3
"""Amounts up to this were typed only because the form wanted a number."""

_HEAD = r"-?\d[\d.,]*\s*VN[ĐD]\s*\("
_SPLIT = re.compile(rf"\s*\|\s*(?={_HEAD}|\||$)")
_LINE = re.compile(r"(-?\d[\d.,]*)\s*VN[ĐD]\s*\((.*)", re.DOTALL)
_REMNANT = re.compile(r"^(?:(?:lệ phí|phí)\s*:\s*)?(?:đồng|đông)\b[\s,.:;-]*|(?<=^miễn phí) đồng\b", re.IGNORECASE)
_UNIT_ONLY = re.compile(
    r"[\W_]*(?:mỗi|một|01?|1)?[\W_]*(?:hồ sơ|lần|bản|trang|giấy|thẻ|người|tờ khai|đối với 1 tờ khai)?[\W_]*",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\d[\d.,]*\s*(?:usd|đô la|đồng|đ\b|vn[đd]|triệu|nghìn|ngàn|%)|\$", re.IGNORECASE)
_FREE = re.compile(
    r"[\s+*•-]*(?:(?:phí|lệ phí|phí,? (?:và )?lệ phí)\s*:?\s*)?"
    r"(?:không(?: có| mất| phải (?:nộp|trả|đóng))?|(?:không|chưa) (?:thu|thu nộp)|(?:được )?miễn(?: thu)?"
    r"|0 (?:đồng|đ|vnđ))"
    r"(?:\s*(?:phí|lệ phí|thu|tiền|,|và|/))*"
    r"(?P<tail>\s*(?:\(.*\)|theo .*)?)[\s.;:!]*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(
    r"đối với|trường hợp|nếu |cho |ngày|tháng|trừ |riêng|chưa|quy định mức thu|\d\s*%", re.IGNORECASE
)


@functools.lru_cache(maxsize=4096)
def parse_fees(raw: str) -> tuple[Fee, ...]:
    """The fees of one channel. Never raises; empty where the source records nothing.

    An amount is given only where it can be trusted as Vietnamese dong: 0 only if the text itself says that
    nothing is charged, otherwise at least SMALLEST and not contradicted by the text.
    """
    source = block(raw)
    has_amounts = re.search(_HEAD, source)
    parts = _SPLIT.split(source) if has_amounts else source.split("|")
    fees = (_fee(part.strip().strip("|").strip()) for part in parts)
    return tuple(dict.fromkeys(fee for fee in fees if fee is not None))


def _fee(part: str) -> Fee | None:
    line = _LINE.match(part)
    if line is None:
        return Fee(text=part) if _says_something(part) else None
    amount = _amount(line[1])
    text = _words(line[2])
    if amount == 0:
        if is_free(text):
            return Fee(amount=0, text=text)
        return Fee(text=text) if _says_something(text) else None
    if amount is None or amount < SMALLEST:
        return _small(line[1], amount, text)
    # A figure like 1.250 đồng is no tariff: most likely thousands again.
    if (amount < 10 * SMALLEST and amount % 500) or _contradicted(amount, text):
        return Fee(text=text) if _says_something(text) else None
    return Fee(amount=amount, text=text)


def is_free(text: str) -> bool:
    """True if a text says, for everybody and without an end, that nothing is charged."""
    said = _FREE.fullmatch(text.strip())
    return said is not None and not _CONDITION.search(said["tail"] or "") and not _MONEY.search(said["tail"] or "")


def _small(written: str, amount: int | None, text: str) -> Fee | None:
    """A number that is no dong is quoted with its text, because the text often names only what it is for."""
    if not text or not _says_something(text):
        return None
    if amount is None or amount <= PLACEHOLDER or _MONEY.search(text) or _UNIT_ONLY.fullmatch(text):
        return None if _UNIT_ONLY.fullmatch(text) else Fee(text=text)
    return Fee(text=f"{text.rstrip(' .;:')}: nguồn ghi số {written}, không rõ đơn vị tiền")


def _contradicted(amount: int, text: str) -> bool:
    """The text names other figures, and no period that could explain the difference."""
    said = figures(text)
    return bool(said) and amount not in said and not find_clauses(text)


def _amount(written: str) -> int | None:
    digits = re.sub(r"[.,]0{1,2}$", "", written) if re.fullmatch(r"-?\d+[.,]\d{1,2}", written) else written
    digits = re.sub(r"[.,]", "", digits)
    return int(digits) if digits.isdigit() and len(digits) <= 13 else None


def _words(inside: str) -> str:
    """The text between the brackets, without the brackets themselves and without remnants of an older export."""
    text = inside.strip()
    while text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].strip()
    text = _REMNANT.sub("", _unwrapped(text))
    if text.startswith("(") and ")" not in text:
        text = text[1:]
    return _unwrapped(text)


def _unwrapped(text: str) -> str:
    while text.startswith("(") and text.endswith(")") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text.strip()


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _says_something(text: str) -> bool:
    return sum(character.isalnum() for character in text) > 1
