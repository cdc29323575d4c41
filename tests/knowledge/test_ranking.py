"""What makes one entry stand before another."""

import pytest

from knowledge.confidence import shares
from knowledge.entries import Level
from knowledge.operations import OLDEST, OPERATIONS, age_range, ages, levels, operations
from knowledge.ranking import slips
from knowledge.spelling import Speller
from knowledge.syllables import Typed


def test_one_slip_is_found() -> None:
    assert set(slips("kahi", ["khai", "sinh", "tru"])) == {"khai"}
    assert slips("zzzz", ["khai", "sinh"]) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ddang", ("dang",)), ("khaisinh", ("khai", "sinh")), ("kahi", ("khai",)), ("zzzzz", ()), ("x", ())],
)
def test_syllables_are_mended(typed: str, meant: tuple[str, ...]) -> None:
    speller = Speller({"dang": 90, "ky": 90, "khai": 50, "sinh": 40}, words={"mua"})

    assert speller.mended([Typed(typed)])[0] == (meant or (typed,))
    assert speller.known("khai")
    assert speller.known("mua")
    assert not speller.known("kahi")


def test_neighbours_say_which_word_a_slip_was() -> None:
    pairs = {("giay", "khai"): 30, ("ngay", "khai"): 0, ("khai", "sinh"): 90}
    counts = {"giay": 20, "ngay": 90, "khai": 50, "sinh": 40, "hai": 60}
    speller = Speller(counts, marked={"giấy", "hai"}, pairs=lambda one, other: pairs.get((one, other), 0))

    read = speller.mended([Typed("gay"), Typed("khai"), Typed("sinh")])
    unfitting = speller.mended([Typed("giay", "giấy"), Typed("hai", "hai"), Typed("sinh")])

    assert read == [("giay",), ("khai",), ("sinh",)]
    assert unfitting == [("giay",), ("khai",), ("sinh",)]


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("cấp lại thẻ căn cước", "again"),
        ("xin gia hạn tạm trú", "extend"),
        ("tạm ngừng kinh doanh", "pause"),
        ("chấm dứt hoạt động", "end"),
        ("sáp nhập trường tiểu học", "split"),
    ],
)
def test_operations_are_told_apart(text: str, operation: str) -> None:
    assert operations(text) >> OPERATIONS.index(operation) & 1


def test_levels_named_by_the_citizen() -> None:
    assert levels("nộp ở xã được không") == {Level.COMMUNE}
    assert levels("sở xây dựng giải quyết à") == {Level.PROVINCE}
    assert levels("đăng ký khai sinh") == frozenset()
    assert levels("nop o xa duoc khong", accents=False) == {Level.COMMUNE}


def test_ages() -> None:
    assert ages("con 5 tuổi, bà 80 tuoi") == (5, 80)
    assert age_range("cấp thẻ cho người từ đủ 14 tuổi trở lên") == (14, OLDEST)
    assert age_range("cấp thẻ cho người dưới 14 tuổi") == (0, 13)
    assert age_range("hỗ trợ người từ đủ 70 tuổi đến dưới 75 tuổi") == (70, 74)
    assert age_range("đăng ký khai sinh") == (0, OLDEST)


def test_shares_sum_to_one() -> None:
    assert sum(shares([3.0, 1.0, -2.0])) == pytest.approx(1.0)
    assert shares([]) == []
