"""Whatever an entry holds, its cells are read back as the same entry; what people type is understood."""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from knowledge.entries import Procedure
from knowledge.importing import entries
from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.cells import Unusable, made_id, read_cell
from knowledge.importing.sheets.columns import Shape, sheets
from knowledge.importing.sheets.methods import read_fee, read_methods, read_time
from knowledge.importing.sheets.papers import read_cases, read_legal, read_sources
from knowledge.importing.sheets.rows import entry_row, written_row
from tests.knowledge.importing.sheets import values

patient = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


def again(form: str, entry: Any) -> dict[str, Any]:
    return entry_row(sheets()[form], written_row(sheets()[form], entry))


@patient
@given(values.PROCEDURES)
def test_any_procedure_comes_back(procedure: Procedure) -> None:
    assert entries.procedure_of(again("procedures", procedure)) == procedure


@patient
@given(values.FAQS)
def test_any_question_comes_back(faq: Any) -> None:
    assert entries.faq_of(again("faq", faq)) == faq


@patient
@given(values.OFFICES, values.LEGAL_DOCUMENTS, values.OVERLAYS)
def test_any_other_entry_comes_back(office: Any, document: Any, overlay: Any) -> None:
    assert entries.office_of(again("offices", office)) == office
    assert entries.legal_document_of(again("legal-documents", document)) == document
    assert entries.overlay_of(again("overlay", overlay)) == overlay


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5 ngày làm việc", {"amount": 5.0, "unit": "working_day", "text": ""}),
        ("05 Ngày", {"amount": 5.0, "unit": "day", "text": ""}),
        ("0,5 giờ", {"amount": 0.5, "unit": "hour", "text": ""}),
        ("Trong ngày", {"text": "Trong ngày"}),
        ("03 ngày làm việc kể từ ngày nhận đủ hồ sơ", {"text": "03 ngày làm việc kể từ ngày nhận đủ hồ sơ"}),
        ("3 tháng | kể từ ngày nhận", {"amount": 3.0, "unit": "month", "text": "kể từ ngày nhận"}),
    ],
)
def test_a_time_limit_as_people_type_it(typed: str, meant: dict[str, Any]) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize("typed", ["5", "hai ngày | kể từ", "1 ngày | a | b"])
def test_an_unclear_time_limit_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_time(typed)


@pytest.mark.parametrize(
    ("typed", "amount", "text"),
    [
        ("20.000 đồng", 20_000, ""),
        ("20000", 20_000, ""),
        ("20,000 VNĐ", 20_000, ""),
        ("20.000 đồng/bản", 20_000, "20.000 đồng/bản"),
        ("20.000đ một thẻ", 20_000, "20.000đ một thẻ"),
        ("20.000 đồng | một thẻ", 20_000, "một thẻ"),
        ("Miễn phí", 0, "Miễn phí"),
        ("10.000 đồng, từ bản thứ hai 2.000 đồng", None, "10.000 đồng, từ bản thứ hai 2.000 đồng"),
        ("Theo quy định của HĐND tỉnh", None, "Theo quy định của HĐND tỉnh"),
        ("| Miễn phí", None, "Miễn phí"),
    ],
)
def test_a_fee_as_people_type_it(typed: str, amount: int | None, text: str) -> None:
    assert read_fee(typed) == {"amount": amount, "text": text}


@pytest.mark.parametrize("typed", ["0", "50", "rẻ | 20.000 đồng"])
def test_an_unclear_fee_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_fee(typed)


def test_one_column_for_every_channel() -> None:
    found = read_methods(["direct", "online"], {("time", ""): "5 ngày", ("fees", "online"): "10.000 đồng"})

    assert [method["channel"] for method in found] == ["direct", "online"]
    assert [method["time"]["amount"] for method in found] == [5.0, 5.0]
    assert "fees" not in found[0]


def test_a_column_for_every_channel_needs_channels() -> None:
    with pytest.raises(Refusal):
        read_methods([], {("time", ""): "5 ngày"})


