"""Entries of every shape that the importer can produce, for property tests."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from knowledge.entries import (
    Audience,
    Document,
    DocumentCase,
    Faq,
    Fee,
    FormFile,
    LegalDocument,
    LegalReference,
    Level,
    LocalOverlay,
    Method,
    Office,
    Procedure,
    Source,
    SubmissionChannel,
    TimeLimit,
    TimeUnit,
)
from knowledge.importing.fees import SMALLEST
from knowledge.importing.sheets.codepage import LETTERS
from knowledge.text import clean, clean_block

TROUBLE = (
    "=1+1", "+84", "-5", "@SUM(A1)", "'=1", "'", "\\", "\\|", "a|b", "a;b", "⏎", "---", "Trường hợp: khác",
    "Trường hợp 2: khác", "Lưu ý: đọc", "5 ngày làm việc", "20.000 đồng", "Miễn phí", "0 đồng", "150.000", "5", "?",
    "01/02/2026", "https://example.vn", "12/2026/NĐ-CP", "_x0041_", "#REF!", "1,5", "mẫu: A", "tệp: b", "1 bản chính",
    "(không)", "TRUE", "1.004194", "dòng một\ndòng hai", "- gạch đầu dòng", "“ngoặc”, phẩy", 'nháy " kép', "ừ\nhử",
)  # fmt: skip
FOREIGN = [letter for code in range(0x80, 0x250) if (letter := chr(code)).lower() not in LETTERS]
"""Letters of which a text in the wrong code page is made; the importer refuses files that are full of them."""
ANY = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters=[*FOREIGN, "?", "\ufffd"]),
    max_size=12,
)
BLOCKS = st.one_of(st.sampled_from(TROUBLE), ANY, st.tuples(st.sampled_from(TROUBLE), ANY).map("".join)).map(
    clean_block
)
LINES = BLOCKS.map(clean)
FILLED = LINES.filter(lambda text: any(c.isalnum() for c in text))
DAYS = st.none() | st.dates(date(1000, 1, 1), date(9999, 12, 31))
CODES = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z.\-]{0,9}", fullmatch=True)


def many(values: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    """Tuples of values, often empty."""
    return st.lists(values, max_size=most).map(tuple)


TIMES = st.builds(
    TimeLimit,
    amount=st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 400).map(float),
    unit=st.sampled_from(TimeUnit),
    text=BLOCKS,
)
FEES = st.builds(Fee, amount=st.none() | st.just(0) | st.integers(SMALLEST, 10**12), text=BLOCKS)
METHODS = st.builds(
    Method, channel=st.sampled_from(SubmissionChannel), time=st.none() | TIMES, fees=many(FEES), note=BLOCKS
)
DOCUMENTS = st.builds(
    Document,
    name=BLOCKS,
    originals=st.none() | st.integers(0, 99),
    copies=st.none() | st.integers(0, 99),
    forms=many(st.builds(FormFile, name=BLOCKS, url=BLOCKS), 2),
)
CASES = st.builds(DocumentCase, title=BLOCKS, documents=many(DOCUMENTS), notes=many(BLOCKS))
SOURCES = st.builds(Source, title=BLOCKS, url=BLOCKS, as_of=DAYS)
REFERENCES = st.builds(LegalReference, number=BLOCKS, title=BLOCKS)
PROCEDURES = st.builds(
    Procedure,
    code=CODES, name=FILLED, aliases=many(BLOCKS), field=BLOCKS, level=st.sampled_from(Level), regulation_type=BLOCKS,
    issuing_agency=BLOCKS, executing_agency=BLOCKS, competent_agency=BLOCKS, receiving_address=BLOCKS,
    coordinating_agency=BLOCKS, subjects=many(BLOCKS), steps=BLOCKS, methods=many(METHODS, 5), cases=many(CASES),
    results=BLOCKS, legal_basis=many(REFERENCES), conditions=BLOCKS, keywords=BLOCKS, decision_number=BLOCKS,
    effective_from=DAYS, effective_to=DAYS, province=st.none() | FILLED, source_url=BLOCKS, data_date=DAYS,
)  # fmt: skip
FAQS = st.builds(
    Faq,
    id=st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), question=FILLED, answer=FILLED, topic=FILLED,
    variants=many(BLOCKS), audience=many(st.sampled_from(Audience)), sources=many(SOURCES), related=many(BLOCKS),
    effective_from=DAYS, effective_to=DAYS,
)  # fmt: skip
OFFICES = st.builds(
    Office, id=FILLED, name=FILLED, address=BLOCKS, hours=BLOCKS, phone=BLOCKS, hotline=BLOCKS, email=BLOCKS,
    receives=many(BLOCKS),
)  # fmt: skip
LEGAL_DOCUMENTS = st.builds(
    LegalDocument, number=FILLED, title=FILLED, issuer=BLOCKS, issued_on=DAYS,
    status=st.sampled_from(("in_force", "repealed", "not_yet")), effective_from=DAYS, effective_to=DAYS,
    replaced_by=BLOCKS,
)  # fmt: skip
OVERLAYS = st.builds(
    LocalOverlay, code=CODES, fee=BLOCKS, counter=BLOCKS, hours=BLOCKS, online_level=BLOCKS, postal=BLOCKS,
    note=BLOCKS, source=BLOCKS, as_of=DAYS,
)  # fmt: skip
