"""A desk with set answers, for tests of what channels do with them."""

import asyncio

from handlers.messages import Choice, IncomingMessage, Link, Outcome, Reply

DOSSIER = Reply(
    blocks=(
        "Giấy tờ cần có:",
        "• Tờ khai đăng ký khai sinh theo mẫu\n• Giấy chứng sinh do cơ sở y tế cấp\n• Giấy tờ tùy thân",
        "Nộp trực tuyến tại https://dichvucong.gov.vn.",
    ),
    outcome=Outcome.ANSWERED,
    citation="Đăng ký khai sinh (mã 1.001193); dữ liệu ngày 15/07/2026.",
    choices=(
        Choice("Lệ phí", "p:1.001193:f"),
        Choice("Thời hạn", "p:1.001193:t"),
        Choice("Xem đầy đủ", "full:1.001193"),
    ),
    links=(Link("Trang chính thức", "https://dichvucong.gov.vn/khai-sinh"),),
)
WHICH = Reply(
    blocks=("Anh/Chị muốn hỏi thủ tục nào?",),
    outcome=Outcome.CLARIFYING,
    choices=tuple(
        Choice(label, f"p:1.00089{number}:f")
        for number, label in enumerate(
            (
                "Đăng ký kết hôn",
                "Đăng ký kết hôn có yếu tố nước ngoài",
                "Đăng ký kết hôn có yếu tố nước ngoài tại khu vực biên giới",
                "Đăng ký lại kết hôn",
                "Đăng ký lại kết hôn có yếu tố nước ngoài",
            )
        )
    ),
)
FEE = Reply(blocks=("Không thu lệ phí.",), outcome=Outcome.ANSWERED, citation="Đăng ký kết hôn (mã 1.000894).")
COMPLAINT = Reply(blocks=("Xin gửi đơn đến cơ quan có thẩm quyền.",), outcome=Outcome.COMPLAINT, store_text=False)
LONG = Reply(
    blocks=tuple(f"Bước {n}. " + "Nộp hồ sơ tại Bộ phận Một cửa rồi nhận giấy hẹn. " * 8 for n in range(1, 13)),
    outcome=Outcome.ANSWERED,
)


class ScriptedDesk:
    """Answers by words in the text and remembers every message; `hold` stops it at "chậm" until set.

    asked: set by each message.
    """

    def __init__(self) -> None:
        self.seen: list[IncomingMessage] = []
        self.hold = asyncio.Event()
        self.asked = asyncio.Event()

    async def answer(self, message: IncomingMessage) -> Reply:
        self.seen.append(message)
        self.asked.set()
        text = message.text.lower()
        if "hỏng" in text:
            raise RuntimeError("a fault of the desk")
        if "chậm" in text:
            await self.hold.wait()
        if message.choice is not None:
            return FEE
        if "kết hôn" in text:
            return WHICH
        if "chờ cán bộ" in text:
            return Reply(blocks=(), outcome=Outcome.TO_PERSON)
        if "khiếu nại" in text:
            return COMPLAINT
        if "các bước" in text:
            return LONG
        return DOSSIER
