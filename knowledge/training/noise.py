"""The same message as other people would type it: without accents, in telex, in chat spelling, with slips."""

import random
import unicodedata
from collections.abc import Callable, Mapping

from knowledge.text import fold

_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_SHAPES = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
OPENERS = (
    "ad ơi ",
    "dạ ",
    "trời ơi ",
    "alo ",
    "mọi người ơi ",
    "chào ad, ",
    "cho em hỏi ",
    "anh chị ơi ",
    "bà con ơi ",
    "xin chào, ",
    "e hỏi ",
    "ủa ",
)
PLACES = (
    " ở xã tôi",
    " ở phường em",
    " chỗ tui",
    " xóm em",
    " ở Hải Phòng",
    " ở huyện cũ của tôi",
    " số 15 đường Lê Lợi",
    " thôn 3",
    " bên Sơn La",
    " gần chợ",
)
ENDINGS = (
    " ạ",
    " với",
    " nhé",
    " nha",
    " vậy",
    " quá",
    " rồi",
    " ad",
    " ơi",
    "!",
    "?",
    "...",
    " huhu",
    " dùm",
    " giùm em",
    " gấp",
)


CHARACTERS_A_SLIP = 18
"""One slip of the finger for so many characters, at least one in a message."""


class Typist:
    """Types a message again. chat: what is meant -> how it is typed in chats and dialects."""

    def __init__(self, chat: Mapping[str, tuple[str, ...]], chance: random.Random) -> None:
        self._chat = chat
        self._chance = chance
        self._ways: tuple[Callable[[str], str], ...] = (
            fold,
            self._half_folded,
            self._in_chat,
            lambda text: fold(self._in_chat(text)),
            lambda text: self._slip(text),
            lambda text: self._slip(fold(text)),
            self._in_telex,
            self._without_a_word,
        )

    def variants(self, text: str, count: int, *, surrounded: bool) -> list[str]:
        """`count` other ways to type a message; surrounded: also with openers, places and endings."""
        made = []
        for _ in range(count):
            typed = self._surrounded(text) if surrounded and self._chance.random() < 0.6 else text
            if self._chance.random() < 0.85:
                typed = self._chance.choice(self._ways)(typed)
            made.append(typed)
        return made

    def _surrounded(self, text: str) -> str:
        parts = [text]
        if self._chance.random() < 0.4:
            parts.insert(0, self._chance.choice(OPENERS))
        if self._chance.random() < 0.35:
            parts.append(self._chance.choice(PLACES))
        if self._chance.random() < 0.5:
            parts.append(self._chance.choice(ENDINGS))
        return "".join(parts)

    def _half_folded(self, text: str) -> str:
        return " ".join(fold(word) if self._chance.random() < 0.5 else word for word in text.split())

    def _in_chat(self, text: str) -> str:
        typed, words, n = [], text.split(), 0
        while n < len(words):
            for size in (3, 2, 1):
                meant = " ".join(words[n : n + size]).lower()
                if meant in self._chat and self._chance.random() < 0.7:
                    typed.append(self._chance.choice(self._chat[meant]))
                    n += size
                    break
            else:
                typed.append(words[n])
                n += 1
        return " ".join(typed)

    def _slip(self, text: str) -> str:
        letters = list(text)
        for _ in range(max(1, len(letters) // CHARACTERS_A_SLIP)):
            n = self._chance.randrange(len(letters))
            if self._chance.random() < 0.5:
                letters[n : n + 1] = []
            else:
                letters[n : n + 2] = reversed(letters[n : n + 2])
            if not letters:
                return text
        return "".join(letters)

    def _in_telex(self, text: str) -> str:
        return " ".join(telex(word) if self._chance.random() < 0.6 else word for word in text.split())

    def _without_a_word(self, text: str) -> str:
        words = text.split()
        if len(words) > 3:
            del words[self._chance.randrange(len(words))]
        return " ".join(words)


def telex(word: str) -> str:
    """A syllable as it looks when the keyboard's Vietnamese mode is off: "nhà" -> "nhaf"."""
    typed: list[str] = []
    tone = ""
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in _TONES:
            tone = _TONES[character]
        elif character in _SHAPES:
            typed.append(_SHAPES[character] or typed[-1])
        else:
            typed.append("dd" if character == "đ" else character)
    return "".join(typed) + tone
