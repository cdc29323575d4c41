"""The task tables of a plan, also when they are broken over pages: repeated headings, rows cut in two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.campaigns.plans.audiences import audience_of
from bot.campaigns.plans.columns import Column, columns_of, refined
from bot.campaigns.plans.targets import target_of
from bot.campaigns.plans.tasks import Account, Audience, Doubt, Part, ReadTask, SourceLine
from bot.campaigns.plans.times import understood
from knowledge.text import clean, fold

NO_NUMBER = "Hàng không có số thứ tự; xem có phải phần tiếp của hàng trên."
NO_LEAD = "Không ghi đơn vị chủ trì."
NO_AUDIENCE = "Không ghi đối tượng; tạm tính là tất cả."
NO_CONTENT = "Hàng không có nội dung."
TOTAL = "hàng tổng cộng"
_GROUP = re.compile(r"(?:[IVXL]+|[A-ZĐ])\s*[.)]?")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*\s*[.)]?")
_COUNTING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?|\(?\d\)?\s*=.*")
_TOTAL = re.compile(r"(?:tong\s+(?:cong|so)|cong)\b.*")


@dataclass(slots=True)
class _Row:
    """One task while its rows are put together. cells: by column; more: of columns without a part of their own."""

    group: str
    cells: dict[Column, str]
    more: dict[str, str]
    lines: list[SourceLine] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table that is being read. titles: of the columns; torn: a heading was just repeated; last: its latest task."""

    columns: dict[Column, int]
    titles: list[str]
    group: str = ""
    torn: bool = False
    fresh: bool = True
    last: _Row | None = None


class TableReader:
    """Takes the lines of a plan one by one and keeps what belongs to task tables."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tables: dict[str, _Table] = {}
        self._latest: _Table | None = None
        self._rows: list[_Row] = []

    def takes(self, line: SourceLine) -> bool:
        """Reads a line; False if it is no part of a task table."""
        if not line.cells:
            return self._title_within(line)
        if found := columns_of(line.cells):
            self._begin(found, line)
            return True
        table = self._of(line)
        if table is None or len(line.cells) > len(table.titles) + 1:
            return False
        if table.fresh and (better := refined(table.columns, line.cells)):
            table.columns = better
            self._account.heading(line)
            return True
        self._read(table, line)
        table.fresh = table.torn = False
        return True

    def tasks(self, year: int, usual: Audience | None) -> list[ReadTask]:
        """The tasks of every table. usual: for whom the plan as a whole is, None = it does not say."""
        return [_task(one, year, usual) for one in self._rows]

    def _of(self, line: SourceLine) -> _Table | None:
        """The table that a row goes on with: its own, else the latest if it is as wide (broken without a heading)."""
        if found := self._tables.get(line.table):
            return found
        latest = self._latest
        return latest if latest is not None and len(line.cells) == len(latest.titles) else None

    def _begin(self, columns: dict[Column, int], line: SourceLine) -> None:
        before = self._tables.get(line.table) or self._latest
        self._account.heading(line)
        if before is not None and _alike(before.titles, line.cells):
            before.torn = True
            self._latest = self._tables[line.table] = before
            return
        self._latest = self._tables[line.table] = _Table(columns, list(line.cells))

    def _title_within(self, line: SourceLine) -> bool:
        """A group's title or a total that a spreadsheet has merged across the table."""
        table = self._tables.get(line.table) if line.table else None
        if table is None:
            return False
        if _TOTAL.fullmatch(fold(line.text)):
            self._account.drop([line], TOTAL)
            return True
        if not re.match(r"(?:[IVXL]+|[A-ZĐ])\s*[.)]\s+\S", line.text):
            return False
        table.group = line.text
        self._account.heading(line)
        return True

    def _read(self, table: _Table, line: SourceLine) -> None:
        cells = {column: _cell(line, place) for column, place in table.columns.items()}
        taken = set(table.columns.values())
        more = {
            clean(table.titles[place]) if place < len(table.titles) else "": clean(text)
            for place, text in enumerate(line.cells)
            if text and place not in taken
        }
        number, content = cells.get(Column.NUMBER, ""), cells.get(Column.CONTENT, "")
        others = [text for column, text in cells.items() if text and column not in (Column.NUMBER, Column.CONTENT)]
        filled = [text for text in line.cells if text]
        if all(_COUNTING.fullmatch(text) for text in filled) and len(filled) > 2:
            self._account.heading(line)
        elif _TOTAL.fullmatch(fold(content or number)) and not others:
            self._account.drop([line], TOTAL)
        elif not others and not more and self._names_group(number, content, table):
            table.group = clean(f"{number} {content}")
            self._account.heading(line)
        elif table.last is not None and self._continues(table, table.last, cells, others):
            self._join(table.last, cells, more, line)
        else:
            doubts = []
            if Column.NUMBER in table.columns and not number:
                doubts.append(Doubt(Part.CONTENT, NO_NUMBER))
            if not content:
                doubts.append(Doubt(Part.CONTENT, NO_CONTENT))
            table.last = _Row(table.group, cells, more, [line], doubts)
            self._rows.append(table.last)

    @staticmethod
    def _names_group(number: str, content: str, table: _Table) -> bool:
        if _GROUP.fullmatch(number):
            return True
        # A title merged across the whole table stands in its first column.
        return bool(number) and not content and not _NUMBER.fullmatch(number) and Column.NUMBER in table.columns

    @staticmethod
    def _continues(table: _Table, last: _Row, cells: dict[Column, str], others: Sequence[str]) -> bool:
        number, content = cells.get(Column.NUMBER, ""), cells.get(Column.CONTENT, "")
        if number:
            return table.torn and number == last.cells.get(Column.NUMBER) and not _same(cells, last.cells)
        whole = bool(content and cells.get(Column.TIME) and cells.get(Column.LEAD))
        if Column.NUMBER not in table.columns:
            return not content or (not others and (table.torn or content[:1].islower()))
        return table.torn or not whole or content[:1].islower()

    @staticmethod
    def _join(row: _Row, cells: dict[Column, str], more: dict[str, str], line: SourceLine) -> None:
        for column, text in cells.items():
            if text and column is not Column.NUMBER:
                row.cells[column] = clean(f"{row.cells.get(column, '')} {text}")
        for title, text in more.items():
            row.more[title] = clean(f"{row.more.get(title, '')} {text}")
        row.lines.append(line)


