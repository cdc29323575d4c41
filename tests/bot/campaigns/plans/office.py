"""Plans of the tests' own making, and the files that hold them."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
from openpyxl import Workbook

HEAD = ("STT", "Nội dung công việc", "Thời gian", "Đơn vị chủ trì", "Đơn vị phối hợp", "Sản phẩm")
ROWS = (
    ("1", "Đăng tin về dịch vụ công trực tuyến, ít nhất 04 tin, bài mỗi tháng", "Hằng tháng", "Văn phòng", "", "Tin"),
    ("2", "Tập huấn cho công chức một cửa", "Trước ngày 15/11", "Phòng Nội vụ", "Văn phòng; Trung tâm", "Hội nghị"),
    ("3", "Phát loa truyền thanh cho người dân", "Khi có kế hoạch của tỉnh", "Phòng Văn hóa", "", ""),
    ("4", "Báo cáo kết quả", "Quý, 6 tháng, 01 năm", "Văn phòng", "Các phòng", "Báo cáo"),
)  # fmt: skip
LEAD_IN = (
    "Số: 15/KH-UBND",
    "Sơn La, ngày 05 tháng 01 năm 2026",
    "KẾ HOẠCH",
    "Tuyên truyền cải cách hành chính năm 2026",
    "Căn cứ Kế hoạch số 01/KH-UBND ngày 02/01/2026 của Ủy ban nhân dân tỉnh;",
    "I. NỘI DUNG",
)


def a_text() -> str:
    """A plan as somebody pastes it out of a document."""
    return "\n".join([*LEAD_IN, "\t".join(HEAD), *("\t".join(row) for row in ROWS), "Nơi nhận:", "- Lưu: VT."])


def a_workbook(path: Path) -> Path:
    """The same as a spreadsheet with merged cells: the title over the table, a unit over two rows, a group."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "KH"
    page.append(["KẾ HOẠCH TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH NĂM 2026"])
    page.merge_cells("A1:F1")
    page.append(list(HEAD))
    page.append(["A", "Đối với cán bộ, công chức"])
    page.merge_cells("B3:F3")
    for row in ROWS:
        page.append([int(row[0]), *row[1:]])
    page["D5"], page["D6"] = "Văn phòng", None
    page.merge_cells("D4:D6")
    page.append([None, None, None, None, None, None])
    page.append(["Tổng cộng", None, None, None, None, None])
    hidden = book.create_sheet("Nháp")
    hidden.append(["bí mật"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path


def a_document(path: Path, rows: Sequence[Sequence[str]] = ROWS) -> Path:
    """The same as a document: the letterhead is a table without lines, the tasks' table holds another one."""
    document = docx.Document()
    letterhead = document.add_table(rows=2, cols=2)
    letterhead.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nSố: 15/KH-UBND"
    letterhead.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    letterhead.cell(1, 1).text = "Sơn La, ngày 05 tháng 01 năm 2026"
    for line in LEAD_IN[2:]:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=len(HEAD))
    for place, heading in enumerate(HEAD):
        table.cell(0, place).text = heading
    for row in rows:
        cells = table.add_row().cells
        for place, text in enumerate(row):
            cells[place].text = text
    inner = table.cell(1, 1).add_table(rows=1, cols=3)
    for place, text in enumerate(("STT", "Nội dung", "Thời gian")):
        inner.cell(0, place).text = text
    for place, text in enumerate(("1.1", "Việc trong bảng lồng", "Quý II/2026")):
        if place == 0:
            inner.add_row()
        inner.cell(1, place).text = text
    document.save(str(path))
    return path


def a_numbered_document(path: Path) -> Path:
    """A document whose numbers and bullets Word writes by itself."""
    document = docx.Document()
    for line in LEAD_IN[:-1]:
        document.add_paragraph(line)
    document.add_paragraph("II. NỘI DUNG TUYÊN TRUYỀN")
    document.add_paragraph("Tuyên truyền về lợi ích của dịch vụ công trực tuyến cho người dân.", style="List Number")
    document.add_paragraph("Niêm yết thủ tục hành chính thường xuyên.", style="List Number")
    document.add_paragraph("Nơi nhận:")
    document.add_paragraph("Lưu: VT.", style="List Bullet")
    document.save(str(path))
    return path


def bytes_of(path: Path) -> io.BytesIO:
    """A file as it is sent."""
    return io.BytesIO(path.read_bytes())
