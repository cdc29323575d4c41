"""The desk in a terminal."""

import asyncio
import io
import os
import pty
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console

from bot.channels import at_once
from bot.channels.console import FAREWELL, ConsoleChannel, lines_of
from bot.channels.rendering import MENU_HINT
from handlers.messages import Citizen, Link, Outcome, Reply
from knowledge.entries import OfficeProfile
from tests.bot.channels.scripted import ScriptedDesk
from tests.fakes import NOON

OFFICE = OfficeProfile(name="UBND phường Tô Hiệu")


async def typed(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def a_console(lines: AsyncIterator[str]) -> tuple[ConsoleChannel, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=False)
    return ConsoleChannel(OFFICE, lines=lines, console=console, now=lambda: NOON), out


async def test_a_talk_greets_answers_and_ends_politely() -> None:
    desk = ScriptedDesk()
    channel, out = a_console(typed("đăng ký kết hôn", "", "  ", "2"))

    await channel.run(at_once(channel.handle, desk.answer))

    assert "máy trả lời tự động của UBND phường Tô Hiệu" in out.getvalue()
    assert f"{MENU_HINT}\n1. Đăng ký kết hôn\n2. Đăng ký kết hôn có yếu tố nước ngoài\n" in out.getvalue()
    assert out.getvalue().rstrip().endswith(FAREWELL)
    assert [message.text for message in desk.seen] == ["đăng ký kết hôn", "2"]
    assert all(message.choice is None for message in desk.seen)
    assert len({message.id for message in desk.seen}) == 2


async def test_a_long_line_is_not_broken_when_piped() -> None:
    channel, out = a_console(typed("khai sinh"))
    address = "https://example.vn/" + "a" * 200

    await channel.send(
        Citizen("console", "local"),
        Reply(blocks=("một " * 60,), outcome=Outcome.ANSWERED, links=(Link("Trang", address),)),
    )

    assert f"Trang: {address}\n" in out.getvalue()


async def test_what_a_terminal_would_obey_is_not_printed() -> None:
    channel, out = a_console(typed())

    await channel.send(
        Citizen("console", "local"), Reply(blocks=("[bold]đỏ[/bold] \x1b[31m\x07",), outcome=Outcome.ANSWERED)
    )

    assert out.getvalue().strip() == "[bold]đỏ[/bold] [31m"


async def test_being_cancelled_still_says_goodbye() -> None:
    reading, writing = os.pipe()
    channel, out = a_console(lines_of(reading))
    desk = ScriptedDesk()
    os.write(writing, "câu này chậm\n".encode())
    running = asyncio.create_task(channel.run(at_once(channel.handle, desk.answer)))
    await desk.asked.wait()

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert out.getvalue().rstrip().endswith(FAREWELL)
    os.close(reading)
    os.close(writing)


async def test_lines_from_a_pipe_a_letter_at_a_time() -> None:
    reading, writing = os.pipe()
    found: list[str] = []

    async def collect() -> None:
        async for line in lines_of(reading):
            found.append(line)  # noqa: PERF401 (lines come one by one)

    collecting = asyncio.create_task(collect())
    for byte in "lệ phí\r\nkhông xuống dòng".encode():
        os.write(writing, bytes([byte]))
        await asyncio.sleep(0)
    os.close(writing)
    await collecting
    os.close(reading)

    assert found == ["lệ phí", "không xuống dòng"]


async def test_lines_from_a_file_and_broken_bytes(tmp_path: Path) -> None:
    file = tmp_path / "questions.txt"
    file.write_bytes("một\nhai".encode() + b"\xff\n" + b"ba")

    with file.open("rb") as source:
        lines = [line async for line in lines_of(source.fileno())]

    assert lines == ["một", "hai\ufffd", "ba"]


async def test_lines_from_a_terminal() -> None:
    leader, follower = pty.openpty()
    os.write(leader, b"khai sinh\n\x04")

    lines = [line async for line in lines_of(follower)]

    assert lines == ["khai sinh"]
    os.close(leader)
    os.close(follower)
