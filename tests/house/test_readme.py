"""The commands of the README, run in its order on an empty machine."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.house.documents import DESK, commands, example
from tests.places import ROOT

README = ROOT / "README.md"
TYPED = {"init": "Thư viện tỉnh\ntỉnh\nSơn La\n" + "\n" * 7, "chat": "Đăng ký khai sinh cần giấy tờ gì?\n"}
"""What the person at the terminal types."""
PATIENCE = 120.0
"""Seconds after which a command that hangs is ended."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty working folder with the files that the README speaks of."""
    (tmp_path / "thu-tuc.jsonl").write_text(example("import-knowledge.md", "jsonl", "procedures"), encoding="utf-8")
    (tmp_path / "cau-hoi.jsonl").write_text(example("measure-the-answers.md", "jsonl", "questions"), encoding="utf-8")
    return tmp_path


def _environment() -> dict[str, str]:
    """Ours, without settings of the desk; any free port will do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {**kept, "MOTCUA_WEB__PORT": "0", "PYTHONWARNINGS": "default"}


def _desk() -> str:
    return str(Path(sys.executable).with_name("motcua"))


def test_the_first_steps_lead_to_an_answer(folder: Path) -> None:
    steps = [words[1:] for words in commands(README) if words[0] == DESK]
    said = {}
    for words in steps:
        done = subprocess.run(
            [_desk(), *words],
            cwd=folder,
            env=_environment(),
            input=TYPED.get(words[0], ""),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        said[words[0]] = done.stdout

    assert {"init", "import", "check", "ask", "chat", "evaluate", "db"} == set(said)
    assert "1.001193" in said["chat"]
    assert (folder / "config.toml").is_file()
    assert (folder / "sao-luu.db").stat().st_size > 0
    assert len((folder / "tra-loi.jsonl").read_text(encoding="utf-8").splitlines()) == 3


def test_make_run_is_the_service() -> None:
    recipe = re.search(r"^run: setup .*\n\t@?(.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    assert recipe is not None
    assert recipe[1].replace("$(BIN)", ".venv/bin") == f"{DESK} run"


def test_the_service_says_where_it_is_answers_and_stops(folder: Path) -> None:
    with subprocess.Popen(
        [_desk(), "run"], cwd=folder, env=_environment(), stdout=subprocess.PIPE, text=True
    ) as service:
        watchdog = threading.Timer(PATIENCE, service.kill)
        watchdog.start()
        try:
            assert service.stdout is not None
            address = next(found[0] for line in service.stdout if (found := re.search(r"http://\S+/", line)))
            page = httpx.get(address, timeout=PATIENCE)
            assert page.status_code == 200
            assert "Một Cửa" in page.text
            service.send_signal(signal.SIGINT)
            assert "Đã dừng" in service.stdout.read()
            assert service.wait() == 0
        finally:
            watchdog.cancel()
            service.kill()
