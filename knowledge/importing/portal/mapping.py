"""One record of the portal's detail call as a procedure, by way of the shape of the national snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx

from knowledge.attachments import ATTACHMENT
from knowledge.entries import Document, DocumentCase, FormFile, Level, Procedure
from knowledge.importing import agencies, fields, snapshot
from knowledge.importing.reading import Refusal

MAPPING_VERSION = 1
"""Changes whenever the same record would become another procedure; then unchanged records are read again."""
_PAGE = "/thu-tuc-hanh-chinh/"
_CHANNELS = {
    "ONLINE": ("online",),
    "POSTAL": ("postal",),
    "DIRECT": ("direct",),
    "DIRECT_AND_ONLINE": ("direct", "online"),
}
_LEVELS = (
    ("isWard", Level.COMMUNE, "Cấp Xã"),
    ("isProvince", Level.PROVINCE, "Cấp Tỉnh"),
    ("isMinistry", Level.MINISTRY, "Cấp Bộ/Trung ương"),
)
_TYPES = {"ASSIGNED_REGULATION": "TTHC được luật giao quy định chi tiết"}
_DONG = frozenset({"", "vnd", "vnđ", "đ", "đồng", "dong"})
_CURRENCIES = {"usd": "đô la Mỹ (USD)", "eur": "euro (EUR)", "sdr": "SDR"}


def procedure_of(record: Mapping[str, Any], base_url: str, data_date: date) -> Procedure:
    """The procedure that a record describes. Raises Refusal.

    The record is first put into the shape of the snapshot, which an exporter made from such records, so that its
    traps are handled in one place; form files and foreign currencies, which the snapshot lost, are added afterwards.
    """
    if fields.flag(record, "isInternal"):
        raise Refusal("isInternal", "thủ tục nội bộ giữa các cơ quan, không dành cho người dân")
    documents = list(_documents(record, base_url))
    made = snapshot.procedure_of(
        {
            "code": fields.code(record),
            "name": fields.required(record, "name"),
            "decision_no": _decision(record),
            "level": _level(record),
            "type": _TYPES.get(fields.line(record, "formalityType"), ""),
            "field": _names(record, "categoriesDetails"),
            "issuing_agency": fields.line(record, "departmentPromulgateName"),
            "executing_agency": _agencies(record, "Executing", "executingAgencies"),
            "competent_agency": _agencies(record, "Authority", "") or _agencies(record, "Authorized", ""),
            "receiving_address": fields.text(record, "dossierReceivingAddresses"),
            "coordinating_agency": _agencies(record, "Coordinating", "coordinatingAgencies"),
            "steps": _steps(record),
            "methods": [row for item in fields.rows(record, "executionMethods") for row in _method_rows(item)],
            "documents": [row for row, _ in documents],
            "results": "\n".join(dict.fromkeys(_each(record, "resultsDetails"))),
            "legal_basis": [
                {"number": fields.line(item, "code"), "name": fields.line(item, "name")}
                for item in fields.rows(record, "legalBasisesDetails")
            ],
            "requirements": fields.text(record, "requirementsAndConditions"),
            "keywords": fields.line(record, "keywords"),
            "url": _page(record, base_url),
        },
        data_date,
    )
    return replace(
        made,
        subjects=tuple(dict.fromkeys(_each(record, "subjectTypesDetails"))),
        cases=tuple(_with_forms(case, documents, only=len(made.cases) == 1) for case in made.cases),
    )


def _decision(record: Mapping[str, Any]) -> str:
    proposal = record.get("procedureProposal")
    if proposal is not None and not isinstance(proposal, dict):
        raise Refusal("procedureProposal", "phải là một đối tượng { … }")
    written = proposal or {}
    return (
        fields.line(written, "decisionNumber")
        or fields.line(written, "proposalNumber")
        or fields.line(record, "decisionNo")
    )


def _level(record: Mapping[str, Any]) -> str:
    """Where several levels are marked, the one that the executing agency names, else the lowest."""
    marked = [(level, name) for flag, level, name in _LEVELS if fields.flag(record, flag)]
    told = agencies.level_of(_agencies(record, "Executing", "executingAgencies"))
    return next((name for level, name in marked if level is told), marked[0][1] if marked else "")


def _agencies(record: Mapping[str, Any], role: str, plain: str) -> str:
    """Departments and groups of units in a role; the plain text only where the lists are empty."""
    listed = [*_each(record, f"departments{role}"), *_each(record, f"unitGroups{role}")]
    return "; ".join(dict.fromkeys(listed)) or (fields.line(record, plain) if plain else "")


def _each(record: Mapping[str, Any], field: str) -> list[str]:
    return [name for item in fields.rows(record, field) if (name := fields.line(item, "name"))]


def _names(record: Mapping[str, Any], field: str) -> str:
    return "; ".join(dict.fromkeys(_each(record, field)))


def _steps(record: Mapping[str, Any]) -> str:
    parts = [
        part
        for item in fields.rows(record, "executionSteps")
        for part in (fields.text(item, "name"), fields.text(item, "description"))
        if part
    ]
    return "\n".join(dict.fromkeys(parts))


def _page(record: Mapping[str, Any], base_url: str) -> str:
    id_ = fields.line(record, "id")
    return str(httpx.URL(base_url).copy_with(path=_PAGE + id_, query=None)) if id_ else ""


def _channels(item: Mapping[str, Any]) -> tuple[str, ...]:
    written = fields.line(item, "submissionMethod")
    return _CHANNELS.get(written, (written,))


def _method_rows(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    unit, words = fields.line(item, "processingTimeUnit"), fields.text(item, "description")
    counted = unit not in ("", "OTHER")
    for channel in _channels(item):
        yield {
            "channel": channel,
            "time_value": item.get("processingTime"),
            "time_unit": unit,
            "time_raw": "" if counted else f"OTHER {words}",
            "fee_raw": " | ".join(_fee_raw(fee) for fee in fields.rows(item, "fees")),
            "other": words if counted else "",
        }


def _fee_raw(fee: Mapping[str, Any]) -> str:
    """The fee as the exporter of the snapshot would have written it; "0 VNĐ" with words means: only the words."""
    if not _is_dong(fee):
        return f"0 VNĐ ({_foreign_words(fee)})"
    return f"{_value(fee) or '0'} VNĐ ({_fee_words(fee)})"


def _fee_words(fee: Mapping[str, Any]) -> str:
    """The words of a fee; where there are none, the name of the tariff that is attached."""
    words = fields.text(fee, "description")
    attached = fee.get("attachment")
    name = fields.line(attached, "fileName") if isinstance(attached, dict) else ""
    return words or (f"Theo biểu phí đính kèm trên Cổng: {name}" if name else "")


def _value(fee: Mapping[str, Any]) -> str:
    value = fee.get("value")
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise Refusal("executionMethods.fees.value", "phải là số")
    whole = fields.int_or_none(value)
    return str(whole) if whole is not None else f"{value:g}"


def _currency(fee: Mapping[str, Any]) -> str:
    return fields.line(fee, "currencyId").casefold()


def _is_dong(fee: Mapping[str, Any]) -> bool:
    """A currency that is not named is the dong; one that we cannot read is not."""
    return _currency(fee) in _DONG


def _foreign_words(fee: Mapping[str, Any]) -> str:
    """A fee in another currency is quoted, never an amount of dong."""
    value, words = _value(fee), _fee_words(fee)
    if value in ("", "0"):
        return words
    currency = _CURRENCIES.get(_currency(fee))
    sum_ = f"{value} {currency}" if currency else f"nguồn ghi số {value}, không rõ đơn vị tiền"
    return f"{words.rstrip(' .;:')}: {sum_}" if words else sum_


def _documents(record: Mapping[str, Any], base_url: str) -> Iterator[tuple[dict[str, Any], tuple[FormFile, ...]]]:
    """Rows of the snapshot's shape, each with its form files."""
    for case in fields.rows(record, "executionCases"):
        title = fields.text(case, "name")
        for paper in fields.rows(case, "profileComponents"):
            row = {
                "group": title,
                "name": fields.text(paper, "name"),
                "originals": fields.count(paper, "originalQty", within="profileComponents"),
                "copies": fields.count(paper, "copyQty", within="profileComponents"),
            }
            yield row, tuple(_forms(paper, base_url))


def _forms(paper: Mapping[str, Any], base_url: str) -> Iterator[FormFile]:
    for file in fields.rows(paper, "attachments"):
        id_, name = fields.line(file, "id"), fields.line(file, "fileName")
        if id_:
            url = httpx.URL(base_url.rstrip("/") + ATTACHMENT, params={"fileId": id_})
            yield FormFile(name=name or "Mẫu đơn", url=str(url))


def _with_forms(
    case: DocumentCase, documents: list[tuple[dict[str, Any], tuple[FormFile, ...]]], *, only: bool
) -> DocumentCase:
    found: dict[str, dict[FormFile, None]] = {}
    for row, forms in documents:
        if only or fields.line(row, "group").rstrip(" :") == case.title:
            found.setdefault(row["name"], {}).update(dict.fromkeys(forms))
    papers = (_with_files(paper, tuple(found.get(paper.name, ()))) for paper in case.documents)
    return replace(case, documents=tuple(papers))


def _with_files(paper: Document, forms: tuple[FormFile, ...]) -> Document:
    return replace(paper, forms=forms) if forms else paper
