"""Staff see which parts of an entry differ, in words."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.differences import LABELS, difference, field_names, in_words, shown
from knowledge.entries import (
    Document,
    DocumentCase,
    Faq,
    Fee,
    FormFile,
    LegalReference,
    Level,
    Method,
    Procedure,
    Source,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)

FEE = Method(
    channel=SubmissionChannel.DIRECT,
    time=TimeLimit(amount=5.0, unit=TimeUnit.WORKING_DAY),
    fees=(Fee(amount=15000, text="mỗi lần"),),
)
OLD = Procedure(code="1.000001", name="Cấp lại thẻ", methods=(FEE,), level=Level.PROVINCE, data_date=date(2026, 7, 31))


def test_the_day_of_reading_is_no_difference() -> None:
    assert difference(OLD, OLD) == []
    assert difference(OLD, replace(OLD, data_date=date(2026, 11, 21))) == []


def test_each_part_is_shown_before_and_after() -> None:
    new = replace(OLD, methods=(replace(FEE, fees=(Fee(amount=0, text="Miễn phí"),)),), conditions="Đủ 18 tuổi")

    changes = difference(OLD, new)

    assert in_words(changes) == "cách nộp, thời hạn, phí, điều kiện"
    assert changes[0].old == "Trực tiếp | 5 ngày làm việc | 15.000 đồng – mỗi lần"
    assert changes[0].new == "Trực tiếp | 5 ngày làm việc | 0 đồng – Miễn phí"
    assert (changes[1].field, changes[1].old, changes[1].new) == ("conditions", "", "Đủ 18 tuổi")


def test_papers_and_law_are_lines() -> None:
    paper = Document(name="Tờ khai", originals=1, copies=0, forms=(FormFile(name="TK.docx", url="https://a.example"),))
    case = DocumentCase(title="Cấp lại", documents=(paper,), notes=("Lưu ý",))

    assert shown((case,)) == "Cấp lại | Tờ khai | 1 | 0 | TK.docx | https://a.example | Lưu ý"
    assert shown((LegalReference(number="1/NĐ", title="Nghị định"), LegalReference(title="Luật"))) == (
        "1/NĐ – Nghị định\nLuật"
    )
    assert (shown(None), shown(Level.PROVINCE), shown(TimeLimit(text="ngay"))) == ("", "Cấp tỉnh", "ngay")


def test_questions_differ_as_well() -> None:
    old = Faq(id="a", question="Hỏi?", answer="Có.", topic="t", sources=(Source(title="QĐ 1"),))

    assert [change.label for change in difference(old, replace(old, answer="Không.", sources=()))] == [
        "câu trả lời",
        "nguồn",
    ]


def test_two_kinds_are_not_compared() -> None:
    with pytest.raises(TypeError):
        difference(OLD, Faq(id="a", question="", answer="", topic=""))


def test_every_part_of_a_procedure_has_a_name_for_people() -> None:
    assert field_names()
    assert field_names() <= LABELS.keys()
