"""One row of the portal's export as a procedure: every trap of that data, on rows made for it."""

from datetime import date
from typing import Any

import pytest

from knowledge.entries import Document, DocumentCase, LegalReference, Level, SubmissionChannel, TimeLimit, TimeUnit
from knowledge.importing.reading import Refusal
from knowledge.importing.snapshot import procedure_of

JULY = date(2026, 7, 31)


def row(**changes: Any) -> dict[str, Any]:
    return {"code": "1.001193", "name": "Đăng ký khai sinh", **changes}


def method(**changes: Any) -> dict[str, Any]:
    return {"channel": "direct", "time_value": 5.0, "time_unit": "WORKING_DAY", "time_raw": "5 WORKING_DAY", **changes}


def test_a_row_with_code_and_name_only_records_nothing_else() -> None:
    procedure = procedure_of(row(description="Không"), JULY)

    assert (procedure.code, procedure.name, procedure.data_date) == ("1.001193", "Đăng ký khai sinh", JULY)
    assert (procedure.methods, procedure.cases, procedure.conditions, procedure.level) == ((), (), "", Level.UNKNOWN)


def test_texts_are_composed_and_without_hidden_characters() -> None:
    procedure = procedure_of(
        row(name="Đa\u0306ng  ky\u0301\u200b khai\u00a0sinh\u200e", steps="Bước 1\r\n\r\n  Bước 2"), JULY
    )

    assert procedure.name == "Đăng ký khai sinh"
    assert procedure.steps == "Bước 1\nBước 2"


@pytest.mark.parametrize(
    ("value", "unit", "raw", "limit"),
    [
        (8.0, "WORKING_DAY", "8 WORKING_DAY", TimeLimit(amount=8, unit=TimeUnit.WORKING_DAY)),
        (30.0, "ngày", "30 ngày", TimeLimit(amount=30, unit=TimeUnit.DAY)),
        (1.0, "HOUR", "1 HOUR", TimeLimit(amount=1, unit=TimeUnit.HOUR)),
        (2.0, "MONTH", "2 MONTH", TimeLimit(amount=2, unit=TimeUnit.MONTH)),
        (1.0, "YEAR", "1 YEAR", TimeLimit(amount=1, unit=TimeUnit.YEAR)),
        (1.0, "OTHER", "1 OTHER", TimeLimit()),
        (5.0, "OTHER", "05 OTHER", TimeLimit()),
        (None, None, "Theo mô tả OTHER", TimeLimit()),
        (None, None, "Không OTHER", TimeLimit()),
        (None, None, "15/12 OTHER", TimeLimit()),
        (None, None, "Không quá 03 ngày làm việc OTHER", TimeLimit(text="Không quá 03 ngày làm việc")),
        (12.5, "OTHER", "12.5 ngày làm việc OTHER", TimeLimit(text="12.5 ngày làm việc")),
        (None, None, "", None),
    ],
)
def test_time_limits_never_show_a_machine_code(value: Any, unit: Any, raw: str, limit: TimeLimit | None) -> None:
    procedure = procedure_of(row(methods=[method(time_value=value, time_unit=unit, time_raw=raw)]), JULY)

    assert procedure.methods[0].time == limit


def test_several_methods_of_a_channel_are_kept_unless_equal() -> None:
    methods = [method(), method(), method(time_value=3.0, time_raw="3 WORKING_DAY"), method(channel="postal")]

    procedure = procedure_of(row(methods=methods), JULY)

    assert [m.channel for m in procedure.methods] == [
        SubmissionChannel.DIRECT,
        SubmissionChannel.DIRECT,
        SubmissionChannel.POSTAL,
    ]


def paper(name: str, originals: int = 1, copies: int = 0, group: str = "") -> dict[str, Any]:
    return {"group": group, "name": name, "originals": originals, "copies": copies}


