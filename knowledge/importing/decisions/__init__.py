"""Publishing decisions ("Quyết định công bố") out of the files in which they come."""

from pathlib import Path

from knowledge.importing.decisions.annex import CHANGE_NAMES, Annexes, AnnexRow, ChangeKind, read_annexes
from knowledge.importing.decisions.blocks import Block
from knowledge.importing.decisions.head import Head
from knowledge.importing.decisions.pdf import read_pdf
from knowledge.importing.decisions.sheet import read_sheet
from knowledge.importing.decisions.word import read_word
from knowledge.importing.reading import ImportProblem

__all__ = ["CHANGE_NAMES", "AnnexRow", "Annexes", "ChangeKind", "Head", "read_decision"]

MOST_ROWS = 2000
_READERS = {".docx": read_word, ".xlsx": read_sheet, ".pdf": read_pdf}


def read_decision(path: Path) -> Annexes:
    """What a decision says and lists. Blocks: call it in a thread.

    Raises ImportProblem (Vietnamese) for files that cannot be read and for those without any table of procedures.
    """
    annexes = read_annexes(_blocks(path))
    if not annexes.rows:
        raise ImportProblem(
            f"Không thấy bảng danh mục thủ tục nào trong {path.name}: cần bảng có cột “Tên thủ tục hành chính”."
        )
    if len(annexes.rows) > MOST_ROWS:
        raise ImportProblem(f"Tệp {path.name} có hơn {MOST_ROWS} thủ tục. Hãy chia thành nhiều tệp.")
    return annexes


def _blocks(path: Path) -> list[Block]:
    if not path.is_file():
        raise ImportProblem(f"Không tìm thấy tệp {path}." if not path.exists() else f"{path} không phải là tệp.")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ImportProblem(f"Loại tệp {path.suffix or '(không đuôi)'} không được nhận; cần .docx, .xlsx hoặc .pdf.")
    try:
        return reader(path)
    except PermissionError:
        raise ImportProblem(f"Không có quyền đọc tệp {path}.") from None
