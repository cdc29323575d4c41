"""Reading periods out of official text."""

from datetime import date

import pytest

from knowledge.periods import find_periods


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("đến hết ngày 31/12/2026", None, date(2026, 12, 31)),
        ("đến hết 31/12/2026", None, date(2026, 12, 31)),
        ("đến hết ngày 31 tháng 12 năm 2026", None, date(2026, 12, 31)),
        ("áp dụng đến 30/6/2026", None, date(2026, 6, 30)),
        ("từ ngày 01/7/2025 đến hết ngày 31/12/2026", date(2025, 7, 1), date(2026, 12, 31)),
        ("kể từ ngày  01/7/2025 đến  hết ngày 31/12/2026", date(2025, 7, 1), date(2026, 12, 31)),
        ("Từ 01/07/2025 đến 31/12/2026", date(2025, 7, 1), date(2026, 12, 31)),
        ("từ ngày 01/8/2025 đến trước ngày 01/7/2026", date(2025, 8, 1), date(2026, 6, 30)),
        ("Kể từ ngày 01 tháng 01 năm 2027 trở đi", date(2027, 1, 1), None),
        ("đến hết năm 2026", None, date(2026, 12, 31)),
        ("đến hết tháng 2 năm 2028", None, date(2028, 2, 29)),
        ("hồ sơ nộp trước ngày 01/01/2024", None, date(2023, 12, 31)),
        ("hết hiệu lực kể từ ngày 01/7/2026", None, date(2026, 6, 30)),
    ],
)
def test_a_period_is_read(text: str, start: date | None, end: date | None) -> None:
    (period,) = find_periods(f"Mức thu {text}.")

    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "sử dụng đất trước ngày 01 tháng 7 năm 2014",
        "hoạt động cách mạng trước ngày 01 tháng 01 năm 1945",
        "từ ngày 01 tháng 8 năm 1961 đến 30 tháng 4 năm 1975",
        "ký ngày 29/6/2023",
        "Thông tư số 25/2021/TT-BTC ngày 07/4/2021",
        "giai đoạn 2021 - 2025",
        "đến hết ngày 31/13/2026",
        "trong thời hạn 05 ngày kể từ ngày nhận đủ hồ sơ",
        "",
    ],
)
def test_what_is_no_period_of_a_rule_is_left_alone(text: str) -> None:
    assert find_periods(text) == ()


def test_two_periods_come_in_order() -> None:
    first, second = find_periods("đến hết 30/6/2026; từ ngày 01/7/2026 đến 31/12/2026")

    assert first.end == date(2026, 6, 30)
    assert second.start == date(2026, 7, 1)
    assert first.span[1] <= second.span[0]
