"""`motcua` as a program of its own without two seconds of loading: each run is forked from one that has loaded all."""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from tests.places import ROOT

STREAMS = ("stdin", "stdout", "stderr")


def motcua(folder: Path, environment: dict[str, str], arguments: list[str], stdin: str) -> tuple[int, str, str]:
    """The exit code and what was written to stdout and stderr; a signal ends it as -number."""
    with tempfile.TemporaryDirectory(prefix="motcua-run-") as place:
        files = [Path(place, name) for name in STREAMS]
        files[0].write_text(stdin, encoding="utf-8")
        run = {"folder": str(folder), "environment": environment, "arguments": arguments, "files": [*map(str, files)]}
        loaded = _loaded()
        assert loaded.stdin is not None
        assert loaded.stdout is not None
        loaded.stdin.write(json.dumps(run) + "\n")
        loaded.stdin.flush()
        code = int(loaded.stdout.readline())
        out, err = (file.read_text(encoding="utf-8") for file in files[1:])
    return code, out, err


@functools.cache
def _loaded() -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.forked"]
    process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)  # it ends with its stdin
    return process


def _serve() -> None:
    """What `python -m tests.forked` does: a line of JSON on stdin is a run, a line on stdout its exit code."""
    from bot.channels import telegram  # noqa: F401 - loaded for those who use it
    from bot.commands.every import COMMANDS, loaded
    from handlers import dangers, phrases
    from knowledge import text

    for one in COMMANDS:
        loaded(one)
    text.warm_up()
    dangers.shipped()
    phrases.shipped()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _live(**json.loads(line))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def _live(folder: str, environment: dict[str, str], arguments: list[str], files: list[str]) -> None:
    """The rest of a forked process's life, as the interpreter would lead it."""
    from bot.cli import main

    code: object = 1
    try:
        for number, file in enumerate(files):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY, 0o600)
            os.dup2(descriptor, number)
            os.close(descriptor)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115 - they last as long as the process
            for number, mode in enumerate("rww")
        )
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.argv = ["motcua", *arguments]
        main()
        code = 0
    except SystemExit as end:
        code = end.code
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
