"""What passes as a password, and what checking one costs."""

from typing import Literal

import pytest
from argon2 import PasswordHasher

from bot.staff.passwords import LONGEST, TOO_LONG, TOO_PLAIN, TOO_SHORT, Passwords, weakness
from bot.storage.staff import made_up_password
from tests.bot.staff.office import OTHER_PASSWORD, PASSWORD, quick_hasher


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER_PASSWORD, "mưa rơi trên mái ngói", "Kp8$wq2!Lz0x", "correct horse battery", "hoa sen nở tháng 6"],
)
def test_a_sentence_or_a_random_word_passes(password: str) -> None:
    assert weakness(password, "an.nguyen", "Nguyễn Văn An", "Sở Khoa học và Công nghệ tỉnh Sơn La") == ""


def test_what_we_make_up_passes() -> None:
    assert [one for one in (made_up_password() for _ in range(200)) if weakness(one)] == []


@pytest.mark.parametrize("password", ["", "ngắn", "Aa1!Aa1!", "a" * 11])
def test_short_ones_do_not(password: str) -> None:
    assert weakness(password) == TOO_SHORT


def test_endless_ones_do_not() -> None:
    assert weakness("mưa rơi " * 100) == TOO_LONG
    assert weakness("mưa rơi trên mái ngói".ljust(LONGEST, "x")) == ""


@pytest.mark.parametrize(
    "password",
    [
        *("123456789012", "012345678901", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "qwertyuiopasdf"[:12]),
        *("matkhau123456", "MatKhau@2026", "Password@123", "vietnam@2026", "motcua123456", "hanhchinh2026"),
        *("nguyenvanan1", "an.nguyen123", "Nguyễn Văn An", "nguyenvanan2026", "abcdefghijkl", "quantri@2026"),
    ],
)
def test_what_is_tried_first_does_not(password: str) -> None:
    assert weakness(password, "an.nguyen", "Nguyễn Văn An") == TOO_PLAIN


async def test_a_password_matches_its_own_hash_only() -> None:
    passwords = Passwords(quick_hasher())
    kept = await passwords.hash(PASSWORD)

    assert kept.startswith("$argon2id$")
    assert await passwords.matches(PASSWORD, kept)
    assert not await passwords.matches(OTHER_PASSWORD, kept)
    assert not await passwords.matches(PASSWORD, "not a hash")
    assert not await passwords.matches(PASSWORD, None)
    assert not passwords.outdated(kept)


async def test_a_name_that_does_not_exist_costs_as_much_as_a_wrong_password() -> None:
    """User enumeration by the clock: the same hash is computed either way."""

    class Counting(PasswordHasher):
        checked = 0

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            self.checked += 1
            return super().verify(hash, password)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    passwords = Passwords(hasher)
    kept = await passwords.hash(PASSWORD)

    await passwords.matches("sai", kept)
    wrong = hasher.checked
    await passwords.matches("sai", None)

    assert (wrong, hasher.checked) == (1, 2)


def test_the_rules_of_the_service_are_todays() -> None:
    rules = Passwords().hasher

    assert rules.type.name == "ID"
    assert rules.memory_cost >= 19 * 1024
    assert rules.time_cost >= 2
