"""“Cháy nhà, cứu với!” — danger to people comes first and gets the numbers to call, at once."""

from handlers import recognising
from handlers.messages import Desk, IncomingMessage, Outcome, Reply

KIND = "emergency"
FIRE = "114: cháy, nổ, cứu nạn, cứu hộ"
MEDICAL = "115: cấp cứu y tế"
POLICE = "113: công an"
CHILDREN = "111: bảo vệ trẻ em (miễn phí, 24/7)"
RESCUE = "112: tìm kiếm, cứu nạn"
ALL = (POLICE, FIRE, MEDICAL, CHILDREN, RESCUE)
NUMBERS = {
    "fire": (FIRE, MEDICAL),
    "injury": (MEDICAL, POLICE),
    "violence": (POLICE, MEDICAL),
    "child": (CHILDREN, POLICE),
    "rescue": (RESCUE, FIRE, MEDICAL),
    "self_harm": (MEDICAL, POLICE),
}
"""Whom to call for each sort of danger, the first at once."""
ALSO_FITS = 0.25
"""Share from which a second sort of danger brings its first number too."""

WHAT_TO_SAY = "Báo rõ địa điểm, việc đang xảy ra, số người gặp nạn. Tránh xa chỗ nguy hiểm nếu có thể."
NOT_ALONE = (
    "Anh/Chị đừng ở một mình lúc này, hãy gọi hoặc ở cạnh một người thân. Nếu người "
    "khác có ý định đó, đừng để họ một mình.",
    "Anh/Chị rất đáng được giúp đỡ và có người muốn nghe. Trẻ em có thể gọi 111 (miễn phí, 24/7).",
)
MACHINE = "Đây là máy trả lời tự động, không báo tin thay Anh/Chị được. Xin gọi điện trước."


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The numbers to call, the fitting ones first; None when nobody seems to be in danger now."""
    recognised = recognising.recognised(message, desk)
    if recognised is None or recognised.kind != KIND:
        return None
    sorts = [sort for sort, share in recognised.details if share >= ALSO_FITS] or [recognised.detail]
    fitting = list(dict.fromkeys([*NUMBERS[sorts[0]], *(NUMBERS[sort][0] for sort in sorts[1:])]))
    lines = ["GỌI NGAY " + "; ".join(fitting) + ".", *(NOT_ALONE if sorts[0] == "self_harm" else (WHAT_TO_SAY,))]
    others = "; ".join(line for line in ALL if line not in fitting)
    return Reply(
        blocks=("\n".join(lines), f"Các số khẩn cấp khác: {others}.", MACHINE),
        outcome=Outcome.EMERGENCY,
        confidence=recognised.probability,
    )
