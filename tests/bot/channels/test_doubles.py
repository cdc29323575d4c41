"""`python -m tests.doubles`: a developer writes a line and reads what the desk sends."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from rich.console import Console

from tests.doubles.__main__ import PLATFORMS, main, talk
from tests.doubles.chatting import Talk


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


@asynccontextmanager
async def echo(show: Callable[[str], None]) -> AsyncIterator[Talk]:
    """A platform whose desk repeats what it is told."""

    async def say(text: str) -> None:
        show(f"[{text}]")

    yield Talk("các bước", say)


async def test_lines_go_in_and_messages_come_out() -> None:
    out = io.StringIO()

    await talk(echo, typed("chào", "  ", "lệ phí"), Console(file=out, width=80))

    assert [line for line in out.getvalue().splitlines() if line] == ["các bước", "[chào]", "[lệ phí]"]


@pytest.mark.parametrize("arguments", [[], ["viber"], ["zalo", "zalo-bot"]])
def test_anything_but_a_platform_is_told_how_to(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, told = main(arguments), capsys.readouterr().out

    assert code == 2
    assert all(name in told for name in PLATFORMS)
