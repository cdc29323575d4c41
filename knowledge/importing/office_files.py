"""Files of office programs as rows to take in: spreadsheets and question-and-answer documents."""

from pathlib import Path

from knowledge.importing.qa_document import read_document
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.columns import sheets
from knowledge.importing.sheets.csv_file import read_csv
from knowledge.importing.sheets.parts import Part, recognised
from knowledge.importing.sheets.workbook import read_workbook

_WITH_MACROS = {".xlsm", ".xltm", ".docm", ".xlam", ".xlsb"}
_OLD = {".xls": ".xlsx", ".ods": ".xlsx", ".doc": ".docx", ".odt": ".docx", ".rtf": ".docx"}
_TABLES = {".csv", ".tsv"}
_TAKEN = {".xlsx", ".docx", *_TABLES}


def is_office_file(path: Path) -> bool:
    """True for files that office programs write, also those that we refuse."""
    return path.suffix.lower() in {*_TAKEN, *_WITH_MACROS, *_OLD}


def read_office_file(path: Path, form: str | None) -> list[Part]:
    """The rows of every part of a file that is of use; form None = told from the headings. Raises ImportProblem."""
    suffix = path.suffix.lower()
    if suffix in _WITH_MACROS:
        raise ImportProblem(f"Tệp {path.name} có thể chứa macro nên không được nhận. Lưu lại thành .xlsx hoặc .docx.")
    if suffix in _OLD:
        raise ImportProblem(f"Loại tệp {suffix} không được nhận. Mở tệp và lưu lại thành {_OLD[suffix]}.")
    if not path.is_file():
        raise ImportProblem(f"Không tìm thấy tệp {path}." if not path.exists() else f"{path} không phải là tệp.")
    try:
        return _read(path, suffix, form)
    except PermissionError:
        raise ImportProblem(f"Không có quyền đọc tệp {path}.") from None


def _read(path: Path, suffix: str, form: str | None) -> list[Part]:
    if suffix == ".docx":
        if form not in (None, "faq"):
            raise ImportProblem("Tệp .docx chỉ dùng cho hỏi đáp (--as faq).")
        return [read_document(path)]
    if form is not None and form not in sheets():
        raise ImportProblem(f"Loại dữ liệu “{form}” không nhập được từ bảng tính; chọn {', '.join(sheets())}.")
    wanted = [sheets()[form]] if form else list(sheets().values())
    found: list[Part] = []
    left: list[str] = []
    if suffix in _TABLES:
        part = recognised(read_csv(path, wanted), wanted, path.name)
        found += [part] if part else []
    else:
        with read_workbook(path) as (grids, left):
            for grid in grids:
                if part := recognised(grid, wanted, path.name):
                    found.append(part)
                else:
                    left.append(grid.title)
    if not found:
        raise ImportProblem(
            f"Không tìm thấy hàng tiêu đề nào nhận ra được trong {path.name}. "
            "Lấy tệp mẫu: motcua import --template faq (hoặc procedures, offices, overlay)."
        )
    if left:
        found[0].notes.append(f"Bảng không dùng: {', '.join(left)}.")
    return found
