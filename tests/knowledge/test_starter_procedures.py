"""The starter procedures, offices and legal documents: well formed, in force, and true to the snapshot."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from knowledge.entries import LegalDocument, Office, Procedure
from knowledge.periods import find_periods
from knowledge.text import fold
from tests.places import ROOT, SNAPSHOT, needs_shared

STARTER = ROOT / "knowledge" / "starter"
WRITTEN_ON = date(2026, 11, 21)
DATA_DATE = date(2026, 7, 31)
FREE_BY_OTHER_SOURCE = {"1.011410"}
"""Free of charge by the facts collected for the project; the snapshot leaves the fee blank."""
LINKED_ONLINE = {"2.000986"}
"""Filed online since Nghị định 63/2024/NĐ-CP; the record is older than that."""

_DISTRICT = re.compile(r"\b(huyện|quận|thị xã|thị trấn)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{4,}")


@cache
def _lines(name: str) -> tuple[str, ...]:
    return tuple((STARTER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


@cache
def _procedures() -> tuple[Procedure, ...]:
    read = TypeAdapter(Procedure)
    return tuple(read.validate_json(line) for line in _lines("procedures"))


@cache
def _snapshot() -> dict[str, dict[str, Any]]:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as rows:
        return {row["code"]: row for row in map(json.loads, rows)}


def _record(entry: Procedure) -> dict[str, Any]:
    record = _snapshot()[entry.code]
    return {key: _tidy(value) if isinstance(value, str) else value for key, value in record.items()}


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _fee_texts(record: dict[str, Any]) -> str:
    return _tidy(" | ".join(method["fee_raw"] for method in record["methods"]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def test_there_are_enough_and_no_code_twice() -> None:
    codes = [entry.code for entry in _procedures()]

    assert len(codes) >= 60
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("name", ["procedures", "offices", "legal-documents"])
def test_texts_are_composed_and_know_no_district(name: str) -> None:
    for line in _lines(name):
        for text in _texts(json.loads(line)):
            assert text == unicodedata.normalize("NFC", text).strip()
            assert text.isprintable() or all(part.isprintable() for part in text.split("\n"))
            assert not _DISTRICT.search(text), text


def test_every_entry_names_its_source_and_says_something() -> None:
    for entry in _procedures():
        assert entry.source_url.startswith("https://dichvucong.gov.vn/"), entry.code
        assert entry.data_date == DATA_DATE
        assert entry.decision_number
        assert entry.province is None
        assert entry.steps.startswith("Bước 1: "), entry.code
        assert 3 <= len(entry.steps.split("\n")) <= 6, entry.code
        assert entry.results, entry.code
        assert entry.executing_agency, entry.code
        assert all(reference.number and reference.title for reference in entry.legal_basis), entry.code


def test_aliases_are_everyday_words_and_lead_to_one_entry() -> None:
    leading_to: dict[str, str] = {}
    for entry in _procedures():
        assert 4 <= len(entry.aliases) <= 10, entry.code
        for alias in entry.aliases:
            assert fold(alias) != fold(entry.name)
            assert leading_to.setdefault(fold(alias), entry.code) == entry.code, alias


def test_channels_are_named_once_and_cases_are_told_apart() -> None:
    for entry in _procedures():
        channels = [method.channel for method in entry.methods]
        titles = [case.title for case in entry.cases]
        assert len(channels) == len(set(channels)), entry.code
        assert len(titles) == len(set(titles)), entry.code
        assert len(titles) <= 1 or all(titles), entry.code


def test_amounts_are_whole_dong_and_written_out() -> None:
    for entry in _procedures():
        for fee in (fee for method in entry.methods for fee in method.fees):
            assert fee.text, entry.code
            if fee.amount == 0:
                assert "miễn" in fee.text.lower(), entry.code
            elif fee.amount is not None:
                assert fee.amount >= 1000, entry.code
                assert f"{fee.amount:,}".replace(",", ".") in fee.text, entry.code


def test_no_clause_has_ended() -> None:
    found = 0
    for line in _lines("procedures"):
        for text in _texts(json.loads(line)):
            for period in find_periods(text):
                found += 1
                assert period.end is None or period.end >= WRITTEN_ON, text
    assert found


@needs_shared
def test_code_decision_field_and_name_are_those_of_the_snapshot() -> None:
    for entry in _procedures():
        record = _record(entry)
        assert not record["province_issued"], entry.code
        assert entry.decision_number == record["decision_no"], entry.code
        assert entry.field == record["field"], entry.code
        assert entry.source_url == record["url"], entry.code
        assert entry.issuing_agency == record["issuing_agency"], entry.code
        assert entry.name.casefold() == record["name"].rstrip(".").casefold(), entry.code


@needs_shared
def test_channels_are_those_of_the_snapshot() -> None:
    for entry in _procedures():
        known = {method["channel"] for method in _record(entry)["methods"]}
        if entry.code in LINKED_ONLINE:
            known.add("online")
        assert {method.channel.value for method in entry.methods} <= known, entry.code


@needs_shared
def test_fee_amounts_stand_in_the_snapshot() -> None:
    for entry in _procedures():
        text = _fee_texts(_record(entry))
        amounts = {int(number.replace(".", "")) for number in _AMOUNT.findall(text)}
        if "50%" in text:
            amounts |= {amount // 2 for amount in amounts}
        for fee in (fee for method in entry.methods for fee in method.fees):
            if fee.amount == 0:
                assert "miễn" in text.lower() or entry.code in FREE_BY_OTHER_SOURCE, entry.code
            elif fee.amount is not None:
                assert fee.amount in amounts, (entry.code, fee)


@needs_shared
def test_steps_are_told_in_our_own_words() -> None:
    for entry in _procedures():
        told = _tidy(_record(entry)["steps"])
        for step in entry.steps.split("\n"):
            words = step.split()
            runs = (" ".join(words[i : i + 16]) for i in range(len(words) - 15))
            assert not any(run in told for run in runs), (entry.code, step)


def test_offices_have_a_way_to_reach_them() -> None:
    offices = [TypeAdapter(Office).validate_json(line) for line in _lines("offices")]

    assert len({office.id for office in offices}) == len(offices) > 0
    for office in offices:
        assert re.fullmatch(r"[a-z0-9-]+", office.id)
        assert office.hotline or office.phone or office.address
        assert office.receives


def test_legal_documents_have_a_status_that_fits_their_dates() -> None:
    documents = [TypeAdapter(LegalDocument).validate_json(line) for line in _lines("legal-documents")]
    statuses = {document.number: document.status for document in documents}

    assert len(statuses) == len(documents) > 0
    for document in documents:
        assert document.title, document.number
        assert document.issuer, document.number
        if document.status == "repealed":
            assert document.replaced_by in statuses, document.number
            assert document.effective_to is None or document.effective_to < WRITTEN_ON
        elif document.status == "not_yet":
            assert document.effective_from is not None
            assert document.effective_from > WRITTEN_ON
        else:
            assert document.status == "in_force"
            assert document.effective_from is None or document.effective_from <= WRITTEN_ON
            assert document.effective_to is None or document.effective_to >= WRITTEN_ON


def test_no_repealed_law_is_named_as_basis() -> None:
    documents = [TypeAdapter(LegalDocument).validate_json(line) for line in _lines("legal-documents")]
    repealed = {document.number for document in documents if document.status == "repealed"}

    for entry in _procedures():
        assert not repealed & {reference.number for reference in entry.legal_basis}, entry.code
