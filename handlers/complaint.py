"""“Tôi muốn tố cáo …” — complaints and denunciations are pointed to the right body, never taken in or kept."""

from handlers import recognising
from handlers.messages import Desk, IncomingMessage, Outcome, Reply

KIND = "complaint"
NOT_TAKEN = (
    "Kênh này không nhận và không lưu nội dung khiếu nại, tố cáo, tin báo tội phạm. "
    "Anh/Chị đừng gửi tên, giấy tờ hay bằng chứng vào đây."
)
HOW_TO_COMPLAIN = (
    "Khiếu nại (đề nghị xem lại một quyết định hoặc việc làm ảnh hưởng đến chính mình): gửi đơn đến "
    "cơ quan đã ra quyết định, trong 90 ngày kể từ khi nhận "
    "hoặc biết quyết định; không đồng ý với kết quả thì khiếu nại lần hai lên cấp trên hoặc khởi kiện ra Tòa án."
)
HOW_TO_DENOUNCE = (
    "Tố cáo (báo một việc làm trái pháp luật): gửi đơn hoặc đến trình bày với người đứng đầu cơ "
    "quan quản lý người bị tố cáo, hoặc Trụ sở tiếp công dân. "
    "Họ tên người tố cáo được giữ bí mật theo luật."
)
CRIME = (
    "Tố giác, tin báo về tội phạm: trình báo công an xã, phường nơi gần nhất hoặc gọi 113; "
    "hàng giả, buôn lậu thì báo thêm quản lý thị trường, "
    "phá rừng thì báo kiểm lâm. Việc đang xảy ra, có người gặp nguy hiểm: gọi 113 ngay."
)
BASIS = "Căn cứ: Luật Khiếu nại 02/2011/QH13, Luật Tố cáo 25/2018/QH14 (sửa đổi bởi Luật 136/2025/QH15, từ 01/7/2026)."


WAYS = {
    "appeal": (HOW_TO_COMPLAIN,),
    "denunciation": (
        HOW_TO_DENOUNCE,
        "Đưa, nhận hối lộ và dấu hiệu tội phạm khác: trình báo công an, thanh tra hoặc gọi 113.",
    ),
    "crime": (
        CRIME,
        "Người báo tin có thể xin giữ bí mật họ tên. Tố cáo cán bộ thì gửi người đứng đầu cơ quan quản lý người đó.",
    ),
}
"""Where to turn with each sort of complaint."""


async def answer(message: IncomingMessage, desk: Desk) -> Reply | None:
    """The right body for a complaint, a denunciation or a report of a crime; the text is not stored."""
    recognised = recognising.recognised(message, desk)
    if recognised is None or recognised.kind != KIND:
        return None
    return Reply(
        blocks=(NOT_TAKEN, *WAYS[recognised.detail], BASIS),
        outcome=Outcome.COMPLAINT,
        confidence=recognised.probability,
        store_text=False,
    )
