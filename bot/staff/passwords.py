"""Passwords: how strong they have to be, and Argon2 hashes of them made off the event loop."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.storage.staff import made_up_password
from knowledge.text import fold

SHORTEST = 12
LONGEST = 200
LEAST_DIFFERENT = 6
AT_ONCE = 2
"""Hashes made at the same time: each takes 64 MB."""
TOO_SHORT = f"Mật khẩu cần ít nhất {SHORTEST} ký tự; một câu ngắn dễ nhớ là tốt nhất."
TOO_LONG = f"Mật khẩu dài nhất {LONGEST} ký tự."
TOO_PLAIN = "Mật khẩu này dễ đoán. Hãy dùng một câu ngắn chỉ mình Anh/Chị nhớ, không dùng tên, ngày sinh hay dãy số."
NOT_THE_SAME = "Hai lần nhập mật khẩu mới không giống nhau."
THE_SAME = "Mật khẩu mới phải khác mật khẩu cũ."
_RUNS = "0123456789 9876543210 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm 1qaz2wsx3edc"
_GUESSED = (
    *("password", "passw0rd", "matkhau", "admin", "administrator", "quantri", "canbo", "motcua", "hanhchinh"),
    *(
        "vietnam",
        "hanoi",
        "xinchao",
        "anhyeuem",
        "emyeuanh",
        "toiyeu",
        "iloveyou",
        "welcome",
        "letmein",
        "abc",
        "qwerty",
    ),
    *("1234567890", "0123456789", "987654321", "123456", "12345", "1234", "123", "2024", "2025", "2026", "2027"),
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


def weakness(password: str, *own: str) -> str:
    """Why a password will not do, in Vietnamese; "" when it will. own: names that must not be most of it."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        return TOO_SHORT
    if len(plain) > LONGEST:
        return TOO_LONG
    letters = _NOT_LETTERS.sub("", fold(plain).lower())
    if len(set(plain)) < LEAST_DIFFERENT or any(letters and letters in run for run in (_RUNS + _RUNS).split()):
        return TOO_PLAIN
    left = letters
    for guess in (*(_NOT_LETTERS.sub("", part) for name in own for part in fold(name).lower().split()), *_GUESSED):
        left = left.replace(guess, "") if len(guess) > 2 else left
    # What is left once everything that is tried first is taken out has to be worth guessing.
    signs = len(plain) - len(letters)
    return "" if len(left) + signs >= SHORTEST // 2 and not _repeats(plain) else TOO_PLAIN


def normal(password: str) -> str:
    """One form of a password, however the keyboard put its accents together."""
    return unicodedata.normalize("NFKC", password)


def _repeats(text: str) -> bool:
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


@dataclass(slots=True)
class Passwords:
    """Makes and checks hashes; a wrong name costs as long as a wrong password."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _nobody: str = ""

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        async with self._turns:
            return await asyncio.to_thread(self.hasher.hash, normal(password))

    async def matches(self, password: str, kept: str | None) -> bool:
        """True if this is the password. kept: None where there is no such account, which takes as long."""
        if not self._nobody:
            self._nobody = await self.hash(made_up_password())
        async with self._turns:
            found = await asyncio.to_thread(self._verify, normal(password)[: LONGEST + 1], kept or self._nobody)
        return found and kept is not None

    def outdated(self, kept: str) -> bool:
        """True if a hash was made by rules that are no longer strong enough."""
        return self.hasher.check_needs_rehash(kept)

    def _verify(self, password: str, kept: str) -> bool:
        try:
            return self.hasher.verify(kept, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
