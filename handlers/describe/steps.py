"""“Làm thế nào?” — the steps, their beginning where they are long."""

import re

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import shorten
from knowledge.clauses import in_force, last_day, vn_date

_STEP = re.compile(r"^\W*((?:bước|\d+[.)]\s*bước)\s*\d+)\W*", re.IGNORECASE)
_HEADING = re.compile(r"\W*trình tự(?: thực hiện)?\W*$", re.IGNORECASE)
_MARK = re.compile(r"^(?:[-+*•–—]+\s*)+")


def paragraph(asked: Asked, room: int) -> str:
    """The steps line by line; with little room the first of each numbered step, or the first lines."""
    steps = in_force(asked.procedure.steps, asked.today, prose=True)
    if not steps:
        return f"Dữ liệu công bố chưa ghi các bước thực hiện. {ask_there(asked)}"
    lines = [_tidied(line) for line in steps.split("\n") if line.strip() and not _HEADING.match(line)]
    gone = last_day(asked.procedure.steps, asked.today, prose=True)
    note = f"\nPhần chỉ áp dụng đến hết {vn_date(gone)} đã được lược bỏ; Anh/Chị hỏi lại nơi tiếp nhận." if gone else ""
    if asked.whole:
        return "Các bước thực hiện:\n" + "\n".join(lines) + note
    return "Các bước thực hiện:\n" + _beginning(lines, room - 25 - len(note)) + note


def _beginning(lines: list[str], room: int) -> str:
    starts = [index for index, line in enumerate(lines) if _STEP.match(line)]
    if 2 <= len(starts) <= 6:
        each = max(70, room // len(starts))
        return "\n".join(shorten(_step(lines, start), each) for start in starts)
    kept: list[str] = []
    for line in lines[:8]:
        left = room - sum(len(text) + 1 for text in kept)
        if kept and left < 90:
            break
        kept.append(shorten(line, min(max(left, 90), room)))
    if len(kept) < len(lines) and not kept[-1].endswith("…"):
        kept[-1] += " …"
    return "\n".join(kept)


def _step(lines: list[str], start: int) -> str:
    """A numbered step with what follows it when its own line is only a heading."""
    line = lines[start]
    if (len(line) < 60 or line.endswith(":")) and start + 1 < len(lines) and not _STEP.match(lines[start + 1]):
        return f"{line.rstrip(' .:;')}: {_MARK.sub('', lines[start + 1]).lstrip('• ')}"
    return line


def _tidied(line: str) -> str:
    step = _STEP.match(line)
    if step:
        rest = line[step.end() :]
        return f"{step[1][0].upper()}{step[1][1:]}: {rest}" if rest else f"{step[1]}:"
    return _MARK.sub("• ", line)
