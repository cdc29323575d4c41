"""Which part of a procedure is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.aspects import asked, without_aspects
from knowledge.entries import Aspect
from knowledge.text import fold


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("đăng ký kết hôn lệ phí bao nhiêu", {Aspect.FEE}),
        ("làm căn cước mấy ngày có", {Aspect.TIME}),
        ("đăng ký thường trú cần giấy tờ gì", {Aspect.DOSSIER}),
        ("chuyển hộ khẩu nộp ở đâu", {Aspect.PLACE}),
        ("cấp lại bằng lái hồ sơ gồm gì, bao lâu có", {Aspect.DOSSIER, Aspect.TIME}),
        ("đổi họ tên phải làm sao", {Aspect.STEPS, Aspect.DOSSIER}),
        ("làm giấy phép xây dựng có nộp trực tuyến được không", {Aspect.ONLINE}),
        ("gửi hồ sơ qua bưu điện được không", {Aspect.POSTAL}),
        ("công nhận hòa giải viên theo nghị định nào", {Aspect.LEGAL}),
        ("cho xin mẫu đơn đăng ký lại khai sinh", {Aspect.FORM}),
        ("trích lục với bản sao khác nhau thế nào", {Aspect.COMPARE}),
        ("đăng ký khai tử", set()),
    ],
)
def test_the_part_is_recognised_with_accents_and_without(text: str, aspects: set[Aspect]) -> None:
    assert set(asked(text, accents=True)) == aspects
    assert aspects <= set(asked(fold(text), accents=False))


def test_words_that_ask_are_told_from_the_subject() -> None:
    said = ["đăng", "ký", "tạm", "trú", "lệ", "phí", "bao", "nhiêu", "tiền"]

    kept = without_aspects(said, accents=True)

    assert kept[:4] == [True] * 4
    assert not any(kept[4:])


@given(st.text(max_size=80), st.booleans())
def test_it_takes_any_text(text: str, accents: bool) -> None:
    assert len(without_aspects(text.split(), accents=accents)) == len(text.split())
    asked(text, accents=accents)
