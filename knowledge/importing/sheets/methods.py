"""Time limits, fees and notes of each channel in cells, and back."""

import re
from collections.abc import Mapping
from typing import Any

from knowledge.charges import figures
from knowledge.clauses import find_clauses
from knowledge.entries import Fee, Method, SubmissionChannel, TimeLimit, TimeUnit
from knowledge.importing.fees import SMALLEST, is_free
from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.lines import escape, filled_lines, joined, parts, simplest, unescape
from knowledge.text import fold

CHANNELS = {
    SubmissionChannel.DIRECT: "Trực tiếp",
    SubmissionChannel.ONLINE: "Trực tuyến",
    SubmissionChannel.POSTAL: "Bưu chính",
}
PARTS = ("time", "fees", "note")
UNITS = {
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.HOUR: "giờ",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
    TimeUnit.OTHER: "(đơn vị khác)",
}
NEXT = "---"
"""A line that splits two ways to submit over the same channel."""
_NEXT = re.compile(r"-{3,}")
_UNITS_FOLDED = {fold(label): unit.value for unit, label in UNITS.items()}
_TIME = re.compile(rf"(\?|-?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?)\s*({'|'.join(map(re.escape, _UNITS_FOLDED))})")
_AMOUNT = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,13})\s*((?:đồng|vnđ|vnd|đ|dong)(?!\w))?", re.IGNORECASE)


def read_methods(channels: list[str], cells: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Ways to submit, in the order of `channels` (values of SubmissionChannel), then those that only cells name.

    cells: text by (part, channel); the channel "" counts for every channel named. Raises Refusal.
    """
    blocks = {place: _blocks(text) for place, text in cells.items() if text.strip()}
    order = list(channels)
    for known in SubmissionChannel:
        most = max((len(blocks[place]) for place in blocks if place[1] == known), default=0)
        order += [known.value] * (most - order.count(known.value))
    for part, channel in blocks:
        if not channel and not order:
            raise Refusal(f"{part}:", "cần cột “Cách nộp” để biết áp dụng cho cách nộp nào")
    found, seen = [], dict.fromkeys(order, 0)
    for channel in order:
        method: dict[str, Any] = {"channel": channel}
        for part in PARTS:
            own = blocks.get((part, channel)) or blocks.get((part, ""), [])[:1]
            block = own[seen[channel]] if seen[channel] < len(own) else ""
            try:
                value = _READERS[part](block)
            except Refusal as refusal:
                raise Refusal(f"{part}:{channel if (part, channel) in blocks else ''}", refusal.reason) from None
            if value:
                method[part] = value
            elif part == "time" and value is not None:
                method[part] = {}
        seen[channel] += 1
        found.append(method)
    return found


def write_methods(methods: tuple[Method, ...]) -> dict[tuple[str, str], str]:
    """The cells that `read_methods` reads."""
    cells = {}
    for channel in SubmissionChannel:
        mine = [method for method in methods if method.channel is channel]
        written = {
            "time": [write_time(method.time) for method in mine],
            "fees": ["\n".join(write_fee(fee) for fee in method.fees) for method in mine],
            "note": [_write_note(method.note) for method in mine],
        }
        for part, blocks in written.items():
            if any(blocks):
                cells[part, channel.value] = f"\n{NEXT}\n".join(blocks)
    return cells


def _blocks(text: str) -> list[str]:
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if _NEXT.fullmatch(line.strip()):
            found.append([])
        else:
            found[-1].append(line)
    return ["\n".join(lines).strip() for lines in found]


def read_time(block: str) -> dict[str, Any] | None:
    """A time limit ("5 ngày làm việc", words, or both split by a bar); None for nothing. Raises Refusal."""
    if not block:
        return None
    said = parts(block.replace("\n", "⏎"))
    if len(said) > 2:
        raise Refusal("", f"thừa dấu | trong “{block[:60]}”")
    head = _TIME.fullmatch(fold(said[0]))
    if head is None:
        if len(said) == 2 and said[0]:
            raise Refusal("", f"phần trước dấu | phải là thời hạn như “5 ngày làm việc”, không phải “{said[0][:60]}”")
        if re.fullmatch(r"[\d.,]+", said[0]):
            raise Refusal("", f"ghi rõ đơn vị, ví dụ “{said[0][:20]} ngày làm việc”")
        words = said[-1]
        return {"text": words} if words else {}
    limit: dict[str, Any] = {"unit": _UNITS_FOLDED[head[2]], "text": said[1] if len(said) == 2 else ""}
    return limit if head[1] == "?" else {"amount": float(head[1].replace(",", ".")), **limit}


def write_time(limit: TimeLimit | None) -> str:
    """What `read_time` reads."""
    if limit is None:
        return ""
    if limit.amount is None and limit.unit is TimeUnit.OTHER:
        plain = escape(limit.text, "|-")
        meant: dict[str, Any] | None = {"text": limit.text}
        return simplest(plain, f"| {escape(limit.text, '|')}".strip(), read_time, meant)
    number = "?" if limit.amount is None else repr(limit.amount).removesuffix(".0").replace(".", ",")
    return joined(f"{number} {UNITS[limit.unit]}", limit.text)


def read_fee(line: str) -> dict[str, Any]:
    """One fee ("20.000 đồng", words, or both split by a bar). Raises Refusal.

    Words alone give an amount only where they name one figure, without a condition in time.
    """
    said = parts(line)
    if len(said) > 2:
        raise Refusal("", f"thừa dấu | trong “{line[:60]}”")
    head = _AMOUNT.match(said[0])
    amount = int(re.sub(r"[.,]", "", head[1])) if head else None
    alone = head is not None and head.end() == len(said[0])
    if len(said) == 2:
        if said[0] and not alone:
            raise Refusal("", f"phần trước dấu | phải là số tiền như “20.000 đồng”, không phải “{said[0][:60]}”")
        return {"amount": amount, "text": said[1]}
    words = said[0]
    if is_free(words):
        return {"amount": 0, "text": words}
    if alone and head is not None and amount is not None:
        if amount < SMALLEST:
            raise Refusal("", f"“{words}” không rõ là tiền gì; không thu thì ghi “Miễn phí”, chưa rõ thì để trống")
        return {"amount": amount, "text": ""}
    sure = head is not None and head[2] and figures(words) == {amount} and not find_clauses(words)
    return {"amount": amount if sure and amount and amount >= SMALLEST else None, "text": words}


def write_fee(fee: Fee) -> str:
    """What `read_fee` reads."""
    meant = {"amount": fee.amount, "text": fee.text}
    amount = "" if fee.amount is None else f"{fee.amount:,} đồng".replace(",", ".")
    exact = f"{amount} | {escape(fee.text, '|')}".strip()
    return simplest(escape(fee.text, "|-") if fee.text else amount, exact, read_fee, meant)


def _read_fees(block: str) -> list[dict[str, Any]]:
    return [read_fee(line) for line in filled_lines(block)]


def _read_note(block: str) -> str:
    return "\n".join(unescape(line) for line in block.split("\n"))


def _write_note(note: str) -> str:
    return "\n".join(escape(line, "-" if _NEXT.fullmatch(line) else "") for line in note.split("\n"))


_READERS: dict[str, Any] = {"time": read_time, "fees": _read_fees, "note": _read_note}
