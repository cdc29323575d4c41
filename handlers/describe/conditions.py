"""“Cần điều kiện gì?” — the conditions as published."""

from handlers.describe.asked import Asked
from handlers.describe.wording import sentence, shorten
from knowledge.clauses import in_force, last_day, vn_date


def paragraph(asked: Asked, room: int) -> str:
    """The conditions, without those that have ended."""
    text = in_force(asked.procedure.conditions, asked.today, prose=True)
    gone = last_day(asked.procedure.conditions, asked.today, prose=True)
    note = f"\nPhần chỉ áp dụng đến hết {vn_date(gone)} đã được lược bỏ." if gone else ""
    if not text:
        return f"Dữ liệu công bố không ghi yêu cầu, điều kiện riêng cho thủ tục này.{note}"
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return f"Yêu cầu, điều kiện:\n{sentence(shorten(lines, room - 25))}{note}"
