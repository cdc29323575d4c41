"""What a button carries: which procedure, part and case, question, shelf or errand, in at most 64 bytes of ASCII."""

import re
from dataclasses import dataclass

from knowledge.entries import FAQ_PREFIX, Aspect, SubmissionChannel

LONGEST_VALUE = 64
_PROCEDURE = re.compile(r"p:([0-9A-Za-z.\-_]{1,30}):([a-z]{0,13})(?::([1-9]\d{0,2}))?")
_FULL = re.compile(r"full:([0-9A-Za-z.\-_]{1,30})")
_FAQ = re.compile(r"q:([a-z0-9-]{1,60})")
_PLACE = re.compile(r"g(?::([eosf])(?::([a-z0-9-]{1,24})(?::([a-z]{1,12}))?)?)?(?:\.([2-9]|[1-9]\d))?")
_ERRAND = re.compile(r"e:([0-9A-Za-z.\-_]{1,30})(?::(\d{1,3})(?::([dop-])(?::(\d{1,3}))?)?)?")
_CHANNELS = {"d": SubmissionChannel.DIRECT, "o": SubmissionChannel.ONLINE, "p": SubmissionChannel.POSTAL, "-": None}
_CHANNEL_LETTERS = {channel: letter for letter, channel in _CHANNELS.items()}
_LETTERS = {aspect.value: aspect for aspect in Aspect}


@dataclass(frozen=True, slots=True)
class Pick:
    """A pressed button read back. aspects: () = in general; case: 1-based, None = not chosen; full: the whole page."""

    ref: str
    aspects: tuple[Aspect, ...] = ()
    case: int | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the guided way.

    kind: "" = where it begins, "e" = life events, "s" = sectors, "f" = a field, "o" = a field by what is to be done;
    id: which of them, "" = the list of all; operation: which group of "o"; page: from 1 on.
    """

    kind: str = ""
    id: str = ""
    operation: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class ErrandStep:
    """An errand as far as it has been told.

    case: 1-based, 0 = all the same, None = not asked yet; channel: None with `way_told` = no matter which;
    office: 1-based, 0 = all the same, None = not asked yet.
    """

    code: str
    case: int | None = None
    channel: SubmissionChannel | None = None
    way_told: bool = False
    office: int | None = None


def for_place(place: Place) -> str:
    """Value of a button that opens a page of the guided way."""
    value = ":".join(filter(None, ("g", place.kind, place.id, place.operation)))
    return _checked(f"{value}.{place.page}" if place.page > 1 else value)


def place(value: str) -> Place | None:
    """The page of the guided way behind a value; None for any other value."""
    match = _PLACE.fullmatch(value)
    if match is None or (match[3] and match[1] != "o"):
        return None
    return Place(match[1] or "", match[2] or "", match[3] or "", int(match[4] or 1))


def for_errand(step: ErrandStep) -> str:
    """Value of a button that begins an errand or goes on with it."""
    parts = ["e", step.code]
    if step.case is not None:
        parts.append(str(step.case))
        if step.way_told:
            parts.append(_CHANNEL_LETTERS[step.channel])
            if step.office is not None:
                parts.append(str(step.office))
    return _checked(":".join(parts))


def errand(value: str) -> ErrandStep | None:
    """The errand behind a value; None for any other value."""
    match = _ERRAND.fullmatch(value)
    if match is None:
        return None
    told = match[3] is not None
    return ErrandStep(
        match[1],
        int(match[2]) if match[2] else None,
        _CHANNELS[match[3]] if told else None,
        told,
        int(match[4]) if match[4] else None,
    )


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
    if len(value) > LONGEST_VALUE or not (decode(value) or place(value) or errand(value)):
        raise ValueError(f"not a value a button can carry: {value!r}")
    return value
