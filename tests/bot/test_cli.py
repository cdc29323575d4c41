"""`motcua` as it starts: only what a command needs is read, and Ctrl-C meanwhile leaves no trace."""

import subprocess
import sys
from pathlib import Path

from bot.commands.every import COMMANDS, loaded
from tests.places import ROOT

INTERRUPTED = """
import builtins, runpy, sys
known = builtins.__import__
def interrupted(name, *more, **named):
    if name == {module!r}:
        raise KeyboardInterrupt
    return known(name, *more, **named)
builtins.__import__ = interrupted
sys.argv = ["motcua", "run", "--help"]
runpy.run_module("bot", run_name="__main__")
"""


def test_ctrl_c_during_the_imports_leaves_no_trace(tmp_path: Path) -> None:
    for module in ("typer", "pydantic_settings", "uvicorn"):
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTED.format(module=module)],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (130, "", "Đã dừng.\n"), module


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    assert len(COMMANDS) > 10
    assert {one.name: one.help for one in COMMANDS} == {one.name: loaded(one).help for one in COMMANDS}


WITHOUT_NEED = """
import sys
from bot.commands.every import app
known = set()
for arguments in (["--help"], ["db", "upgrade", "--help"], ["staff", "add", "--help"]):
    try:
        app(arguments)
    except SystemExit:
        known |= {"handlers", "fastapi", "telegram", "apscheduler", "numpy", "openpyxl", "holidays"} & set(sys.modules)
sys.stderr.write(str(sorted(known)))
"""


def test_a_command_loads_no_room_but_its_own() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_NEED], cwd=ROOT, capture_output=True, text=True, check=False)

    assert "upgrade" in done.stdout
    assert done.stderr == "[]"
