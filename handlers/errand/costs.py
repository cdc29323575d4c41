"""What the errand costs: what is known, added up where that is right, and what is not known by name."""

import re
from dataclasses import dataclass

from handlers.describe import fee
from handlers.describe.office import ask_there
from handlers.describe.wording import UNLIMITED, dong, shorten
from handlers.errand.told import SHORT_WAYS, Errand
from knowledge.charges import figures
from knowledge.entries import SubmissionChannel
from knowledge.text import fold, tokens

MOST_LINES = 6
POSTAGE = "cước bưu chính (hỏi bưu cục)"
COPIES = "tiền sao, chứng thực giấy tờ (nếu phải nộp bản sao chứng thực)"
FARE = "tiền đi lại"
LEAST_WORDS = 3
"""A case of fewer words tells no fee line from another."""
_LINE_ROOM = 180
_EACH = re.compile(r"/\s*(?:trang|bản|tờ|m2|km)\b", re.IGNORECASE)
_DUTY = re.compile(r"lệ phí", re.IGNORECASE)
_CHARGE = re.compile(r"(?<!lệ )phí (?!, lệ phí)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one channel charges today.

    lines: as published; total: the sum in words, "" where none can be given; note: how the lines belong together,
    "" for a single one; ended: what was published was for a time that is over.
    """

    lines: tuple[str, ...] = ()
    total: str = ""
    note: str = ""
    ended: bool = False


def cost(errand: Errand, channel: SubmissionChannel) -> Cost:
    """The cost by one channel, of the case chosen where the lines tell it."""
    lines = fee.of_channel(errand.asked, channel)
    if not lines:
        return Cost(ended=fee.has_ended(errand.asked, channel))
    ours = _of_case(lines, errand)
    if any(_EACH.search(line) for line in ours):
        return Cost(lines, note="tổng tùy số lượng")
    amounts = [_amounts(line) for line in ours]
    if not all(amounts):
        return Cost(lines, note="chưa cộng được vì có mức không ghi số tiền" if len(ours) > 1 else "")
    least, most = min(map(min, amounts)), max(map(max, amounts))
    if _adds_up(ours) and all(len(said) == 1 for said in amounts):
        total = f"{dong(sum(map(min, amounts)))} nếu phải nộp cả phí và lệ phí"
        return Cost(lines, total, f"cộng: {total}")
    total = _money(most) if least == most else f"từ {_money(least)} đến {_money(most)}, tùy mức áp dụng"
    if ours != lines:
        return Cost(lines, total, f"mức ghi cho trường hợp này: {total}")
    return Cost(lines, total, f"tổng: {total}" if least != most else "")


def block(errand: Errand) -> str:
    """The paragraph about money, for the channel chosen or for each; channels that charge the same together."""
    by_way = {way: cost(errand, way) for way in errand.ways}
    room = UNLIMITED if errand.asked.whole else MOST_LINES
    lines = ["Chi phí:"]
    if len(set(by_way.values())) == 1:
        lines += _told(by_way[errand.ways[0]], "", room)
    for way, found in by_way.items() if len(lines) == 1 else ():
        lines += _told(found, f"{SHORT_WAYS[way]}: ", room)
    if not by_way:
        lines += _told(Cost(), "", room)
    if local := errand.asked.local(errand.asked.overlay.fee) if errand.asked.overlay else "":
        lines.append(f"• {local}")
    if unknown := _unknown(errand, by_way):
        lines.append(f"• Chưa tính: {'; '.join(unknown)}.")
    return "\n".join(lines)


def _told(found: Cost, who: str, most: int) -> list[str]:
    if not found.lines:
        why = "mức đã công bố hết thời gian áp dụng" if found.ended else "dữ liệu công bố chưa ghi"
        return [f"• {who}phí, lệ phí chưa biết ({why})"]
    each = _LINE_ROOM if most < UNLIMITED else UNLIMITED
    shown = [f"• {who}{shorten(line, each)}" for line in found.lines[:most]]
    if len(found.lines) > most:
        shown.append(f"• {who}… và {len(found.lines) - most} mức khác (bấm “Xem đầy đủ”)")
    return [*shown, f"• {who}{found.note}"] if found.note else shown


def _unknown(errand: Errand, by_way: dict[SubmissionChannel, Cost]) -> list[str]:
    cases = [errand.case] if errand.case else errand.asked.procedure.cases
    names = [COPIES] if any(document.copies for case in cases for document in case.documents) else []
    if SubmissionChannel.POSTAL in by_way:
        names.append(POSTAGE)
    if SubmissionChannel.DIRECT in by_way:
        names.append(FARE)
    if any(not found.total and not any(map(_EACH.search, found.lines)) for found in by_way.values()):
        names.append(f"mức phí chưa ghi số tiền ({ask_there(errand.asked).rstrip('.')})")
    return names


def _of_case(lines: tuple[str, ...], errand: Errand) -> tuple[str, ...]:
    """The lines that have every word of the case chosen; all of them where that tells nothing."""
    words = _words(errand.case.title) - _words("trường hợp đối với") if errand.case else set()
    ours = tuple(line for line in lines if words <= _words(line)) if len(words) >= LEAST_WORDS else ()
    return ours or lines


def _words(text: str) -> set[str]:
    return {fold(token) for token in tokens(text.lower()) if token.isalnum()}


def _adds_up(lines: tuple[str, ...]) -> bool:
    """True where one line is a charge (phí) and another a duty (lệ phí): both may have to be paid."""
    duties = [bool(_DUTY.search(line)) for line in lines]
    charges = [bool(_CHARGE.search(line)) and not duty for line, duty in zip(lines, duties, strict=True)]
    return len(lines) == 2 and any(duties) and any(charges)


def _money(amount: int) -> str:
    return dong(amount) if amount else fee.FREE.lower()


def _amounts(line: str) -> frozenset[int]:
    return frozenset({0}) if line.startswith(fee.FREE) else figures(line)
