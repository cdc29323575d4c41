"""“Tôi muốn làm ...” — the procedure at a glance, when no part of it was asked for."""

from handlers.describe import dossier, fee, place, time
from handlers.describe.asked import Asked
from handlers.describe.office import elsewhere
from handlers.describe.wording import shorten


def paragraph(asked: Asked, room: int) -> str:
    """Six short lines: name, for whom, where, how long, how much, how many papers."""
    procedure = asked.procedure
    who = ", ".join(procedure.subjects)
    lines = [
        f"• Dành cho: {shorten(who, 110)}" if who else "",
        f"• Nơi thực hiện: {place.brief(asked)}",
        f"• Thời hạn: {time.brief(asked)}",
        f"• Phí, lệ phí: {fee.brief(asked)}",
        f"• Hồ sơ: {dossier.brief(asked)}",
    ]
    other = elsewhere(asked) if procedure.province else ""
    return "\n".join(filter(None, (shorten(procedure.name, 160), *lines, other)))
