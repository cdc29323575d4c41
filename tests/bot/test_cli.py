"""`motcua` ended by Ctrl-C while Python still reads the program."""

import subprocess
import sys
from pathlib import Path

from tests.places import ROOT

INTERRUPTED = """
import builtins, runpy, sys
known = builtins.__import__
def interrupted(name, *more, **named):
    if name == {module!r}:
        raise KeyboardInterrupt
    return known(name, *more, **named)
builtins.__import__ = interrupted
sys.argv = ["motcua", "--help"]
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
