"""Question-and-answer documents as offices write them; every line is used or named as not used."""

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from knowledge.importing.harvest import Harvest, gather
from knowledge.importing.reading import ImportProblem
from knowledge.tables import Kind
from tests.knowledge.importing.sheets.books import with_parts

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def a_document(folder: Path, *lines: Any, name: str = "hoi-dap.docx") -> Path:
    """A document of paragraphs: text; **text** in bold; (style, text); or a function that adds to the document."""
    document: Any = docx.Document()
    for line in lines:
        if callable(line):
            line(document)
        elif isinstance(line, tuple):
            document.add_paragraph(line[1], style=line[0])
        else:
            document.add_paragraph().add_run(line.strip("*")).bold = line.startswith("**")
    document.save(str(folder / name))
    return folder / name


def taken(path: Path) -> Harvest:
    return gather(path, None, None)


def pairs(harvest: Harvest) -> list[tuple[str, str]]:
    return [(faq.question, faq.answer) for faq in harvest.entries.get(Kind.FAQ, {}).values()]  # type: ignore[union-attr]


EXPECTED = [("Nộp thay được không?", "Được.\nCần giấy ủy quyền."), ("Bao lâu có kết quả?", "3 ngày làm việc.")]


def test_questions_numbered_by_hand(tmp_path: Path) -> None:
    path = a_document(
        tmp_path, "BỘ CÂU HỎI", "1. Nộp thay được không?", "Được.", "Cần giấy ủy quyền.", "Câu 2: Bao lâu có kết quả?",
        "Trả lời: 3 ngày làm việc.",
    )  # fmt: skip

    harvest = taken(path)

    assert pairs(harvest) == EXPECTED
    assert any("Đoạn 1" in note and "BỘ CÂU HỎI" in note for note in harvest.notes)


def test_questions_numbered_by_the_program(tmp_path: Path) -> None:
    style = "List Number"
    path = a_document(
        tmp_path, (style, "Nộp thay được không?"), "Được.", "Cần giấy ủy quyền.", (style, "Bao lâu có kết quả?"),
        "3 ngày làm việc.",
    )  # fmt: skip
    numbered = docx.Document(str(path))
    for paragraph in numbered.paragraphs:
        if paragraph.style is not None and paragraph.style.name == style:
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {NAMESPACE}><w:numId w:val="1"/></w:numPr>'))
    numbered.save(str(path))

    assert pairs(taken(path)) == EXPECTED


def test_bold_questions_under_headings(tmp_path: Path) -> None:
    path = a_document(
        tmp_path, ("Heading 1", "Nộp hồ sơ"), "**Nộp thay được không?**", "Được.", "Cần giấy ủy quyền.",
        ("Heading 1", "Trả kết quả"), "**Bao lâu có kết quả?**", "3 ngày làm việc.", "Nguồn: Nội quy | 01/11/2026",
    )  # fmt: skip

    harvest = taken(path)

    assert pairs(harvest) == EXPECTED
    faqs: list[Any] = list(harvest.entries[Kind.FAQ].values())
    assert [faq.topic for faq in faqs] == ["nop-ho-so", "tra-ket-qua"]
    assert [source.title for source in faqs[1].sources] == ["Nội quy"]


def test_asked_and_answered(tmp_path: Path) -> None:
    path = a_document(
        tmp_path, "Hỏi: Nộp thay", "được không?", "Đáp: Được.", "Cần giấy ủy quyền.", "Hỏi 2: Bao lâu có kết quả?",
        "Đáp:", "3 ngày làm việc.",
    )  # fmt: skip

    assert pairs(taken(path)) == EXPECTED


def test_a_question_and_its_answer_in_one_paragraph(tmp_path: Path) -> None:
    def together(document: Any) -> None:
        paragraph = document.add_paragraph()
        paragraph.add_run("Nộp thay được không?\n").bold = True
        paragraph.add_run("Được.\nCần giấy ủy quyền.")

    assert pairs(taken(a_document(tmp_path, together))) == EXPECTED[:1]


def test_numbered_lines_of_an_answer_are_no_questions(tmp_path: Path) -> None:
    path = a_document(tmp_path, "**1. Cần giấy tờ gì?**", "1. Tờ khai.", "2) Ảnh.", "**Lưu ý**", "a) Mang bản chính")

    assert pairs(taken(path)) == [("Cần giấy tờ gì?", "1. Tờ khai.\n2) Ảnh.\nLưu ý\na) Mang bản chính")]


def test_a_question_without_an_answer_is_refused(tmp_path: Path) -> None:
    harvest = taken(a_document(tmp_path, "1. Một?", "2. Hai?", "Có.", "3. Một?", "Không."))

    assert pairs(harvest) == [("Hai?", "Có."), ("Một?", "Không.")]
    assert [(row.row, row.field) for row in harvest.refused] == [(1, "Câu trả lời")]


def test_the_same_question_twice_is_refused(tmp_path: Path) -> None:
    harvest = taken(a_document(tmp_path, "1. Một?", "Có.", "2. Một?", "Không."))

    assert [(row.row, row.field) for row in harvest.refused] == [(3, "Mã câu hỏi")]


def test_tables_are_told(tmp_path: Path) -> None:
    def table(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "3. Trong bảng?"

    harvest = taken(a_document(tmp_path, "1. Một?", "Có.", table))

    assert pairs(harvest) == [("Một?", "Có.")]
    assert any("1 bảng" in note for note in harvest.notes)


def test_changes_that_wait_are_read_as_accepted(tmp_path: Path) -> None:
    def changed(document: Any) -> None:
        paragraph = document.add_paragraph("Được ")
        mark = f'{NAMESPACE} w:id="1" w:author="A"'
        paragraph._p.append(parse_xml(f"<w:del {mark}><w:r><w:delText>không</w:delText></w:r></w:del>"))
        paragraph._p.append(parse_xml(f"<w:ins {mark}><w:r><w:t>ngay.</w:t></w:r></w:ins>"))

    harvest = taken(a_document(tmp_path, "1. Một?", changed))

    assert pairs(harvest) == [("Một?", "Được ngay.")]
    assert any("Track Changes" in note for note in harvest.notes)


@pytest.mark.parametrize(
    ("lines", "about"),
    [
        (("Không có câu nào.",), "in đậm"),
        ((), "in đậm"),
        (("**1. Thñ tôc hµnh chÝnh: nép hå s¬ t¹i quÇy, ®îc tr¶ kÕt qu¶ ®óng hÑn?**", "Cã."), "TCVN3"),
    ],
)
def test_documents_that_cannot_be_taken(tmp_path: Path, lines: tuple[str, ...], about: str) -> None:
    with pytest.raises(ImportProblem, match=about):
        taken(a_document(tmp_path, *lines))


def test_damaged_documents(tmp_path: Path) -> None:
    whole = a_document(tmp_path, "1. Một?", "Có.").read_bytes()
    path = tmp_path / "cut.docx"
    for length in range(0, len(whole), 997):
        path.write_bytes(whole[:length])
        with pytest.raises(ImportProblem):
            taken(path)
    for part in ("word/document.xml", "[Content_Types].xml", "_rels/.rels"):
        for content in (b"", b"<x/>", b"<broken"):
            path.write_bytes(whole)
            with pytest.raises(ImportProblem):
                taken(with_parts(path, {part: content}))


def test_a_document_with_macros(tmp_path: Path) -> None:
    path = with_parts(a_document(tmp_path, "1. Một?", "Có."), {"word/vbaProject.bin": b""})

    with pytest.raises(ImportProblem, match="macro"):
        taken(path)
