"""A record of the portal becomes a procedure with every part of it, and with none of its traps."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Document, DocumentCase, Fee, FormFile, LegalReference, Level, SubmissionChannel, TimeLimit
from knowledge.entries import TimeUnit as Unit
from knowledge.importing.portal.mapping import procedure_of
from knowledge.importing.reading import Refusal
from knowledge.serialising import procedure_from_json, to_json
from tests.doubles.portal import a_record
from tests.places import SHARED, needs_shared

BASE = "https://dichvucong.gov.vn/api/v1"
DAY = date(2026, 11, 21)
FILE = f"{BASE}/submitting/preview-attachment?fileId="


def mapped(**changes: Any) -> Any:
    return procedure_of({**a_record("id-1", "1.000001"), **changes}, BASE, DAY)


def fee(value: float | None, words: str = "", currency: str = "", **more: Any) -> tuple[Fee, ...]:
    line = {"type": "FEE", "value": value, "currencyId": currency, "description": words, **more}
    method = {"submissionMethod": "DIRECT", "processingTime": 5, "processingTimeUnit": "DAY", "fees": [line]}
    return tuple(mapped(executionMethods=[method]).methods[0].fees)


def real(code: str) -> Any:
    path = SHARED / "data" / "portal-api" / f"get-formality-by-citizen.{code}.json"
    return procedure_of(json.loads(path.read_text(encoding="utf-8")), BASE, DAY)


@needs_shared
def test_a_real_record_of_a_province_field_by_field() -> None:
    found = real("1.000358")

    assert (found.code, found.field, found.level) == ("1.000358", "Thương mại quốc tế", Level.PROVINCE)
    assert found.name == "Gia hạn Giấy phép thành lập Chi nhánh của thương nhân nước ngoài tại Việt Nam"
    assert found.regulation_type == "TTHC được luật giao quy định chi tiết"
    assert (found.issuing_agency, found.executing_agency) == ("Bộ Công thương", "Ủy ban nhân dân cấp tỉnh")
    assert (found.competent_agency, found.receiving_address, found.coordinating_agency) == ("", "", "")
    assert found.subjects == ("Người nước ngoài",)
    assert found.steps.startswith("- Hồ sơ gia hạn Giấy phép")
    assert found.steps.endswith("Trường hợp không gia hạn phải có văn bản nêu rõ lý do.")
    assert [method.channel.value for method in found.methods] == ["online", "postal", "direct"]
    assert {method.time for method in found.methods} == {TimeLimit(amount=5.0, unit=Unit.WORKING_DAY)}
    assert {method.fees for method in found.methods} == {()}
    (case,) = found.cases
    assert [(paper.originals, paper.copies) for paper in case.documents] == [(1, 0), (0, 1), (0, 1), (0, 1)]
    assert case.documents[0].name.startswith("Đơn đề nghị gia hạn")
    assert case.documents[0].forms == (FormFile(name="GIAHAN.docx", url=f"{FILE}019e0d25-0d18-756a-9f3e-cd2814a9759b"),)
    assert [paper.forms for paper in case.documents[1:]] == [(), (), ()]
    assert found.results.startswith("GIA HẠN GIẤY PHÉP")
    assert [item.number for item in found.legal_basis] == [
        "11/2016/TT-BCT",
        "07/2016/NĐ-CP",
        "38/2025/TT-BCT",
        "nghị định 146/2025",
    ]
    assert (found.conditions, found.keywords, found.decision_number) == ("", "", "01/QĐ-BCT")
    assert (found.effective_from, found.effective_to, found.province) == (None, None, None)
    assert found.source_url == "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bf7-cd62-75ce-b319-7b31d19fb35f"
    assert found.data_date == DAY


@needs_shared
def test_a_real_record_of_a_commune_field_by_field() -> None:
    found = real("1.008004")

    assert (found.code, found.field, found.level) == ("1.008004", "Trồng trọt", Level.COMMUNE)
    assert found.name == "Chuyển đổi cơ cấu cây trồng, vật nuôi trên đất trồng lúa"
    assert found.issuing_agency == "Bộ Nông nghiệp và Môi trường"
    assert found.executing_agency == "Ủy ban nhân dân cấp xã"
    assert len(found.subjects) == 9
    assert {"Công dân Việt Nam", "Tổ chức (không bao gồm doanh nghiệp, HTX)", "Cán bộ, công chức, viên chức"} < set(
        found.subjects
    )
    assert found.steps.startswith("a) Bước 1: Gửi hồ sơ")
    assert [method.channel for method in found.methods] == [
        SubmissionChannel.ONLINE,
        SubmissionChannel.POSTAL,
        SubmissionChannel.DIRECT,
    ]
    assert [method.fees for method in found.methods] == [(), (), ()]
    (case,) = found.cases
    (paper,) = case.documents
    assert (paper.originals, paper.copies) == (1, 0)
    assert paper.forms == (FormFile(name="Phụ lục IV-NĐ 112.docx", url=f"{FILE}019dafd3-cb12-749d-af34-6f1105addf88"),)
    assert [line.split(" theo mẫu")[0] for line in found.results.splitlines()] == [
        "Văn bản chấp thuận chuyển đổi cơ cấu cây trồng, vật nuôi trên đất trồng lúa",
        "Văn bản không chấp thuận bản đăng ký chuyển đổi cơ cấu cây trồng, vật nuôi trên đất trồng lúa",
    ]
    assert found.legal_basis == (
        LegalReference(number="112/2024/NĐ-CP", title="Nghị định quy định chi tiết đất trồng lúa"),
    )
    assert found.decision_number == "3085/QĐ-BNN-TT"


def test_nought_is_free_only_if_the_words_say_so() -> None:
    assert fee(0) == ()
    assert fee(0, "Không thu phí") == (Fee(amount=0, text="Không thu phí"),)
    assert fee(0, "Phí thẩm định 150.000 đồng/hồ sơ") == (Fee(text="Phí thẩm định 150.000 đồng/hồ sơ"),)


def test_dong_is_an_amount_and_any_other_currency_is_quoted() -> None:
    assert fee(200000, "Lệ phí", "VND") == (Fee(amount=200000, text="Lệ phí"),)
    assert fee(150000.0) == (Fee(amount=150000),)
    assert fee(30, "Lệ phí cấp thị thực", "USD") == (Fee(text="Lệ phí cấp thị thực: 30 đô la Mỹ (USD)"),)
    assert fee(2.5, "", "usd") == (Fee(text="2.5 đô la Mỹ (USD)"),)
    assert fee(200000, "Lệ phí", "019d2bf7-cd62") == (Fee(text="Lệ phí: nguồn ghi số 200000, không rõ đơn vị tiền"),)
    assert fee(0, "Theo quy định", "USD") == (Fee(text="Theo quy định"),)


def test_a_small_number_without_a_currency_is_no_dong() -> None:
    (line,) = fee(25, "Lệ phí cấp hộ chiếu tại cơ quan đại diện")

    assert line.amount is None
    assert "nguồn ghi số 25" in line.text


def test_the_tariff_that_is_attached_is_named() -> None:
    (line,) = fee(None, attachment={"id": "f", "fileName": "Biểu phí.pdf"})

    assert line == Fee(text="Theo biểu phí đính kèm trên Cổng: Biểu phí.pdf")


def test_a_time_in_words_is_quoted_without_its_number() -> None:
    words = "Ngay trong ngày; sau 15 giờ thì trả vào ngày làm việc tiếp theo"
    method = {"submissionMethod": "DIRECT", "processingTime": 1, "processingTimeUnit": "OTHER", "description": words}

    assert mapped(executionMethods=[method]).methods[0].time == TimeLimit(text=words)
    (silent,) = mapped(executionMethods=[{**method, "description": ""}]).methods
    assert silent.time == TimeLimit()


def test_words_beside_a_counted_time_are_a_note() -> None:
    method = {
        "submissionMethod": "DIRECT",
        "processingTime": 2,
        "processingTimeUnit": "MONTH",
        "description": "Tại quầy",
    }
    (made,) = mapped(executionMethods=[method]).methods

    assert (made.time, made.note) == (TimeLimit(amount=2.0, unit=Unit.MONTH), "Tại quầy")


def test_the_agency_comes_from_the_lists_or_from_the_text() -> None:
    assert mapped().executing_agency == "Ủy ban nhân dân cấp tỉnh"
    assert mapped(unitGroupsExecuting=[], executingAgencies="Cục Hàng hải").executing_agency == "Cục Hàng hải"
    assert mapped(departmentsExecuting=[{"name": "Sở Y tế"}]).executing_agency == "Sở Y tế; Ủy ban nhân dân cấp tỉnh"
    assert mapped(unitGroupsExecuting=[], executingAgencies=None).executing_agency == ""


@pytest.mark.parametrize(
    ("flags", "group", "level"),
    [
        ((True, False, False), "", Level.COMMUNE),
        ((False, False, True), "", Level.MINISTRY),
        ((True, True, False), "Ủy ban nhân dân cấp tỉnh", Level.PROVINCE),
        ((True, True, False), "Cơ quan khác", Level.COMMUNE),
        ((False, False, False), "Ủy ban nhân dân cấp xã", Level.COMMUNE),
        ((False, False, False), "Cơ quan khác", Level.UNKNOWN),
    ],
)
def test_the_level_follows_the_marks(flags: tuple[bool, bool, bool], group: str, level: Level) -> None:
    ward, province, ministry = flags
    made = mapped(isWard=ward, isProvince=province, isMinistry=ministry, unitGroupsExecuting=[{"name": group}])

    assert made.level is level


def test_a_province_s_own_procedure_is_told() -> None:
    made = mapped(departmentPromulgateName="Ủy ban nhân dân tỉnh Bắc Ninh")

    assert made.province == "tỉnh Bắc Ninh"


def test_each_legal_document_is_named_once() -> None:
    assert mapped().legal_basis == (LegalReference(number="07/2016/NĐ-CP", title="Nghị định số 07/2016/NĐ-CP"),)


def test_papers_stay_with_their_case_and_forms_with_their_paper() -> None:
    def paper(name: str, *files: str) -> dict[str, Any]:
        attachments = [{"id": file, "fileName": f"{file}.docx"} for file in files]
        return {"name": name, "originalQty": 1, "copyQty": 0, "attachments": attachments}

    made = mapped(
        executionCases=[
            {"name": "Cấp lần đầu:", "profileComponents": [paper("Tờ khai", "a"), paper("Lưu ý: nộp 01 bộ")]},
            {"name": "Cấp lại", "profileComponents": [paper("Tờ khai", "b", "c")]},
        ]
    )

    def form(id_: str) -> FormFile:
        return FormFile(name=f"{id_}.docx", url=FILE + id_)

    assert made.cases == (
        DocumentCase(
            title="Cấp lần đầu",
            documents=(Document(name="Tờ khai", originals=1, copies=0, forms=(form("a"),)),),
            notes=("Lưu ý: nộp 01 bộ",),
        ),
        DocumentCase(
            title="Cấp lại", documents=(Document(name="Tờ khai", originals=1, copies=0, forms=(form("b"), form("c"))),)
        ),
    )


def test_decomposed_letters_and_hidden_characters_are_cleaned() -> None:
    assert mapped(name="C\u200bấp la\u0323i").name == "Cấp lại"


def test_what_is_not_for_citizens_or_not_a_record_is_refused() -> None:
    for changes, part in (
        ({"isInternal": True}, "isInternal"),
        ({"code": None}, "code"),
        ({"name": ""}, "name"),
        ({"executionMethods": "x"}, "executionMethods"),
        ({"executionMethods": [{"submissionMethod": "FAX"}]}, "methods.channel"),
        ({"procedureProposal": []}, "procedureProposal"),
        ({"executionCases": [{"profileComponents": [{"name": "x", "originalQty": "1"}]}]}, "profileComponents"),
    ):
        with pytest.raises(Refusal) as refused:
            mapped(**changes)
        assert refused.value.field.startswith(part)
    with pytest.raises(Refusal):
        fee(True)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


@given(st.sampled_from(places(a_record("id-1", "1.000001"))[1:]), JUNK)
def test_a_record_with_anything_anywhere_is_taken_or_refused(place: tuple[Any, ...], junk: Any) -> None:
    record = a_record("id-1", "1.000001")
    inside: Any = record
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = junk

    try:
        made = procedure_of(record, BASE, DAY)
    except Refusal as refusal:
        assert_said(refusal)
        return
    assert procedure_from_json(to_json(made)) == made


def assert_said(refusal: Refusal) -> None:
    """A refusal names the part and the reason."""
    assert refusal.field
    assert refusal.reason
