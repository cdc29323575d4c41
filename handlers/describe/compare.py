"""“Hai cái khác nhau thế nào?” — two procedures side by side."""

from dataclasses import replace

from handlers.describe import dossier, fee, place, time
from handlers.describe.asked import Asked
from handlers.describe.wording import one_line, shorten
from knowledge.entries import Procedure


def compare(first: Asked, other: Procedure) -> tuple[str, ...]:
    """Two paragraphs with the same lines: who receives it, how long, how much, papers, result."""
    return _column("1", first), _column("2", replace(first, procedure=other, overlay=None, case=None))


def _column(number: str, asked: Asked) -> str:
    result = shorten(one_line(asked.procedure.results), 90) or "chưa ghi trong dữ liệu công bố"
    return "\n".join(
        (
            f"{number}. {shorten(asked.procedure.name, 110)} (mã {asked.procedure.code})",
            f"• Nơi thực hiện: {shorten(place.brief(asked), 70)}",
            f"• Thời hạn: {shorten(time.brief(asked), 70)}",
            f"• Phí, lệ phí: {shorten(fee.brief(asked), 70)}",
            f"• Hồ sơ: {dossier.brief(asked)}",
            f"• Kết quả: {result}",
        )
    )