def test_papers_are_grouped_by_case_and_notes_told_from_papers() -> None:
    procedure = procedure_of(
        row(
            documents=[
                paper("Tờ khai", group="Giấy tờ phải nộp:"),
                paper("Hộ chiếu", 0, 1, group="Giấy tờ phải xuất trình"),
                paper("Giấy chứng sinh", 0, 0, group="Giấy tờ phải nộp"),
                paper("Lưu ý: nộp bản chụp kèm bản chính", 1, 1, group="Giấy tờ phải nộp"),
                paper("Trường hợp gửi qua bưu chính thì gửi bản sao có chứng thực", 0, 0, group="Giấy tờ phải nộp"),
                paper("Ví dụ: sổ hộ khẩu cũ", 0, 0, group="Giấy tờ phải nộp"),
                paper("Tờ khai", group="Giấy tờ phải nộp"),
                paper("****", group="Giấy tờ phải nộp"),
                paper("+ Người tiếp nhận đối chiếu rồi trả lại", 1, 1, group="Lưu ý"),
            ]
        ),
        JULY,
    )

    assert procedure.cases == (
        DocumentCase(
            title="Giấy tờ phải nộp",
            documents=(Document(name="Tờ khai", originals=1, copies=0), Document(name="Giấy chứng sinh")),
            notes=(
                "Lưu ý: nộp bản chụp kèm bản chính",
                "Trường hợp gửi qua bưu chính thì gửi bản sao có chứng thực",
                "Ví dụ: sổ hộ khẩu cũ",
            ),
        ),
        DocumentCase(title="Giấy tờ phải xuất trình", documents=(Document(name="Hộ chiếu", originals=0, copies=1),)),
        DocumentCase(title="Lưu ý", notes=("+ Người tiếp nhận đối chiếu rồi trả lại",)),
    )


@pytest.mark.parametrize("title", ["Thành phần hồ sơ", "01 bộ hồ sơ", "a) Thành phần hồ sơ bao gồm:"])
def test_a_general_title_of_the_only_case_is_dropped(title: str) -> None:
    assert procedure_of(row(documents=[paper("Tờ khai", group=title)]), JULY).cases[0].title == ""


def test_a_kind_of_people_with_a_comma_in_its_name_stays_whole() -> None:
    written = "Tổ chức (không bao gồm doanh nghiệp, HTX), Công dân Việt Nam, Cán bộ, công chức, viên chức"

    assert procedure_of(row(subjects=written), JULY).subjects == (
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
        "Công dân Việt Nam",
        "Cán bộ, công chức, viên chức",
    )


def test_a_legal_document_is_named_once_and_its_title_only_if_it_says_more() -> None:
    basis = [
        {"name": "Luật Hộ tịch", "number": "60/2014/QH13"},
        {"name": "Luật Hộ tịch", "number": "60/2014/QH13"},
        {"name": "123/2015/NĐ-CP", "number": "123/2015/NĐ-CP"},
        {"name": "Luật Quốc tịch", "number": ""},
        {"name": "", "number": ""},
    ]

    assert procedure_of(row(legal_basis=basis), JULY).legal_basis == (
        LegalReference(number="60/2014/QH13", title="Luật Hộ tịch"),
        LegalReference(number="123/2015/NĐ-CP"),
        LegalReference(title="Luật Quốc tịch"),
    )


@pytest.mark.parametrize(
    ("issuing", "decision", "executing", "address", "province"),
    [
        ("UBND tỉnh Bắc Ninh", "1/QĐ-UBND", "", "", "tỉnh Bắc Ninh"),
        ("UBND Thành phố Đà Nẵng", "", "", "", "thành phố Đà Nẵng"),
        ("UBND Thành phố Huế", "", "", "", "thành phố Huế"),
        ("UBND Thành phố Hồ Chí Minh", "", "", "", "thành phố Hồ Chí Minh"),
        ("Trung tâm phục vụ hành chính công Thành phố Hà Nội", "", "", "", "thành phố Hà Nội"),
        ("Sở Xây dựng - tỉnh Quảng Ngãi", "", "", "", "tỉnh Quảng Ngãi"),
        ("", "2171/QĐ-UBND", "Sở Nông nghiệp và Môi trường tỉnh Đồng Tháp", "", "tỉnh Đồng Tháp"),
        ("", "2171/QĐ-UBND", "", "Trung tâm Phục vụ hành chính công tỉnh Đồng Tháp, gồm:", "tỉnh Đồng Tháp"),
        ("", "350/QĐ-BLĐTBXH", "Sở Nội vụ", "số 1, tỉnh Cà Mau", None),
        ("Bộ Tư pháp", "1/QĐ-BTP", "Sở Tư pháp Thành phố Hà Nội", "", None),
        ("Tập đoàn Điện lực Việt Nam", "", "", "", None),
        ("Tòa án nhân dân", "22/QĐ-TANDTC", "Tòa án nhân dân tỉnh, thành phố trực thuộc trung ương", "", None),
    ],
)
def test_whose_own_procedure_it_is(
    issuing: str, decision: str, executing: str, address: str, province: str | None
) -> None:
    made = row(issuing_agency=issuing, decision_no=decision, executing_agency=executing, receiving_address=address)

    assert procedure_of(made, JULY).province == province


