"""Tells what a file really is from its content, whatever it is called, and refuses what may do harm."""

import io
import zipfile
import zlib

MOST_BYTES = 20 * 1_048_576
LARGEST = "20 MiB"
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
}
"""What is kept, by the ending under which it is stored."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS_OLE = "_VBA_PROJECT".encode("utf-16-le")
_MACROS_ZIP = "vbaproject.bin"
_MOST_ENTRIES = 5000
_ODT = CONTENT_TYPES["odt"].encode()


class Unfit(Exception):
    """A file that is not kept. The message is Vietnamese."""


def kind_of(content: bytes) -> str:
    """One of CONTENT_TYPES. Raises Unfit."""
    if not content:
        raise Unfit("tệp rỗng")
    if len(content) > MOST_BYTES:
        raise Unfit(f"lớn quá {LARGEST}")
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(_OLE):
        return _ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _zip(content)
    if content.lstrip()[:1] == b"<":
        raise Unfit("là trang web, không phải tệp mẫu")
    raise Unfit("không phải PDF, Word, Excel, RTF hay ODT")


def _ole(content: bytes) -> str:
    if _MACROS_OLE in content:
        raise Unfit("có macro")
    if "WordDocument".encode("utf-16-le") in content:
        return "doc"
    if "Workbook".encode("utf-16-le") in content or "Book\0".encode("utf-16-le") in content:
        return "xls"
    raise Unfit("tệp Office cũ nhưng không phải Word hay Excel")


def _zip(content: bytes) -> str:
    """Looks at the names inside only: nothing is unpacked but the type of an ODT, of a few bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
            if len(names) > _MOST_ENTRIES:
                raise Unfit("tệp nén có quá nhiều phần")
            if any(name.endswith(_MACROS_ZIP) for name in names):
                raise Unfit("có macro")
            if "word/document.xml" in names:
                return "docx"
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "mimetype" in names:
                with archive.open("mimetype") as inside:
                    if inside.read(len(_ODT) + 1).strip() == _ODT:
                        return "odt"
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError) as error:
        raise Unfit("tệp nén bị hỏng") from error
    raise Unfit("tệp nén nhưng không phải Word, Excel hay ODT")
