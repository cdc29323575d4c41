"""The parts of an entry as fields of a form, in the words of the spreadsheets, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from bot.staff.forms import Form
from knowledge.entries import Phrases
from knowledge.importing import entries
from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.cells import Cell, write_cell
from knowledge.importing.sheets.columns import AUDIENCES, LEVELS, Column, Shape, Sheet, sheets
from knowledge.importing.sheets.rows import entry_row, headings, written_row
from knowledge.serialising import Written
from knowledge.tables import Kind

FORMS = {Kind.FAQ: "faq", Kind.PROCEDURE: "procedures", Kind.OVERLAY: "overlay", Kind.PHRASES: "phrases"}
"""What the importer calls each kind that is written here."""
KIND_NAMES = {
    Kind.FAQ: "Câu hỏi",
    Kind.PROCEDURE: "Nội dung thủ tục",
    Kind.OVERLAY: "Phần cơ quan bổ sung",
    Kind.PHRASES: "Cách gọi của người dân",
}
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ten": ("Tên, lĩnh vực, cấp", ("name", "aliases", "field", "level", "regulation_type", "keywords")),
    "co-quan": (
        "Cơ quan, nơi tiếp nhận",
        ("executing_agency", "competent_agency", "receiving_address", "coordinating_agency", "issuing_agency"),
    ),
    "doi-tuong": ("Đối tượng, điều kiện", ("subjects", "conditions")),
    "ho-so": ("Thành phần hồ sơ", ("cases",)),
    "trinh-tu": ("Trình tự, kết quả", ("steps", "results")),
    "cach-nop": ("Cách nộp, thời hạn, phí", ("methods",)),
    "can-cu": (
        "Căn cứ, quyết định, ngày hiệu lực",
        (
            "legal_basis",
            "decision_number",
            "effective_from",
            "effective_to",
            "province",
            "source_url",
            "data_date",
        ),
    ),
}
"""The parts of a procedure: name, and the fields of the entry."""
PREFIX = "o-"
FIELD = "trường"
_ROWS = {Shape.TEXT: 4, Shape.LIST: 4, Shape.CODES: 3, Shape.CASES: 14, Shape.SOURCES: 4, Shape.LEGAL: 8}
_LONG = {"steps": 14, "answer": 8, "conditions": 8}
_ONE_LINE = {
    *("name", "question", "topic", "field", "regulation_type", "executing_agency", "competent_agency"),
    *("issuing_agency", "coordinating_agency", "decision_number", "province", "source_url", "source"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. kind: "date", "text", "area" or "choose"; options: for "choose"; part: of the entry."""

    name: str
    part: str
    label: str
    value: str
    kind: str
    help: str = ""
    rows: int = 3
    required: bool = False
    options: Sequence[tuple[str, str]] = ()


def parts_of(kind: Kind) -> Sequence[tuple[str, str]]:
    """Keys and names of the parts that are written apart; none for what is written whole."""
    return [(key, name) for key, (name, _) in PARTS.items()] if kind is Kind.PROCEDURE else []


def fields_of(kind: Kind, shall: Written, part: str = "") -> list[Field]:
    """The fields of an entry, or of one part of it."""
    sheet = sheets()[FORMS[kind]]
    cells = written_row(sheet, shall)
    return [_field(column, _text(cells.get(column.name, ""))) for column in _columns(sheet, part)]


def typed(found: Sequence[Field], form: Form) -> list[Field]:
    """The same fields with what was typed."""
    return [replace(one, value=form.text(one.name)) if one.name in form.fields else one for one in found]


def read(kind: Kind, before: Written, form: Form, part: str = "") -> Written:
    """What the form makes of an entry; fields that it does not have or leaves as they were stay as they are.

    Raises Refusal, naming the field in Vietnamese.
    """
    sheet = sheets()[FORMS[kind]]
    cells: dict[str, Cell] = dict(written_row(sheet, before))
    touched = set()
    for column in _columns(sheet, part):
        name = PREFIX + column.name
        if name not in form.fields:
            continue
        said = form.text(name)
        if said != _text(cells.get(column.name, "")).strip():
            touched.add(_part(column))
            cells[column.name] = said
    if not touched:
        return before
    parsed = parse(sheet, cells)
    known = {one.name for one in fields(before)}
    return replace(before, **{name: getattr(parsed, name) for name in touched & known})


