"""Values that buttons carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import choices
from handlers.choices import Pick
from knowledge.entries import Aspect


def test_what_is_written_is_read_back() -> None:
    assert choices.decode(choices.for_procedure("1.001193")) == Pick("1.001193")
    assert choices.decode(choices.for_procedure("1.001193", (Aspect.FEE, Aspect.TIME))) == Pick(
        "1.001193", (Aspect.FEE, Aspect.TIME)
    )
    assert choices.decode(choices.for_procedure("1.001193", (Aspect.DOSSIER,), 12)) == Pick(
        "1.001193", (Aspect.DOSSIER,), 12
    )
    assert choices.decode(choices.for_full("1.001193")) == Pick("1.001193", full=True)
    assert choices.decode(choices.for_faq("nop-truc-tuyen")) == Pick("faq:nop-truc-tuyen")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "p:",
        "p:1.001193",
        "p:1.001193:z",
        "p:1.001193:ff",
        "p:1.001193:d:0",
        "p:1.001193:d:-1",
        "p:1.001193:d:1000",
        "p:1.001193:d:1 ",
        "full:",
        "full:1/2",
        "q:Đ",
        "q:A B",
        "faq:x",
        "p:" + "1" * 80 + ":f",
        "xóa hết",
    ],
)
def test_anything_else_is_nothing(value: str) -> None:
    assert choices.decode(value) is None


@given(st.text(max_size=100))
def test_no_text_raises(value: str) -> None:
    choices.decode(value)


@given(st.lists(st.sampled_from(list(Aspect)), unique=True), st.none() | st.integers(1, 999))
def test_every_value_fits_every_platform(aspects: list[Aspect], case: int | None) -> None:
    value = choices.for_procedure("1.115679", tuple(aspects), case)

    assert len(value.encode()) <= 64
    assert choices.decode(value) == Pick("1.115679", tuple(aspects), case)


def test_a_code_that_cannot_be_carried_is_refused() -> None:
    with pytest.raises(ValueError, match="button"):
        choices.for_full("1:2")
