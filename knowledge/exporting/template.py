"""Empty workbooks to fill in: headings, an example, choices to pick from, and a sheet that explains."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.exporting.spreadsheet import fill_sheet, text_cell
from knowledge.importing.sheets.columns import AUDIENCES, LEVELS, STATUSES, Column, Shape, Sheet, sheets

EXPLANATION = "Hướng dẫn"
VALIDATED_ROWS = 2000
_CHOICES = {
    Shape.LEVEL: tuple(LEVELS.values()),
    Shape.STATUS: tuple(STATUSES.values()),
    Shape.AUDIENCES: tuple(AUDIENCES.values()),
    Shape.CHANNELS: (
        "Trực tiếp",
        "Trực tuyến",
        "Bưu chính",
        "Trực tiếp; Trực tuyến",
        "Trực tiếp; Trực tuyến; Bưu chính",
    ),
}
_RULES = (
    "Dòng thứ hai của bảng là ví dụ: xóa đi trước khi nhập.",
    "Thứ tự cột tùy ý; cột không cần thì xóa. Cột bị xóa giữ nguyên nội dung đang có của mục đã công bố.",
    "Một ô nhiều giá trị: mỗi giá trị một dòng (Alt+Enter) hoặc ngăn bằng dấu chấm phẩy.",
    "Trong ô nhiều giá trị, viết \\; hoặc \\| khi dấu đó thuộc nội dung.",
    "Để trống nghĩa là chưa có thông tin; không đoán. Không thu phí thì ghi “Miễn phí”.",
    "Xem trước, chưa ghi gì: motcua import TỆP.xlsx --dry-run",
)


def write_template(form: str, path: Path) -> None:
    """An XLSX for one form of `sheets()`. Raises KeyError for an unknown form, OSError."""
    sheet = sheets()[form]
    with path.open("wb") as file:
        book = _filled(sheet)
        book.save(file)


def _filled(sheet: Sheet) -> Any:
    book = Workbook(write_only=True)
    page = fill_sheet(book, sheet, [{c.name: c.example for c in sheet.columns if c.example and not c.imported_only}])
    for place, column in enumerate((c for c in sheet.columns if not c.imported_only), start=1):
        for rule in _validations(column):
            page.data_validations.append(rule)
            letter = get_column_letter(place)
            rule.add(f"{letter}2:{letter}{VALIDATED_ROWS}")
    _explain(book, sheet)
    return book


def _validations(column: Column) -> list[DataValidation]:
    if choices := _CHOICES.get(column.shape):
        several = column.shape in (Shape.AUDIENCES, Shape.CHANNELS)
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        # Several values are typed by hand, so the list there only offers.
        rule.showErrorMessage = not several
        rule.errorTitle, rule.error = column.heading, f"Chọn một trong: {', '.join(choices)}"[:250]
        return [rule]
    if column.shape is Shape.DATE:
        rule = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True)
        rule.showErrorMessage = False
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = column.heading, "Ngày dạng 31/12/2026"
        return [rule]
    return []


def _explain(book: Any, sheet: Sheet) -> None:
    page = book.create_sheet(EXPLANATION)
    for letter, width in (("A", 32), ("B", 12), ("C", 80), ("D", 60)):
        page.column_dimensions[letter].width = width
    page.append([_bold(page, f"Cách điền bảng “{sheet.title}”")])
    for rule in _RULES:
        page.append([text_cell(page, rule)])
    page.append([])
    page.append([_bold(page, text) for text in ("Tên cột", "Bắt buộc", "Nội dung", "Cũng được gọi là")])
    for column in sheet.columns:
        names = ", ".join(column.also[:4])
        cells = (column.heading, "bắt buộc" if column.required else "", column.help, names)
        page.append([text_cell(page, text) for text in cells])


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top")
    return cell
