"""The national snapshot itself: all 5,652 rows, and each trap on the rows in which it was found."""

import asyncio
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

import pytest

from knowledge.entries import Fee, Level, Procedure, SubmissionChannel, TimeLimit, TimeUnit
from knowledge.importing import import_file
from knowledge.importing.reading import read_rows
from knowledge.importing.snapshot import procedure_of
from knowledge.serialising import procedure_from_json, to_json
from knowledge.store import calendar_day, load_publication
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.places import SNAPSHOT, needs_shared

pytestmark = needs_shared

ROWS = 5652


@pytest.fixture(scope="module")
def procedures() -> dict[str, Procedure]:
    made = [
        procedure_of(row.content, date(2026, 7, 31)) for row in read_rows(SNAPSHOT) if isinstance(row.content, dict)
    ]
    return {procedure.code: procedure for procedure in made}


def fees(procedure: Procedure) -> set[Fee]:
    return {fee for method in procedure.methods for fee in method.fees}


def test_every_row_is_a_procedure_and_survives_being_stored(procedures: dict[str, Procedure]) -> None:
    assert len(procedures) == ROWS
    assert all(procedure_from_json(to_json(procedure)) == procedure for procedure in procedures.values())


def test_every_text_is_composed_and_clean(procedures: dict[str, Procedure]) -> None:
    texts = [to_json(procedure).decode() for procedure in procedures.values()]

    assert all(unicodedata.is_normalized("NFC", text) for text in texts)
    assert not any(re.search(r"[\u200b-\u200f\u2060\ufeff\u00ad]", text) for text in texts)


def test_no_amount_is_free_or_dong_without_reason(procedures: dict[str, Procedure]) -> None:
    found = Counter(fee for procedure in procedures.values() for fee in fees(procedure))

    assert len(found) > 1_000
    assert all(fee.amount is None or fee.amount == 0 or fee.amount >= 1_000 for fee in found)
    assert all(re.match(r"[\s-]*(?:không|miễn)", fee.text, re.IGNORECASE) for fee in found if fee.amount == 0)
    assert not any(fee.amount is None and not fee.text for fee in found)


def test_no_machine_code_is_left(procedures: dict[str, Procedure]) -> None:
    for procedure in procedures.values():
        for method in procedure.methods:
            assert method.time is None or not re.search(r"\b(?:OTHER|WORKING_DAY|HOUR|MONTH)\b", method.time.text)
            assert method.time is None or (method.time.unit is TimeUnit.OTHER) == (method.time.amount is None)
        assert "REGULATION" not in procedure.regulation_type


def test_customs_procedure_with_a_time_that_only_words_tell(procedures: dict[str, Procedure]) -> None:
    pipeline = procedures["1.000005"]

    assert pipeline.methods[0].time == TimeLimit()
    assert pipeline.methods[0].fees[0].amount == 20_000
    assert pipeline.subjects == ("Tổ chức (không bao gồm doanh nghiệp, HTX)",)


def test_consular_amounts_are_no_dong(procedures: dict[str, Procedure]) -> None:
    for code in ("1.010094", "2.002355", "1.000612", "1.001193"):
        assert all(fee.amount is None or fee.amount >= 1_000 or fee.amount == 0 for fee in fees(procedures[code]))
    assert any("70" in fee.text and "không rõ đơn vị tiền" in fee.text for fee in fees(procedures["1.010094"]))
    assert Fee(text="20.000 vnđ /tờ khai") in fees(procedures["2.000012"])


def test_birth_registration_leaves_the_fee_to_the_province(procedures: dict[str, Procedure]) -> None:
    birth = procedures["1.001193"]

    assert birth.level is Level.COMMUNE
    assert birth.province is None
    assert {method.channel for method in birth.methods} >= {SubmissionChannel.DIRECT, SubmissionChannel.ONLINE}
    assert all(fee.amount is None for fee in fees(birth))
    notes = [note for case in birth.cases for note in case.notes]
    papers = [document.name for case in birth.cases for document in case.documents]
    assert any(note.startswith("Trường hợp gửi hồ sơ qua hệ thống bưu chính") for note in notes)
    assert not any(paper.startswith(("Lưu ý", "Người tiếp nhận")) for paper in papers)


def test_procedures_of_provinces_are_known_as_such(procedures: dict[str, Procedure]) -> None:
    own = Counter(procedure.province for procedure in procedures.values() if procedure.province)

    assert sum(own.values()) == 863 + 9 + 1 + 44
    assert (own["tỉnh Bắc Ninh"], own["tỉnh Đắk Lắk"], own["thành phố Huế"]) == (99, 83, 37)
    assert procedures["1.115754"].province == "tỉnh Đồng Tháp"
    assert procedures["1.115754"].executing_agency == ""
    assert procedures["1.015017"].province == "thành phố Hà Nội"


def test_national_procedures_name_no_department_of_one_province(procedures: dict[str, Procedure]) -> None:
    assert procedures["1.004096"].executing_agency == "Sở Nông nghiệp và Môi trường"
    assert "Thành phố Hồ Chí Minh - Bộ Ngoại giao" in procedures["1.000392"].executing_agency
    assert not any(
        "Sở Tư pháp Thành phố Hà Nội" in procedure.executing_agency
        for procedure in procedures.values()
        if not procedure.province
    )


def test_papers_are_told_from_notes_throughout(procedures: dict[str, Procedure]) -> None:
    cases = [case for procedure in procedures.values() for case in procedure.cases]
    uncounted = [d for case in cases for d in case.documents if d.originals is None]
    notes = [note for case in cases for note in case.notes]

    assert len(notes) > 1_000
    assert len(uncounted) < 450
    assert not any(re.match(r"[\W_]*(?:Lưu ý|Ví dụ|Ghi chú)", d.name) for case in cases for d in case.documents)


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def test_the_whole_country_is_imported_and_importing_again_changes_nothing(base: Sessions) -> None:
    first = await import_file(base, SNAPSHOT, publish=True, dry_run=False, now=NOW)
    again = await import_file(base, SNAPSHOT, publish=True, dry_run=False, now=NOW)

    assert (first.new, first.changed, first.unchanged, first.refused) == (ROWS, 0, 0, [])
    assert (again.new, again.changed, again.unchanged, again.revision) == (0, 0, ROWS, 1)
    assert len(first.review) > 100
    async with base() as session:
        publication = await load_publication(session, calendar_day(NOW))
    body = await asyncio.to_thread(procedure_from_json, publication.procedures["1.001193"].body)
    assert (len(publication.procedures), body.data_date) == (ROWS, date(2026, 7, 31))
