"""`motcua import`: knowledge from a file, from the national portal, or the shipped starter knowledge."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot import config
from bot.commands import command, complain, say
from bot.commands.opening import upgrade_if_empty
from bot.commands.portal import PORTAL, chosen_agencies, read_portal
from bot.commands.previewing import show_preview, write_template_file
from bot.moment import utc_now
from bot.storage.engine import make_engine, make_sessions
from knowledge.differences import in_words
from knowledge.importing import ImportProblem, ImportReport, import_file, import_starter, write_refused
from knowledge.importing.office_files import is_office_file

STARTER = "starter"
SHOWN = 5
NOTES_SHOWN = 30


class Kind(StrEnum):
    """What a file holds."""

    SNAPSHOT = "snapshot"
    PROCEDURES = "procedures"
    FAQ = "faq"
    OFFICES = "offices"
    LEGAL_DOCUMENTS = "legal-documents"
    OVERLAY = "overlay"
    CODE_ALIASES = "code-aliases"
    PHRASES = "phrases"


class Template(StrEnum):
    """What there is a spreadsheet to fill in for."""

    FAQ = "faq"
    PROCEDURES = "procedures"
    OFFICES = "offices"
    OVERLAY = "overlay"


@command
async def import_(
    source: Annotated[
        str, typer.Argument(metavar="FILE|starter|portal", help="Tệp cần nạp, hoặc “starter”, “portal”.")
    ] = "",
    kind: Annotated[Kind | None, typer.Option("--as", help="Loại tệp; bỏ trống thì tự nhận ra.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Công bố ngay; không có thì thành bản nháp.")] = False,
    agency: Annotated[
        list[str] | None, typer.Option("--agency", help="Với portal: mã cơ quan trên Cổng; dùng nhiều lần được.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Với portal: thủ tục của mọi cơ quan.")] = False,
    template: Annotated[Template | None, typer.Option("--template", help="Chỉ ghi bảng tính mẫu để điền.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Với --template: tên tệp mẫu.")] = None,
) -> None:
    """Nạp thủ tục và hỏi đáp vào cơ sở dữ liệu, trong một giao dịch."""
    if template:
        return write_template_file(template.value, out)
    if not source:
        raise ImportProblem("Cần tên tệp, “starter” hoặc “portal”.")
    settings = config.load()
    agencies = chosen_agencies(settings, agency or (), everything=everything) if source == PORTAL else ()
    await upgrade_if_empty(settings.database_url)
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    try:
        if dry_run and is_office_file(Path(source)):
            await show_preview(sessions, Path(source), kind.value if kind else None, publish=publish)
        with _progress() as bar:
            task = bar.add_task("Đang nạp", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            if source == PORTAL:
                report = await read_portal(settings, agencies, publish=publish, dry_run=dry_run, progress=progress)
            elif source == STARTER:
                report = await import_starter(
                    sessions, publish=publish, dry_run=dry_run, now=utc_now(), progress=progress
                )
            else:
                report = await import_file(
                    sessions,
                    Path(source),
                    kind=kind.value if kind else None,
                    publish=publish,
                    dry_run=dry_run,
                    now=utc_now(),
                    progress=progress,
                )
    finally:
        await engine.dispose()
    if publish and not dry_run and (report.new or report.changed):
        from bot.app import prepare_index  # all of the desk: not for a preview, nor where nothing has changed

        await prepare_index(settings)
    _tell(report, dry_run=dry_run, publish=publish)
    return None


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _tell(report: ImportReport, *, dry_run: bool, publish: bool) -> None:
    table = Table("mới", "thay đổi", "không đổi", "bị từ chối", "cần xem lại")
    counts = (report.new, report.changed, report.unchanged, len(report.refused), len(report.review))
    table.add_row(*(str(count) for count in counts))
    Console(highlight=False).print(table)
    for row in report.refused[:SHOWN]:
        sheet = f"Bảng “{row.sheet}”, d" if row.sheet else "D"
        field = f"{row.field}: " if row.field else ""
        complain(f"{sheet}òng {row.row}: {field}{row.reason}")
    if report.refused:
        path = write_refused(report, Path.cwd())
        complain(f"Các dòng bị từ chối được ghi vào {path}.")
    for note in report.notes[:NOTES_SHOWN]:
        say(note)
    if len(report.notes) > NOTES_SHOWN:
        say(f"… và {len(report.notes) - NOTES_SHOWN} ghi chú nữa.")
    for code, changes in list(report.differences.items())[:SHOWN]:
        say(f"{code} khác bản đang công bố ở: {in_words(changes)}.")
    if report.gone:
        say(
            f"{len(report.gone)} thủ tục đang công bố không còn ở nguồn, cần xem lại: {', '.join(report.gone[:SHOWN])}…"
        )
    if dry_run:
        say("Chỉ xem trước: chưa ghi gì vào cơ sở dữ liệu.")
    elif report.new or report.changed:
        say("Đã công bố, có hiệu lực ngay." if publish else "Đã lưu thành bản nháp; thêm --publish để công bố.")
        if report.at_once:
            say(f"Trong đó {report.at_once} thay đổi chỉ ở phần được tin cậy nên đã công bố ngay.")
    else:
        say("Không có gì thay đổi.")
