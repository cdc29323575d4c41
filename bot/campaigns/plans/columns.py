"""What the columns of a task table hold, told from their headings."""

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.text import clean, fold

LONGEST_HEADING = 80


class Column(StrEnum):
    """One column of a task table."""

    NUMBER = "number"
    CONTENT = "content"
    TIME = "time"
    LEAD = "lead"
    SUPPORT = "support"
    PRODUCT = "product"
    AUDIENCE = "audience"


_WORDS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (Column.NUMBER, re.compile(r"(?:stt|so\s*tt|tt|so\s+thu\s+tu|so)\.?")),
    (Column.SUPPORT, re.compile(r".*\bphoi\s+hop\b.*")),
    (Column.LEAD, re.compile(r".*\b(?:chu\s+tri|dau\s+moi)\b.*")),
    (Column.PRODUCT, re.compile(r".*\b(?:san\s+pham|ket\s+qua)\b.*")),
    (Column.TIME, re.compile(r".*\b(?:thoi\s+(?:gian|han|diem)|tien\s+do|han\s+hoan\s+thanh|hoan\s+thanh|han)\b.*")),
    (Column.AUDIENCE, re.compile(r".*\bdoi\s+tuong\b.*")),
    (Column.CONTENT, re.compile(r".*\b(?:noi\s+dung|nhiem\s+vu|cong\s+viec|hoat\s+dong|ten\s+viec|viec)\b.*")),
    (Column.LEAD, re.compile(r".*\b(?:don\s+vi|co\s+quan|trach\s+nhiem|phan\s+cong|nguoi)\b.*")),
)


def column_of(heading: str) -> Column | None:
    """What a heading says its column holds; None for anything else, such as notes."""
    folded = fold(clean(heading)).strip(" :.*()")
    if not folded or len(folded) > LONGEST_HEADING:
        return None
    return next((column for column, words in _WORDS if words.fullmatch(folded)), None)


def columns_of(cells: Sequence[str]) -> dict[Column, int] | None:
    """The columns of a heading row; None for a row that is none. The first of two alike counts."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        column = column_of(cell)
        if column and column not in found:
            found[column] = place
    others = found.keys() & {Column.TIME, Column.LEAD, Column.PRODUCT, Column.SUPPORT}
    filled = [cell for cell in cells if cell]
    short = all(len(cell) <= LONGEST_HEADING for cell in filled)
    return found if Column.CONTENT in found and others and short and len(found) * 2 >= len(filled) else None


def refined(columns: dict[Column, int], cells: Sequence[str]) -> dict[Column, int] | None:
    """The columns after the second row of a heading ("Chủ trì | Phối hợp" below "Đơn vị thực hiện"); None for a row
    that is none."""
    filled = [(place, cell) for place, cell in enumerate(cells) if cell]
    named = {column: place for place, cell in filled if (column := column_of(cell))}
    parts = named.keys() & {Column.LEAD, Column.SUPPORT}
    if not parts or any(column_of(cell) is None and len(cell) > LONGEST_HEADING // 2 for _, cell in filled):
        return None
    return {**columns, **named} if len(filled) <= len(columns) and len(named) == len(filled) else None
