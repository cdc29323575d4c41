"""`motcua forms`: form files kept on this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import require_newest
from bot.moment import utc_now
from bot.storage.engine import make_engine, make_sessions
from bot.upkeep import make_http
from knowledge.forms.fetching import fetch_forms
from knowledge.importing.portal.courtesy import Courtesy

SHOWN = 10

app = typer.Typer(help="Biểu mẫu: giữ bản sao trên máy này.", no_args_is_help=True)


@app.callback()
def forms() -> None:
    """Biểu mẫu: giữ bản sao trên máy này."""


@app.command()
@command
async def fetch(
    codes: Annotated[
        list[str] | None, typer.Option("--code", help="Chỉ thủ tục có mã này; dùng nhiều lần được.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Tải nhiều nhất chừng này tệp.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Tải lại cả những tệp còn mới.")] = False,
) -> None:
    """Tải biểu mẫu của các thủ tục đang có hiệu lực về máy; tệp đã có thì không tải lại."""
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Đang tải biểu mẫu", total=None)
            async with make_http(settings.portal) as http:
                report = await fetch_forms(
                    make_sessions(engine),
                    http,
                    Courtesy(rate=settings.portal.rate),
                    base_url=settings.portal.base_url,
                    folder=Path(settings.knowledge.forms_folder),
                    now=utc_now,
                    codes=codes or (),
                    limit=limit,
                    again=again,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
    finally:
        await engine.dispose()
    say(f"Đã tải {report.kept} tệp; {report.fresh} tệp còn mới; {len(report.refused)} tệp không tải được.")
    for code, name, reason in report.refused[:SHOWN]:
        complain(f"{code}: {name}: {reason}")
