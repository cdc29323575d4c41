"""Small form files of every kind, made from nothing."""

import io
import zipfile

PDF = b"%PDF-1.7\n%%EOF\n"
RTF = b"{\\rtf1 \\ansi To khai}"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOC = _OLE + "WordDocument".encode("utf-16-le")
XLS = _OLE + "Workbook".encode("utf-16-le")


def archive(**parts: bytes) -> bytes:
    """A zip file; "__" in a name stands for "/", "_" for "."."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


DOCX = archive(word__document_xml=b"<w/>")
XLSX = archive(xl__workbook_xml=b"<x/>")
ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text")
