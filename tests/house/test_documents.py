"""What the documents say is so: links lead somewhere, commands exist, examples work."""

import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.commands.every import COMMANDS, loaded
from knowledge.importing.entries import faq_of, procedure_of
from tests.house.documents import DESK, blocks, commands, documents, example
from tests.house.tree import shown
from tests.places import ROOT

LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)


def test_every_link_leads_to_a_file() -> None:
    links = [(document, link) for document in documents() for link in LINK.findall(document.read_text("utf-8"))]
    dead = [f"{shown(document)}: {link}" for document, link in links if not (document.parent / link).exists()]

    assert len(links) > 20
    assert dead == []


def test_every_how_to_can_be_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {shown(path) for path in documents() if path.parent == ROOT / "docs" / "how-to"}

    assert len(pages) > 4
    assert {page for page in pages if page not in readme} == set()


def test_every_command_exists_with_its_options() -> None:
    found = [(shown(document), words) for document in documents() for words in commands(document)]
    wrong = [f"{name}: {' '.join(words)}" for name, words in found if not _exists(words)]

    assert len(found) > 20
    assert wrong == []


def _exists(words: list[str]) -> bool:
    if words[0] == "make":
        return set(words[1:]) <= set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    if words[0] == DESK:
        named = next((one for one in COMMANDS if one.name == words[1]), None)
        return named is not None and _understood(loaded(named), words[2:])
    return False


def _understood(command: Any, words: list[str]) -> bool:
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    return not hasattr(command, "commands") and {word for word in words if word.startswith("-")} <= known


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    explained = set(re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE))

    assert {"help", "setup", "run", "test", "bench"} <= named
    assert named == explained


@pytest.mark.parametrize(("label", "read"), [("procedures", procedure_of), ("faq", faq_of)])
def test_the_examples_of_the_import_page_are_taken_in(label: str, read: Callable[[dict[str, Any]], object]) -> None:
    rows = [json.loads(line) for line in example("import-knowledge.md", "jsonl", label).splitlines()]

    assert rows
    assert all(read(row) for row in rows)


async def test_the_handler_of_the_how_to_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    test, handler, *others = blocks(ROOT / "docs" / "how-to" / "add-a-kind-of-question.md", "python")
    (tmp_path / "calendar_day.py").write_text(handler.text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "its_test.py").write_text(
        test.text.replace("from handlers import calendar_day", "import calendar_day"), encoding="utf-8"
    )
    tests = [it for name, it in runpy.run_path(str(tmp_path / "its_test.py")).items() if name.startswith("test_")]

    assert (len(tests), others) == (2, [])
    for its_test in tests:
        await its_test()


def test_the_first_page_names_seven_files() -> None:
    text = (ROOT / "docs" / "start-here.md").read_text(encoding="utf-8")
    numbered = re.findall(r"^\d\. \[([^]]+)\]", text, re.MULTILINE)

    assert len(numbered) == 7
    assert all((ROOT / name).is_file() for name in numbered)


def test_the_changelog_has_a_place_for_the_next_line() -> None:
    assert re.search(r"^## \[Unreleased\]$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
