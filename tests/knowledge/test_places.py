"""Names of provinces and communes: recognised, set apart from the subject, and never taken for ordinary words."""

import csv
import functools
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from knowledge import lexicon
from knowledge.places import FILE, PLACE_WEIGHT, Placed, Places
from knowledge.query import understand
from knowledge.syllables import Typed, Word
from knowledge.text import fold, tokens
from tests.knowledge import catalogue as c
from tests.places import ROOT, SHARED, needs_shared

ORDINARY = {"thanh cong", "phan khai", "hoa binh", "lai chau", "ly nhan", "xay dung"}
"""What the titles of a base might speak of."""


def as_typed(typed: Sequence[Typed]) -> list[tuple[str, ...]]:
    return [(said.folded,) for said in typed]


@functools.cache
def words() -> lexicon.Lexicon:
    return lexicon.load()


@functools.cache
def places() -> Places:
    return Places(words().provinces)


def ordinary(part: Sequence[Word], accents: bool) -> bool:
    return " ".join(word.folded for word in part) in ORDINARY


def mark(said: Sequence[Word], accents: bool) -> Placed:
    return places().mark(said, accents=accents, ordinary=ordinary)


def read(text: str) -> tuple[str, frozenset[str]]:
    """The words set apart as places, and the provinces named."""
    query = understand(text, words(), repair=as_typed, placed=mark)
    return " ".join(word.surface for word in query.words if word.place), query.provinces


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("làm khai sinh ở Sơn La", "Sơn La"),
        ("lam khai sinh o son la", "Sơn La"),
        ("em ở Rạch Giá", "An Giang"),
        ("em ở TP HCM", "Hồ Chí Minh"),
        ("tphcm", "Hồ Chí Minh"),
        ("e o SG", "Hồ Chí Minh"),
        ("HN", "Hà Nội"),
        ("ở quận 1", "Hồ Chí Minh"),
        ("o quan 3", "Hồ Chí Minh"),
        ("ở Q7", "Hồ Chí Minh"),
        ("phường Sài Gòn", "Hồ Chí Minh"),
        ("phường Bến Nghé", "Hồ Chí Minh"),
        ("o phuong ben nghe", "Hồ Chí Minh"),
        ("thị trấn Sa Pa", "Lào Cai"),
        ("tỉnh Thái Bình cũ", "Hưng Yên"),
        ("quê ở Bà Rịa - Vũng Tàu", "Hồ Chí Minh"),
        ("tỉnh Hòa Bình", "Phú Thọ"),
        ("tỉnh Hoà Bình", "Phú Thọ"),
    ],
)
def test_a_place_names_its_province(text: str, province: str) -> None:
    assert read(text)[1] == {province}


def test_every_province_in_force_and_every_older_one_is_known() -> None:
    names = [(name, province) for province, older in words().provinces.items() for name in (province, *older)]
    assert len(words().provinces) == 34
    assert len(names) > 63

    wrong = [(name, found) for name, province in names if (found := read(f"ở {name}")[1]) != {province}]

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("làm khai sinh ở xã Thành Công", "xã thành công"),
        ("khai sinh ở phường 4", "phường 4"),
        ("nhà ở tổ 5 thôn 3", "tổ 5 thôn 3"),
        ("đăng ký tạm trú ở Bình Hưng Hòa", "bình hưng hòa"),
    ],
)
def test_a_place_that_names_no_province_is_no_subject_either(text: str, place: str) -> None:
    assert read(text)[0] == place


@pytest.mark.parametrize(
    "text",
    [
        "hợp tác xã Thành Công giải thể",
        "nhà ở xã hội an toàn",
        "vay vốn thành công",
        "phương án chữa cháy",
        "quan ly nhan su",
        "sống trong hòa thuận",
        "muốn hạnh phúc",
        "con 5 tuổi ở phường 12 tuổi",
        "an mỹ",
        "đi Mỹ",
        "yêu cầu giấy tờ gì",
        "phuong an",
        "cô ba đại từ",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert read(text) == ("", frozenset())


def test_a_place_counts_as_little_as_a_filler() -> None:
    query = understand("khai sinh ở phường Bến Nghé", words(), as_typed, placed=mark)
    weights = {word.folded: word.weight for word in query.words}

    assert weights["ben"] == weights["nghe"] == PLACE_WEIGHT
    assert weights["khai"] > PLACE_WEIGHT


def test_a_name_of_communes_in_several_provinces_names_none_of_them() -> None:
    assert read("xã Tân Phú")[1] == frozenset()
    assert read("xã Tân Phú tỉnh Đồng Nai")[1] == {"Đồng Nai"}


def test_a_commune_is_settled_where_its_province_has_its_own_procedure() -> None:
    base = c.base()

    found = base.find("hỗ trợ trồng cây ăn quả trên đất dốc ở xã Mộc Châu")

    assert found.hits[0].ref == c.LAND_SON_LA.code
    assert c.LAND_LAO_CAI.code not in {hit.ref for hit in found.hits}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "places.tsv"
    damaged.write_text("Sơn La\tx\n", encoding="utf-8")

    with pytest.raises(lexicon.LexiconError, match=r"places\.tsv:1"):
        Places(words().provinces, damaged)


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_places", ROOT / "tools" / "make_places.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_shared
def test_the_shipped_file_is_what_the_generator_makes() -> None:
    assert _generator().made(SHARED / "data" / "communes.csv") == FILE.read_text(encoding="utf-8")


def _reads_otherwise(name: str) -> bool:
    """Whether a word of the name is read as one of dialect ("Vầy") or chat spelling ("Ko")."""
    return not {*words().dialect, *words().teencode, *words().abbreviations}.isdisjoint(tokens(name))


@needs_shared
def test_every_commune_in_force_is_known_by_its_kind_and_name() -> None:
    with (SHARED / "data" / "communes.csv").open(encoding="utf-8", newline="") as file:
        names = [row["commune"] for row in csv.DictReader(file)]
    assert len(names) == 3321

    unknown = [name for name in names if len(read(f"ở {name}")[0].split()) < 2]

    respelt = [name for name in unknown if _reads_otherwise(name) or "Xã Hội" in name]
    assert unknown == respelt
    assert len(unknown) < 20


@needs_shared
def test_the_provinces_are_those_of_the_list() -> None:
    with (SHARED / "data" / "provinces.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 34

    generator = _generator()
    assert {fold(generator.short(row["province"])) for row in rows} == {fold(name) for name in words().provinces}


@pytest.mark.parametrize(
    ("formerly", "older"),
    [
        ("giữ nguyên", ()),
        ("Phường Quán Thánh, Phường Trúc Bạch", ("Quán Thánh", "Trúc Bạch")),
        ("Phường 4, Phường 5 (quận Phú Nhuận)", ("Phú Nhuận",)),
        ("Thị trấn Sa Pa và Xã Tả Phìn (phần còn lại sau khi sáp nhập vào xã Tả Van)", ("Sa Pa", "Tả Phìn")),
        ("một phần diện tích TN của các phường Cửa Nam, Điện Biên", ("Cửa Nam", "Điện Biên")),
    ],
)
def test_older_names_are_read_from_free_text(formerly: str, older: tuple[str, ...]) -> None:
    assert _generator().older(formerly) == older
