"""Plans in files: merged cells, nested tables, numbers that Word writes, and files that cannot be read."""

from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from bot.campaigns.plans.documents import lines_of_document
from bot.campaigns.plans.reading import read_lines, read_plan_file, read_plan_text, read_plan_upload, unaccounted
from bot.campaigns.plans.tasks import Audience, PlanProblem, Target
from bot.campaigns.plans.times import TimeKind
from bot.campaigns.plans.workbooks import lines_of_workbook
from tests.bot.campaigns.plans.office import HEAD, LEAD_IN, ROWS, a_document, a_numbered_document, a_text, a_workbook

TODAY = date(2026, 11, 21)


def test_a_pasted_plan() -> None:
    plan = read_plan_text(a_text(), TODAY)

    assert (plan.number, plan.issued_on, plan.year) == ("15/KH-UBND", date(2026, 1, 5), 2026)
    assert [task.key for task in plan.tasks] == ["1", "2", "3", "4"]
    assert plan.tasks[0].target == Target(4, "tin, bài", 1)
    assert plan.tasks[1].time.days == (date(2026, 11, 14),)
    assert plan.tasks[1].support == ("Văn phòng", "Trung tâm")
    assert plan.tasks[1].audience is Audience.OFFICIALS
    assert plan.tasks[2].time.kind is TimeKind.EVENT


def test_a_workbook_with_merged_cells(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "ke-hoach.xlsx")
    plan = read_plan_file(path, TODAY)
    lines, left = lines_of_workbook(path)

    assert plan.title == "TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH NĂM 2026"
    assert [(task.key, task.lead) for task in plan.tasks] == [
        ("1", "Văn phòng"), ("2", "Văn phòng"), ("3", "Văn phòng"), ("4", "Văn phòng"),
    ]  # fmt: skip
    # The group of the merged row is for officials, whatever it is for by its own words.
    assert {task.audience for task in plan.tasks} == {Audience.OFFICIALS}
    assert [one.reason for one in plan.unused] == ["hàng tổng cộng"]
    assert left == ["Không đọc bảng ẩn “Nháp”."]
    assert left[0] in plan.doubts
    assert unaccounted(lines, plan) == []


def test_a_document_with_a_table_in_a_table(tmp_path: Path) -> None:
    path = a_document(tmp_path / "ke-hoach.docx")
    plan = read_plan_file(path, TODAY)

    assert (plan.number, plan.issued_on, plan.place) == ("15/KH-UBND", date(2026, 1, 5), "Sơn La")
    assert plan.title == "Tuyên truyền cải cách hành chính năm 2026"
    assert {task.key: task.lead for task in plan.tasks} == {
        "1": "Văn phòng", "1.1": "", "2": "Phòng Nội vụ", "3": "Phòng Văn hóa", "4": "Văn phòng",
    }  # fmt: skip
    assert next(task for task in plan.tasks if task.key == "1.1").time.days == (date(2026, 6, 30),)
    assert unaccounted(lines_of_document(path)[0], plan) == []


def test_the_rows_after_a_nested_table_go_on_with_the_outer_one(tmp_path: Path) -> None:
    plan = read_plan_file(a_document(tmp_path / "ke-hoach.docx"), TODAY)
    second = next(task for task in plan.tasks if task.key == "2")

    assert (second.product, second.support) == ("Hội nghị", ("Văn phòng", "Trung tâm"))


def test_the_numbers_that_word_writes_itself(tmp_path: Path) -> None:
    plan = read_plan_file(a_numbered_document(tmp_path / "ke-hoach.docx"), TODAY)

    assert [task.key for task in plan.tasks] == ["1", "2"]
    assert [task.time.kind for task in plan.tasks] == [TimeKind.DATES, TimeKind.ALWAYS]
    assert plan.tasks[0].audience is Audience.CITIZENS
    assert [one.text for one in plan.unused] == ["Nơi nhận:", "- Lưu: VT."]


def test_merged_cells_of_a_document_hold_for_each_row(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=4)
    for place, text in enumerate(("TT", "Nhiệm vụ", "Đơn vị thực hiện", "")):
        table.cell(0, place).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(1, 2).text, table.cell(1, 3).text = "Chủ trì", "Phối hợp"
    for row in (2, 3):
        table.cell(row, 0).text, table.cell(row, 1).text = str(row - 1), f"Việc thứ {row - 1} của kế hoạch"
    table.cell(2, 2).merge(table.cell(3, 2)).text = "Văn phòng"
    document.save(str(tmp_path / "gop.docx"))

    tasks = read_plan_file(tmp_path / "gop.docx", TODAY).tasks

    assert [(task.key, task.lead, task.support) for task in tasks] == [("1", "Văn phòng", ()), ("2", "Văn phòng", ())]