@pytest.mark.parametrize(
    ("written", "general"),
    [
        ("Sở Tư pháp Thành phố Hà Nội", "Sở Tư pháp"),
        ("Sở Nông nghiệp và Môi trường - tỉnh An Giang; Sở Nông nghiệp và Môi trường", "Sở Nông nghiệp và Môi trường"),
        (
            "Sở Văn hóa, Thể thao và Du lịch, Sở Văn hóa và Thể thao Thành phố Hà Nội",
            "Sở Văn hóa, Thể thao và Du lịch; Sở Văn hóa và Thể thao",
        ),
        (
            "Sở Ngoại vụ Thành phố Hồ Chí Minh - Bộ Ngoại giao, Cục Lãnh sự - Bộ Ngoại giao",
            "Sở Ngoại vụ Thành phố Hồ Chí Minh - Bộ Ngoại giao, Cục Lãnh sự - Bộ Ngoại giao",
        ),
        ("Công an cấp Xã", "Công an cấp Xã"),
        ("Không có thông tin", ""),
        ("Ủy ban nhân dân cấp xã; Ủy ban nhân dân cấp xã", "Ủy ban nhân dân cấp xã"),
    ],
)
def test_a_national_procedure_names_no_single_province(written: str, general: str) -> None:
    assert procedure_of(row(issuing_agency="Bộ Tư pháp", executing_agency=written), JULY).executing_agency == general


@pytest.mark.parametrize(
    ("level", "executing", "expected"),
    [
        ("Cấp Xã", "", Level.COMMUNE),
        ("Cấp Tỉnh", "", Level.PROVINCE),
        ("Cấp Bộ/Trung ương", "", Level.MINISTRY),
        ("", "Ủy ban nhân dân cấp xã", Level.COMMUNE),
        ("", "Sở Nội vụ", Level.PROVINCE),
        ("", "Cơ quan đại diện Việt Nam ở nước ngoài", Level.MINISTRY),
        ("", "Cơ sở giáo dục", Level.UNKNOWN),
        ("", "", Level.UNKNOWN),
    ],
)
def test_the_level_is_the_source_s_or_the_agency_s(level: str, executing: str, expected: Level) -> None:
    procedure = procedure_of(row(level=level, executing_agency=executing), JULY)

    assert procedure.level is expected
    assert procedure.executing_agency == executing


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": None}, "code"),
        ({"code": ""}, "code"),
        ({"code": "1.001193 hoặc khác"}, "code"),
        ({"code": 7}, "code"),
        ({"name": " \u200b "}, "name"),
        ({"name": ["x"]}, "name"),
        ({"methods": {}}, "methods"),
        ({"methods": ["x"]}, "methods"),
        ({"methods": [{"channel": "pigeon"}]}, "methods.channel"),
        ({"methods": [method(time_value="x")]}, "methods.time_value"),
        ({"documents": [paper("x") | {"copies": 1.5}]}, "documents.copies"),
        ({"documents": [paper("x") | {"originals": -1}]}, "documents.originals"),
        ({"documents": [paper("x") | {"originals": True}]}, "documents.originals"),
        ({"legal_basis": [{"number": 3}]}, "number"),
        ({"province_issued": "true"}, "province_issued"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        procedure_of(row(**changes), JULY)

    assert refused.value.field == field
    assert refused.value.reason
