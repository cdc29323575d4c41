"""Cutting ended clauses out of official text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.clauses import find_clauses, in_force, last_day

TODAY = date(2026, 11, 21)
NEW_YEAR = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "today", "remaining"),
    [
        # an exemption in brackets, closed or not, or without any sign before it
        ("Phí sát hạch (Miễn phí từ ngày 07/4/2026 đến 30/6/2026)", TODAY, "Phí sát hạch"),
        ("Phí sát hạch (Miễn kể từ ngày 07/4/2026 đến 30/6/2026", TODAY, "Phí sát hạch"),
        ("Phí đăng ký tàu Miễn lệ phí từ ngày 07/4/2026 đến 30/6/2026", TODAY, "Phí đăng ký tàu"),
        # a reduced rate that stands for itself
        ("90.000 đồng (áp dụng mức phí 45.000 đồng kể từ 01/7/2025 đến hết 31/12/2026)", NEW_YEAR, "90.000 đồng"),
        # a period in brackets that limits what stands before it
        ("40.000đ/giấy (áp dụng đến hết ngày 31/12/2024 theo Thông tư X)", TODAY, ""),
        (
            "- 50.000đ/tem (Thông tư A). - 25.000đ/tem (áp dụng đến hết ngày 31/12/2026).",
            NEW_YEAR,
            "- 50.000đ/tem (Thông tư A).",
        ),
        (
            "25.000 đồng (áp dụng đến hết ngày 31/12/2026); 50.000 đồng (Thông tư A)",
            NEW_YEAR,
            "50.000 đồng (Thông tư A)",
        ),
        # a period that limits the list behind it
        (
            "* Theo A: 02 triệu đồng. * Theo B (kể từ ngày 01/7/2025 đến hết ngày 31/12/2026): + 01 triệu đồng",
            NEW_YEAR,
            "* Theo A: 02 triệu đồng.",
        ),
        ("* Theo B (kể từ ngày 01/7/2025 đến hết ngày 31/12/2026+ Từ 50 tỷ: 10 triệu đồng", NEW_YEAR, ""),
        # a sentence
        (
            "70.000 đồng/thẻ. Kể từ ngày 01/01/2025 đến hết ngày 31/12/2025, trực tuyến bằng 50%. - Nơi khác thu đủ.",
            TODAY,
            "70.000 đồng/thẻ. - Nơi khác thu đủ.",
        ),
        (
            "135.000 đồng. Trường hợp nộp trực tuyến: Kể từ ngày 01/12/2023 đến hết ngày 31/12/2025, thu 115.000 đồng.",
            TODAY,
            "135.000 đồng.",
        ),
        # remnants that say nothing
        ("Phí : Đồng (Từ ngày 01/7/2025 đến hết ngày 31/12/2026 áp dụng theo Thông tư B)", NEW_YEAR, ""),
    ],
)
def test_what_has_ended_is_cut_so_that_the_rest_stays_true(text: str, today: date, remaining: str) -> None:
    assert in_force(text, today) == remaining


def test_a_clause_in_force_is_kept_with_its_last_day() -> None:
    text = "90.000 đồng (áp dụng mức phí 45.000 đồng kể từ 01/7/2025 đến hết 31/12/2026)"

    assert in_force(text, date(2026, 12, 31)) == text


def test_a_temporary_circular_gives_the_last_day_that_the_text_leaves_out() -> None:
    text = "25.000 đồng/hồ sơ (theo Thông tư số 64/2025/TT-BTC)"

    assert in_force(text, TODAY) == "25.000 đồng/hồ sơ (theo Thông tư số 64/2025/TT-BTC) (áp dụng đến hết 31/12/2026)"
    assert in_force(text, NEW_YEAR) == ""


def test_a_clause_says_where_it_is_and_what_it_governs() -> None:
    (clause,) = find_clauses("Phí A: 10.000 đồng; Phí B: 20.000 đồng (áp dụng đến hết ngày 31/12/2026).")

    assert clause.text.strip() == "Phí B: 20.000 đồng (áp dụng đến hết ngày 31/12/2026)"
    assert clause.end == date(2026, 12, 31)
    assert not clause.ended(date(2026, 12, 31))
    assert clause.ended(NEW_YEAR)


def test_a_clause_not_begun_is_pending() -> None:
    (clause,) = find_clauses("Kể từ ngày 01/01/2027 trở đi, mức thu là 120.000 đồng.")

    assert clause.pending(TODAY)
    assert not clause.pending(NEW_YEAR)


@pytest.mark.parametrize(
    "text",
    [
        "Người đã được cấp phép từ ngày 01/8/2024 đến trước ngày 01/7/2025.",
        "Đã chấp hành xong hình phạt tù từ ngày 01/01/2010 đến trước ngày 01/01/2016.",
        "Cơ sở đã chấm dứt hoạt động trước ngày 31/12/2024.",
    ],
)
def test_facts_about_people_and_projects_are_no_limits(text: str) -> None:
    assert in_force(text, TODAY, prose=True) == text


def test_a_window_for_filing_that_is_over_is_cut_from_steps() -> None:
    filing = "Bước 1: Người thuê đất nộp đơn từ ngày 19 tháng 8 năm 2025 đến hết ngày 30 tháng 11 năm 2025."
    steps = f"{filing}\nBước 2: Cơ quan thuế quyết định."

    assert in_force(steps, TODAY, prose=True) == "Bước 2: Cơ quan thuế quyết định."
    assert last_day(steps, TODAY, prose=True) == date(2025, 11, 30)


@given(st.text(alphabet="ab (){}[]+-*.;:\n0123456789/đến hết ngày từ miễn", max_size=200), st.dates())
def test_any_text_survives(text: str, today: date) -> None:
    assert len(in_force(text, today)) <= len(text) + 200
