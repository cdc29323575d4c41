"""`motcua api-key`: keys for the programs that use the JSON API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import require_newest
from bot.moment import VIETNAM, utc_now
from bot.storage.api_keys import StoredApiKeys
from bot.storage.engine import make_engine

app = typer.Typer(help="Khóa của các chương trình dùng giao diện JSON.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help="Tên để nhận ra khóa, ví dụ “cong-thong-tin-tinh”.")]


@asynccontextmanager
async def _stored() -> AsyncIterator[StoredApiKeys]:
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        yield StoredApiKeys(engine)
    finally:
        await engine.dispose()


@app.command()
@command
async def add(
    name: Name,
    per_minute: Annotated[
        int | None, typer.Option("--per-minute", min=1, max=100_000, help="Mức riêng; bỏ trống là theo cấu hình.")
    ] = None,
) -> None:
    """Tạo khóa và in ra một lần duy nhất."""
    async with _stored() as keys:
        secret = await keys.add(name, utc_now(), per_minute)
    say(f"Khóa của “{name}” chỉ hiện một lần này, cơ sở dữ liệu chỉ giữ mã băm; hãy cất ở nơi an toàn:")
    say(secret)


@app.command("list")
@command
async def list_() -> None:
    """Liệt kê các khóa, không có phần bí mật."""
    async with _stored() as keys:
        found = await keys.all()
    if not found:
        say("Chưa có khóa nào. Tạo bằng: motcua api-key add NAME.")
        return
    table = Table("tên", "tạo ngày", "dùng lần cuối", "lượt/phút", "trạng thái")
    for key in found:
        state = f"đã thu hồi {key.revoked_at.astimezone(VIETNAM):%d/%m/%Y}" if key.revoked_at else "đang dùng"
        used = f"{key.used_on:%d/%m/%Y}" if key.used_on else "chưa"
        rate = str(key.per_minute or "theo cấu hình")
        table.add_row(escape(key.name), f"{key.created_at.astimezone(VIETNAM):%d/%m/%Y}", used, rate, state)
    Console(highlight=False).print(table)


@app.command()
@command
async def revoke(name: Name) -> None:
    """Thu hồi khóa ngay lập tức."""
    async with _stored() as keys:
        done = await keys.revoke(name, utc_now())
    if not done:
        complain(f"Không có khóa nào đang dùng tên “{name}”. Xem: motcua api-key list.")
        raise typer.Exit(1)
    say(f"Đã thu hồi khóa “{name}”.")
