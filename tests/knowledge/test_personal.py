"""Personal numbers are masked, other numbers stay."""

import pytest

from knowledge.personal import MASK, masked


@pytest.mark.parametrize(
    "number",
    ["0912345678", "0912 345 678", "+84 912.345.678", "001099012345", "C1234567", "a.b@example.vn", "19034567890123"],
)
def test_a_personal_number_is_masked(number: str) -> None:
    assert masked(f"số của tôi là {number}, gọi lại nhé") == f"số của tôi là {MASK}, gọi lại nhé"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cccd001099012345", f"cccd{MASK}"),
        ("số0912345678", f"số{MASK}"),
        ("gọi 0912345678nhé", f"gọi {MASK}nhé"),
        ("căn cước 001.099.012.345", f"căn cước {MASK}"),
        ("0912345678 đ/c Hà Nội", f"{MASK} đ/c Hà Nội"),
        ("0912345678 đồng chí gọi lại", f"{MASK} đồng chí gọi lại"),
        ("chứng minh 180012345", f"chứng minh {MASK}"),
        ("STK VCB01234567890123", f"STK VCB{MASK}"),
        ("1234 5678 9012 3456 7890 1234", MASK),
        ("thủ tục 1.001193 0912345678", f"thủ tục 1.001193 {MASK}"),
    ],
)
def test_a_personal_number_is_masked_however_it_is_written(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.001193 hết bao nhiêu",
        "mã 1.001193.000.00.00.H28 là gì",
        "sinh ngày 01/02/2020",
        "sinh 01-02-2020",
        "phí 150.000.000 đồng",
        "vốn 200000000 đồng",
        "Nghị định 118/2025/NĐ-CP",
        "gọi 1800 1096",
        "gọi 19001234 hay 1900 545 426 hay 1900.6600",
        "vốn 84.912.345.678",
        "phí 150.000 đ",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