def _alike(titles: Sequence[str], cells: Sequence[str]) -> bool:
    return [fold(clean(one)) for one in titles if one] == [fold(clean(one)) for one in cells if one]


def _cell(line: SourceLine, place: int) -> str:
    return clean(line.cells[place]) if place < len(line.cells) else ""


def _same(one: dict[Column, str], other: dict[Column, str]) -> bool:
    return one.get(Column.CONTENT) != other.get(Column.CONTENT) and bool(one.get(Column.TIME))


def _task(row: _Row, year: int, usual: Audience | None) -> ReadTask:
    cells, doubts = row.cells, list(row.doubts)
    content, lead = cells.get(Column.CONTENT, ""), cells.get(Column.LEAD, "")
    if not lead:
        doubts.append(Doubt(Part.LEAD, NO_LEAD))
    named = audience_of(cells.get(Column.AUDIENCE, ""))
    audience = named or audience_of(row.group) or audience_of(content) or usual
    if audience is None:
        doubts.append(Doubt(Part.AUDIENCE, NO_AUDIENCE))
    note = [f"{title}: {text}" if title else text for title, text in row.more.items()]
    if (text := cells.get(Column.AUDIENCE, "")) and named is None:
        note.append(f"Đối tượng: {text}")
    product = cells.get(Column.PRODUCT, "")
    return ReadTask(
        key=cells.get(Column.NUMBER, "").rstrip(" .)"),
        content=content,
        time=understood(cells.get(Column.TIME, ""), year),
        lead=lead,
        support=units_of(cells.get(Column.SUPPORT, "")),
        product=product,
        audience=audience or Audience.EVERYBODY,
        target=target_of(content, product, cells.get(Column.TIME, "")),
        note="; ".join(note),
        places=tuple(line.place for line in row.lines),
        doubts=tuple(doubts),
    )


def units_of(text: str) -> tuple[str, ...]:
    """The units that a cell names, split by semicolons."""
    return tuple(unit for part in text.split(";") if (unit := clean(part)))
