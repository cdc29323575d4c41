"""“Hôm nay giá vàng bao nhiêu?” — kindly refused, with what the desk can do."""

from dataclasses import replace

from handlers import contacts, person, recognising
from handlers.messages import Desk, IncomingMessage, Outcome, Reply

KIND = "refuse"
SORRY = "Dạ, việc này nằm ngoài phần máy trả lời được."
CAN_DO = (
    "Máy trả lời về thủ tục hành chính và dịch vụ công: lệ phí, thời hạn, giấy tờ, nơi "
    "nộp, cách nộp trực tuyến hoặc qua bưu điện."
)
ELSEWHERE = {
    "court": (
        "Ly hôn, tranh chấp, kiện tụng: Anh/Chị hỏi Tòa án nhân dân khu vực, luật sư "
        "hoặc Trung tâm trợ giúp pháp lý nhà nước."
    ),
    "law": (
        "Mức phạt, quyền lợi theo luật: Anh/Chị hỏi cơ quan xử lý vụ việc, luật sư "
        "hoặc Trung tâm trợ giúp pháp lý nhà nước."
    ),
    "health": "Về sức khỏe: Anh/Chị hỏi bác sĩ, trạm y tế; nếu nguy cấp gọi 115.",
    "injection": "Máy chỉ trả lời từ dữ liệu đã công bố, không xem hay sửa hồ sơ, tài khoản, thông tin của ai.",
}
"""What to say first about each sort of subject that has a better place."""


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """One kind sentence of refusal, what the desk can do, and where else to go when that is known."""
    recognised = recognising.recognised(message, desk)
    if recognised is None or recognised.kind != KIND:
        return None
    refused = refusal(desk, *(line for sort, line in ELSEWHERE.items() if sort == recognised.detail))
    return replace(refused, choices=person.offered(message, desk))


def refusal(desk: Desk, *elsewhere: str) -> Reply:
    """The refusal itself, also used when nothing in the base fits."""
    blocks = (
        (SORRY, *elsewhere, CAN_DO) if elsewhere else (SORRY, CAN_DO, "Cần gặp người:\n" + contacts.where_to_ask(desk))
    )
    return Reply(blocks=blocks, outcome=Outcome.REFUSED, confidence=0.0)
