"""Written official text as it is read out: abbreviations in full, dates and numbers as they are said, no addresses."""

import re

from knowledge.text import clean

WRITTEN_OUT = {
    "TTHC": "thủ tục hành chính", "CCHC": "cải cách hành chính", "UBND": "Ủy ban nhân dân",
    "HĐND": "Hội đồng nhân dân", "DVCTT": "dịch vụ công trực tuyến", "DVC": "dịch vụ công",
    "BCCI": "bưu chính công ích", "CCCD": "căn cước công dân", "KH&CN": "Khoa học và Công nghệ",
    "GD&ĐT": "Giáo dục và Đào tạo", "GDĐT": "Giáo dục và Đào tạo", "VHTTDL": "Văn hóa, Thể thao và Du lịch",
    "TT&TT": "Thông tin và Truyền thông", "CNTT": "công nghệ thông tin", "PVHCC": "Phục vụ hành chính công",
    "HCC": "hành chính công", "TTĐT": "thông tin điện tử", "QPPL": "quy phạm pháp luật", "BHXH": "bảo hiểm xã hội",
    "BHYT": "bảo hiểm y tế", "TP": "thành phố", "THCS": "trung học cơ sở", "THPT": "trung học phổ thông",
    "PAKN": "phản ánh, kiến nghị", "NVH": "nhà văn hóa", "LĐTBXH": "Lao động, Thương binh và Xã hội",
    "VNeID": "V N e I D", "QR": "Q R", "SMS": "tin nhắn",
}  # fmt: skip
_ABBREVIATION = re.compile(
    r"(?<![\w&])(" + "|".join(sorted(map(re.escape, WRITTEN_OUT), key=len, reverse=True)) + r")(?![\w&])"
)
_SITE = re.compile(
    r"(?:\btrang\s+)?(?:https?://)?(?:www\.)?\b(?P<host>(?:[a-z0-9-]+\.)+(?:vn|com|org|net|example))\b(?:/[^\s<>,;]*[^\s<>,;.])?/?",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:ngày\s+)?\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b", re.IGNORECASE)
_DAY = re.compile(r"\bngày\s+(\d{1,2})/(\d{1,2})\b(?!/)", re.IGNORECASE)
_MONTH = re.compile(r"\btháng\s+(\d{1,2})/(\d{4})\b", re.IGNORECASE)
_HOUR = re.compile(r"\b(\d{1,2})[:hg](\d{2})\b(?!\d)")
_WHOLE_HOUR = re.compile(r"\b(\d{1,2})h\b")
_PERCENT = re.compile(r"(\d)\s*%")
_MONEY = re.compile(r"(\d)\s*(?:đ|VNĐ|VND)\b")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_LIST_MARK = re.compile(r"^\s*(?:[-–—•*+]|\d{1,2}[.)]|[a-zđ]\))\s+")
_SIGNS = re.compile(r"[“”\"«»*_#>|📢👉]+")


def spoken(text: str) -> str:
    """A written sentence as an announcer reads it. What stands in brackets is left out; of a page the site is said."""
    said = _LIST_MARK.sub("", clean(text))
    said = _SITE.sub(_dotted, _BRACKETS.sub("", said))
    said = _DATE.sub(lambda d: f"ngày {int(d[1])} tháng {int(d[2])} năm {d[3]}", said)
    said = _DAY.sub(lambda d: f"ngày {int(d[1])} tháng {int(d[2])}", said)
    said = _MONTH.sub(lambda d: f"tháng {int(d[1])} năm {d[2]}", said)
    said = _HOUR.sub(lambda d: f"{int(d[1])} giờ" + (f" {int(d[2])} phút" if int(d[2]) else ""), said)
    said = _WHOLE_HOUR.sub(lambda d: f"{int(d[1])} giờ", said)
    said = _MONEY.sub(r"\1 đồng", _PERCENT.sub(r"\1 phần trăm", said))
    said = _ABBREVIATION.sub(lambda found: WRITTEN_OUT[found[1]], said)
    said = said.replace("/", " trên ").replace("&", " và ").replace(";", ",").replace(" - ", ", ").replace(" – ", ", ")
    return re.sub(r"\s+([,.!?:])", r"\1", clean(_SIGNS.sub(" ", said))).strip(" ,:")


def _dotted(site: re.Match[str]) -> str:
    return "trang " + site["host"].lower().replace(".", " chấm ")
