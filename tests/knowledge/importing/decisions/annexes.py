"""Publishing decisions as offices write them, in Word, Excel and as a page to print, out of real procedures."""

import functools
import gzip
import html
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import docx
from openpyxl import Workbook

from knowledge.entries import Procedure
from knowledge.importing.snapshot import procedure_of
from tests.places import SNAPSHOT

TITLE = "Về việc công bố Danh mục thủ tục hành chính mới ban hành, được sửa đổi, bổ sung, bị bãi bỏ lĩnh vực Hộ tịch"
NUMBER = "2145/QĐ-UBND"
HEADINGS = ("STT", "Mã TTHC", "Tên thủ tục hành chính", "Thời hạn giải quyết", "Địa điểm thực hiện",
            "Phí, lệ phí (nếu có)", "Căn cứ pháp lý")  # fmt: skip
ABOLISHED = ("STT", "Số hồ sơ TTHC", "Tên thủ tục hành chính", "Tên VBQPPL quy định việc bãi bỏ thủ tục hành chính",
             "Lĩnh vực", "Cơ quan thực hiện")  # fmt: skip
PLACE = "Trung tâm Phục vụ hành chính công tỉnh"
TIME = "05 ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ"
LEGAL = "- Luật Hộ tịch năm 2014;\n- Nghị định số 123/2015/NĐ-CP."


@functools.cache
def real(count: int = 40, beginning: int = 0) -> tuple[Procedure, ...]:
    """Procedures of the national snapshot, as many as are asked for."""
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, beginning, beginning + count)]
    return tuple(procedure_of(row, None) for row in rows)


def cells_of(number: int, procedure: Procedure) -> tuple[str, ...]:
    """A row of an annex."""
    return (str(number), f"{procedure.code}.000.00.00.H52", procedure.name, TIME, PLACE, "Không", LEGAL)


def a_word_decision(
    path: Path, added: Sequence[Procedure], changed: Sequence[Procedure], gone: Sequence[Procedure]
) -> Path:
    """A whole decision: frame, articles, three annexes of which the second is broken over two pages."""
    document = docx.Document()
    frame = document.add_table(rows=2, cols=2)
    frame.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nTỈNH SƠN LA"
    frame.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    frame.cell(1, 0).text = f"Số: {NUMBER}"
    frame.cell(1, 1).text = "Sơn La, ngày 05 tháng 11 năm 2026"
    for text in (
        "QUYẾT ĐỊNH",
        TITLE,
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH SƠN LA",
        "Căn cứ Nghị định số 63/2010/NĐ-CP ngày 08 tháng 6 năm 2010 của Chính phủ;",
        "Điều 1. Công bố kèm theo Quyết định này Danh mục thủ tục hành chính mới ban hành, sửa đổi, bị bãi bỏ.",
        "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày 01 tháng 12 năm 2026. Bãi bỏ Quyết định số 1/QĐ-UBND.",
        "PHỤ LỤC",
        "DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH, SỬA ĐỔI, BỔ SUNG, BÃI BỎ",
        f"(Ban hành kèm theo Quyết định số {NUMBER} ngày 05 tháng 11 năm 2026 của Chủ tịch UBND tỉnh Sơn La)",
        "I. DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH",
    ):
        document.add_paragraph(text)
    table = _headed(document, HEADINGS)
    _whole(table, "A. THỦ TỤC HÀNH CHÍNH CẤP TỈNH")
    _whole(table, "I. Lĩnh vực Hộ tịch")
    for number, procedure in enumerate(added, start=1):
        _fill(table, cells_of(number, procedure))
    document.add_paragraph("II. DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG")
    table = _headed(document, HEADINGS)
    _fill(table, ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"))
    half = len(changed) // 2
    for number, procedure in enumerate(changed[:half], start=1):
        _fill(table, cells_of(number, procedure))
    # The page ends within a row: its rest stands at the head of a new table without headings.
    rest = document.add_table(rows=0, cols=len(HEADINGS))
    _fill(rest, ("", "", "", "", "", "", "- Thông tư số 04/2020/TT-BTP."))
    for number, procedure in enumerate(changed[half:], start=half + 1):
        _fill(rest, cells_of(number, procedure))
    document.add_paragraph("III. DANH MỤC THỦ TỤC HÀNH CHÍNH BỊ BÃI BỎ")
    table = _headed(document, ABOLISHED)
    for number, procedure in enumerate(gone, start=1):
        _fill(
            table, (str(number), procedure.code, procedure.name, "Nghị định số 07/2025/NĐ-CP", "Hộ tịch", "UBND cấp xã")
        )
    if len(gone) > 1:  # one legal document for all of them, in one merged cell
        table.cell(1, 3).merge(table.cell(len(gone), 3)).text = "Nghị định số 07/2025/NĐ-CP"
    document.save(str(path))
    return path


def an_excel_decision(path: Path, procedures: Sequence[Procedure]) -> Path:
    """An annex alone, its headings merged, one code typed as a number."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Phụ lục"
    sheet.append(["DANH MỤC THỦ TỤC HÀNH CHÍNH ĐƯỢC SỬA ĐỔI, BỔ SUNG"])
    sheet.merge_cells("A1:G1")
    sheet.append([f"(Kèm theo Quyết định số {NUMBER} ngày 05/11/2026 của Chủ tịch UBND tỉnh)"])
    sheet.append(list(HEADINGS))
    sheet.append(["I", "LĨNH VỰC HỘ TỊCH"])
    for number, procedure in enumerate(procedures, start=1):
        row: list[object] = list(cells_of(number, procedure))
        row[0] = number
        row[1] = float(procedure.code) if number == 1 else procedure.code
        sheet.append(row)
    book.save(path)
    return path


def a_printed_annex(procedures: Sequence[Procedure]) -> str:
    """The same as a page that a browser prints to PDF, over several sheets."""
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells_of(number, procedure))}</tr>"
        for number, procedure in enumerate(procedures, start=1)
    )
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in HEADINGS)
    return (
        "<meta charset=utf-8><style>@page{size:A4 landscape;margin:15mm}table{border-collapse:collapse;width:100%}"
        "td,th{border:1px solid #000;padding:3px;vertical-align:top}</style>"
        f"<p>Số: {NUMBER}</p><p>Sơn La, ngày 05 tháng 11 năm 2026</p>"
        f"<p>QUYẾT ĐỊNH</p><p>{TITLE}</p><p>DANH MỤC THỦ TỤC HÀNH CHÍNH MỚI BAN HÀNH</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody><tr><td colspan=7>I. Lĩnh vực Hộ tịch</td></tr>"
        f"{rows}</tbody></table>"
    )


def _headed(document: Any, headings: Sequence[str]) -> Any:
    table = document.add_table(rows=1, cols=len(headings))
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        cell.text = heading
    return table


def _whole(table: Any, text: str) -> None:
    row = table.add_row()
    row.cells[0].merge(row.cells[-1]).text = text


def _fill(table: Any, cells: Sequence[str]) -> None:
    for cell, text in zip(table.add_row().cells, cells, strict=True):
        cell.text = text
