"""`motcua run` answers on Telegram, from another process, by polling; `motcua check` says how Telegram is."""

import asyncio
from pathlib import Path

from tests.bot.commands.conftest import program
from tests.bot.commands.test_running import served
from tests.doubles.telegram import TOKEN, Shown, Telegram, a_telegram

NOBODY = "http://127.0.0.1:1"


def variables(address: str) -> dict[str, str]:
    return {
        "MOTCUA_TELEGRAM__ENABLED": "true",
        "MOTCUA_TELEGRAM__TOKEN": TOKEN,
        "MOTCUA_TELEGRAM__BASE_URL": address,
    }


async def test_the_service_answers_and_leaves_no_token_behind(tmp_path: Path) -> None:
    answered: asyncio.Queue[Shown] = asyncio.Queue()
    async with a_telegram(Telegram(on_shown=answered.put_nowait)) as telegram:
        await telegram.says("đăng ký tạm trú hết bao nhiêu tiền")
        serving = served(tmp_path, MOTCUA_LOG_LEVEL="info", **variables(telegram.address))
        process, _ = await asyncio.to_thread(serving.__enter__)
        try:
            greeting, answer = await answered.get(), await answered.get()
        finally:
            process.terminate()
            out, err = await asyncio.to_thread(process.communicate)
            serving.__exit__(None, None, None)

    assert "máy trả lời tự động" in greeting.text
    assert "15.000" in answer.text
    assert process.returncode == 0
    assert TOKEN not in out + err
    assert "tạm trú" not in err


async def test_the_service_is_called_by_telegram(tmp_path: Path) -> None:
    more = {"MOTCUA_TELEGRAM__MODE": "webhook", "MOTCUA_WEB__ADDRESS": "https://motcua.example.vn"}
    answered: asyncio.Queue[Shown] = asyncio.Queue()
    async with a_telegram(Telegram(on_shown=answered.put_nowait)) as telegram:
        serving = served(tmp_path, **variables(telegram.address), **more)
        _, address = await asyncio.to_thread(serving.__enter__)
        try:
            await telegram.called["setWebhook"].wait()
            assert telegram.webhook == "https://motcua.example.vn/webhook/telegram"
            telegram.webhook = f"{address}webhook/telegram"  # what the office's https server would do
            assert await telegram.says("đăng ký tạm trú hết bao nhiêu tiền") == 200
            assert await telegram.deliver({"update_id": 1, "message": {}}, secret="guessed") == 403  # noqa: S106
            _, answer = await answered.get(), await answered.get()
        finally:
            await asyncio.to_thread(serving.__exit__, None, None, None)

    assert "15.000" in answer.text


async def check(folder: Path, address: str) -> str:
    done = await asyncio.to_thread(program(folder), "check", **variables(address))
    return done.stdout + done.stderr


async def test_check_says_whether_telegram_is_reached(tmp_path: Path) -> None:
    async with a_telegram() as telegram:
        assert "✓ Kênh telegram: kết nối được, bot @motcua_thu_bot" in await check(tmp_path, telegram.address)

    said = await check(tmp_path, NOBODY)
    assert "✗ Kênh telegram: không tới được Telegram từ mạng này" in said
    assert TOKEN not in said
