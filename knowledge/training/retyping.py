"""A whole message typed again in one bad way, the same way each time: what the answers' steadiness is measured with."""

import random
import re
import unicodedata
from enum import StrEnum

from knowledge.text import fold
from knowledge.training.noise import CHARACTERS_A_SLIP, telex

_LETTERS = re.compile(r"[^\W\d_]+")


class Noise(StrEnum):
    """One way in which a whole message is typed badly."""

    ACCENTS = "accents"
    TELEX = "telex"
    SWAPPED = "swapped"
    DROPPED = "dropped"


def typed_again(text: str, noise: Noise, seed: str) -> str:
    """The message in this way and no other; the same seed gives the same message.

    accents: none left; telex: every word as with the Vietnamese mode off; swapped: neighbouring letters of a word
    change places; dropped: letters are missing. Text without letters stays as it is.
    """
    composed = unicodedata.normalize("NFC", text)
    if noise is Noise.ACCENTS:
        return fold(composed)
    if noise is Noise.TELEX:
        return _LETTERS.sub(lambda word: telex(word[0]), composed)
    letters = list(composed)
    for n in _slips(letters, noise, random.Random(seed)):
        if noise is Noise.SWAPPED:
            letters[n], letters[n + 1] = letters[n + 1], letters[n]
        else:
            letters[n] = ""
    return "".join(letters)


def _slips(letters: list[str], noise: Noise, chance: random.Random) -> list[int]:
    """Where the slips happen; two of them never touch, so that none undoes another."""
    places = [n for n in range(len(letters)) if _may_slip(letters[n : n + 2], noise)]
    chance.shuffle(places)
    chosen: list[int] = []
    for place in places:
        if len(chosen) == max(1, len(letters) // CHARACTERS_A_SLIP):
            break
        if all(abs(place - other) > 1 for other in chosen):
            chosen.append(place)
    return chosen


def _may_slip(letters: list[str], noise: Noise) -> bool:
    if noise is Noise.DROPPED:
        return letters[0].isalpha()
    return len(letters) == 2 and letters[0] != letters[1] and all(letter.isalpha() for letter in letters)
