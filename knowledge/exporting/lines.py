"""Writes contents as lines of JSON, each with the name of its form, that the import takes in again."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from knowledge.exporting.contents import Contents


def write_lines(contents: Contents, path: Path) -> None:
    """One object a line: {"kind": form, "entry": {...}}; parts that are not recorded are left out. Raises OSError."""
    with path.open("wb") as file:
        for form, found in contents.entries.items():
            if not found:
                continue
            adapter: TypeAdapter[Any] = TypeAdapter(type(found[0]))
            for item in found:
                body = adapter.dump_json(item, exclude_defaults=True)
                file.write(b'{"kind":"%s","entry":%s}\n' % (form.encode(), body))
