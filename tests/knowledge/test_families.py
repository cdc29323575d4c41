"""Families and twins: on the whole national snapshot, and their rules on a small catalogue."""

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from knowledge import grouping
from knowledge.entries import Level, Procedure
from knowledge.families import Families
from knowledge.grouping import corrections
from knowledge.importing.snapshot import procedure_of
from knowledge.lexicon.reading import LexiconError
from knowledge.operations import OPERATIONS
from tests.fakes import Laid
from tests.knowledge import catalogue
from tests.places import SNAPSHOT, needs_shared

AGAIN, FIRST = (1 << OPERATIONS.index(name) for name in ("again", "first"))


@pytest.fixture(scope="module")
def national() -> Families:
    """The families of the whole country."""
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        return Families(Laid([procedure_of(row, date(2026, 7, 31)) for row in map(json.loads, rows)]), corrections())


@needs_shared
@pytest.mark.parametrize(
    ("one", "opposite"),
    [
        ("3.000346", "3.000352"),  # giấy phép lái xe: cấp, thu hồi
        ("3.000347", "3.000348"),  # đổi, cấp lại
        ("1.014063", "1.014064"),  # thẻ căn cước: cấp đổi, cấp lại
        ("1.001612", "1.001266"),  # hộ kinh doanh: đăng ký thành lập, chấm dứt
        ("1.001612", "2.000575"),
        ("1.004194", "1.010028"),  # tạm trú: đăng ký, xóa
        ("1.001193", "1.004884"),  # khai sinh: đăng ký, đăng ký lại
        ("1.011429", "1.011431"),  # biện pháp bảo đảm bằng tàu biển: đăng ký, xóa
        ("2.002891", "2.002893"),  # trường mầm non: thành lập, giải thể
        ("1.014199", "1.014201"),  # giấy phép lao động: cấp, gia hạn
        ("1.013916", "1.013922"),  # chứng chỉ hành nghề đại diện sở hữu công nghiệp: cấp, thu hồi
        ("2.001583", "2.002023"),  # doanh nghiệp: thành lập công ty, giải thể
    ],
)
def test_opposite_operations_are_one_family_and_never_twins(national: Families, one: str, opposite: str) -> None:
    first, other = national.member(one), national.member(opposite)

    assert first
    assert other
    assert national.same_family(one, opposite)
    assert opposite not in national.twins(one)
    assert first.doing != other.doing


@needs_shared
@pytest.mark.parametrize(
    ("one", "twin"),
    [
        ("1.014061", "2.000200"),  # thẻ căn cước từ đủ 14 tuổi: xã, tỉnh
        ("1.014061", "1.001247"),  # và trung ương
        ("1.014064", "2.001194"),
        ("1.012928", "1.013703"),  # thành lập hội: trung ương, xã, in capitals and not
        ("1.000040", "1.001809"),  # triển lãm mỹ thuật: thẩm quyền của Bộ, của UBND cấp tỉnh
        ("1.004251", "2.001564"),  # "(cấp Trung ương)", "(địa phương)"
        ("1.014716", "1.014717"),
        ("1.012783", "1.115194"),  # cấp đổi giấy chứng nhận: the country, Đồng Nai
        ("1.013949", "1.115438"),
        ("1.009627", "1.009645"),  # chủ trương đầu tư: Thủ tướng, UBND cấp tỉnh
    ],
)
def test_known_twins(national: Families, one: str, twin: str) -> None:
    assert twin in national.twins(one)
    assert one in national.twins(twin)


@needs_shared
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.014061", "1.014062"),  # from 14 years, below 14 years
        ("1.014438", "1.014439"),  # trung tâm đổi mới sáng tạo cấp tỉnh is another thing
        ("6.006688", "6.006695"),  # “Cộng đồng học tập” cấp tỉnh, cấp xã
        ("5.003849", "5.003850"),  # hoạt động giáo dục, hoạt động giáo dục trở lại
        ("1.001193", "2.000528"),  # khai sinh, with a foreign side
        ("2.000815", "1.001606"),
    ],
)
def test_what_only_looks_alike_is_no_twin(national: Families, one: str, other: str) -> None:
    assert other not in national.twins(one)


