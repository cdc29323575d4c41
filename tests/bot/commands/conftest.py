"""The `motcua` command as a program of its own, in a folder of its own."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forked

Motcua = Callable[..., subprocess.CompletedProcess[str]]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a fresh shell would have, without settings of the machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {**kept, "COLUMNS": "200", "MOTCUA_INDEX_FILE": str(folder / "index.npz"), **more}


def program(folder: Path) -> Motcua:
    """Runs `motcua ARGUMENTS` in `folder`; stdin and more variables by keyword."""

    def run(*arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        words = list(arguments)
        code, out, err = forked.motcua(folder, environment(folder, **more), words, stdin)
        return subprocess.CompletedProcess(words, code, out, err)

    return run


@pytest.fixture
def motcua(tmp_path: Path) -> Motcua:
    """The command in an empty folder."""
    return program(tmp_path)


@pytest.fixture(scope="session")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds the starter knowledge; not to be changed by tests."""
    folder = tmp_path_factory.mktemp("desk")
    done = program(folder)("import", "starter", "--publish")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def desk(desk_folder: Path) -> Motcua:
    """The command beside the starter knowledge."""
    return program(desk_folder)
