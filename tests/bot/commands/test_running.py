"""The service as a program: up on an empty folder, answering, and down again."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.commands.running import event_loop
from tests.bot.commands.conftest import environment

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


@contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`motcua run` on a free port; the process and the address it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env=environment(folder, MOTCUA_WEB__PORT="0", **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        printed = ""
        while (found := ADDRESS.search(printed)) is None:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            printed += line
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def test_the_service_makes_its_database_answers_and_stops_cleanly(tmp_path: Path) -> None:
    for stop in (signal.SIGINT, signal.SIGTERM):
        with served(tmp_path) as (process, address):
            assert httpx.get(address + "healthz").json() == {"status": "ok"}
            assert "Một Cửa" in httpx.get(address).text

            process.send_signal(stop)
            out, err = process.communicate(timeout=30)

        assert process.returncode == 0, stop
        assert "Đã dừng." in out
        assert "Traceback" not in err


def test_a_conversation_survives_a_restart(tmp_path: Path) -> None:
    with httpx.Client(follow_redirects=True) as browser:
        with served(tmp_path) as (_, address):
            _ask(browser, address, "đăng ký tạm trú hết bao nhiêu tiền")
            cookies = dict(browser.cookies)
        with served(tmp_path) as (_, address):
            page = httpx.get(address, cookies=cookies).text

    assert "đăng ký tạm trú hết bao nhiêu tiền" in page
    assert "15.000" in page


def _ask(browser: httpx.Client, address: str, text: str) -> str:
    """Sends the page's own form, as a browser without JavaScript would."""
    page = browser.get(address).text
    form = page[page.index("<form") :]
    action = re.search(r'action="([^"]+)"', form)
    assert action
    hidden = {
        name: value
        for tag in re.findall(r"<input[^>]+hidden[^>]*>", form)
        if (name := _attribute(tag, "name")) and (value := _attribute(tag, "value"))
    }
    done = browser.post(
        address.rstrip("/") + action[1], data={**hidden, "text": text}, headers={"Origin": address.rstrip("/")}
    )
    done.raise_for_status()
    return done.text


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.mark.skipif(sys.platform != "linux", reason="uvloop is for Linux")
def test_the_service_runs_on_the_faster_loop() -> None:
    loop = event_loop()
    loop.close()

    assert type(loop).__module__.startswith("uvloop")


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run"],
            cwd=tmp_path,
            env=environment(tmp_path, MOTCUA_WEB__PORT=port),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 1
    assert "MOTCUA_WEB__PORT" in done.stderr
    assert "một chương trình khác đang dùng cổng này" in done.stderr
    assert "in use" not in done.stderr
    assert "Traceback" not in done.stderr
