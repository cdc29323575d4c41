"""“Cái thứ hai”, “số 2”, “cái cuối” — a choice that is typed, not pressed."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers import choices
from handlers.messages import Choice, Conversation
from knowledge.entries import FAQ_PREFIX, Aspect
from knowledge.text import fold, tokens

LONGEST_REST = 4
LONGEST_WITH_PART = 12
"""Words that may follow the ordinal: by themselves, and where they ask for a part."""
LAST, MIDDLE = -1, -2

_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_ORDINALS = {**_NUMBERS, "nhat": 1, "nhi": 2, "tu": 4}
_PLACES = {
    **dict.fromkeys(("dau tien", "dau", "tren cung"), 1),
    **dict.fromkeys(("cuoi cung", "cuoi", "sau cung", "duoi cung"), LAST),
}
_THING = "cai|cau|dong|lua chon|phuong an|thu tuc|truong hop|dap an|y|so"
_BEFORE = "da|vang|u|uh|ok|oke|a|em|toi|minh|tui|cho|chon|lay|bam|hoi|xem|muon|can|la|y|thi|khong|ko|khoan|con|the|vay"
_AFTER = "nhe|nha|a|di|do|ay|thoi|ban|ad|em|oi|vay|luon|giup|voi"
_PLAIN = re.compile(rf"(?:(?:{_BEFORE}) )*(?:(?:{_THING}) )?(\d{{1,2}})(?: (?:{_AFTER}))*")
_SAID = re.compile(
    rf"(?:(?:{_BEFORE}) )*(?:(?:{_THING}) (?:(?:thu|so) (?P<ordinal>\d{{1,2}}|{'|'.join(_ORDINALS)})"
    rf"|(?P<place>{'|'.join(_PLACES)}|giua)|(?P<number>\d{{1,2}}))|(?:so|cau) (?P<counted>mot|hai|ba|bon))"
    rf"(?: (?:{_AFTER}))*(?P<rest>(?: .*)?)"
)
_ALONE = re.compile(rf"thu (?P<ordinal>{'|'.join(_ORDINALS)})(?: (?:{_AFTER}))*")


@dataclass(frozen=True, slots=True)
class Said:
    """Which one of a list is meant: 1-based, LAST or MIDDLE; counted: by a bare number, as the list is numbered;
    rest: words that follow."""

    position: int
    rest: str = ""
    counted: bool = False


def said(text: str) -> Said | None:
    """The place in a list that a message names; None for any other message."""
    plain = " ".join(tokens(fold(text)))
    if match := _PLAIN.fullmatch(plain):
        return Said(int(match[1]), counted=True)
    if match := _ALONE.fullmatch(plain):
        return Said(_ORDINALS[match["ordinal"]])
    match = _SAID.fullmatch(plain)
    if match is None:
        return None
    if place := match["place"]:
        return Said(_PLACES.get(place, MIDDLE), match["rest"].strip())
    word = match["ordinal"] or match["number"] or match["counted"]
    return Said(int(word) if word.isdigit() else _ORDINALS[word], match["rest"].strip())


def chosen(text: str, conversation: Conversation, parts: Callable[[], tuple[Aspect, ...]]) -> Choice | None:
    """The choice that a typed message means; None if it means none. parts: gives the parts that it asks for.

    A number counts in the list last shown. “Cái thứ hai” speaks of the entries that were offered, even when
    one of them has been answered since.
    """
    offered = conversation.offered
    plain = " ".join(tokens(fold(text)))
    same = [choice for choice in offered if plain and " ".join(tokens(fold(choice.label))) == plain]
    if len(same) == 1:
        return same[0]
    meant = said(text)
    if meant is None:
        return None
    aspects = parts() if meant.rest else ()
    if not _short(meant.rest, aspects):
        return None
    listed = offered if meant.counted else conversation.alternatives or offered
    position = len(listed) if meant.position == LAST else meant.position
    if meant.position == MIDDLE:
        position = len(listed) // 2 + 1 if len(listed) % 2 else 0
    if not 1 <= position <= len(listed):
        return None
    choice = listed[position - 1]
    if meant.rest and not (conversation.alternatives or _names(choice, meant.rest)):
        return None
    return _asking(choice, aspects)


def _names(choice: Choice, rest: str) -> bool:
    return not set(rest.split()).isdisjoint(tokens(fold(choice.label)))


def _short(rest: str, aspects: tuple[Aspect, ...]) -> bool:
    return len(rest.split()) <= (LONGEST_WITH_PART if aspects else LONGEST_REST)


def _asking(choice: Choice, aspects: tuple[Aspect, ...]) -> Choice:
    pick = choices.decode(choice.value)
    if not aspects or pick is None or pick.full or pick.ref.startswith(FAQ_PREFIX):
        return choice
    return Choice(choice.label, choices.for_procedure(pick.ref, aspects, pick.case))
