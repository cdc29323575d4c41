"""What citizens can choose to hear about, and the words they agree to."""

from collections.abc import Mapping
from types import MappingProxyType

TOPICS: Mapping[str, str] = MappingProxyType(
    {
        "online": "Dịch vụ công trực tuyến",
        "procedures": "Thủ tục hành chính mới, thay đổi",
        "fees": "Phí, lệ phí và mức giảm",
        "reform": "Cải cách hành chính, kết quả các chỉ số",
        "surveys": "Khảo sát sự hài lòng",
        "contests": "Cuộc thi tìm hiểu",
        "urgent": "Tin khẩn cấp, thiên tai",
    }
)
"""By key; the keys stand in the database and never change their meaning."""
FIELD = "field:"
"""Begins the key of a field of interest, a name as procedures have it."""

WORDING = (
    "Anh/Chị đồng ý nhận thông báo của cơ quan về: {topics}. Cơ quan chỉ dùng mã tài khoản trò chuyện này để gửi tin, "
    "không gửi quảng cáo, không chuyển cho bên khác. Anh/Chị nhắn HỦY bất cứ lúc nào để thôi nhận ngay."
)
"""What is shown before somebody agrees, and kept with their yes."""
STOP_LINE = "Nhắn HỦY để thôi nhận thông báo."
"""Ends every message of a campaign."""


def names(topics: tuple[str, ...]) -> str:
    """Topics as people read them."""
    return ", ".join(TOPICS.get(topic, topic.removeprefix(FIELD)) for topic in topics)