def test_papers_as_people_type_them() -> None:
    text = "Trường hợp: Nộp trực tiếp\nTờ khai | 1 | 2\nẢnh | bản sao: 3\nGiấy chứng sinh | bản chính\nLưu ý: mang theo"

    (case,) = read_cases(text)

    assert case["title"] == "Nộp trực tiếp"
    assert case["notes"] == ["mang theo"]
    assert case["documents"] == [
        {"name": "Tờ khai", "originals": 1, "copies": 2},
        {"name": "Ảnh", "copies": 3},
        {"name": "Giấy chứng sinh", "originals": 1},
    ]


def test_a_part_of_a_paper_that_means_nothing_is_refused() -> None:
    with pytest.raises(Refusal, match="nhiều bản"):
        read_cases("Tờ khai | nhiều bản")


def test_legal_basis_and_sources_as_people_type_them() -> None:
    assert read_legal("60/2014/QH13\nLuật Hộ tịch") == [
        {"number": "60/2014/QH13", "title": ""},
        {"number": "", "title": "Luật Hộ tịch"},
    ]
    assert read_sources("Nội quy | 01/11/2026") == [{"title": "Nội quy", "url": "", "as_of": "2026-11-01"}]
    with pytest.raises(Refusal):
        read_sources("Nội quy | a | hôm qua")


@pytest.mark.parametrize(
    ("shape", "cell", "value"),
    [
        (Shape.CODE, 1.00419, "1.004190"),
        (Shape.CODE, "1,00419", "1.004190"),
        (Shape.CODE, 2, "2"),
        (Shape.CODES, 1.00419, ["1.004190"]),
        (Shape.DATE, datetime(2026, 12, 31), "2026-12-31"),  # noqa: DTZ001
        (Shape.DATE, date(2026, 12, 31), "2026-12-31"),
        (Shape.DATE, "31-12-2026", "2026-12-31"),
        (Shape.DATE, "", None),
        (Shape.PHONE, 19001234, "19001234"),
        (Shape.PHONE, 113.0, "113"),
        (Shape.TEXT, 1.5, "1,5"),
        (Shape.TEXT, 12.0, "12"),
        (Shape.LEVEL, "cấp Xã", "commune"),
        (Shape.LEVEL, "Tỉnh", "province"),
        (Shape.LIST, "một; hai\nba", ["một", "hai", "ba"]),
        (Shape.AUDIENCES, "Công dân; cán bộ", ["citizens", "officials"]),
        (Shape.CHANNELS, "trực tiếp, qua bưu điện, online", ["direct", "postal", "online"]),
        (Shape.STATUS, "Còn hiệu lực", "in_force"),
    ],
)
def test_a_cell_as_people_fill_it(shape: Shape, cell: Any, value: Any) -> None:
    assert read_cell(shape, cell) == value


@pytest.mark.parametrize(
    ("shape", "cell", "about"),
    [
        (Shape.PHONE, 212000000, "số 0"),
        (Shape.TEXT, datetime(2026, 1, 12), "Văn bản"),  # noqa: DTZ001
        (Shape.TEXT, time(7, 30), "Văn bản"),
        (Shape.TEXT, True, "TRUE"),
        (Shape.TEXT, Unusable("ô báo lỗi #REF!"), "#REF!"),
        (Shape.DATE, "31/02/2026", "31/02/2026"),
        (Shape.DATE, 46000, "46000"),
        (Shape.LEVEL, "Cấp huyện", "cấp huyện"),
        (Shape.LEVEL, "Liên xã", "Cấp tỉnh"),
        (Shape.CHANNELS, "chim bồ câu", "Bưu chính"),
        (Shape.STATUS, "lung tung", "Còn hiệu lực"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused(shape: Shape, cell: Any, about: str) -> None:
    with pytest.raises(Refusal, match=about):
        read_cell(shape, cell)


def test_an_id_is_short_stable_and_different() -> None:
    long = "Tôi muốn đăng ký khai sinh cho con ở nơi tạm trú thì phải đến đâu và cần gì?"

    assert made_id("Nộp thay được không?") == "nop-thay-duoc-khong"
    assert made_id(long) == made_id(long) != made_id(long + " Nhanh không?")
    assert len(made_id(long)) <= entries.FAQ_ID_LENGTH
    assert made_id("???")
