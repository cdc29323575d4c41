"""Takes values out of one row of a file, cleaned, and refuses what has the wrong type."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.importing.reading import Refusal
from knowledge.text import clean_block

MOST_COPIES = 1000
"""More copies of one paper than this is a slip of the keyboard."""
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,29}")
"""Short enough that a button's value (64 bytes) can carry it."""


@functools.lru_cache(maxsize=4096)
def block(value: str) -> str:
    """`knowledge.text.clean_block`, quick where nothing has to be cleaned."""
    tidy = (
        value.replace("\n", "").isprintable()
        and value == value.strip()
        and not any(blank in value for blank in ("  ", " \n", "\n ", "\n\n"))
    )
    if tidy and unicodedata.is_normalized("NFC", value):
        return value
    return clean_block(value)


def text(row: Mapping[str, Any], field: str) -> str:
    """A text of several lines; "" where the field is absent or null. Raises Refusal for anything but text."""
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(field, f"phải là chữ, không phải {_type(value)}")
    return block(value)


def line(row: Mapping[str, Any], field: str) -> str:
    """A text of one line."""
    return " ".join(text(row, field).split())


def required(row: Mapping[str, Any], field: str) -> str:
    """A text of one line that must say something. Raises Refusal."""
    value = line(row, field)
    if not value:
        raise Refusal(field, "thiếu hoặc để trống")
    return value


def code(row: Mapping[str, Any], field: str = "code") -> str:
    """A procedure's code. Raises Refusal."""
    value = required(row, field)
    if not _CODE.fullmatch(value):
        raise Refusal(field, "mã chỉ gồm chữ không dấu, số, dấu chấm và gạch nối, dài nhất 30 ký tự")
    return value


def rows(row: Mapping[str, Any], field: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; none where the field is absent or null. Raises Refusal."""
    value = row.get(field)
    if value is None:
        return
    if not isinstance(value, list):
        raise Refusal(field, f"phải là danh sách, không phải {_type(value)}")
    for item in value:
        if not isinstance(item, dict):
            raise Refusal(field, f"mỗi mục phải là một đối tượng {{ … }}, không phải {_type(item)}")
        yield item


def count(row: Mapping[str, Any], field: str, *, within: str) -> int | None:
    """A number of copies; None where the field is absent or null. Raises Refusal, naming the list `within`."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or int_or_none(value) is None:
        raise Refusal(f"{within}.{field}", f"phải là số nguyên, không phải {_type(value)}")
    number = int(value)
    if not 0 <= number <= MOST_COPIES:
        raise Refusal(f"{within}.{field}", f"số bản phải từ 0 đến {MOST_COPIES}")
    return number


def int_or_none(value: float) -> int | None:
    """A whole number as int; None for fractions and infinities."""
    return int(value) if abs(value) < 1e15 and value == int(value) else None


def flag(row: Mapping[str, Any], field: str) -> bool:
    """Yes or no; no where the field is absent or null. Raises Refusal."""
    value = row.get(field)
    if value is not None and not isinstance(value, bool):
        raise Refusal(field, f"phải là true hoặc false, không phải {_type(value)}")
    return bool(value)


def _type(value: object) -> str:
    names = {str: "chữ", bool: "đúng/sai", int: "số", float: "số", list: "danh sách", dict: "đối tượng"}
    return names.get(type(value), "giá trị trống")
