"""Our own files: one entry per line in the shape of Procedure, Faq, Office or LegalDocument."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any, TypeVar

from pydantic import ValidationError

from knowledge.entries import Faq, LegalDocument, LocalOverlay, Office, Procedure
from knowledge.importing import fields
from knowledge.importing.reading import Refusal, named
from knowledge.serialising import Entry, adapter

Value = TypeVar("Value", Procedure, Faq, Office, LegalDocument, LocalOverlay)

FAQ_ID_LENGTH = 50
_REASONS = {
    "missing": "thiếu",
    "string_type": "phải là chữ",
    "date_from_datetime_parsing": "phải là ngày dạng 2026-12-31",
    "date_parsing": "phải là ngày dạng 2026-12-31",
    "date_type": "phải là ngày dạng 2026-12-31",
    "enum": "giá trị không có trong danh sách cho phép",
    "tuple_type": "phải là danh sách",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "float_type": "phải là số",
    "float_parsing": "phải là số",
}


def procedure_of(row: Mapping[str, Any]) -> Procedure:
    """A procedure in our own shape. Raises Refusal."""
    fields.code(row)
    fields.required(row, "name")
    procedure = _read(Procedure, row)
    for method in procedure.methods:
        for fee in method.fees:
            if fee.amount is not None and (fee.amount < 0 or 0 < fee.amount < 1000):
                raise Refusal("methods.fees.amount", f"{fee.amount} không phải số tiền đồng")
    return procedure


def faq_of(row: Mapping[str, Any]) -> Faq:
    """A question of the FAQ base. Raises Refusal."""
    for name in ("id", "question", "answer", "topic"):
        fields.required(row, name)
    faq = _read(Faq, row)
    allowed = all(c.isascii() and (c.islower() or c.isdigit() or c == "-") for c in faq.id)
    if not allowed or len(faq.id) > FAQ_ID_LENGTH:
        raise Refusal("id", f"chỉ gồm chữ thường không dấu, số và gạch nối, dài nhất {FAQ_ID_LENGTH} ký tự")
    return faq


def office_of(row: Mapping[str, Any]) -> Office:
    """A place that receives dossiers. Raises Refusal."""
    for name in ("id", "name"):
        fields.required(row, name)
    return _read(Office, row)


def legal_document_of(row: Mapping[str, Any]) -> LegalDocument:
    """A legal document. Raises Refusal."""
    for name in ("number", "title"):
        fields.required(row, name)
    document = _read(LegalDocument, row)
    if document.status not in ("in_force", "repealed", "not_yet"):
        raise Refusal("status", "phải là in_force, repealed hoặc not_yet")
    return document


def overlay_of(row: Mapping[str, Any]) -> LocalOverlay:
    """What the office adds to a procedure. Raises Refusal."""
    fields.code(row)
    return _read(LocalOverlay, row)


def code_of(entry: Entry) -> str:
    """The code under which an entry is stored; at most 60 characters."""
    if isinstance(entry, Procedure):
        return entry.code
    if isinstance(entry, LegalDocument):
        return entry.number[:60]
    return entry.id[:60]


def _read(type_: type[Value], row: Mapping[str, Any]) -> Value:
    known = {field.name for field in fields_of(type_)}
    for name in row:
        if name not in known:
            raise Refusal(named(name), "tên trường không biết")
    try:
        return adapter(type_).validate_python(_cleaned(row))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(named(str(part)) for part in first["loc"] if not isinstance(part, int))
        raise Refusal(place, _REASONS.get(first["type"], "giá trị không đúng kiểu")) from None


def _cleaned(value: Any) -> Any:
    """Every text of a row, NFC and without hidden characters."""
    if isinstance(value, str):
        return fields.block(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value
