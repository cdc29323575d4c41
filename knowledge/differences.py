"""What one version of an entry says otherwise than another: for staff who decide on a draft."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from knowledge.entries import Fee, LegalReference, Method, Procedure, TimeLimit
from knowledge.serialising import Written

LABELS = {
    "name": "tên",
    "question": "câu hỏi",
    "answer": "câu trả lời",
    "topic": "chủ đề",
    "variants": "cách hỏi khác",
    "sources": "nguồn",
    "related": "thủ tục liên quan",
    "caution": "lưu ý",
    "field": "lĩnh vực",
    "level": "cấp giải quyết",
    "regulation_type": "loại thủ tục",
    "issuing_agency": "cơ quan ban hành",
    "executing_agency": "cơ quan thực hiện",
    "competent_agency": "cơ quan có thẩm quyền",
    "receiving_address": "nơi tiếp nhận",
    "coordinating_agency": "cơ quan phối hợp",
    "subjects": "đối tượng",
    "steps": "trình tự",
    "methods": "cách nộp, thời hạn, phí",
    "cases": "thành phần hồ sơ",
    "results": "kết quả",
    "legal_basis": "căn cứ pháp lý",
    "conditions": "điều kiện",
    "keywords": "từ khóa",
    "decision_number": "quyết định công bố",
    "effective_from": "ngày hiệu lực",
    "effective_to": "ngày hết hiệu lực",
    "province": "tỉnh ban hành",
    "source_url": "trang chính thức",
    "aliases": "tên gọi khác",
    "phrases": "cách gọi của người dân",
    "audience": "dành cho",
    "fee": "mức thu tại địa phương",
    "counter": "quầy tiếp nhận",
    "hours": "giờ tiếp nhận",
    "online_level": "mức trực tuyến",
    "postal": "bưu chính",
    "note": "ghi chú",
    "source": "văn bản của địa phương",
    "as_of": "ngày nhập",
}
VALUES = {
    "direct": "Trực tiếp",
    "online": "Trực tuyến",
    "postal": "Bưu chính",
    "working_day": "ngày làm việc",
    "day": "ngày",
    "hour": "giờ",
    "month": "tháng",
    "year": "năm",
    "other": "(đơn vị khác)",
    "commune": "Cấp xã",
    "province": "Cấp tỉnh",
    "ministry": "Cấp bộ",
    "unknown": "Chưa rõ cấp",
    "citizens": "người dân",
    "officials": "cán bộ, công chức",
}
"""Words for values that are kept as codes."""
_NOT_CONTENT = frozenset({"data_date"})
"""The day of reading is no difference in what is said."""


class Change(NamedTuple):
    """One part that differs. field: its name in the entry; old and new: plain text, "" = not recorded."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        """The part's name for people."""
        return LABELS.get(self.field, self.field)


def difference(old: Written, new: Written) -> list[Change]:
    """The parts that differ between two versions of one entry, in the order of the entry's fields.

    Raises TypeError for two kinds of entries.
    """
    if type(old) is not type(new):
        raise TypeError(f"{type(old).__name__} and {type(new).__name__} are not the same kind")
    pairs = ((f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(old) if f.name not in _NOT_CONTENT)
    return [Change(name, shown(before), shown(after)) for name, before, after in pairs if before != after]


def in_words(changes: list[Change]) -> str:
    """The names of the parts that differ, for a list."""
    return ", ".join(change.label for change in changes)


def field_names() -> frozenset[str]:
    """Parts of a procedure that can differ."""
    return frozenset(f.name for f in fields(Procedure)) - _NOT_CONTENT - {"code"}


def shown(value: Any) -> str:
    """A part as lines of plain text, one for each item of a list."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return VALUES.get(str(value.value), str(value.value))
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple | list):
        return "\n".join(shown(item) for item in value)
    if isinstance(value, Method):
        return _method(value)
    if isinstance(value, TimeLimit):
        return value.text or (f"{value.amount:g} {shown(value.unit)}" if value.amount is not None else "")
    if isinstance(value, Fee):
        amount = "" if value.amount is None else f"{value.amount:,} đồng".replace(",", ".")
        return " – ".join(part for part in (amount, value.text) if part)
    if isinstance(value, LegalReference):
        return " – ".join(part for part in (value.number, value.title) if part)
    if is_dataclass(value):
        parts = (shown(getattr(value, f.name)) for f in fields(value))
        return " | ".join(part for part in parts if part)
    return str(value)


def _method(method: Method) -> str:
    fees = "; ".join(shown(fee) for fee in method.fees)
    return " | ".join(part for part in (shown(method.channel), shown(method.time), fees, method.note) if part)
