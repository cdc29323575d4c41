"""A Word document of questions and answers: numbered or bold questions, or “Hỏi / Đáp”."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError

from knowledge.importing.reading import ImportProblem, Refusal, Row
from knowledge.importing.sheets.cells import made_id
from knowledge.importing.sheets.codepage import fault_of
from knowledge.importing.sheets.papers import read_sources
from knowledge.importing.sheets.parts import REPAIR, Part
from knowledge.importing.sheets.workbook import BROKEN, require_plain
from knowledge.text import clean

MOST_PARAGRAPHS = 50_000
TOPIC = "hoi-dap"
"""Topic of questions that stand under no heading."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ASKED = re.compile(r"(?:câu\s+)?hỏi(?:\s*\d+)?\s*[:：]\s*", re.IGNORECASE)
_ANSWERED = re.compile(r"(?:trả\s+lời|đáp(?:\s+án)?)(?:\s*\d+)?\s*[:：]\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:câu(?:\s+hỏi)?\s*(?:số\s*)?\d+\s*[.:)–-]?|\d{1,4}\s*[.)/](?!\d))\s*", re.IGNORECASE)
_NAMED_QUESTION = re.compile(r"câu(?:\s+hỏi)?\s*(?:số\s*)?\d+\s*[.:)–-]", re.IGNORECASE)
_TOPIC = re.compile(r"chủ\s+đề\s*:\s*", re.IGNORECASE)
_SOURCE = re.compile(r"(?:nguồn|căn\s+cứ)\s*:\s*", re.IGNORECASE)
_QUOTED = 60


@dataclass(slots=True)
class _Line:
    """One paragraph. bold: all of it; numbered: by the program; heading: its style is that of a heading."""

    number: int
    text: str
    bold: bool = False
    numbered: bool = False
    heading: bool = False


@dataclass(slots=True)
class _Entry:
    line: int
    question: str
    topic: str
    answer: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    answering: bool = True


def read_document(path: Path) -> Part:
    """The questions of a document as rows; row numbers count its paragraphs. Raises ImportProblem.

    Paragraphs before the first question and tables are not used; the notes of the part name each.
    """
    require_plain(path, "word/")
    try:
        body = docx.Document(str(path)).element.body
        lines = list(_lines(body))
        tables = len(body.findall(f".//{_W}tbl"))
        changes = len(body.findall(f".//{_W}ins")) + len(body.findall(f".//{_W}del"))
        pictures = len(body.findall(f".//{_W}drawing")) + len(body.findall(f".//{_W}pict"))
    except (*BROKEN, OpcError) as error:
        raise ImportProblem(f"Tệp {path.name} bị hỏng, không đọc được văn bản. Hãy lưu lại tệp.") from error
    if len(lines) > MOST_PARAGRAPHS:
        raise ImportProblem(f"Tệp {path.name} có hơn {MOST_PARAGRAPHS} đoạn. Hãy chia thành nhiều tệp nhỏ hơn.")
    if fault := fault_of("\n".join(line.text for line in lines)):
        raise ImportProblem(f"Tệp {path.name}: {fault} {REPAIR}")
    part = Part(form="faq", headings={"question": "Câu hỏi", "answer": "Câu trả lời", "id": "Mã câu hỏi"})
    entries = _entries(lines, part)
    if not entries:
        raise ImportProblem(
            f"Không thấy câu hỏi nào trong {path.name}: câu hỏi phải đánh số hoặc in đậm và kết thúc bằng dấu “?”, "
            "hoặc viết “Hỏi: …” rồi “Đáp: …”."
        )
    part.rows = [_row(entry) for entry in entries]
    part.fields = frozenset(
        {"id", "question", "answer", "topic", *(["sources"] if any(e.sources for e in entries) else [])}
    )
    for count, what in ((tables, "bảng"), (pictures, "hình")):
        if count:
            part.notes.append(f"Không đọc {count} {what} trong văn bản.")
    if changes:
        part.notes.append("Văn bản còn sửa đổi chưa duyệt (Track Changes): đã đọc như khi chấp nhận mọi sửa đổi.")
    return part


