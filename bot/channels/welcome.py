"""The desk's first words: that a machine answers, what it can and cannot do, what is kept, where to call for help."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.contacts import EMERGENCY_NUMBERS, office_name
from handlers.guide import START
from handlers.messages import Outcome, Reply
from knowledge.entries import Faq, OfficeProfile

GREETING = (
    "Chào Anh/Chị! Đây là máy trả lời tự động của {office}, không phải cán bộ. "
    "Máy tra cứu dữ liệu đã công bố và ghi rõ nguồn, ngày của dữ liệu."
)


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know before asking."""

    title: str
    text: str


CAN = Note(
    "Máy trả lời được",
    "giấy tờ, lệ phí, thời hạn, nơi nộp, các bước, cách nộp trực tuyến hoặc qua bưu chính của từng thủ tục hành chính.",
)
CANNOT = Note(
    "Máy không làm được",
    "nhận hồ sơ, thu tiền, xem hồ sơ đang giải quyết. Quyết định cuối cùng thuộc cơ quan có thẩm quyền.",
)
KEPT_IN_THE_TERMINAL = Note(
    "Xin lưu ý",
    "đừng gửi số giấy tờ, số điện thoại, số tài khoản, mật khẩu hay mã OTP. Bấm Ctrl-D để kết thúc.",
)


TYPICAL_QUESTIONS = (
    "Đăng ký khai sinh cần giấy tờ gì?",
    "Lệ phí đăng ký thường trú là bao nhiêu?",
    "Làm thẻ căn cước mất mấy ngày?",
    "Xác nhận tình trạng hôn nhân nộp ở đâu?",
    "Nộp hồ sơ trực tuyến thế nào?",
    START.label,
)


def kept_on_the_web(days: int | None = None) -> Note:
    """What the web page keeps. days: after how many without use it is deleted by itself, None = not said."""
    expiry = f", tự xóa sau {days} ngày không dùng" if days else ""
    return Note(
        "Được lưu lại",
        f"nội dung trò chuyện, gắn với một mã ngẫu nhiên trong trình duyệt này, không hỏi họ tên{expiry}. "
        "Xin đừng gửi số giấy tờ, số điện thoại, số tài khoản, mật khẩu hay mã OTP. "
        "Anh/Chị xóa cuộc trò chuyện được bất cứ lúc nào.",
    )


def kept_in_the_chat(place: str, days: int | None = None) -> Note:
    """What is kept of a talk on a chat platform. place: its name; days: as in `kept_on_the_web`."""
    expiry = f", tự xóa sau {days} ngày không dùng" if days else ""
    return Note(
        "Được lưu lại",
        f"nội dung trò chuyện (đã che số giấy tờ, số điện thoại), gắn với mã tài khoản {place}, không kèm họ tên"
        f"{expiry}. Xin đừng gửi số giấy tờ, số điện thoại, số tài khoản, mật khẩu hay mã OTP. "
        "Xem và xóa: nhắn /dulieu.",
    )


MENU = "Không tiện gõ câu hỏi: nhắn “menu” để chọn việc từ danh mục."
MACHINE_NOTICE = "thong-bao-may"
DATA_NOTICE = "thong-bao-du-lieu"
"""Entries of the FAQ base in which the office words the two notices itself."""


@dataclass(frozen=True, slots=True)
class Notices:
    """What is told before the first question: who answers, and what is to be known besides."""

    greeting: str
    notes: tuple[Note, ...]


def no_entry(_: str) -> Faq | None:
    """A base without the two notices."""
    return None


def notices(profile: OfficeProfile, days: int | None, entry: Callable[[str], Faq | None] = no_entry) -> Notices:
    """The notices in the office's own words where it has published them, else in ours."""
    machine, data = entry(MACHINE_NOTICE), entry(DATA_NOTICE)
    kept = kept_on_the_web(days)
    if data:
        expiry = f" Cuộc trò chuyện tự xóa sau {days} ngày không dùng." if days else ""
        kept = Note(kept.title, data.answer + expiry)
    return Notices(machine.answer if machine else greeting(profile), notes(kept))


def emergency_line() -> str:
    """The emergency numbers as one line of text."""
    numbers = ", ".join(f"{entry.number} ({entry.purpose})" for entry in EMERGENCY_NUMBERS)
    return f"Khẩn cấp, xin gọi ngay: {numbers}."


def greeting(profile: OfficeProfile) -> str:
    """Who answers here."""
    return GREETING.format(office=office_name(profile))


def notes(kept: Note) -> tuple[Note, ...]:
    """What the machine can do, what it cannot, and what this channel keeps."""
    return (CAN, CANNOT, kept)


def welcome(profile: OfficeProfile, kept: Note) -> Reply:
    """The whole first message as a reply."""
    told = (f"{note.title}: {note.text}" for note in notes(kept))
    return Reply(blocks=(greeting(profile), *told, MENU, emergency_line()), outcome=Outcome.SMALLTALK)
