"""Small input files, written into a test's own folder."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def a_file(folder: Path, rows: Iterable[dict[str, Any] | str | bytes], name: str = "danh-muc.jsonl") -> Path:
    """A file of JSON lines; text and bytes are written as they are. Compressed if the name ends with .gz."""
    lines = [
        row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode() for row in rows
    ]
    path = folder / name
    content = b"\n".join(lines) + b"\n"
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def portal_row(code: str, name: str = "Cấp lại thẻ", **changes: Any) -> dict[str, Any]:
    """A row as the portal exports it."""
    return {"code": code, "name": name, "decision_no": "1/QĐ-BNV", "methods": [], "documents": [], **changes}


def own_row(code: str, name: str = "Cấp lại thẻ", **changes: Any) -> dict[str, Any]:
    """A procedure in our own shape."""
    return {"code": code, "name": name, **changes}
