"""What is wrong with a setting, in Vietnamese, with how to mend it."""

import re
import tomllib
from typing import Any

_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)\s*$")
_TOML = (
    ("Expected '=' after a key", "thiếu dấu = sau tên khóa"),
    ("Expected newline or end of document", "sau giá trị còn chữ thừa; chữ phải nằm trong dấu ngoặc kép"),
    ("Invalid statement", "không phải dòng “khóa = giá trị” hay “[mục]”"),
    ("Invalid value", "giá trị không hợp lệ; chữ phải nằm trong dấu ngoặc kép"),
    ("Invalid initial character for a key", "tên khóa không hợp lệ"),
    ("Cannot overwrite a value", "khóa này ghi hai lần"),
    ("Cannot declare", "mục này ghi hai lần"),
    ("Unclosed array", "danh sách thiếu dấu ] ở cuối"),
    ("Unclosed inline table", "bảng trong dòng thiếu dấu } ở cuối"),
    ("Unterminated string", "chữ thiếu dấu ngoặc kép ở cuối"),
    ("Expected ']'", "tên mục thiếu dấu ] ở cuối"),
    ("Unescaped '\\'", "dấu \\ trong chữ phải viết là \\\\ (hoặc dùng dấu /)"),
    ("Illegal character", "chữ thiếu dấu ngoặc kép ở cuối, hoặc có ký tự không được phép"),
    ("Found invalid character", "có ký tự không được phép"),
    ("Invalid date or datetime", "ngày không có thật"),
)
_TYPES = {
    "extra_forbidden": "không có khóa này",
    "missing": "thiếu khóa này",
    "bool_parsing": "phải là true hoặc false",
    "bool_type": "phải là true hoặc false",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_parsing": "phải là số",
    "float_type": "phải là số",
    "string_type": "phải là chữ trong dấu ngoặc kép",
    "tuple_type": "phải là danh sách [ … ]",
    "list_type": "phải là danh sách [ … ]",
    "frozen_set_type": "phải là danh sách [ … ]",
    "model_type": "phải là một mục, viết [tên mục] trên một dòng riêng",
    "model_attributes_type": "phải là một mục, viết [tên mục] trên một dòng riêng",
    "string_too_short": "không được để trống",
}
_LIMITS = {
    "greater_than_equal": ("ge", "phải từ {} trở lên"),
    "greater_than": ("gt", "phải lớn hơn {}"),
    "less_than_equal": ("le", "nhiều nhất là {}"),
    "less_than": ("lt", "phải nhỏ hơn {}"),
    "literal_error": ("expected", "phải là một trong: {}"),
    "enum": ("expected", "phải là một trong: {}"),
    "string_too_long": ("max_length", "dài nhất {} ký tự"),
    "string_pattern_mismatch": ("pattern", "không đúng dạng cần có"),
}


def of_toml(error: tomllib.TOMLDecodeError) -> str:
    """Where the file stops being TOML, and why."""
    said = str(error)
    place = _PLACE.search(said)
    where = f"dòng {place[1]}, cột {place[2]}" if place and place[1] else "cuối tệp"
    meaning = next((words for sign, words in _TOML if said.startswith(sign)), "không đọc được từ chỗ này")
    if where == "cuối tệp" and said.startswith("Invalid value"):
        meaning = "thiếu giá trị, hoặc danh sách thiếu dấu ] ở cuối"
    return f"{where}: {meaning}"


def of_variable(error: Exception) -> str:
    """The section whose variable pydantic-settings could not read; "cấu hình" where it does not say."""
    named = re.search(r'field "(\w+)"', str(error))
    return named[1] if named else "cấu hình"


def of_setting(entry: Any) -> str:
    """One of pydantic's errors: the key and what it must be."""
    key = ".".join(str(part) for part in entry["loc"])
    kind, context = entry["type"], entry.get("ctx", {})
    if kind in _TYPES:
        return f"{key}: {_TYPES[kind]}"
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return f"{key}: {words.format(str(context.get(name, '')).replace(' or ', ', '))}"
    if kind == "value_error":
        return f"{key}: {entry['msg'].removeprefix('Value error, ')}"
    if kind.startswith(("date_", "datetime_", "time_")):
        return f"{key}: phải là ngày có thật, viết năm-tháng-ngày, ví dụ 2027-02-03"
    return f"{key}: giá trị không hợp lệ"
