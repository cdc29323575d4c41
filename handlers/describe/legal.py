"""“Theo văn bản nào?” — the legal basis, without what has ended, marked where it is known to be repealed."""

from handlers.describe.asked import Asked
from handlers.describe.wording import UNLIMITED, one_line, shorten
from knowledge.cautions import repealed_in
from knowledge.clauses import find_clauses, vn_date
from knowledge.entries import LegalReference

MANY_DOCUMENTS = 6
"""More documents than this are shown in part, the rest behind "Xem đầy đủ"."""


def paragraph(asked: Asked, room: int) -> str:
    """The documents the procedure rests on, as published."""
    named = [(item, text) for item in asked.procedure.legal_basis if (text := _named(item, asked))]
    if not named:
        return "Dữ liệu công bố chưa ghi căn cứ pháp lý còn hiệu lực của thủ tục này."
    shown = named if asked.whole else named[:MANY_DOCUMENTS]
    each = UNLIMITED if asked.whole else max(70, (room - 40) // len(shown) - 4)
    lines = [f"• {shorten(text, each)}{_repealed(item, asked)}" for item, text in shown]
    if len(named) > len(shown):
        lines.append(f"… và {len(named) - len(shown)} văn bản khác (bấm “Xem đầy đủ”).")
    return "Căn cứ pháp lý:\n" + "\n".join(lines)


def _named(item: LegalReference, asked: Asked) -> str:
    """Number and title; "" for a document whose time is over."""
    title = one_line(item.title)
    text = title if not item.number or item.number in title else f"{item.number}: {title}" if title else item.number
    clauses = find_clauses(text)
    if any(clause.ended(asked.today) for clause in clauses):
        return ""
    until = next((clause.end for clause in clauses if clause.end and clause.implied), None)
    return f"{text} (áp dụng đến hết {vn_date(until)})" if until else text


def _repealed(item: LegalReference, asked: Asked) -> str:
    for document in repealed_in(f"{item.number} {item.title}", asked.today):
        since = f" từ {vn_date(document.since)}" if document.since else ""
        return f" (đã hết hiệu lực{since}; nay là {document.now})"
    return ""
