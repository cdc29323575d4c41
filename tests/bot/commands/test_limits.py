"""An export that hits the limit of file sizes says so, and leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

UNDER_A_LIMIT = """
import asyncio, resource, sys
from datetime import date
from pathlib import Path
from bot.storage.engine import make_engine, make_sessions
from knowledge.exporting import ExportProblem, export_file

async def main():
    engine = make_engine(sys.argv[1])
    # The shared memory of the open database is a file too, and larger than what is written here may be.
    async with engine.connect() as held:
        await held.exec_driver_sql("SELECT 1 FROM entry")
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        try:
            await export_file(make_sessions(engine), Path(sys.argv[2]), forms=None, on=date(2026, 11, 21))
        except ExportProblem as problem:
            print(problem)
    await engine.dispose()

asyncio.run(main())
"""


@pytest.mark.parametrize("ending", ["xlsx", "jsonl"])
def test_the_limit_is_named(desk_folder: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"out.{ending}"
    url = f"sqlite+aiosqlite:///{desk_folder / 'var' / 'motcua.db'}"

    done = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT, url, str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "giới hạn dung lượng" in done.stdout, done.stderr
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
