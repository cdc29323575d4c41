"""`motcua pause` and `motcua resume`: the off-switch of every channel and replica."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import require_newest
from bot.config import ConfigProblem
from bot.gate import LONGEST_WORDS, PAUSED
from bot.moment import utc_now
from bot.storage.engine import make_engine
from bot.storage.service_state import StoredPause


@asynccontextmanager
async def _stored() -> AsyncIterator[StoredPause]:
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        yield StoredPause(engine)
    finally:
        await engine.dispose()


@command
async def pause(
    message: Annotated[
        str, typer.Argument(metavar="[MESSAGE]", help="Câu trả lời mọi tin trong lúc dừng; bỏ trống là câu có sẵn.")
    ] = PAUSED,
) -> None:
    """Tạm dừng trả lời trên mọi kênh, mọi bản chạy; ai nhắn tin cũng nhận câu này kèm các số khẩn cấp."""
    words = message.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise ConfigProblem(f"Câu trả lời phải có từ 1 đến {LONGEST_WORDS} ký tự.")
    async with _stored() as switch:
        await switch.pause(words, utc_now())
    say("Đã tạm dừng, có hiệu lực trong vài giây. Mở lại: motcua resume. Mọi tin nhắn nhận câu này:")
    say(words)


@command
async def resume() -> None:
    """Trả lời lại như thường."""
    async with _stored() as switch:
        resumed = await switch.resume()
    if not resumed:
        complain("Bàn hỏi đáp không đang tạm dừng.")
        raise typer.Exit(1)
    say("Đã mở lại, có hiệu lực trong vài giây.")