@needs_shared
def test_one_word_in_two_trades_is_two_families(national: Families) -> None:
    assert not national.same_family("1.004194", "1.001146")  # tạm trú of citizens, of foreigners
    assert not national.same_family("1.008590", "1.013490")  # gia hạn nộp thuế: thuế, hải quan


@needs_shared
def test_kinds_of_a_thing_belong_to_its_family(national: Families) -> None:
    assert national.same_family("3.000346", "3.000353")  # giấy phép lái xe quốc tế
    assert national.same_family("1.004614", "1.004623")  # thẻ hướng dẫn viên du lịch nội địa


@needs_shared
def test_every_procedure_agrees_with_its_twins_and_its_family(national: Families) -> None:
    refs = [ref for ref, number in zip(national._facts.ref, national.family.tolist(), strict=True) if number >= 0]
    assert len(refs) > 5600
    paired = 0
    for ref in refs:
        for twin in national.twins(ref):
            paired += 1
            assert twin != ref
            assert ref in national.twins(twin)
            assert national.same_family(ref, twin)
            own, other = national.member(ref), national.member(twin)
            assert own
            assert other
            assert own.operations == other.operations
    assert paired > 1000


@needs_shared
def test_no_family_swallows_a_field(national: Families) -> None:
    numbers, sizes = np.unique(national.family[national.family >= 0], return_counts=True)

    assert (sizes > 1).sum() > 800
    assert sizes.max() < 130
    assert len(numbers) > 2500


def laid(*procedures: Procedure, **names: str) -> Families:
    return Families(Laid(procedures), names)


def test_a_family_by_operation_level_and_province() -> None:
    known = Families(Laid(catalogue.ALL))

    card = known.family_of(catalogue.CARD.code)
    frequency = known.family_of(catalogue.FREQUENCY.code)

    assert card
    assert card.object == "thẻ căn cước"
    assert list(card.by_operation()) == ["cấp", "cấp lại"]
    assert frequency
    assert set(frequency.by_level()) == {Level.PROVINCE, Level.MINISTRY}
    assert set(frequency.by_province()) == {""}
    assert known.twins(catalogue.FREQUENCY.code) == (catalogue.FREQUENCY_PROVINCE.code,)


def test_unknown_entries_have_neither_family_nor_twins() -> None:
    known = Families(Laid(catalogue.ALL))

    assert known.family_of("9.9") is None
    assert known.member("9.9") is None
    assert known.twins("9.9") == ()
    assert not known.same_family("9.9", "9.9")
    assert Families(Laid(())).twins("1") == ()


def test_corrections_move_and_take_out_all_of_one_name() -> None:
    here = catalogue.procedure("1.1", "Cấp sổ xanh", "Lâm nghiệp")
    twin = replace(here, code="1.2", name="Thủ tục cấp sổ xanh (cấp tỉnh)", level=Level.PROVINCE)
    other = catalogue.procedure("1.3", "Thu hồi thẻ rừng", "Lâm nghiệp")

    assert not laid(here, twin, other).same_family("1.1", "1.3")
    moved = laid(here, twin, other, **{"1.1": "thẻ rừng"})
    assert moved.same_family("1.1", "1.3")
    assert moved.same_family("1.2", "1.3")
    assert moved.twins("1.1") == ("1.2",)
    out = laid(here, twin, other, **{"1.1": grouping.TAKEN_OUT})
    assert out.member("1.1") is None
    assert out.twins("1.2") == ()


def test_shipped_corrections_can_be_read_and_damage_is_told(tmp_path: Path) -> None:
    assert corrections()
    for damage in ("1.1", "1.1\ta\n1.1\tb", "\tthẻ"):
        (tmp_path / grouping.CORRECTIONS).write_text(damage, encoding="utf-8")
        with pytest.raises(LexiconError):
            corrections(tmp_path)
