"""“Chào ad”, “cảm ơn nhé”, “bạn là ai?” — small talk, kept short."""

from dataclasses import replace

from handlers import guide, recognising
from handlers.messages import Choice, Desk, IncomingMessage, Outcome, Reply

KIND = "smalltalk"
STARTERS = (
    Choice("Đăng ký khai sinh", "p:1.001193:s"),
    Choice("Đăng ký tạm trú", "p:1.004194:s"),
    Choice("Nộp hồ sơ trực tuyến", "q:nop-ho-so-truc-tuyen"),
)
GREETING = "Chào Anh/Chị. Đây là máy trả lời tự động về thủ tục hành chính, từ dữ liệu đã công bố."
HOW_TO_ASK = (
    "Anh/Chị cứ hỏi như nói thường ngày, ví dụ: “làm khai sinh cần giấy tờ gì”, “đăng ký tạm trú hết bao nhiêu tiền”."
)
WHO_I_AM = (
    "Đây là máy trả lời tự động, không phải người. Máy chỉ trả lời từ các thủ tục và câu hỏi "
    "mà cơ quan đã công bố: lệ phí, thời hạn, giấy tờ, "
    "nơi nộp, các bước, nộp trực tuyến hay qua bưu điện."
)
LIMITS = "Máy không xem được hồ sơ riêng của Anh/Chị và không tư vấn pháp luật."
WELCOME = "Dạ, rất vui được giúp Anh/Chị. Cần hỏi thêm thủ tục nào, Anh/Chị cứ nhắn."


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """A short friendly line; None for anything that asks about a procedure."""
    recognised = recognising.recognised(message, desk)
    if recognised is None or recognised.kind != KIND:
        return None
    if recognised.detail == "who":
        return replace(_say(WHO_I_AM + " " + LIMITS, HOW_TO_ASK), choices=(guide.START,))
    return (
        replace(_say(GREETING, HOW_TO_ASK), choices=(guide.START,)) if recognised.detail == "hello" else _say(WELCOME)
    )


def _say(*lines: str) -> Reply:
    return Reply(blocks=("\n".join(lines),), outcome=Outcome.SMALLTALK)
