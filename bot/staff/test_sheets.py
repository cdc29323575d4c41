"""Test questions from a file: XLSX, CSV or JSONL, row by row, with the reason for each row that is refused."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.storage.test_questions import LONGEST_TEXT, MOST_REFS, Expect, TestQuestion
from knowledge.entries import FAQ_PREFIX
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets.cells import text_of
from knowledge.importing.sheets.columns import Column, Sheet
from knowledge.importing.sheets.csv_file import read_csv
from knowledge.importing.sheets.grid import GridRow
from knowledge.importing.sheets.headings import SEARCHED_ROWS, best
from knowledge.importing.sheets.workbook import read_workbook
from knowledge.personal import masked
from knowledge.text import clean, fold

SHEET = Sheet(
    form="tests",
    title="Câu kiểm tra",
    key="text",
    columns=(
        Column(name="text", heading="Câu hỏi", required=True),
        Column(name="expect", heading="Mong đợi"),
        Column(name="refs", heading="Mã mục", also=("Mã thủ tục", "Mã")),
        Column(name="contains", heading="Phải có"),
    ),
)
HEADINGS = tuple(column.heading for column in SHEET.columns)
EXPECTED = {Expect.ANSWER: "trả lời", Expect.CLARIFY: "hỏi lại", Expect.REFUSE: "từ chối"}
_WORDS = {fold(words): expect for expect, words in EXPECTED.items()} | {expect.value: expect for expect in Expect}
MOST_ROWS = 2_000
MOST_WORDS = 5
NO_HEADINGS = "Không thấy dòng tiêu đề. Bảng cần các cột: " + ", ".join(HEADINGS) + "."
TOO_MANY = "Tệp có hơn 2.000 câu. Hãy chia nhỏ."
NO_FORM = "Tệp phải là .xlsx, .csv hoặc .jsonl."

Known = Callable[[str], bool]
"""Whether there is an entry of this ref."""


@dataclass(slots=True)
class Read:
    """What a file holds. refused: number of the row and why."""

    questions: list[TestQuestion] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


class RowProblem(ValueError):
    """Why a row is not taken, in Vietnamese."""


def read_file(name: str, content: bytes, known: Known) -> Read:
    """The questions of a file. Raises ImportProblem; blocks: call it in a thread."""
    ending = name.rpartition(".")[2].lower()
    rows = _lines(content) if ending == "jsonl" else _grid(ending, content)
    read = Read()
    for count, (number, row) in enumerate(rows):
        if count >= MOST_ROWS:
            raise ImportProblem(TOO_MANY)
        try:
            read.questions.append(question_of(row, known))
        except RowProblem as problem:
            read.refused.append((number, str(problem)))
    return read


def question_of(row: Mapping[str, str], known: Known) -> TestQuestion:
    """A question from its fields as they are written. Raises RowProblem."""
    text = masked(clean(row.get("text", "")))
    if not 2 <= len(text) <= LONGEST_TEXT:
        raise RowProblem("câu hỏi phải có từ 2 đến 500 ký tự")
    refs = tuple(dict.fromkeys(row.get("refs", "").replace(",", " ").replace(";", " ").split()))
    refs = tuple(ref if known(ref) or not known(FAQ_PREFIX + ref) else FAQ_PREFIX + ref for ref in refs)
    if len(refs) > MOST_REFS:
        raise RowProblem(f"nhiều nhất {MOST_REFS} mã mục")
    if unknown := [ref for ref in refs if not known(ref)]:
        raise RowProblem(f"không có mục {unknown[0][:70]}")
    said = fold(clean(row.get("expect", "")))
    expect = _WORDS.get(said) if said else Expect.ANSWER if refs else None
    if expect is None:
        raise RowProblem("cột Mong đợi phải là: " + ", ".join(EXPECTED.values()))
    if expect is Expect.ANSWER and not refs:
        raise RowProblem("muốn máy trả lời thì phải ghi mã mục")
    contains = tuple(filter(None, map(clean, row.get("contains", "").split(";"))))
    if len(contains) > MOST_WORDS or any(len(words) > LONGEST_TEXT for words in contains):
        raise RowProblem(f"cột Phải có: nhiều nhất {MOST_WORDS} cụm từ")
    if contains and expect is not Expect.ANSWER:
        raise RowProblem("cột Phải có chỉ dùng khi máy phải trả lời")
    return TestQuestion(text=text, expect=expect, refs=() if expect is Expect.REFUSE else refs, contains=contains)


def written(question: TestQuestion) -> list[str]:
    """A question as a row of the sheet."""
    return [question.text, EXPECTED[question.expect], " ".join(question.refs), "; ".join(question.contains)]


def _grid(ending: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if ending not in ("xlsx", "csv"):
        raise ImportProblem(NO_FORM)
    with tempfile.TemporaryDirectory() as folder:
        # A name of our own: what was sent is never used as a path.
        path = Path(folder) / f"cau-kiem-tra.{ending}"
        path.write_bytes(content)
        if ending == "csv":
            yield from _rows(read_csv(path, [SHEET]).rows)
            return
        with read_workbook(path) as (grids, _):
            if not grids:
                raise ImportProblem(NO_HEADINGS)
            yield from _rows(grids[0].rows)


def _rows(rows: Iterable[GridRow]) -> Iterator[tuple[int, dict[str, str]]]:
    waiting = iter(rows)
    top = [row for row, _ in zip(waiting, range(SEARCHED_ROWS), strict=False)]
    found = best([SHEET], [[text_of(cell) for cell in cells] for _, cells in top])
    if found is None or found[1].missing:
        raise ImportProblem(NO_HEADINGS)
    first, headings = found
    for number, cells in (*top[first + headings.rows :], *waiting):
        yield (
            number,
            {
                name: " ".join(text_of(cells[place]) for place in places if place < len(cells))
                for name, places in headings.places.items()
            },
        )


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportProblem("Tệp .jsonl phải là UTF-8.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise ImportProblem(f"Dòng {number} không phải JSON hợp lệ.")
        refs = row.get("codes") or row.get("refs") or []
        yield (
            number,
            {
                "text": _text(row.get("text")),
                "expect": _text(row.get("expect")),
                "refs": " ".join(map(_text, refs)) if isinstance(refs, list) else _text(refs),
                "contains": "; ".join(map(_text, row["contains"])) if isinstance(row.get("contains"), list) else "",
            },
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
