"""The project's documents, and the blocks of code and commands in them."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import project_files
from tests.places import ROOT

DESK = ".venv/bin/motcua"
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<label>\w+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. kind: its language; label: the word after it, "" where there is none."""

    kind: str
    label: str
    text: str


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return [path for path in project_files() if path.suffix == ".md"]


def blocks(document: Path, kind: str, label: str | None = None) -> list[Block]:
    """The fenced blocks of one kind, in order; of one label where it is given."""
    found = (
        Block(match["kind"], match["label"] or "", match["text"])
        for match in _BLOCK.finditer(document.read_text(encoding="utf-8"))
    )
    return [block for block in found if block.kind == kind and label in (None, block.label)]


def commands(document: Path) -> list[list[str]]:
    """The commands of its `sh` blocks, split into words; `text` blocks are for other machines."""
    lines = (line for block in blocks(document, "sh") for line in block.text.splitlines())
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def example(name: str, kind: str, label: str) -> str:
    """The one block of its kind and label in docs/how-to/."""
    (block,) = blocks(ROOT / "docs" / "how-to" / name, kind, label)
    return block.text
