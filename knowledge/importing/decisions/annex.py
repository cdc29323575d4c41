"""The procedures that a publishing decision lists: added, changed, abolished, row by row out of its annexes."""

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.entries import Level
from knowledge.importing.decisions.blocks import Block, Line, TableRow
from knowledge.importing.decisions.columns import Column, columns_of, is_counting
from knowledge.importing.decisions.head import Head, read_head
from knowledge.text import clean, clean_block, fold

LONGEST_HEADING = 300
_FRAMED = 12
_CODE = re.compile(r"(?<![\d.])(\d)\.(\d{6})(?!\d)")
_SHORT_CODE = re.compile(r"\s*(\d)[.,](\d{3,6})\s*")
_NUMBERED = re.compile(r"\s*(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,3})*)\s*[.):/-]\s*")
_COUNT = re.compile(r"\d{1,4}(?:\.\d{1,3})*\.?")
_FIELD = re.compile(r"lĩnh vực\s*:?\s*", re.IGNORECASE)
_AFTER_FIELD = re.compile(r"[(;]|\bthuộc (?:thẩm quyền|phạm vi)", re.IGNORECASE)
_TEXT_OF_DECISION = re.compile(r"(?:điều \d|căn cứ|theo đề nghị|xét đề nghị|nơi nhận)", re.IGNORECASE)
_HEADING = re.compile(r"(?:phụ lục|danh mục|phần|mục)\b", re.IGNORECASE)


class ChangeKind(StrEnum):
    """What a decision does to a procedure."""

    ADDED = "added"
    CHANGED = "changed"
    ABOLISHED = "abolished"


