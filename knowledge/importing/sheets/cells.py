"""What one cell says, by the shape of its column, and what an export writes there."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.columns import AUDIENCES, LEVELS, STATUSES, Shape
from knowledge.importing.sheets.lines import day_or_none, read_list, shown_day, write_list
from knowledge.importing.sheets.methods import CHANNELS
from knowledge.importing.sheets.papers import (
    read_cases,
    read_legal,
    read_sources,
    write_cases,
    write_legal,
    write_sources,
)
from knowledge.text import clean, clean_block, fold


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell whose content cannot be taken. reason: Vietnamese; shown: what a merged cell says, for headings."""

    reason: str
    shown: "Cell" = None


Cell = str | int | float | date | time | Unusable | None
"""What a spreadsheet holds in one cell; datetime is a date, bool an int."""

NOBODY = "(không)"
CODE_DIGITS = 6
"""Digits after the point in the national codes: a number has lost its zeros at the end."""
_FIRST_DATE = date(1901, 1, 1)
"""Excel counts days before March 1900 wrongly, so such dates are written as text."""
_SHORT_CODE = re.compile(r"(\d),(\d{1,6})")
_LONGEST_ID = 41


def text_of(cell: Cell) -> str:
    """The text of a cell, "" for an empty one. Raises Refusal for what was not meant as text."""
    if cell is None:
        return ""
    if isinstance(cell, Unusable):
        raise Refusal("", cell.reason)
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        raise Refusal("", "ô đúng/sai (TRUE/FALSE), cần chữ")
    if isinstance(cell, date | time):
        raise Refusal("", "Excel đã đổi thành ngày giờ; định dạng ô là Văn bản (Text) rồi nhập lại")
    return _number(cell)


def _number(value: float) -> str:
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value).replace(".", ",")


def read_cell(shape: Shape, cell: Cell) -> Any:
    """The value of a cell as JSON would hold it; None where it says nothing. Raises Refusal without a field."""
    if shape is Shape.DATE:
        return _day(cell)
    if shape is Shape.PHONE:
        return _phone(cell)
    if shape in (Shape.CODE, Shape.CODES) and isinstance(cell, float) and not isinstance(cell, bool):
        code = f"{cell:.{CODE_DIGITS}f}" if cell != int(cell) else str(int(cell))
        return [code] if shape is Shape.CODES else code
    text = clean_block(text_of(cell))
    if not text:
        return None
    if shape is Shape.CODE:
        short = _SHORT_CODE.fullmatch(text)
        return f"{short[1]}.{short[2]:0<{CODE_DIGITS}}" if short else text
    if shape is Shape.LEVEL:
        return _level(text)
    if shape is Shape.STATUS:
        return _choice(text, {v: k for k, v in STATUSES.items()})
    if shape is Shape.AUDIENCES:
        known = {label: audience.value for audience, label in AUDIENCES.items()}
        return [] if text == NOBODY else [_choice(said, known) for said in read_list(text)]
    if shape is Shape.CHANNELS:
        known = {label: channel.value for channel, label in CHANNELS.items()}
        return [_channel(said, known) for said in read_list(text.replace(",", ";"))]
    return _READERS[shape](text) if shape in _READERS else text


def write_cell(shape: Shape, value: Any) -> str | date:
    """What `read_cell` reads; "" for what is not recorded."""
    if value is None:
        return ""
    if shape is Shape.DATE:
        return value if value >= _FIRST_DATE else shown_day(value)
    if shape is Shape.LEVEL:
        return LEVELS.get(value, "")
    if shape is Shape.STATUS:
        return STATUSES[value]
    if shape is Shape.AUDIENCES:
        return "\n".join(AUDIENCES[audience] for audience in value) or NOBODY
    if shape is Shape.CHANNELS:
        return "; ".join(CHANNELS[method.channel] for method in value)
    return _WRITERS[shape](value) if shape in _WRITERS else str(value)


def made_id(text: str) -> str:
    """An id out of a question or a name; the same text always gives the same."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(clean(text))).strip("-")
    if len(slug) > _LONGEST_ID or not slug:
        mark = hashlib.sha256(clean(text).encode()).hexdigest()[:8]
        return f"{slug[:_LONGEST_ID].rsplit('-', 1)[0]}-{mark}".strip("-")
    return slug


def _day(cell: Cell) -> str | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    text = clean(text_of(cell))
    if not text:
        return None
    day = day_or_none(text)
    if day is None:
        raise Refusal("", f"“{text[:30]}” không phải ngày có thật dạng 31/12/2026")
    return day.isoformat()


def _phone(cell: Cell) -> str | None:
    text = clean_block(text_of(cell))
    if isinstance(cell, int | float) and not text.startswith("1"):
        raise Refusal("", f"“{text}” là số nên đã mất số 0 ở đầu; định dạng ô là Văn bản (Text) rồi nhập lại")
    return text or None


def _level(text: str) -> str | None:
    said = fold(text).removeprefix("cap ").strip()
    if said in ("huyen", "quan", "quan huyen"):
        raise Refusal("", "không còn cấp huyện từ ngày 1/7/2025; ghi Cấp xã, Cấp tỉnh hoặc Cấp bộ")
    known = {"xa": "commune", "tinh": "province", "bo": "ministry", "trung uong": "ministry", "phuong": "commune"}
    known |= {"bo/trung uong": "ministry", "xa, phuong": "commune", "chua ro": "unknown"}
    known |= {level.value: level.value for level in LEVELS}
    if said not in known:
        raise Refusal("", f"“{text[:30]}” không có trong danh sách: Cấp xã, Cấp tỉnh, Cấp bộ")
    return known[said]


def _choice(text: str, known: Mapping[str, str]) -> str:
    values = {fold(label): value for label, value in known.items()} | {value: value for value in known.values()}
    said = fold(clean(text))
    if said not in values:
        raise Refusal("", f"“{text[:30]}” không có trong danh sách: {', '.join(known)}")
    return values[said]


def _channel(text: str, known: Mapping[str, str]) -> str:
    said = fold(text)
    for words, label in (
        (("online", "truc tuyen", "mang"), "Trực tuyến"),
        (("buu",), "Bưu chính"),
        (("quay",), "Trực tiếp"),
    ):
        if any(word in said for word in words):
            return known[label]
    return _choice("Trực tiếp" if "truc tiep" in said else text, known)


_READERS: dict[Shape, Callable[[str], Any]] = {
    Shape.LIST: read_list,
    Shape.CODES: read_list,
    Shape.CASES: read_cases,
    Shape.SOURCES: read_sources,
    Shape.LEGAL: read_legal,
}
_WRITERS: dict[Shape, Callable[[Any], str]] = {
    Shape.LIST: write_list,
    Shape.CODES: write_list,
    Shape.CASES: write_cases,
    Shape.SOURCES: write_sources,
    Shape.LEGAL: write_legal,
}
