"""The API keeps what its own document promises: schemathesis asks it over real HTTP."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.api import Rules
from tests.bot.api.serving import served

PATIENCE = 120
"""Seconds; it takes about fifteen."""


@pytest.mark.parametrize("require_key", [False, True])
def test_every_promise_is_kept(tmp_path: Path, require_key: bool) -> None:
    rules = Rules(require_key=require_key, per_minute=100_000, cors_origins=("https://so.example.vn",))
    with served(tmp_path, rules) as (address, secret):
        options = ["--max-examples=15", "--generation-deterministic"]
        if require_key:
            options += ["--phases=examples,coverage", f"--header=Authorization: Bearer {secret}"]
        # Its plugin for pytest does not know our pytest yet; the program runs more phases anyway.
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 selected / 5 total" in done.stdout
    assert "No issues found" in done.stdout
