"""Reads messages typed in telex while the keyboard's Vietnamese mode was off: "ddawng kys" is "đăng ký"."""

import re
import unicodedata
from collections.abc import Sequence

from knowledge.syllables import well_formed
from knowledge.text import fold

SHARE, LEAST = 0.2, 2
"""From this share of its syllables on, and from so many, a message counts as typed in telex."""
_KEYS = {
    "uow": "ươ",
    "dd": "đ",
    "aa": "â",
    "aw": "ă",
    "ee": "ê",
    "oo": "ô",
    "ow": "ơ",
    "uw": "ư",
    "w": "ư",
}
_KEY = re.compile("|".join(_KEYS))
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VOWELS = re.compile(r"^(?P<start>qu|gi(?=[aeiouyâăêôơư])|[^aeiouyâăêôơư]*)(?P<vowels>[aeiouyâăêôơư]+)(?P<end>[a-z]*)$")


def untelexed(pieces: Sequence[str]) -> list[str]:
    """The pieces of a message as the keyboard would have made them; unchanged where they are not telex."""
    meant = [_meant(piece) for piece in pieces]
    letters = sum(piece.isalpha() for piece in pieces)
    changed = sum(new is not None for new in meant)
    if changed < LEAST or changed < SHARE * letters:
        return list(pieces)
    return [piece if new is None else new for piece, new in zip(pieces, meant, strict=True)]


def _meant(piece: str) -> str | None:
    """The accented syllable that these keys give; None for what is a syllable as it stands, or never one."""
    if not (piece.isascii() and piece.isalpha()) or len(piece) < 2 or well_formed(piece):
        return None
    tries = [(piece, "")] if _KEY.search(piece) else []
    tries = [
        *(
            (piece[:n] + piece[n + 1 :], _TONES[key])
            for n, key in reversed(list(enumerate(piece)))
            if n and key in _TONES
        ),
        *tries,
    ]
    for keys, tone in tries:
        syllable = _KEY.sub(lambda found: _KEYS[found[0]], keys)
        if well_formed(fold(syllable)) and (placed := _with_tone(syllable, tone)):
            return placed
    return None


def _with_tone(syllable: str, tone: str) -> str | None:
    """The syllable with its tone over the vowel that carries it; None where it has no vowel."""
    parts = _VOWELS.match(syllable)
    if parts is None:
        return None
    vowels = parts["vowels"]
    shaped = [n for n, vowel in enumerate(vowels) if fold(vowel) != vowel]
    if shaped:
        at = shaped[-1]
    elif parts["end"] or len(vowels) == 3:
        at = len(vowels) - 1 if parts["end"] else 1
    else:
        at = 0
    marked = parts["start"] + vowels[: at + 1] + tone + vowels[at + 1 :] + parts["end"]
    return unicodedata.normalize("NFC", marked)
