"""“Nộp qua mạng, qua bưu điện được không?” — whether a channel exists, with its time and fee."""

from handlers.describe import fee, time
from handlers.describe.asked import CHANNEL_NAMES, Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import shorten
from knowledge.entries import SubmissionChannel


def online(asked: Asked, room: int) -> str:
    """Whether the dossier can be sent through the portal."""
    local = asked.local(asked.overlay.online_level) if asked.overlay else ""
    yes = "Có. Hồ sơ nộp trực tuyến được trên Cổng Dịch vụ công quốc gia."
    return _paragraph(asked, SubmissionChannel.ONLINE, yes, local, room)


def postal(asked: Asked, room: int) -> str:
    """Whether the dossier can go by the public postal service."""
    local = asked.local(asked.overlay.postal) if asked.overlay else ""
    yes = "Có. Hồ sơ nộp được qua dịch vụ bưu chính công ích (cước bưu chính trả riêng)."
    return _paragraph(asked, SubmissionChannel.POSTAL, yes, local, room)


def _paragraph(asked: Asked, channel: SubmissionChannel, yes: str, local: str, room: int) -> str:
    if channel not in asked.channels:
        return "\n".join(filter(None, (_no_such_way(asked, channel), local)))
    lines = [yes]
    if said := time.of_channel(asked, channel):
        lines.append(f"• Thời hạn: {shorten(said, 200)}")
    if fees := fee.of_channel(asked, channel):
        shown = "; ".join(fees) if len(fees) <= 2 else f"có {len(fees)} mức, tùy trường hợp"
        lines.append(f"• Phí, lệ phí: {shorten(shown, max(120, room - 300))}")
    elif fee.has_ended(asked, channel):
        lines.append(f"• Phí, lệ phí: mức công bố đã hết thời gian áp dụng. {ask_there(asked)}")
    return "\n".join(filter(None, (*lines, local)))


def _no_such_way(asked: Asked, channel: SubmissionChannel) -> str:
    way = f"qua {CHANNEL_NAMES[channel]}" if channel is SubmissionChannel.POSTAL else CHANNEL_NAMES[channel]
    no = f"Không có hình thức nộp {way} trong dữ liệu công bố."
    ways = ", ".join(CHANNEL_NAMES[other] for other in asked.channels)
    return f"{no} Cách nộp được ghi: {ways}." if ways else f"{no} {ask_there(asked)}"
