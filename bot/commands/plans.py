"""`motcua plan`: a department's plan read into tasks, shown, kept to be looked through, and exported."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import config
from bot.campaigns.plans.calendar import PlanCalendar
from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.exporting import HEADINGS, ics_of, rows_of
from bot.campaigns.plans.reading import describe, read_plan_file
from bot.campaigns.plans.storing import StoredPlans
from bot.campaigns.plans.tasks import AUDIENCE_NAMES, PlanProblem, ReadPlan, ReadTask, Unused
from bot.commands import command, say
from bot.commands.opening import upgrade_if_empty
from bot.moment import utc_now
from bot.staff.sheets import as_xlsx
from bot.storage.audit import TERMINAL, Deed
from bot.storage.engine import make_engine, plain_words
from knowledge.faults import why
from knowledge.store import calendar_day

app = typer.Typer(help="Kế hoạch của cơ quan: đọc thành việc, đưa vào lịch.", no_args_is_help=True)
BY = Deed(actor=TERMINAL, action="", place=TERMINAL)
QUOTED = 90
UNSURE = "⚠"


@asynccontextmanager
async def _opened() -> AsyncIterator[AsyncEngine]:
    settings = config.load()
    await upgrade_if_empty(settings.database_url)
    engine = make_engine(settings.database_url)
    try:
        with plain_words():
            yield engine
    finally:
        await engine.dispose()


@app.command("import")
@command
async def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Kế hoạch: .docx, .xlsx hoặc .txt.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem, không ghi gì.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Đưa ngay vào lịch, không chờ rà soát.")] = False,
    from_today: Annotated[bool, typer.Option("--from-today", help="Với --accept: bỏ các hạn đã qua.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="In cả từng dòng không dùng.")] = False,
) -> None:
    """Đọc một kế hoạch thành các việc và cho xem đã hiểu những gì; chỗ chưa chắc có dấu ⚠."""
    plan = read_plan_file(file, calendar_day(utc_now()))
    _show(plan, everything=everything)
    if dry_run:
        return say("Chỉ xem: chưa ghi gì.")
    async with _opened() as engine:
        plans = StoredPlans(engine)
        number = await plans.add(plan, source=file.name, by=BY, now=utc_now())
        if accept:
            since = calendar_day(utc_now()) if from_today else None
            await plans.accept(number, by=BY, now=utc_now(), since=since)
    if accept:
        return say(f"Đã đưa vào lịch (kế hoạch số {number}).")
    return say(f"Đã lưu để rà soát: sửa rồi bấm “Đưa vào lịch” ở /can-bo/ke-hoach/{number}.")


@app.command("list")
@command
async def list_() -> None:
    """Liệt kê các kế hoạch."""
    async with _opened() as engine:
        plans = await StoredPlans(engine).all()
    table = Table("số", "năm", "kế hoạch", "việc", "chưa chắc", "trạng thái")
    for one in plans:
        state = "trong lịch" if one.accepted_at else "chờ rà soát"
        title = escape(f"{one.number} {one.title}".strip())
        table.add_row(str(one.id), str(one.year), title, str(one.tasks), str(one.unsure), state)
    Console(highlight=False).print(table)


@app.command()
@command
async def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FILE.ics", help="Tệp sẽ ghi.")],
    year: Annotated[int | None, typer.Option("--year", help="Năm; bỏ trống là năm nay.", min=2000, max=2100)] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Xuất lịch của một năm ra bảng tính hoặc iCalendar."""
    form = file.suffix.lower()
    if form not in (".xlsx", ".ics"):
        raise PlanProblem("Tên tệp phải kết thúc bằng .xlsx hoặc .ics.")
    if file.exists() and not force:
        raise PlanProblem(f"Đã có tệp {file}; chọn tên khác, hoặc thêm --force để ghi đè.")
    now = utc_now()
    today = calendar_day(now)
    first, last = date(year or today.year, 1, 1), date(year or today.year, 12, 31)
    async with _opened() as engine:
        lines = await PlanCalendar(engine).between(first, last)
        shown = await StoredEvidence(engine).of_dues(first, last)
    if form == ".xlsx":
        content = as_xlsx("Lịch", HEADINGS, rows_of(lines, shown, today))
    else:
        content = ics_of(lines, name=f"Kế hoạch {first.year}", now=now, today=today)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise PlanProblem(f"Không ghi được {file}: {why(error)}.") from error
    say(f"Đã ghi {len(lines)} hạn vào {file}.")


def _show(plan: ReadPlan, *, everything: bool) -> None:
    console = Console(highlight=False)
    issued = f"{plan.issued_on:%d/%m/%Y}" if plan.issued_on else "chưa rõ ngày"
    say(f"{plan.title or '(không có tên)'}\nSố: {plan.number or '–'}; {plan.place or '–'}, {issued}; năm {plan.year}")
    for basis in plan.basis:
        say(f"Căn cứ: {basis}")
    for doubt in plan.doubts:
        say(f"{UNSURE} {doubt}")
    table = Table("số", "nội dung", "thời gian → hạn", "chủ trì", "phối hợp", "sản phẩm", "đối tượng", show_lines=True)
    for task in plan.tasks:
        table.add_row(*_cells(task))
    console.print(table)
    unsure = sum(1 for task in plan.tasks if task.unsure)
    say(f"{len(plan.tasks)} việc, {unsure} việc có chỗ chưa chắc ({UNSURE}).")
    _show_unused(plan.unused, everything=everything)


def _cells(task: ReadTask) -> Sequence[str]:
    content = task.content if len(task.content) <= QUOTED * 2 else f"{task.content[:QUOTED]} … {task.content[-QUOTED:]}"
    if task.target:
        content += f"\nchỉ tiêu: ít nhất {task.target.least} {task.target.what}/{task.target.months} tháng"
    doubts = "".join(f"\n{UNSURE} {reason}" for reason in task.unsure)
    time = f"“{task.time.words}” → {describe(task) or 'chưa có ngày'}{doubts}"
    support, audience = "; ".join(task.support), AUDIENCE_NAMES[task.audience]
    return [escape(cell) for cell in (task.key, content, time, task.lead or "–", support, task.product, audience)]


def _show_unused(unused: Sequence[Unused], *, everything: bool) -> None:
    if everything:
        for one in unused:
            say(f"Không dùng {one.place} ({one.reason}): {one.text[:QUOTED]}")
        return
    reasons: dict[str, list[str]] = {}
    for one in unused:
        reasons.setdefault(one.reason, []).append(one.place)
    for reason, places in reasons.items():
        say(f"Không dùng {len(places)} dòng ({reason}): {places[0]} … {places[-1]}")
    if unused:
        say("Xem từng dòng không dùng: thêm --all.")