def test_a_cut_row_is_joined_and_a_row_without_a_number_is_doubted() -> None:
    cut = ("", "và dịch vụ bưu chính công ích", "", "", "", "")
    alone = ("", "Một việc không đánh số", "Quý I/2026", "Văn phòng", "", "")
    rows = [HEAD, ROWS[0], cut, HEAD, ("", "(tiếp theo)", "", "Sở", "", ""), ROWS[1], alone]
    plan = read_plan_text("\n".join("\t".join(row) for row in rows), TODAY)

    assert [task.key for task in plan.tasks] == ["1", "2", ""]
    assert plan.tasks[0].content.endswith("và dịch vụ bưu chính công ích (tiếp theo)")
    assert plan.tasks[0].lead == "Văn phòng Sở"
    assert len(plan.tasks[0].places) == 3
    assert "số thứ tự" in " ".join(plan.tasks[2].unsure)


def test_further_columns_and_counting_rows_are_kept() -> None:
    rows = [
        ("TT", "Nội dung", "Thời hạn", "Chủ trì", "Kinh phí"),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        ("1", "Làm pa nô", "Không rõ khi nào", "Văn phòng", "5 triệu"),
    ]
    plan = read_plan_text("\n".join("\t".join(row) for row in rows), TODAY)
    (task,) = plan.tasks

    assert task.note == "Kinh phí: 5 triệu"
    assert task.time.kind is TimeKind.UNKNOWN
    assert "Không rõ khi nào" in task.time.doubt
    assert len(plan.headings) == 2
    # Nothing says whose year it is.
    assert any("tạm tính năm 2026" in doubt for doubt in plan.doubts)


def test_a_table_with_bars_is_a_table() -> None:
    rows = [HEAD, ("---",) * len(HEAD), *ROWS]
    text = "\n".join([*LEAD_IN, *(f"| {' | '.join(row)} |" for row in rows)])

    assert [task.lead for task in read_plan_text(text, TODAY).tasks] == [row[3] for row in ROWS]


def test_a_pasted_cell_of_several_paragraphs_stays_one_row() -> None:
    broken = "2\tTập huấn cho công chức\n- tại xã;\n- tại tỉnh\tTrước ngày 15/11\tPhòng Nội vụ\tVăn phòng\tHội nghị"
    text = "\n".join(["\t".join(HEAD), "\t".join(ROWS[0]), broken, "\t".join(ROWS[2])])
    plan = read_plan_text(text, TODAY)

    assert [task.key for task in plan.tasks] == ["1", "2", "3"]
    assert plan.tasks[1].content == "Tập huấn cho công chức - tại xã; - tại tỉnh"
    assert (plan.tasks[1].lead, plan.tasks[1].places) == ("Phòng Nội vụ", ("dòng 3–5",))
    # A row whose empty cells at the end were cut off takes nothing of the next one.
    short = "\n".join(["\t".join(HEAD), "1\tMột việc\tQuý I/2026", "2\tHai việc\tQuý II/2026\tVăn phòng", "Nơi nhận:"])
    assert [task.content for task in read_plan_text(short, TODAY).tasks] == ["Một việc", "Hai việc"]


def test_tables_nested_too_deep_are_told(tmp_path: Path) -> None:
    path = a_document(tmp_path / "ke-hoach.docx")
    document = docx.Document(str(path))
    cell = document.tables[1].cell(1, 0)
    for _ in range(8):
        cell = cell.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "sâu"
    document.save(str(path))

    assert any("lồng quá" in doubt for doubt in read_plan_file(path, TODAY).doubts)


def test_deleted_text_is_not_read_and_changes_are_told(tmp_path: Path) -> None:
    path = a_document(tmp_path / "ke-hoach.docx")
    document = docx.Document(str(path))
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "đã xóa"
    run.append(text)
    deleted.append(run)
    document.paragraphs[0]._p.append(deleted)
    document.save(str(path))
    plan = read_plan_file(path, TODAY)

    assert any("Track Changes" in doubt for doubt in plan.doubts)
    assert not any("đã xóa" in line.text for line in plan.headings)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("ke-hoach.docx", b"PK\x03\x04 hong", "bị hỏng"),
        ("ke-hoach.xlsx", b"khong phai", "bị hỏng"),
        ("ke-hoach.docx", b"\xd0\xcf\x11\xe0 cu", "mật khẩu"),
        ("ke-hoach.pdf", b"%PDF", "không đọc được"),
        ("ke-hoach.docm", b"PK", "không đọc được"),
        ("ke-hoach", b"x", "không đọc được"),
        ("ke-hoach.txt", b"", "trống"),
        ("ke-hoach.txt", b" \n\t\n", "trống"),
        ("ke-hoach.txt", "Chào buổi sáng".encode(), "Không thấy nhiệm vụ"),
        ("ke-hoach.txt", b"\x00\x01\x02", "không phải tệp chữ"),
        ("../../../etc/ke-hoach.txt", "Chào".encode(), "Không thấy nhiệm vụ"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, content: bytes, why: str) -> None:
    with pytest.raises(PlanProblem, match=why):
        read_plan_upload(name, content, TODAY)


def test_lines_beyond_reason_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanProblem, match="quá"):
        read_plan_text("a\n" * 20_001, TODAY)
    with pytest.raises(PlanProblem, match="trống"):
        read_lines([], TODAY)
    with pytest.raises(PlanProblem, match="Không tìm thấy"):
        read_plan_file(tmp_path / "khong-co.txt", TODAY)
