"""The office's own contacts, as lines to show wherever somebody has to be asked."""

from dataclasses import dataclass

from handlers.messages import Desk
from knowledge.entries import OfficeProfile

DESK_NAME = "Một Cửa"
NO_OFFICE = "bàn hướng dẫn thủ tục hành chính"
NATIONAL_HOTLINE_NUMBER = "1800 1096"
NATIONAL_HOTLINE = f"Tổng đài Cổng Dịch vụ công quốc gia: {NATIONAL_HOTLINE_NUMBER} (miễn phí)"
NATIONAL_PORTAL_ADDRESS = "https://dichvucong.gov.vn"
NATIONAL_PORTAL = "Cổng Dịch vụ công quốc gia dichvucong.gov.vn, mục “Phản ánh kiến nghị”"


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number to call at once, and for what."""

    number: str
    purpose: str


EMERGENCY_NUMBERS = (
    EmergencyNumber("113", "công an"),
    EmergencyNumber("114", "chữa cháy, cứu nạn"),
    EmergencyNumber("115", "cấp cứu y tế"),
    EmergencyNumber("111", "bảo vệ trẻ em"),
    EmergencyNumber("112", "tìm kiếm, cứu nạn"),
)


def office_name(profile: OfficeProfile) -> str:
    """The office as named in running text."""
    return profile.name or NO_OFFICE


def own_lines(profile: OfficeProfile) -> list[str]:
    """Name, address, phone, hotline, e-mail and hours of the desk's own office; nothing for what is not recorded."""
    labelled = (
        ("Địa chỉ", profile.address),
        ("Điện thoại", profile.phone),
        ("Đường dây nóng", profile.hotline),
        ("Thư điện tử", profile.email),
        ("Giờ làm việc", profile.hours),
    )
    lines = [f"• {label}: {value}" for label, value in labelled if value]
    return [f"• {profile.name}", *lines] if profile.name and lines else lines


def where_to_ask(desk: Desk) -> str:
    """A paragraph: the office's own contacts, then the national hotline."""
    return "\n".join([*own_lines(desk.knowledge.profile), f"• {NATIONAL_HOTLINE}"])
