"""Values that buttons carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import choices
from handlers.choices import ErrandStep, Pick, Place
from knowledge.entries import Aspect, SubmissionChannel


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


PLACES = [
    Place(),
    Place("e"),
    Place("e", "sinh-con"),
    Place("e", "sinh-con", page=2),
    Place("s"),
    Place("s", "cong-an", page=3),
    Place("f", "0012ab34"),
    Place("f", "12345678", page=12),
    Place("o", "0012ab34"),
    Place("o", "0012ab34", "again"),
    Place("o", "12345678", "other", 21),
]


@pytest.mark.parametrize("place", PLACES)
def test_a_page_of_the_guided_way_is_read_back(place: Place) -> None:
    value = choices.for_place(place)

    assert choices.place(value) == place
    assert choices.decode(value) is None
    assert choices.errand(value) is None


@given(
    st.none() | st.integers(0, 999),
    st.booleans(),
    st.sampled_from([None, *SubmissionChannel]),
    st.none() | st.integers(0, 999),
)
def test_an_errand_is_read_back_as_far_as_it_was_told(
    case: int | None, told: bool, channel: SubmissionChannel | None, office: int | None
) -> None:
    step = ErrandStep("1.0041940.000.00.00.H38", case)
    if case is not None and told:
        step = ErrandStep(step.code, case, channel, told, office)
    value = choices.for_errand(step)

    assert choices.errand(value) == step
    assert len(value.encode()) <= 64
    assert value.isascii()
    assert choices.decode(value) is None
    assert choices.place(value) is None


@pytest.mark.parametrize("value", ["", "g:x", "g:e:", "g:e:A", "g:f:1:2", "g.1", "g:s:a:b", "gg", "g:" + "a" * 40])
def test_no_other_value_opens_a_page(value: str) -> None:
    assert choices.place(value) is None


@pytest.mark.parametrize("value", ["e:", "e:1.0:x", "e:1.0:1:z", "e:1.0:1:d:", "e:1.0::d", "e:1/0", "e:1.0:1000"])
def test_no_other_value_is_an_errand(value: str) -> None:
    assert choices.errand(value) is None


@given(st.text(max_size=80))
def test_no_text_raises_as_a_page_or_an_errand(value: str) -> None:
    choices.place(value)
    choices.errand(value)
