"""Everything the office has published, as a file that people can edit and the import takes in again."""

import asyncio
import os
from datetime import date
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge.exporting.contents import Contents, load_contents
from knowledge.exporting.lines import write_lines
from knowledge.exporting.spreadsheet import write_csv, write_workbook
from knowledge.faults import message_of, why
from knowledge.importing.sheets.columns import sheets
from knowledge.problem import Problem

__all__ = ["Contents", "ExportProblem", "export_file", "load_contents"]


class ExportProblem(Problem):
    """The export cannot be done; no file was written. The message is Vietnamese."""


async def export_file(
    sessions: async_sessionmaker[AsyncSession], path: Path, *, forms: frozenset[str] | None, on: date
) -> int:
    """Writes what is published on the day `on` as .xlsx, .jsonl or .csv (one form only); returns how many entries.

    forms: the importer's names, None = all. A file of that name is replaced only when the new one is complete.
    Raises ExportProblem.
    """
    writers = {".xlsx": write_workbook, ".jsonl": write_lines, ".csv": write_csv}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ExportProblem("Tên tệp phải có đuôi .xlsx, .jsonl hoặc .csv.")
    if forms is not None and not forms <= sheets().keys():
        raise ExportProblem(f"Loại dữ liệu phải là một trong: {', '.join(sheets())}.")
    if writer is write_csv and (forms is None or len(forms) != 1):
        raise ExportProblem("Tệp .csv chỉ chứa được một loại: thêm --kind, ví dụ --kind faq.")
    part = path.with_name(f".{path.name}.part")
    try:
        async with sessions() as session:
            contents = await load_contents(session, on, forms)
        await asyncio.to_thread(writer, contents, part)
        await asyncio.to_thread(os.replace, part, path)
    except SQLAlchemyError as error:
        raise ExportProblem(message_of(error)) from error
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ExportProblem(f"Không ghi được tệp {path}: {why(error)}.") from error
    return contents.count
