"""What a button carries: which procedure, part and case, or which question, in at most 64 bytes of ASCII."""

import re
from dataclasses import dataclass

from knowledge.entries import FAQ_PREFIX, Aspect

LONGEST_VALUE = 64
_PROCEDURE = re.compile(r"p:([0-9A-Za-z.\-_]{1,30}):([a-z]{0,13})(?::([1-9]\d{0,2}))?")
_FULL = re.compile(r"full:([0-9A-Za-z.\-_]{1,30})")
_FAQ = re.compile(r"q:([a-z0-9-]{1,60})")
_LETTERS = {aspect.value: aspect for aspect in Aspect}


@dataclass(frozen=True, slots=True)
class Pick:
    """A pressed button read back. aspects: () = in general; case: 1-based, None = not chosen; full: the whole page."""

    ref: str
    aspects: tuple[Aspect, ...] = ()
    case: int | None = None
    full: bool = False


def for_procedure(code: str, aspects: tuple[Aspect, ...] = (), case: int | None = None) -> str:
    """Value of a button that asks for parts of a procedure, in one case if given."""
    value = f"p:{code}:{''.join(dict.fromkeys(aspect.value for aspect in aspects))}"
    return _checked(value if case is None else f"{value}:{case}")


def for_full(code: str) -> str:
    """Value of the button "Xem đầy đủ"."""
    return _checked(f"full:{code}")


def for_faq(faq_id: str) -> str:
    """Value of a button that asks a question of the FAQ base."""
    return _checked(f"q:{faq_id}")


def decode(value: str) -> Pick | None:
    """The button behind a value; None for anything that none of our buttons carries."""
    if len(value) > LONGEST_VALUE or not value.isascii():
        return None
    if match := _PROCEDURE.fullmatch(value):
        letters = match[2]
        if len(set(letters)) != len(letters) or not set(letters) <= _LETTERS.keys():
            return None
        aspects = tuple(_LETTERS[letter] for letter in letters)
        return Pick(match[1], aspects, int(match[3]) if match[3] else None)
    if match := _FULL.fullmatch(value):
        return Pick(match[1], full=True)
    if match := _FAQ.fullmatch(value):
        return Pick(FAQ_PREFIX + match[1])
    return None


def _checked(value: str) -> str:
    if decode(value) is None:
        raise ValueError(f"not a value a button can carry: {value!r}")
    return value
