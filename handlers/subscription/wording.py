"""What is said about subscriptions, and the words by which citizens begin and end one."""

import re

from knowledge.text import clean, fold

CHOOSE = "Anh/Chị muốn nhận thông báo về những gì? Chọn từng mục (hoặc nhắn các số, ví dụ “1 3”), rồi chọn “Xong”."
DONE = "Xong"
NOTHING_CHOSEN = "Anh/Chị chưa chọn mục nào."
YES, NO = "Tôi đồng ý", "Không đồng ý"
AGREED = "Đã ghi nhận đồng ý của Anh/Chị. Từ nay Anh/Chị nhận thông báo về: {topics}."
JOINED = "Đã ghi nhận: Anh/Chị nhận thông báo với tư cách cán bộ của {unit}."
DECLINED = "Vâng, cơ quan không gửi thông báo nào."
STOP_WORD = "Nhắn HỦY bất cứ lúc nào để thôi nhận ngay."
STOPPED = "Đã dừng. Từ lúc này cơ quan không gửi thông báo cho Anh/Chị nữa. Muốn nhận lại, Anh/Chị nhắn: /dangky"
NOT_SUBSCRIBED = "Anh/Chị hiện không đăng ký nhận thông báo nào. Muốn đăng ký, Anh/Chị nhắn: /dangky"
NOT_HERE = "Kênh này không gửi thông báo được. Anh/Chị đăng ký trên Telegram hoặc Zalo của cơ quan nhé."
RECEIVES = "Anh/Chị đang nhận thông báo về: {topics}."
AS_OFFICIAL = "Anh/Chị nhận với tư cách cán bộ của {unit}."
LIVES = "Nơi ở: {place}."
QUIET = "Giờ không muốn nhận tin: từ {since} giờ đến {until} giờ."
CHANGE_TOPICS, STOP = "Đổi mục nhận tin", "Thôi nhận thông báo"
ADD_FIELD, TELL_PLACE, TELL_HOURS = "Thêm lĩnh vực quan tâm", "Cho biết nơi ở", "Giờ không muốn nhận tin"
LEAVE_FIELD = "Bỏ lĩnh vực {name}"
WHICH_FIELD = "Anh/Chị quan tâm lĩnh vực nào? Nhắn tên, ví dụ: hộ tịch, đất đai, cư trú."
NO_FIELD = "Máy không thấy lĩnh vực này trong danh mục thủ tục."
WHICH_PLACE = (
    "Anh/Chị ở đâu? Nhắn tên phường, xã và tỉnh, thành phố, ví dụ: phường Tô Hiệu, Sơn La. Không bắt buộc; chỉ dùng "
    "để gửi tin của địa phương."
)
SEVERAL_PLACES = "Có nhiều nơi cùng tên. Anh/Chị chọn một nơi, hoặc nhắn kèm tên tỉnh, thành phố."
PLACE_KEPT = "Đã ghi nơi ở: {place}."
PLACE_LEFT = "Đã bỏ nơi ở."
SKIP, FORGET_PLACE = "Bỏ qua", "Không ghi nơi ở"
WHICH_HOURS = "Anh/Chị không muốn nhận tin vào giờ nào? (Ban đêm cơ quan vốn không gửi, trừ tin khẩn cấp.)"
HOURS = (("Ngoài giờ hành chính (17 giờ đến 8 giờ)", "17-8"), ("Trong giờ làm (8 giờ đến 17 giờ)", "8-17"))
NO_HOURS = "Lúc nào cũng được"
HOURS_KEPT = "Đã ghi: không gửi tin cho Anh/Chị từ {since} giờ đến {until} giờ."
HOURS_LEFT = "Đã ghi: Anh/Chị không đặt giờ riêng."
NO_INVITATION = "Lời mời này không còn dùng được. Anh/Chị hỏi lại đơn vị nhé."
AGREE_AS_OFFICIAL = "Đơn vị mời Anh/Chị nhận thông báo dành cho cán bộ."

_STOP = re.compile(r"/?(?:huy|stop|unsubscribe)|(?:huy|dung|ngung|thoi) nhan (?:thong bao|tin)(?: nhan)?")
_BEGIN = re.compile(
    r"/dangky.*|dangky(?: nhan (?:thong bao|tin))?|(?:toi muon |cho toi )?dang ky nhan (?:thong bao|tin)(?: nhan| tuc)?"
)
_JOIN = re.compile(r"/?tham\s?gia\s+([A-Za-z0-9_-]{6,20})", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,2}(?:(?:\s*,\s*|\s+(?:và\s+)?)\d{1,2})+")


def plain(text: str) -> str:
    """Folded, without the marks around it."""
    return " ".join(fold(clean(text)).lower().strip(" .!?,;:“”\"'").split())


def stops(text: str) -> bool:
    """Whether these words end a subscription: “HỦY” and what else people write for it."""
    return bool(_STOP.fullmatch(plain(text)))


def begins(text: str) -> bool:
    """Whether these words begin a subscription."""
    return bool(_BEGIN.fullmatch(plain(text)))


def invited(text: str) -> str:
    """The code of an invitation that was typed, "" where there is none."""
    match = _JOIN.fullmatch(clean(text).strip())
    return match[1] if match else ""


def counted(text: str) -> list[int]:
    """Several numbers of a list, as “1, 3 và 5”; none for anything else."""
    match = _NUMBERS.fullmatch(text.strip())
    return [int(number) for number in re.findall(r"\d+", match[0])] if match else []