def parse(sheet: Sheet, cells: Mapping[str, Cell]) -> Written:
    """A row of cells as an entry. Raises Refusal, naming the field in Vietnamese."""
    row = entry_row(sheet, cells)
    named = headings(sheet)
    try:
        if sheet.form == "faq":
            return entries.faq_of(row)
        if sheet.form == "procedures":
            return entries.procedure_of(row)
        if sheet.form == "overlay":
            return entries.overlay_of(row)
        return Phrases(ref=str(row["ref"]), phrases=tuple(row.get("phrases", ())))
    except Refusal as refusal:
        first = refusal.field.split(".")[0]
        raise Refusal(named.get(first, refusal.field or FIELD), refusal.reason) from None


def shown_parts(kind: Kind, said: Written) -> list[tuple[str, str]]:
    """Heading and text of every field that says anything."""
    sheet = sheets()[FORMS[kind]]
    cells = written_row(sheet, said)
    return [(column.heading, _shown(cells[column.name])) for column in sheet.columns if column.name in cells]


def changeable(kind: Kind) -> list[tuple[str, str]]:
    """Fields that can be changed over many entries at once: name and heading."""
    sheet = sheets()[FORMS[kind]]
    one = (Shape.TEXT, Shape.DATE, Shape.LIST, Shape.SOURCES, Shape.LEVEL, Shape.AUDIENCES, Shape.LEGAL)
    return [(column.name, column.heading) for column in sheet.columns if column.shape in one]


def cell_of(kind: Kind, said: Written, name: str) -> str:
    """The text of one of the fields that can be changed over many entries."""
    column = sheets()[FORMS[kind]].column(name)
    return _text(write_cell(column.shape, getattr(said, name)))


def with_cell(kind: Kind, before: Written, name: str, change: Callable[[str], str]) -> Written:
    """The entry with one of these fields changed by `change`, which is given its text. Raises Refusal."""
    sheet = sheets()[FORMS[kind]]
    # Only what a row cannot do without: reading the papers of many procedures would take seconds.
    cells: dict[str, Cell] = {one.name: write_cell(one.shape, getattr(before, one.name)) for one in sheet.required}
    cells[sheet.key] = getattr(before, sheet.key)
    cells[name] = change(cell_of(kind, before, name))
    return replace(before, **{name: getattr(parse(sheet, cells), name)})


def _columns(sheet: Sheet, part: str) -> list[Column]:
    wanted = PARTS[part][1] if part in PARTS else None
    own = [column for column in sheet.columns if not column.imported_only and column.name != sheet.key]
    if wanted is None:
        return own
    found = [column for column in own if _part(column) in wanted]
    return sorted(found, key=lambda column: wanted.index(_part(column)))


def _part(column: Column) -> str:
    return "methods" if column.shape in (Shape.METHOD, Shape.CHANNELS) else column.name


def _field(column: Column, value: str) -> Field:
    options: Sequence[tuple[str, str]] = ()
    kind = "text" if column.name in _ONE_LINE and "\n" not in value else "area"
    if column.shape is Shape.DATE:
        kind = "date"
    elif column.shape is Shape.LEVEL:
        kind, options = "choose", [("", "Chưa rõ"), *((name, name) for name in LEVELS.values())]
    help_ = column.help
    if column.shape is Shape.AUDIENCES:
        help_ = f"Mỗi loại một dòng: {', '.join(AUDIENCES.values())}."
    rows = max(_LONG.get(column.name, _ROWS.get(column.shape, 3)), min(value.count("\n") + 2, 24))
    return Field(
        PREFIX + column.name, _part(column), column.heading, value, kind, help_, rows, column.required, options
    )


def _text(value: Cell) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(value: str | date) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def name_of(said: Written | None) -> str:
    """Its name or its question; "" for what has none."""
    return str(getattr(said, "question", "") or getattr(said, "name", ""))
