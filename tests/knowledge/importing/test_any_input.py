"""Whatever stands in a row, it becomes an entry or a refusal with field and reason; nothing else is raised."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from knowledge.importing import entries, snapshot
from knowledge.importing.reading import Refusal, rows_of
from knowledge.serialising import Entry, to_json

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(["5 OTHER", "0 VNĐ () | 20 VNĐ (x)", "Lưu ý", "UBND tỉnh A"]))


def rows_like(
    *names: str, lists: tuple[str, ...] = (), parts: tuple[str, ...] = ()
) -> st.SearchStrategy[dict[str, Any]]:
    """Rows with the right names and any values, mostly of the right kind."""
    part = st.dictionaries(st.sampled_from(parts or ("x",)), TEXTS | st.floats() | JSON, max_size=6)
    values: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(names, TEXTS | JSON)
    values |= {name: st.lists(part | JSON, max_size=3) | JSON for name in lists}
    return st.fixed_dictionaries({}, optional=values)


PORTAL = rows_like(
    "code", "name", "decision_no", "level", "type", "issuing_agency", "executing_agency", "subjects", "steps",
    "province_issued",
    lists=("methods", "documents", "legal_basis"),
    parts=("channel", "time_value", "time_unit", "time_raw", "fee_raw", "group", "name", "originals", "copies"),
)  # fmt: skip
PROCEDURES = rows_like(
    "code", "name", "level", "effective_from", "province", "unknown",
    lists=("methods", "cases", "subjects"),
    parts=("channel", "time", "fees", "title", "documents", "notes"),
)  # fmt: skip
FAQS = rows_like(
    "id", "question", "answer", "topic", "effective_to", lists=("variants", "sources"), parts=("title", "url")
)


def _portal(row: Mapping[str, Any]) -> Entry:
    return snapshot.procedure_of(row, None)


def taken(read: Callable[[Mapping[str, Any]], Entry], row: dict[str, Any]) -> None:
    try:
        entry = read(row)
    except Refusal as refusal:
        reason = refusal.reason
    else:
        reason = "none: it was taken"
        again: TypeAdapter[Entry] = TypeAdapter(type(entry))
        assert again.validate_json(to_json(entry)) == entry
    assert reason


@patient
@given(PORTAL | PORTAL.map(lambda row: row | {"code": "1.000001", "name": "Tên"}))
def test_any_row_of_the_portal(row: dict[str, Any]) -> None:
    taken(_portal, row)


@patient
@given(PROCEDURES | PROCEDURES.map(lambda row: row | {"code": "1.000001", "name": "Tên"}))
def test_any_row_of_our_own(row: dict[str, Any]) -> None:
    taken(entries.procedure_of, row)


@patient
@given(FAQS | FAQS.map(lambda row: row | {"id": "a", "question": "b", "answer": "c", "topic": "d"}))
def test_any_question(row: dict[str, Any]) -> None:
    taken(entries.faq_of, row)


@patient
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_office_or_legal_document(row: dict[str, Any]) -> None:
    taken(entries.office_of, row)
    taken(entries.legal_document_of, row)


@patient
@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_the_end(content: bytes) -> None:
    lines = [line for line in content.split(b"\n") if line.strip()]

    assert len(list(rows_of(io.BytesIO(b"{}\n" + content)))) == 1 + len(lines)


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\U000e0001", "e\u0301" * 5_000, "<b>", "'; DROP TABLE entry;--"])
def test_strange_characters_reach_the_database_cleaned(text: str) -> None:
    line = json.dumps({"code": "1.000001", "name": "Tên " + text, "steps": text}).encode()
    (row,) = rows_of(io.BytesIO(line))
    assert isinstance(row.content, dict)

    body = to_json(_portal(row.content)).decode()

    assert "\x00" not in body
    assert body.encode()
