"""A form file is what its content says, and what may do harm is not kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.forms.kinds import CONTENT_TYPES, MOST_BYTES, Unfit, kind_of
from tests.knowledge.forms.files import DOC, DOCX, ODT, PDF, RTF, XLS, XLSX, archive

KINDS = {"pdf": PDF, "doc": DOC, "docx": DOCX, "xls": XLS, "xlsx": XLSX, "rtf": RTF, "odt": ODT}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content(kind: str) -> None:
    assert kind_of(KINDS[kind]) == kind
    assert set(KINDS) == set(CONTENT_TYPES)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "rỗng"),
        (b"MZ\x90\x00" + bytes(100), "không phải PDF"),
        (b"\n<!DOCTYPE html><html>", "trang web"),
        (PDF + bytes(MOST_BYTES), "lớn quá 20 MiB"),
        (archive(word__document_xml=b"", word__vbaProject_bin=b""), "macro"),
        (DOC + "_VBA_PROJECT".encode("utf-16-le"), "macro"),
        (archive(setup_exe=b""), "không phải Word"),
        (archive(mimetype=b"application/epub+zip"), "không phải Word"),
        (DOCX[:40], "hỏng"),
        (OLE + bytes(100), "không phải Word hay Excel"),
        (b"\x1f\x8b\x08" + bytes(20), "không phải PDF"),
    ],
)
def test_everything_else_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        kind_of(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", OLE, b"%PDF-", DOCX[:60], b"{\\rtf"]))
def test_any_bytes_have_a_kind_or_a_reason(tail: bytes, head: bytes) -> None:
    try:
        kind = kind_of(head + tail)
    except Unfit:
        return
    assert kind in CONTENT_TYPES
