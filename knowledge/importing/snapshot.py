"""The national portal's export: one row of its JSON lines as a procedure, with every trap of that data."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from knowledge.entries import LegalReference, Level, Method, Procedure, SubmissionChannel, TimeLimit, TimeUnit
from knowledge.importing import agencies, fields
from knowledge.importing.dossier import cases_of
from knowledge.importing.fees import parse_fees
from knowledge.importing.reading import Refusal

_LEVELS = {"Cấp Xã": Level.COMMUNE, "Cấp Tỉnh": Level.PROVINCE, "Cấp Bộ/Trung ương": Level.MINISTRY}
_UNITS = {
    "WORKING_DAY": TimeUnit.WORKING_DAY,
    "ngày": TimeUnit.DAY,
    "DAY": TimeUnit.DAY,
    "HOUR": TimeUnit.HOUR,
    "MONTH": TimeUnit.MONTH,
    "YEAR": TimeUnit.YEAR,
    "OTHER": TimeUnit.OTHER,
}
_CHANNELS = {channel.value: channel for channel in SubmissionChannel}
_MACHINE_TYPES = re.compile(r"[A-Z_]+")
_UNIT_CODE = re.compile(r"\s*\b(?:OTHER|WORKING_DAY|HOUR|MONTH|YEAR|DAY)\b\s*")
_NO_WORDS = re.compile(r"(?:theo|xem)?\s*(?:phần\s*)?mô tả|không|[\W\d_]*", re.IGNORECASE)
_WITH_COMMA = ("Tổ chức (không bao gồm doanh nghiệp, HTX)", "Cán bộ, công chức, viên chức")
"""Kinds of people whose name holds a comma in the portal's own list."""


def procedure_of(row: Mapping[str, Any], data_date: date | None) -> Procedure:
    """The procedure that a row describes. Raises Refusal.

    `description` is not read: the exporter filled it with the conditions in every row.
    """
    issuing = fields.line(row, "issuing_agency")
    executing = agencies.tidy(fields.line(row, "executing_agency"))
    competent = agencies.tidy(fields.line(row, "competent_agency"))
    address = fields.text(row, "receiving_address")
    decision = fields.line(row, "decision_no")
    fields.flag(row, "province_issued")
    province = agencies.issuing_province(issuing, decision, executing, address)
    if province is None:
        executing, competent = agencies.without_province(executing), agencies.without_province(competent)
    regulation = fields.line(row, "type")
    return Procedure(
        code=fields.code(row),
        name=fields.required(row, "name"),
        field=fields.line(row, "field"),
        level=_LEVELS.get(fields.line(row, "level")) or agencies.level_of(executing),
        regulation_type="" if _MACHINE_TYPES.fullmatch(regulation) else regulation,
        issuing_agency=issuing,
        executing_agency=executing,
        competent_agency=competent,
        receiving_address=address.strip('"').strip() if address.count('"') == 1 else address,
        coordinating_agency=agencies.tidy(fields.line(row, "coordinating_agency")),
        subjects=_subjects(fields.line(row, "subjects")),
        steps=fields.text(row, "steps"),
        methods=tuple(dict.fromkeys(_method(item) for item in fields.rows(row, "methods"))),
        cases=cases_of(list(fields.rows(row, "documents"))),
        results=fields.text(row, "results"),
        legal_basis=_legal_basis(row),
        conditions=fields.text(row, "requirements"),
        keywords=fields.line(row, "keywords"),
        decision_number=decision,
        province=province,
        source_url=fields.line(row, "url"),
        data_date=data_date,
    )


def looks_like(row: Mapping[str, Any]) -> bool:
    """True for a row of the portal's export, told from our own files by names that only it uses."""
    return any(name in row for name in ("decision_no", "province_issued", "requirements", "documents"))


def _method(item: Mapping[str, Any]) -> Method:
    written = fields.line(item, "channel")
    channel = _CHANNELS.get(written.lower())
    if channel is None:
        raise Refusal("methods.channel", f"cách nộp không biết: “{written[:40]}”")
    return Method(
        channel=channel,
        time=_time(item),
        fees=parse_fees(fields.text(item, "fee_raw")),
        note=fields.text(item, "other"),
    )


def _time(item: Mapping[str, Any]) -> TimeLimit | None:
    raw = fields.text(item, "time_raw")
    unit = _UNITS.get(fields.line(item, "time_unit"))
    value = item.get("time_value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Refusal("methods.time_value", "phải là số")
    if unit not in (None, TimeUnit.OTHER) and value is not None and 0 < value < 10_000:
        return TimeLimit(amount=float(value), unit=unit)
    # With unit OTHER the portal's form wanted a number although only words say how long: "1 OTHER" means nothing.
    words = _UNIT_CODE.sub(" ", raw).strip()
    if not words or _NO_WORDS.fullmatch(words.strip(" .")):
        words = ""
    return TimeLimit(text=words) if words or unit is TimeUnit.OTHER or "OTHER" in raw else None


def _subjects(written: str) -> tuple[str, ...]:
    for place, name in enumerate(_WITH_COMMA):
        written = written.replace(name, f"\x00{place}")
    parts = (part.strip() for part in written.split(","))
    named = (re.sub(r"\x00(\d)", lambda m: _WITH_COMMA[int(m[1])], part) for part in parts if part)
    return tuple(dict.fromkeys(named))


def _legal_basis(row: Mapping[str, Any]) -> tuple[LegalReference, ...]:
    """Each document once; the title only where it says more than the number."""
    found: dict[tuple[str, str], LegalReference] = {}
    for item in fields.rows(row, "legal_basis"):
        number, title = fields.line(item, "number"), fields.line(item, "name")
        if number == title:
            title = ""
        if number or title:
            key = (number.casefold(), "") if number else ("", title.casefold())
            kept = found.get(key)
            if kept is None or len(title) > len(kept.title):
                found[key] = LegalReference(number=number, title=title)
    return tuple(found.values())
