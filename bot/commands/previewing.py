"""What `motcua import` shows beside its counts: each row beforehand, and templates to fill in."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.commands import say
from knowledge.exporting import ExportProblem
from knowledge.exporting.template import write_template
from knowledge.faults import why
from knowledge.importing.preview import STATE_WORDS, RowPreview, RowState, preview, write_preview
from knowledge.text import clean

SHOWN = 20
QUOTED = 60


async def show_preview(
    sessions: async_sessionmaker[AsyncSession], path: Path, kind: str | None, *, publish: bool
) -> None:
    """Prints the first rows of a file as the import would take them, and writes all of them beside."""
    rows = await preview(sessions, path, kind=kind, publish=publish)
    table = Table("bảng", "dòng", "mã", "trạng thái", "chi tiết")
    telling = [row for row in rows if row.state is not RowState.UNCHANGED]
    for row in telling[:SHOWN]:
        table.add_row(row.sheet, str(row.row), row.code, STATE_WORDS[row.state], _detail(row))
    console = Console(highlight=False, markup=False)
    if telling:
        console.print(table)
    target = Path.cwd() / f"{path.name}.preview.csv"
    write_preview(rows, target)
    say(f"Xem đủ {len(rows)} dòng trong {target}.")


def write_template_file(form: str, out: Path | None) -> None:
    """Writes the template of one kind. Raises ExportProblem."""
    path = out or Path(f"mau-{form}.xlsx")
    if path.suffix.lower() != ".xlsx":
        raise ExportProblem("Tệp mẫu phải có đuôi .xlsx.")
    if path.exists():
        raise ExportProblem(f"Đã có tệp {path}; chọn tên khác bằng --out.")
    try:
        write_template(form, path)
    except OSError as error:
        raise ExportProblem(f"Không ghi được tệp {path}: {why(error)}.") from error
    say(f"Đã ghi tệp mẫu {path}.")


def _detail(row: RowPreview) -> str:
    if row.state is RowState.REFUSED:
        return f"{row.field}: {row.reason}" if row.field else row.reason
    if row.changes:
        return "\n".join(f"{row.label(c)}: {_short(c.old)} → {_short(c.new)}" for c in row.changes)
    return row.name[:QUOTED]


def _short(text: str) -> str:
    line = clean(text) or "(trống)"
    return line if len(line) <= QUOTED else line[: QUOTED - 1] + "…"
