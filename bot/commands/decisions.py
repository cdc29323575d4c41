"""`motcua decision`: publishing decisions read from files, for staff to accept row by row."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import opened
from bot.moment import utc_now
from bot.storage.audit import TERMINAL, Deed
from bot.storage.decisions import StoredDecisions
from bot.storage.staff import StoredAccounts
from knowledge.importing import ImportProblem
from knowledge.importing.decisions import CHANGE_NAMES, read_decision
from knowledge.importing.decisions.matching import matched

SHOWN = 20

app = typer.Typer(help="Quyết định công bố thủ tục hành chính.", no_args_is_help=True)


@app.callback()
def decisions() -> None:
    """Quyết định công bố thủ tục hành chính."""


@app.command("import")
@command
async def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Quyết định kèm phụ lục: .docx, .xlsx, .pdf có chữ.")],
    effective: Annotated[
        datetime | None, typer.Option("--effective", formats=["%Y-%m-%d"], help="Ngày áp dụng, khi tệp không ghi.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Tên đăng nhập của người nhập; người ấy không tự công bố.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì.")] = False,
) -> None:
    """Đọc các bảng trong phụ lục, khớp với thủ tục đang công bố, để cán bộ nhận từng dòng tại /can-bo/quyet-dinh."""
    settings = config.load()
    annexes = await asyncio.to_thread(read_decision, file)
    head = annexes.head
    if effective:
        head = replace(head, effective_on=effective.date())
    async with opened(settings) as desk:
        if by and await StoredAccounts(desk.engine).named(by) is None:
            raise ImportProblem(f"Không có tài khoản “{by}”.")
        matches = await asyncio.to_thread(matched, desk.base, annexes.rows)
        made = None
        if not dry_run:
            made = await StoredDecisions(desk.engine).add(
                head,
                list(zip(annexes.rows, matches, strict=True)),
                file=file.name,
                notes=annexes.notes,
                by=Deed(actor=by or TERMINAL, action="decision.add", place=TERMINAL),
                now=utc_now(),
            )
    counts = Counter(CHANGE_NAMES[row.change] if row.change else "chưa rõ loại" for row in annexes.rows)
    days = f", áp dụng từ {head.effective_on:%d/%m/%Y}" if head.effective_on else ", chưa rõ ngày áp dụng"
    say(f"Quyết định {head.number or '(chưa rõ số)'}{days}: {'; '.join(f'{n} {name}' for name, n in counts.items())}.")
    unclear = [row for row, match in zip(annexes.rows, matches, strict=True) if not match.code]
    for row in unclear[:SHOWN]:
        complain(f"Dòng {row.place} chưa khớp thủ tục nào: {row.name}")
    if len(unclear) > SHOWN:
        complain(f"… và {len(unclear) - SHOWN} dòng nữa.")
    for line in annexes.notes:
        say(line)
    say("Chỉ xem trước: chưa ghi gì." if made is None else f"Nhận từng dòng tại /can-bo/quyet-dinh/{made}.")
