"""A platform that is switched on without what it needs is told in one line; none is loaded that is off."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramChannel
from bot.commands.connecting import chat_channels
from bot.config import ConfigProblem, Settings
from bot.storage.engine import make_engine
from tests.bot.commands.conftest import environment
from tests.fakes import NOON

HOOK = {"enabled": True, "token": "1:a", "mode": "webhook"}


async def names(url: str, **sections: object) -> list[str]:
    engine = make_engine(url)
    settings = Settings(database_url=url, **sections)  # type: ignore[arg-type]
    try:
        async with chat_channels(settings, engine, lambda: NOON) as channels:
            assert all(channel.capabilities.max_length >= 2000 for channel in channels)
            return [channel.name for channel in channels]
    finally:
        await engine.dispose()


async def test_only_what_is_switched_on_is_there(sqlite_url: str) -> None:
    assert await names(sqlite_url) == []
    assert await names(sqlite_url, telegram={"enabled": True, "token": "1:a"}) == [TelegramChannel.name]
    assert await names(sqlite_url, telegram=HOOK, web={"address": "https://motcua.example.vn"}) == ["telegram"]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"enabled": True}, "MOTCUA_TELEGRAM__TOKEN"),
        (HOOK, "web.address"),
        ({"enabled": True, "token": "1:a", "webhook_secret": "có dấu"}, "MOTCUA_TELEGRAM__WEBHOOK_SECRET"),
    ],
)
async def test_what_is_missing_is_named(sqlite_url: str, section: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigProblem, match=told) as problem:
        await names(sqlite_url, telegram=section)

    assert "1:a" not in str(problem.value)


def test_the_service_says_it_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=environment(tmp_path, MOTCUA_WEB__PORT="0", MOTCUA_TELEGRAM__ENABLED="true"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Lỗi: Telegram cần biến MOTCUA_TELEGRAM__TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_library_of_a_platform_that_is_off_is_not_loaded() -> None:
    said = subprocess.check_output(
        [sys.executable, "-c", "import sys, bot.commands.running; print('telegram' in sys.modules)"], text=True
    )

    assert said.strip() == "False"
