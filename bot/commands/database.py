"""`motcua db`: migrations, backup and restore."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.commands import command, say
from bot.storage import backup as backups
from bot.storage import schema

app = typer.Typer(help="Cơ sở dữ liệu: nâng cấp, sao lưu, khôi phục.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp sao lưu.")]


@app.command()
@command
async def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất."""
    await asyncio.to_thread(schema.upgrade, config.load().database_url)
    say("Cơ sở dữ liệu đã ở phiên bản mới nhất.")


@app.command()
@command
async def backup(file: File) -> None:
    """Sao lưu cơ sở dữ liệu ra một tệp."""
    await asyncio.to_thread(backups.backup, config.load().database_url, file)
    say(f"Đã sao lưu vào {file}.")


@app.command()
@command
async def restore(file: File) -> None:
    """Khôi phục cơ sở dữ liệu từ một tệp sao lưu (dừng motcua run trước)."""
    kept = await asyncio.to_thread(backups.restore, config.load().database_url, file)
    say(f"Đã khôi phục từ {file}.")
    if kept:
        say(f"Cơ sở dữ liệu trước đó được giữ ở {kept}.")
