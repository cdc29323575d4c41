"""The portal's fee lines: an amount only where it can be trusted as dong, the words always."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entries import Fee
from knowledge.importing.fees import is_free, parse_fees


@pytest.mark.parametrize(
    ("raw", "fees"),
    [
        ("", ()),
        ("|", ()),
        ("|  |", ()),
        ("| T", ()),
        ("0 VNĐ ()", ()),
        ("0 VNĐ () | 0 VNĐ ()", ()),
        ("500000 VNĐ ()", (Fee(amount=500_000),)),
        ("10000 VNĐ (10.000 đồng/khẩu-chiếc.)", (Fee(amount=10_000, text="10.000 đồng/khẩu-chiếc."),)),
        (
            "0 VNĐ (Theo quy định của Bộ tài chính) | 0 VNĐ (Theo quy định của Bộ tài chính)",
            (Fee(text="Theo quy định của Bộ tài chính"),),
        ),
        (
            "Hội đồng nhân dân cấp tỉnh quy định. | Hội đồng nhân dân cấp tỉnh quy định.",
            (Fee(text="Hội đồng nhân dân cấp tỉnh quy định."),),
        ),
        (
            "20000 VNĐ () | 0 VNĐ () | 50000 VNĐ (bản thứ hai)",
            (Fee(amount=20_000), Fee(amount=50_000, text="bản thứ hai")),
        ),
        ("0 VNĐ (a) | b) | 30000 VNĐ (c (d) e)", (Fee(text="a) | b"), Fee(amount=30_000, text="c (d) e"))),
        (
            "800000 VNĐ ((theo biểu phí)) | 100000 VNĐ ()",
            (Fee(amount=800_000, text="theo biểu phí"), Fee(amount=100_000)),
        ),
        (
            "15000000 VNĐ (đồng (Miễn phí đến hết 30/6/2026",
            (Fee(amount=15_000_000, text="Miễn phí đến hết 30/6/2026"),),
        ),
    ],
)
def test_lines_are_split_and_taken_once(raw: str, fees: tuple[Fee, ...]) -> None:
    assert parse_fees(raw) == fees


@pytest.mark.parametrize(
    "text",
    [
        "Không",
        "không có.",
        "Miễn phí",
        "Không thu lệ phí",
        "Miễn lệ phí (Thông tư số 47/2019/TT-BTC).",
        "- Không có",
        "Lệ phí: Không",
    ],
)
def test_nothing_is_charged_only_if_the_text_says_so(text: str) -> None:
    assert parse_fees(f"0 VNĐ ({text})") == (Fee(amount=0, text=text),)


@pytest.mark.parametrize(
    "text",
    [
        "Không quy định",
        "Chưa quy định",
        "Theo quy định của Hội đồng nhân dân cấp tỉnh",
        "Phí thẩm định: 150.000 đồng/hồ sơ",
        "Miễn lệ phí cho người thuộc hộ nghèo; người khuyết tật.",
        "Miễn phí đối với: người di cư từ Lào",
        "Miễn lệ phí. Phí cấp bản sao thực hiện theo Thông tư số 281/2016/TT-BTC",
        "Miễn phí từ ngày 07/4/2026 đến 30/6/2026",
        "Không thu lệ phí đăng ký đối với tổ hợp tác",
    ],
)
def test_a_zero_with_any_other_text_is_not_free(text: str) -> None:
    assert parse_fees(f"0 VNĐ ({text})") == (Fee(amount=None, text=text),)
    assert not is_free(text)


def test_small_numbers_are_quoted_with_their_text_and_never_dong() -> None:
    assert parse_fees("10 VNĐ (10 USD/người)") == (Fee(text="10 USD/người"),)
    assert parse_fees("20 VNĐ (20.000 vnđ/tờ khai)") == (Fee(text="20.000 vnđ/tờ khai"),)
    (passport,) = parse_fees("70 VNĐ (Cấp mới hộ chiếu)")
    assert passport.amount is None
    assert passport.text == "Cấp mới hộ chiếu: nguồn ghi số 70, không rõ đơn vị tiền"


@pytest.mark.parametrize("raw", ["20 VNĐ ()", "10 VNĐ (/bản)", "50 VNĐ (hồ sơ)", "1 VNĐ ()"])
def test_a_small_number_without_words_records_nothing(raw: str) -> None:
    assert parse_fees(raw) == ()


def test_a_text_that_contradicts_the_amount_wins() -> None:
    assert parse_fees("5000 VNĐ (thu 7.000 đồng/lần đăng ký)") == (Fee(text="thu 7.000 đồng/lần đăng ký"),)
    assert parse_fees("7500 VNĐ (7.500 đồng)") == (Fee(amount=7_500, text="7.500 đồng"),)


def test_an_amount_beside_a_time_bound_clause_is_left_to_the_answer() -> None:
    raw = "800000 VNĐ ((áp dụng mức phí 400.000 đồng/hồ sơ đến hết ngày 31/12/2026))"

    assert parse_fees(raw) == (Fee(amount=800_000, text="áp dụng mức phí 400.000 đồng/hồ sơ đến hết ngày 31/12/2026"),)


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.builds("{} VNĐ ({})".format, st.integers(-5, 2_000_000), st.text(max_size=30)),
        st.builds("{} VNĐ ({}".format, st.from_regex(r"[\d.,]{1,12}"), st.text(max_size=10)),
    ),
    max_size=4,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_any_text_gives_amounts_that_can_be_shown(lines: list[str]) -> None:
    for fee in parse_fees(" | ".join(lines)):
        assert fee.amount is None or fee.amount == 0 or fee.amount >= 1000
        assert fee.amount is not None or fee.text
