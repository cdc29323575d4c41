"""Doubts about published entries."""

from datetime import date

import pytest

from knowledge.cautions import caution, names_district, repealed_documents, review_reasons
from knowledge.entries import Document, DocumentCase, Fee, LegalReference, Method, Procedure, SubmissionChannel

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân cấp huyện",
        "nộp tại UBND huyện nơi cư trú",
        "Phòng Văn hóa và Thông tin huyện",
        "Công an quận, huyện kiểm tra",
        "Bảo hiểm xã hội cấp huyện",
        "Trung tâm Y tế huyện",
        "UBND thị xã",
    ],
)
def test_offices_of_the_district_are_noticed(text: str) -> None:
    assert names_district(text)


@pytest.mark.parametrize(
    "text",
    [
        "cơ quan quản lý xây dựng cấp huyện trước ngày 01 tháng 7 năm 2025",
        "quy hoạch sử dụng đất cấp huyện",
        "các xã thuộc huyện miền núi, thị trấn",
        "đường tỉnh, đường huyện, đường xã",
        "UBND cấp huyện (cũ)",
        "Ủy ban nhân dân cấp xã",
        "",
    ],
)
def test_history_places_and_roads_are_not(text: str) -> None:
    assert not names_district(text)


def test_reasons_name_the_part_and_the_law() -> None:
    procedure = Procedure(
        code="9.1",
        name="Thử",
        steps="Nộp tại UBND huyện.",
        cases=(DocumentCase(documents=(Document(name="Đơn"),)),),
        legal_basis=(LegalReference(number="03/2011/QH13", title="Luật Tố cáo"),),
        methods=(
            Method(channel=SubmissionChannel.DIRECT, fees=(Fee(text="10.000 đồng (áp dụng đến hết 31/12/2025)"),)),
        ),
    )

    district, law, ended = review_reasons(procedure, TODAY)

    assert district == "Còn nhắc cấp huyện (đã bỏ từ 01/07/2025) ở: trình tự."
    assert "03/2011/QH13" in law
    assert "01/01/2019" in law
    assert "31/12/2025" in ended


def test_a_sound_entry_gives_no_reason_and_no_caution() -> None:
    procedure = Procedure(code="9.2", name="Thử", steps="Nộp tại Ủy ban nhân dân cấp xã.")

    assert review_reasons(procedure, TODAY) == ()
    assert caution(procedure, procedure.steps, TODAY, basis=True) == ""


def test_the_caution_is_for_what_is_shown() -> None:
    procedure = Procedure(code="9.3", name="Thử", steps="Nộp tại UBND huyện.")

    assert "cấp huyện" in caution(procedure, procedure.steps, TODAY)
    assert caution(procedure, "Phí: 10.000 đồng", TODAY) == ""


def test_a_repealed_law_in_the_basis_concerns_every_part_but_a_decree_only_the_basis() -> None:
    law = Procedure(code="9.4", name="Thử", legal_basis=(LegalReference(number="03/2011/QH13"),))
    decree = Procedure(code="9.5", name="Thử", legal_basis=(LegalReference(number="61/2018/NĐ-CP"),))

    assert "25/2018/QH14" in caution(law, "Thời hạn: 60 ngày", TODAY)
    assert caution(decree, "Thời hạn: 60 ngày", TODAY) == ""
    assert "118/2025/NĐ-CP" in caution(decree, "Thời hạn: 60 ngày", TODAY, basis=True)


def test_law_is_repealed_from_its_day_on_only() -> None:
    procedure = Procedure(code="9.6", name="Thử", legal_basis=(LegalReference(number="42/2022/NĐ-CP"),))

    assert review_reasons(procedure, date(2026, 6, 30)) == ()
    assert review_reasons(procedure, date(2026, 7, 1))


def test_the_list_of_repealed_documents_is_complete_in_itself() -> None:
    documents = repealed_documents()

    assert len(documents) >= 10
    assert all(document.number and document.what and document.now for document in documents)
    assert len({document.number for document in documents}) == len(documents)
