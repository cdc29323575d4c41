"""Reads a plan from a file or from pasted text: heading, tasks, and what became of every line."""

import re
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.campaigns.plans.audiences import audience_of
from bot.campaigns.plans.contents import content_tasks, duties
from bot.campaigns.plans.documents import lines_of_document
from bot.campaigns.plans.heading import read_head
from bot.campaigns.plans.lines import lines_of_text
from bot.campaigns.plans.outline import Item, Level, Section, items_of
from bot.campaigns.plans.tables import TableReader
from bot.campaigns.plans.tasks import Account, Audience, PlanProblem, ReadPlan, ReadTask, SourceLine
from bot.campaigns.plans.workbooks import lines_of_workbook
from knowledge.faults import why
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.codepage import decode, fault_of
from knowledge.text import clean, fold

LARGEST = 20_000_000
"""Bytes of a plan's file at most."""
NOTHING = "Không thấy nhiệm vụ nào: cần một bảng có cột nội dung và thời gian hoặc đơn vị chủ trì, hoặc mục đánh số."
EMPTY = "Kế hoạch trống."
TOO_LARGE = "Tệp lớn quá 20 MB."
REFUSED = "Loại tệp {suffix} không đọc được. Lưu lại thành .docx, .xlsx hoặc .txt, hoặc dán nội dung vào bàn cán bộ."
PAGE_NUMBER = "số trang"
GENERAL = "nhiệm vụ lấy từ bảng; {section}"
CUT_OFF = "Không thấy “Nơi nhận” ở cuối: văn bản có thể thiếu phần sau."
_PAGE = re.compile(r"[-–—\s]*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?[-–—\s]*", re.IGNORECASE)
_READERS = {".docx": lines_of_document, ".xlsx": lines_of_workbook}
_TEXT = {".txt", ".md", ".text"}


def read_plan_file(path: Path, today: date) -> ReadPlan:
    """The plan in a DOCX, XLSX or TXT file. Raises PlanProblem; says nothing about lines it could not see."""
    suffix = path.suffix.lower()
    try:
        if not path.is_file():
            raise PlanProblem(f"Không tìm thấy tệp {path}.")
        if path.stat().st_size > LARGEST:
            raise PlanProblem(TOO_LARGE)
        if reader := _READERS.get(suffix):
            lines, notes = reader(path)
            return read_lines(lines, today, notes)
        if suffix not in _TEXT:
            raise PlanProblem(REFUSED.format(suffix=suffix or path.name))
        return read_plan_text(decode(path.read_bytes(), path.name), today)
    except ImportProblem as problem:
        raise PlanProblem(str(problem)) from problem
    except OSError as error:
        raise PlanProblem(f"Không đọc được tệp {path.name}: {why(error)}.") from error


def read_plan_upload(name: str, content: bytes, today: date) -> ReadPlan:
    """The plan in a file that was sent; name: only its ending counts. Raises PlanProblem."""
    suffix = Path(name).suffix.lower()
    if suffix not in _READERS and suffix not in _TEXT:
        raise PlanProblem(REFUSED.format(suffix=clean(suffix)[:20] or "này"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ke-hoach{suffix}"
        path.write_bytes(content)
        return read_plan_file(path, today)


def read_plan_text(text: str, today: date) -> ReadPlan:
    """The plan in a text, typed or pasted. Raises PlanProblem."""
    if fault := fault_of(text):
        raise PlanProblem(f"Nội dung: {fault}")
    return read_lines(lines_of_text(text), today)


def read_lines(lines: Sequence[SourceLine], today: date, notes: Sequence[str] = ()) -> ReadPlan:
    """The plan that these lines are. today: decides its year where nothing else does. Raises PlanProblem."""
    if not lines:
        raise PlanProblem(EMPTY)
    account, order = Account(), {line.place: number for number, line in enumerate(lines)}
    tables = TableReader(account)
    texts, before = _apart(lines, tables, account)
    head, used = read_head(texts[:before], account)
    year = head.year(today)
    items = items_of(texts[used:])
    tasks, doubts = tables.tasks(year, _usual(items)), [*head.doubts, *notes]
    with_table, dropped = bool(tasks), list(items)
    if not with_table:
        tasks = content_tasks(items, year, account)
        dropped = [one for one in items if one.section is not Section.CONTENT]
        if tasks and not any(one.section is Section.CLOSING for one in items):
            doubts.append(CUT_OFF)
    own = [one for one in dropped if one.section is Section.ORGANISATION]
    more, taken = duties(own, year)
    kept = {id(own[number]) for number in taken}
    _drop([one for one in dropped if id(one) not in kept], account, with_table=with_table)
    account.headings.sort(key=lambda line: order[line.place])
    account.unused.sort(key=lambda one: order[one.place])
    if not tasks and not more:
        raise PlanProblem(NOTHING)
    return ReadPlan(
        title=head.title,
        number=head.number,
        issued_on=head.issued_on,
        place=head.place,
        year=year,
        basis=tuple(head.basis),
        tasks=(*tasks, *more),
        headings=tuple(account.headings),
        unused=tuple(account.unused),
        doubts=tuple(doubts),
    )


def unaccounted(lines: Sequence[SourceLine], plan: ReadPlan) -> list[SourceLine]:
    """Lines that are neither a task's nor a heading nor listed as not used; there are none."""
    places = {place for task in plan.tasks for place in task.places}
    places |= {line.place for line in plan.headings} | {one.place for one in plan.unused}
    return [line for line in lines if line.place not in places]


def _apart(lines: Sequence[SourceLine], tables: TableReader, account: Account) -> tuple[list[SourceLine], int]:
    """The lines that are no part of a task table, and how many of them stand before the first one."""
    texts: list[SourceLine] = []
    before: int | None = None
    for line in lines:
        if tables.takes(line):
            before = len(texts) if before is None else before
        elif _PAGE.fullmatch(line.text):
            account.drop([line], PAGE_NUMBER)
        elif line.cells:
            texts += [SourceLine(line.place, text) for cell in line.cells for text in cell.split("\n") if text]
        else:
            texts.append(line)
    return texts, len(texts) if before is None else before


def _usual(items: Sequence[Item]) -> Audience | None:
    """For whom a plan says it is, in its item “Đối tượng”."""
    for number, item in enumerate(items):
        if fold(item.text).startswith("doi tuong"):
            following = items[number + 1].text if number + 1 < len(items) else ""
            return audience_of(f"{item.text} {following}")
    return None


def _drop(items: Sequence[Item], account: Account, *, with_table: bool) -> None:
    for item in items:
        if item.level is Level.SECTION or (item.section is Section.APPENDIX and len(item.lines) == 1):
            account.heading(*item.lines)
        elif item.section is Section.CONTENT and with_table:
            account.drop(item.lines, GENERAL.format(section=item.section.value))
        else:
            account.drop(item.lines, item.section.value)


def describe(task: ReadTask) -> str:
    """The days of a task in words: "30/06/2022", "cuối mỗi tháng: 12 lần, đến 31/12/2023", "" for none."""
    days = task.time.days
    if len(days) <= 4:
        return ", ".join(f"{day:%d/%m/%Y}" for day in days)
    return f"{len(days)} lần, {days[0]:%d/%m/%Y} – {days[-1]:%d/%m/%Y}"