CHANGE_NAMES = {
    ChangeKind.ADDED: "Mới ban hành",
    ChangeKind.CHANGED: "Được sửa đổi, bổ sung",
    ChangeKind.ABOLISHED: "Bị bãi bỏ",
}
_CHANGES = (
    (ChangeKind.ADDED, re.compile(r"moi ban hanh|ban hanh moi|moi duoc ban hanh")),
    (ChangeKind.CHANGED, re.compile(r"sua doi|bo sung|thay the|chuan hoa")),
    (ChangeKind.ABOLISHED, re.compile(r"bai bo|huy bo")),
)
_LEVELS = (
    (Level.COMMUNE, re.compile(r"cap xa|ubnd xa|uy ban nhan dan (?:cap )?xa")),
    (Level.PROVINCE, re.compile(r"cap tinh|ubnd tinh|tham quyen.{0,40}\bso\b")),
    (Level.MINISTRY, re.compile(r"cap trung uong|cap bo\b")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRow:
    """One procedure as the annex names it; an empty part is not recorded there. place: its line, counted from 1.

    change: None where neither the headings nor the columns tell.
    """

    place: int
    change: ChangeKind | None
    name: str
    code: str = ""
    level: Level = Level.UNKNOWN
    field: str = ""
    time: str = ""
    where: str = ""
    way: str = ""
    fee: str = ""
    legal: str = ""
    agency: str = ""


@dataclass(slots=True, kw_only=True)
class Annexes:
    """A decision as read. notes: what was not used, Vietnamese."""

    head: Head
    rows: list[AnnexRow] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)


@dataclass(slots=True)
class _State:
    """What the headings so far say of the rows that follow. table and columns: of the last row of headings."""

    change: ChangeKind | None = None
    level: Level = Level.UNKNOWN
    field: str = ""
    columns: dict[Column, int] = dataclasses.field(default_factory=dict)
    width: int = 0
    hint: ChangeKind | None = None
    unread: set[int] = dataclasses.field(default_factory=set)


def read_annexes(blocks: Iterable[Block]) -> Annexes:
    """Every row of every annex; tables that go on over pages, with or without their headings, are one."""
    known = list(blocks)
    lines = [block.text for block in known if isinstance(block, Line)]
    # The number and the place stand in a table without rules in most decisions.
    framed = [
        line for block in known if isinstance(block, TableRow) for cell in block.cells for line in cell.split("\n")
    ]
    lines = [*framed[:_FRAMED], *lines]
    found, state = Annexes(head=read_head(lines)), _State()
    state.change = _change(found.head.title)
    for block in known:
        if isinstance(block, Line):
            _heading(state, block.text, within=False)
        elif not _is_heading_row(state, block):
            _row(found, state, block)
    for table in sorted(state.unread):
        found.notes.append(f"Bảng {table} không có cột “Tên thủ tục”, không đọc.")
    return found


def _is_heading_row(state: _State, row: TableRow) -> bool:
    """Takes headings in; False for a row that tells of a procedure."""
    if columns := columns_of(row.cells):
        legal = columns.get(Column.LEGAL)
        # A document's own frame, such as the one around its number and place, has no column of names.
        state.columns, state.width = columns, len(row.cells)
        state.hint = _change(row.cells[legal]) if legal is not None else None
        return True
    if is_counting(row.cells):
        return True
    if row.whole or (len(row.filled) == 1 and row.filled[0] == 0 and not _COUNT.fullmatch(row.text)):
        _heading(state, row.text, within=True)
        return True
    words = [clean(row.cells[place]) for place in row.filled]
    if len(words) == 2 and _NUMBERED.fullmatch(f"{words[0].rstrip('.')}. ") and not _COUNT.fullmatch(words[0]):
        _heading(state, f"{words[0].rstrip('.')}. {words[1]}", within=True)
        return True
    return False


def _heading(state: _State, text: str, *, within: bool) -> None:
    """What a heading changes. within: it stands in a table, where every line of one cell is a heading."""
    said = clean(text)
    if not said or len(said) > LONGEST_HEADING or _TEXT_OF_DECISION.match(said):
        return
    words = fold(said)
    heads = within or said.isupper() or bool(_HEADING.match(_NUMBERED.sub("", said, count=1)))
    if not heads and not _NUMBERED.match(said):
        return
    change = _change(said)
    several = sum(bool(pattern.search(words)) for _, pattern in _CHANGES) > 1
    if change is not None or (several and _HEADING.match(_NUMBERED.sub("", said, count=1))):
        state.change, state.level, state.field = change, Level.UNKNOWN, ""
    for level, pattern in _LEVELS:
        if pattern.search(words):
            state.level = level
            break
    if named := _FIELD.search(said):
        words_of = _AFTER_FIELD.split(said[named.end() :])[0].strip(" .:;()-–")
        state.field = words_of.capitalize() if words_of.isupper() else words_of


def _row(found: Annexes, state: _State, row: TableRow) -> None:
    if not state.columns or len(row.cells) != state.width:
        state.unread |= {row.table} if len(row.cells) >= 3 else set()
        return
    cell = {column: row.cells[place] for column, place in state.columns.items() if place < len(row.cells)}
    name = " ".join(cell.get(Column.NAME, "").split())
    code = code_in(cell.get(Column.CODE, "")) or code_in(name)
    number = clean(cell.get(Column.NUMBER, ""))
    begins = bool(code) or bool(_COUNT.fullmatch(number)) if Column.NUMBER in state.columns else bool(code or name)
    if not begins:
        if found.rows:
            found.rows[-1] = _continued(found.rows[-1], cell)
        return
    if not name and not code:
        return
    found.rows.append(
        AnnexRow(
            place=len(found.rows) + 1,
            change=state.change or state.hint,
            name=clean(_CODE.sub("", name)).strip(" ()-–;") if code_in(name) else name,
            code=code,
            level=state.level,
            field=clean(cell.get(Column.FIELD, "")) or state.field,
            time=_whole(cell, Column.TIME),
            where=_whole(cell, Column.PLACE),
            way=_whole(cell, Column.WAY),
            fee=_whole(cell, Column.FEE),
            legal=clean_block(cell.get(Column.LEGAL, "")),
            agency=_whole(cell, Column.AGENCY),
        )
    )


def _continued(row: AnnexRow, cell: dict[Column, str]) -> AnnexRow:
    """A row with what its second half on the next page says."""
    more = {
        "name": cell.get(Column.NAME, ""),
        "time": cell.get(Column.TIME, ""),
        "where": cell.get(Column.PLACE, ""),
        "way": cell.get(Column.WAY, ""),
        "fee": cell.get(Column.FEE, ""),
        "agency": cell.get(Column.AGENCY, ""),
    }
    changes = {name: f"{getattr(row, name)} {clean(text)}".strip() for name, text in more.items() if text}
    if legal := clean_block(cell.get(Column.LEGAL, "")):
        changes["legal"] = f"{row.legal}\n{legal}".strip()
    return replace(row, **changes) if changes else row  # type: ignore[arg-type]


def _whole(cell: dict[Column, str], column: Column) -> str:
    """A cell whose lines were only broken by the width of its column; lists keep their lines."""
    lines = clean_block(cell.get(column, "")).split("\n")
    joined = lines[:1]
    for line in lines[1:]:
        if re.match(r"[-+•*–]|\d+[.)]\s", line):
            joined.append(line)
        else:
            joined[-1] += f" {line}"
    return "\n".join(joined).strip()


def _change(text: str) -> ChangeKind | None:
    """What a heading says of the rows below; None where it says nothing or several things."""
    words = fold(clean(text))
    kinds = [kind for kind, pattern in _CHANGES if pattern.search(words)]
    return kinds[0] if len(kinds) == 1 else None


def code_in(text: str) -> str:
    """The national code that a cell holds ("1.001193.000.00.00.H52" -> "1.001193"), "" for none."""
    if found := _CODE.search(text):
        return f"{found[1]}.{found[2]}"
    if short := _SHORT_CODE.fullmatch(text):
        return f"{short[1]}.{short[2]:0<6}"
    return ""