def _lines(body: Any) -> Iterator[_Line]:
    """The paragraphs outside tables and text boxes, blank ones left out; hidden and deleted text is not read."""
    number = 0
    for paragraph in body.iter(f"{_W}p"):
        if any(above.tag in (f"{_W}tbl", f"{_W}txbxContent") for above in paragraph.iterancestors()):
            continue
        number += 1
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        heading = style is not None and style.get(f"{_W}val", "").lower().startswith(("heading", "title"))
        numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
        for text, bold in _split(paragraph):
            yield _Line(number, text, bold=bold, numbered=numbered, heading=heading)
            numbered = False


def _split(paragraph: Any) -> Iterator[tuple[str, bool]]:
    """The lines of a paragraph that hold anything, and whether all of each is bold."""
    lines: list[list[tuple[str, bool]]] = [[]]
    for run in paragraph.iter(f"{_W}r"):
        if any(above.tag == f"{_W}txbxContent" for above in run.iterancestors()):
            continue
        bold = _on(run.find(f"{_W}rPr/{_W}b"))
        for place, text in enumerate("".join(_piece(node) for node in run).split("\n")):
            if place:
                lines.append([])
            lines[-1].append((text, bold))
    for line in lines:
        if text := clean("".join(text for text, _ in line)):
            yield text, all(bold for text, bold in line if text.strip())


def _piece(node: Any) -> str:
    if node.tag == f"{_W}t":
        return node.text or ""
    return {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}.get(node.tag, "")


def _on(node: Any) -> bool:
    return node is not None and node.get(f"{_W}val", "1") not in ("0", "false", "off")


def _entries(lines: list[_Line], part: Part) -> list[_Entry]:
    explicit = any(_ASKED.match(line.text) for line in lines) and any(_ANSWERED.match(line.text) for line in lines)
    topic = TOPIC
    entries: list[_Entry] = []
    for line in lines:
        current = entries[-1] if entries else None
        if (asked := _ASKED.match(line.text)) and explicit:
            entries.append(_Entry(line.number, line.text[asked.end() :], topic, answering=False))
        elif not explicit and _is_question(line):
            entries.append(_Entry(line.number, _NUMBERED.sub("", line.text, count=1), topic))
        elif line.heading or _TOPIC.match(line.text):
            topic = made_id(_TOPIC.sub("", line.text))
        elif current is None:
            part.notes.append(f"Đoạn {line.number} không dùng: “{clean(line.text)[:_QUOTED]}”.")
        elif answered := _ANSWERED.match(line.text):
            current.answering = True
            current.answer += [line.text[answered.end() :]] if line.text[answered.end() :] else []
        elif not current.answering:
            current.question += f" {line.text}"
        elif source := _SOURCE.match(line.text):
            current.sources.append(line.text[source.end() :])
        else:
            current.answer.append(line.text)
    return entries


def _is_question(line: _Line) -> bool:
    asks = line.text.endswith("?")
    marked = line.bold or line.numbered or line.heading or bool(_NUMBERED.match(line.text))
    return (asks and marked) or bool(_NAMED_QUESTION.match(line.text))


def _row(entry: _Entry) -> Row:
    question = clean(entry.question)
    if not question:
        return Row(entry.line, Refusal("Câu hỏi", "không có nội dung"))
    if not entry.answer:
        return Row(entry.line, Refusal("Câu trả lời", f"câu hỏi “{question[:_QUOTED]}” chưa có câu trả lời"))
    row: dict[str, Any] = {
        "id": made_id(question),
        "question": question,
        "answer": "\n".join(entry.answer),
        "topic": entry.topic,
    }
    if entry.sources:
        try:
            row["sources"] = read_sources("\n".join(entry.sources))
        except Refusal as refusal:
            return Row(entry.line, Refusal("Nguồn", refusal.reason))
    return Row(entry.line, row)
