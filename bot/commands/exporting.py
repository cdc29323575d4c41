"""`motcua export`: what the office has published, as a file that `motcua import` takes in again."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.commands import command, say
from bot.commands.opening import require_newest
from bot.moment import utc_now
from bot.storage.engine import make_engine, make_sessions
from knowledge.exporting import ExportProblem, export_file
from knowledge.store import calendar_day


class Part(StrEnum):
    """What can be exported."""

    PROCEDURES = "procedures"
    FAQ = "faq"
    OFFICES = "offices"
    LEGAL_DOCUMENTS = "legal-documents"
    OVERLAY = "overlay"
    CODE_ALIASES = "code-aliases"
    PHRASES = "phrases"


@command
async def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FILE.jsonl|FILE.csv", help="Tệp sẽ ghi.")],
    kind: Annotated[list[Part] | None, typer.Option("--kind", help="Chỉ loại này; dùng nhiều lần được.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Xuất những gì đang công bố ra tệp để sửa rồi nhập lại."""
    if file.exists() and not force:
        raise ExportProblem(f"Đã có tệp {file}; chọn tên khác, hoặc thêm --force để ghi đè.")
    settings = config.load()
    await require_newest(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        forms = frozenset(part.value for part in kind) if kind else None
        count = await export_file(make_sessions(engine), file, forms=forms, on=calendar_day(utc_now()))
    finally:
        await engine.dispose()
    say(f"Đã ghi {count} mục vào {file}. Bản nháp và mục đã hết hiệu lực không có trong tệp.")
