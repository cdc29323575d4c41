"""Procedures on shelves: sectors, fields, operations."""

from dataclasses import replace

from knowledge.entries import Level, OfficeProfile, Procedure
from knowledge.shelves import OTHER_OPERATION, Shelves, by_operation, most_used
from tests.fakes import Laid
from tests.knowledge import catalogue


def laid(*procedures: Procedure, profile: OfficeProfile | None = None) -> Shelves:
    return Shelves(Laid(procedures or catalogue.ALL), profile or OfficeProfile())


def names(shelves: Shelves) -> list[str]:
    return [shelf.name for sector in shelves.sectors for shelf in sector.shelves]


def codes(shelves: Shelves, field: str) -> list[str]:
    shelf = next(s for sector in shelves.sectors for s in sector.shelves if s.name == field)
    return [hit.ref for hit in shelf.hits]


def test_every_procedure_is_on_one_shelf_of_one_sector() -> None:
    shelves = laid()
    listed = [hit.ref for sector in shelves.sectors for shelf in sector.shelves for hit in shelf.hits]

    assert sorted(listed) == sorted(entry.code for entry in catalogue.ALL)
    assert "Hộ tịch" in [shelf.name for shelf in (shelves.sector("tu-phap") or shelves.sectors[0]).shelves]


def test_the_most_used_come_first() -> None:
    assert codes(laid(), "Đăng ký, quản lý cư trú")[0] == most_used()[0] == "1.004194"


def test_a_commune_sees_what_its_own_level_settles_first() -> None:
    commune = OfficeProfile(level=Level.COMMUNE)
    ministry = replace(catalogue.STAY, code="1.0", level=Level.MINISTRY)
    procedures = (ministry, catalogue.STAY_LONGER)

    assert codes(laid(*procedures, profile=commune), "Đăng ký, quản lý cư trú") == ["1.002755", "1.0"]


def test_a_department_has_its_own_fields_first() -> None:
    department = OfficeProfile(agencies=("Sở Tần số vô tuyến điện",), fields=("Hộ tịch",))

    assert [shelf.name for shelf in laid(profile=department).own] == ["Hộ tịch", "Tần số vô tuyến điện"]
    assert laid().own == ()


def test_what_belongs_to_another_province_is_left_out() -> None:
    here = codes(laid(profile=OfficeProfile(province="Sơn La")), catalogue.LAND_SON_LA.field)
    everywhere = codes(laid(), catalogue.LAND_SON_LA.field)

    assert here == [catalogue.LAND_SON_LA.code]
    assert set(everywhere) == {catalogue.LAND_SON_LA.code, catalogue.LAND_LAO_CAI.code}


def test_a_field_unknown_to_the_sectors_goes_to_the_last() -> None:
    shelves = laid(replace(catalogue.STAY, field="Lĩnh vực mới lạ"))

    assert [sector.id for sector in shelves.sectors] == ["noi-vu"]


def test_a_procedure_without_a_field_is_on_no_shelf() -> None:
    assert laid(replace(catalogue.STAY, field="  ")).sectors == ()


def test_fields_differing_in_spaces_and_first_letter_are_one() -> None:
    shelves = laid(replace(catalogue.STAY, field="hộ  tịch"), catalogue.BIRTH)

    assert names(shelves) == ["Hộ tịch"]


def test_large_fields_are_laid_out_by_what_is_to_be_done() -> None:
    shelf = next(s for sector in laid().sectors for s in sector.shelves if s.name == "Hộ tịch")
    groups = by_operation(shelf.hits)

    assert {hit.ref for hits in groups.values() for hit in hits} == {hit.ref for hit in shelf.hits}
    assert [hit.ref for hit in groups["again"]] == [catalogue.BIRTH_AGAIN.code]
    assert list(groups)[-1] == OTHER_OPERATION or OTHER_OPERATION not in groups


def test_ids_stay_the_same_and_find_their_shelf() -> None:
    shelf = laid().sectors[0].shelves[0]

    assert (laid().shelf(shelf.id) or shelf).name == shelf.name
    assert laid().shelf("00000000") is None
    assert laid().sector("khong-co") is None
