"""Plain words of an errand: what begins one, and what answers its question."""

import re
from collections.abc import Sequence

from handlers.messages import Choice
from knowledge.text import clean, fold, tokens

LONGEST_ANSWER = 8
"""Words of an answer to a question; a longer message asks for something else."""
_GO = r"(?:lam|dang ky|dang ki|xin|nop|doi|cap|khai|mo|sang ten|ket hon)"
_BEGINS = re.compile(
    rf"\b(?:di|muon|dinh|sap|chuan bi) (?:di )?{_GO}\b.*\b(?:chuan bi|mang theo|dem theo)\b"
    rf"|\bchuan bi\b.{{0,40}}\b(?:de di|khi di|truoc khi di) {_GO}\b"
    rf"|\bdi {_GO}\b.* thi sao$"
    r"|\b(?:lap|soan|in|cho|gui)\b.{0,20}\bphieu chuan bi\b"
    r"|\bgiup\b.{0,20}\bchuan bi (?:ho so|giay to)\b"
)
_ALONE = re.compile(
    r"(?:(?:the|vay|gio|thi) )?(?:(?:toi|em|minh|con|chau) )?(?:(?:can|phai) )?"
    r"chuan bi (?:(?:nhung|cai) )?gi(?: (?:a|day|vay))?"
    r"|(?:toi |em |minh )?(?:muon )?chuan bi (?:ho so|giay to)|phieu chuan bi"
)
_SAME_WORDS = (
    (re.compile(r"\b(?:truc tuyen|online|qua mang|tren mang|mang|vneid|dien tu)\b"), "nop truc tuyen"),
    (re.compile(r"\b(?:truc tiep|tai quay|den noi|den nop|ra nop|toi nop|tan noi)\b"), "den nop truc tiep"),
    (re.compile(r"\b(?:buu chinh|buu dien|buu cuc)\b"), "gui qua buu chinh"),
)
_ANY = re.compile(
    r"(?:(?:toi|em|minh) )?(?:(?:chua|khong) (?:ro|biet|chon)|(?:sao|cach nao|o dau) cung duoc|bo qua|tat ca)"
    r"(?: (?:a|nhe))?"
)
_FILLER = frozenset(re.findall(r"\w+", "toi em minh con chau la thi a nhe nha cho o tai truong hop cua thuoc"))


def plain(text: str) -> str:
    """A message without accents and signs."""
    return " ".join(fold(token) for token in tokens(clean(text).lower()) if token.isalnum())


def begins(text: str) -> bool:
    """True for a message that tells of an errand and names what it is about."""
    return bool(_BEGINS.search(plain(text)))


def goes_on(text: str) -> bool:
    """True for “chuẩn bị gì?”, which is about what was talked of."""
    return bool(_ALONE.fullmatch(plain(text)))


def answered(text: str, offered: Sequence[Choice]) -> Choice | None:
    """The one choice that a typed answer means; the last choice is that it does not matter. None for other messages."""
    said = plain(text)
    words = set(said.split()) - _FILLER
    if not words or len(said.split()) > LONGEST_ANSWER or "?" in text:
        return None
    if _ANY.fullmatch(said):
        return offered[-1]
    for spoken, label in _SAME_WORDS:
        if spoken.search(said):
            return next((choice for choice in offered if plain(choice.label) == label), None)
    fitting = [choice for choice in offered if words <= set(plain(choice.label).split())]
    return fitting[0] if len(fitting) == 1 else None
