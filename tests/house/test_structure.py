"""The shape of the code: sizes, names, docstrings, and what may be caught where."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from handlers import HANDLERS
from tests.house.tree import PACKAGES, project_files, python_files, shown, syntax
from tests.places import ROOT

LONGEST = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
MAY_SWALLOW_ANYTHING = {"bot/campaigns/sender.py", "bot/dispatch.py", "bot/inbox.py"}
SENTENCE_START = re.compile(r"[.!?][”\"')]*\s+(\w)")
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error")))


def test_the_search_finds_the_project() -> None:
    found = {shown(path) for path in project_files()}

    assert {"pyproject.toml", "Makefile", "handlers/messages.py", "tests/house/test_structure.py"} <= found
    assert not any(name.startswith((".venv/", ".git/")) for name in found)
    assert len(python_files()) > 50


def test_a_file_can_be_read_in_one_sitting() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_names_say_what_is_inside() -> None:
    vague = [shown(path) for path in python_files() if VAGUE_NAMES & {part.lower() for part in _names(path)}]

    assert vague == []


def _names(path: Path) -> tuple[str, ...]:
    return path.relative_to(ROOT).with_suffix("").parts


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    wrong = {}
    for path in python_files():
        docstring = ast.get_docstring(syntax(path)) or ""
        if path.read_text(encoding="utf-8").strip() and not _is_one_sentence(docstring):
            wrong[shown(path)] = docstring

    assert wrong == {}


def _is_one_sentence(text: str) -> bool:
    ended = text.rstrip('"”').endswith((".", "?", "!"))
    return ended and "\n\n" not in text and not any(start.isupper() for start in SENTENCE_START.findall(text))


def test_only_three_packages_can_be_imported() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in python_files() if len(path.relative_to(ROOT).parts) > 1}

    assert tops - {"tests", "benchmarks", "tools"} == set(PACKAGES)


def test_anything_is_swallowed_in_three_places_only() -> None:
    swallowing = {shown(path) for path in python_files() if any(_swallows_anything(syntax(path)))}

    assert swallowing == MAY_SWALLOW_ANYTHING


def _swallows_anything(tree: ast.Module) -> Iterator[bool]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _names_everything(node.type)):
            # Tidying up and raising the same again hides nothing.
            yield not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
        elif isinstance(node, ast.Call) and _called(node) == "suppress":
            yield any(map(_names_everything, node.args))


def _names_everything(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"} for part in ast.walk(node))


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_no_test_sleeps() -> None:
    sleeping = []
    for path in (path for path in python_files() if _names(path)[0] == "tests"):
        calls = [node for node in ast.walk(syntax(path)) if isinstance(node, ast.Call) and _called(node) == "sleep"]
        # With zero it only lets other tasks run.
        sleeping += [f"{shown(path)}:{call.lineno}" for call in calls if ast.unparse(call.args[0]) != "0"]

    assert sleeping == []


def test_nothing_is_left_unfinished() -> None:
    unfinished = [shown(path) for path in python_files() if UNFINISHED.search(path.read_text(encoding="utf-8"))]

    assert unfinished == []


def test_every_handler_is_asked() -> None:
    """A file or folder in handlers/ with an `answer` of its own is one of HANDLERS."""
    answering = set()
    for path in python_files():
        module = path.parent if path.name == "__init__.py" else path
        if module.parent == ROOT / "handlers":
            functions = {node.name for node in syntax(path).body if isinstance(node, ast.AsyncFunctionDef)}
            answering |= {f"handlers.{module.stem}"} if "answer" in functions else set()

    assert answering
    assert answering == {handler.__module__ for handler in HANDLERS}
