"""`motcua channels`: how each chat platform is now, for people and for programs that watch."""

import json
from typing import Annotated

import typer

from bot import config
from bot.channel_states import states
from bot.commands import command, say
from bot.commands.connecting import chat_channels
from bot.commands.opening import require_newest
from bot.moment import utc_now
from bot.storage.engine import make_engine
from bot.storage.inbox import StoredInbox
from bot.storage.service_state import StoredSends

NONE = "Chưa bật kênh chat nào (telegram.enabled, zalo_oa.enabled, zalo_bot.enabled); trang web luôn chạy."


@command
async def channels(
    as_json: Annotated[bool, typer.Option("--json", help="Mỗi kênh một dòng JSON.")] = False,
) -> None:
    """Từng kênh chat: tin đến cuối, trả lời cuối, lỗi, mã truy cập, số tin đang chờ; mã thoát 1 nếu có kênh chưa ổn."""
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        async with chat_channels(settings, engine, utc_now) as switched_on:
            found = await states(switched_on, StoredInbox(engine), StoredSends(engine))
    finally:
        await engine.dispose()
    for state in found:
        if as_json:
            typer.echo(json.dumps(state.as_json(), ensure_ascii=False))
            continue
        say(f"{'✓' if state.health.well else '✗'} {state.name}: {state.detail}")
        if state.health.mend and not state.health.well:
            say(f"    Cách sửa: {state.health.mend}")
    if not found and not as_json:
        say(NONE)
    if not all(state.health.well for state in found):
        raise typer.Exit(1)
