"""`motcua run` answers on both Zalo platforms, from another process, and leaves no token behind."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_oa import PATH
from tests.bot.commands.conftest import program
from tests.bot.commands.test_running import served
from tests.doubles import zalo_bot, zalo_oa
from tests.doubles.zalo_bot import ZaloBot, a_zalo_bot
from tests.doubles.zalo_oa import ZaloOa, a_zalo_oa

QUESTION = "đăng ký tạm trú hết bao nhiêu tiền"


def oa_variables(address: str) -> dict[str, str]:
    """What an office with an account sets."""
    return {
        "MOTCUA_ZALO_OA__ENABLED": "true",
        "MOTCUA_ZALO_OA__APP_ID": zalo_oa.APP_ID,
        "MOTCUA_ZALO_OA__OA_ID": zalo_oa.OA_ID,
        "MOTCUA_ZALO_OA__BASE_URL": address,
        "MOTCUA_ZALO_OA__OAUTH_URL": address,
        "MOTCUA_ZALO_OA__APP_SECRET": zalo_oa.APP_SECRET,
        "MOTCUA_ZALO_OA__SECRET_KEY": zalo_oa.OA_SECRET,
        "MOTCUA_ZALO_OA__REFRESH_TOKEN": zalo_oa.FIRST_REFRESH,
    }


def bot_variables(address: str) -> dict[str, str]:
    """What an office with a bot sets."""
    return {
        "MOTCUA_ZALO_BOT__ENABLED": "true",
        "MOTCUA_ZALO_BOT__TOKEN": zalo_bot.TOKEN,
        "MOTCUA_ZALO_BOT__BASE_URL": address,
    }


async def told(
    folder: Path, variables: dict[str, str], answered: "asyncio.Queue[Any]", begun: Callable[[str], Any]
) -> tuple[list[str], str]:
    """Runs the service until it has sent two messages; these, and everything that it wrote."""
    serving = served(folder, MOTCUA_LOG_LEVEL="debug", **variables)
    process, address = await asyncio.to_thread(serving.__enter__)
    try:
        await begun(address)
        sent = [(await answered.get()).text for _ in range(2)]
    finally:
        process.terminate()
        out, err = await asyncio.to_thread(process.communicate)
        serving.__exit__(None, None, None)
    return sent, out + err


async def test_the_account_answers(tmp_path: Path) -> None:
    answered: asyncio.Queue[Any] = asyncio.Queue()
    async with a_zalo_oa(ZaloOa(on_sent=answered.put_nowait)) as zalo:

        async def begun(address: str) -> None:
            zalo.webhook = address.rstrip("/") + PATH
            assert await zalo.probe() == 200
            await zalo.says(QUESTION)

        (greeting, answer), wrote = await told(tmp_path, oa_variables(zalo.address), answered, begun)

    assert "máy trả lời tự động" in greeting
    assert "15.000" in answer
    secrets = (zalo_oa.APP_SECRET, zalo_oa.OA_SECRET, zalo_oa.FIRST_REFRESH, zalo.access_token, zalo.refresh_token)
    assert not any(secret in wrote for secret in (*secrets, "tạm trú", zalo_oa.CITIZEN))


async def test_the_bot_answers(tmp_path: Path) -> None:
    answered: asyncio.Queue[Any] = asyncio.Queue()
    async with a_zalo_bot(ZaloBot(on_sent=answered.put_nowait)) as zalo:

        async def begun(_: str) -> None:
            await zalo.says(QUESTION)

        (greeting, answer), wrote = await told(tmp_path, bot_variables(zalo.address), answered, begun)

    assert "máy trả lời tự động" in greeting
    assert "15.000" in answer
    assert not any(secret in wrote for secret in (zalo_bot.TOKEN, "tạm trú", zalo_bot.CITIZEN))


@pytest.mark.parametrize("variables", [oa_variables, bot_variables])
def test_check_says_that_zalo_is_not_reached(tmp_path: Path, variables: Callable[[str], dict[str, str]]) -> None:
    motcua = program(tmp_path)
    assert motcua("db", "upgrade").returncode == 0
    done = motcua("check", **variables("http://127.0.0.1:1"))

    assert "từ mạng này" in done.stdout
    assert zalo_bot.TOKEN not in done.stdout + done.stderr
