"""Agencies as the portal writes them: whose province a procedure is, which level settles it."""

import re

from knowledge.entries import Level

_NAME = r"(?P<name>[A-ZĐ][^\W\d_]*(?: [A-ZĐ][^\W\d_]*){1,2})"
_PROVINCE = re.compile(rf"(?P<rank>(?i:tỉnh|thành phố|tp\.?))\s+{_NAME}")
_PROVINCE_OR_HUE = re.compile(
    r"(?P<rank>(?i:tỉnh|thành phố|tp\.?))\s+(?P<name>Huế)\b|"
    + _PROVINCE.pattern.replace("<rank>", "<rank2>").replace("<name>", "<name2>")
)
_OFFICE_OF_PROVINCE = re.compile(
    rf"(Sở (?:(?!Sở )[^;])*?)\s*-?\s*(?i:tỉnh|thành phố|tp\.?)\s+{_NAME}(?!\s*-\s*Bộ)(?=\s*(?:[;,]|$))"
)
_NEXT = re.compile(
    r"\s*;\s*|,\s+(?=(?:Sở|Ủy ban|UBND|Chủ tịch|Cục|Bộ (?!chỉ huy|Tư lệnh)|Chi cục|Văn phòng|Công an|Cơ quan"
    r"|Tổng cục|Vụ|Kho bạc)\b)"
)
_NOT_RECORDED = re.compile(r"không có thông tin\.?", re.IGNORECASE)
_BY_PROVINCE = re.compile(r"UBND|NQ-HĐND|PVHCC", re.IGNORECASE)
_LEVEL_WORDS = (
    (Level.COMMUNE, re.compile(r"cấp xã|UBND xã|Ủy ban nhân dân xã", re.IGNORECASE)),
    (Level.PROVINCE, re.compile(r"cấp tỉnh|^Sở |tỉnh, thành phố", re.IGNORECASE)),
    (
        Level.MINISTRY,
        re.compile(
            r"^(?:Bộ |Cục |Tổng cục|Ngân hàng Nhà nước Việt Nam|Cơ quan (?:đại diện|lãnh sự)|.*trung ương)",
            re.IGNORECASE,
        ),
    ),
)


def tidy(agency: str) -> str:
    """The agencies of one field, each named once; "" where the portal says that it has none."""
    if _NOT_RECORDED.fullmatch(agency):
        return ""
    return "; ".join(dict.fromkeys(part for part in re.split(r"\s*;\s*", agency) if part))


def issuing_province(issuing: str, decision: str, executing: str, address: str) -> str | None:
    """The province whose own procedure this is ("tỉnh Bắc Ninh"), None for a national one.

    The issuing agency says so ("UBND tỉnh ..."; also a department or centre of one province). Where it is blank and
    the decision is a province's, the executing agency or the receiving address names the province.
    """
    if named := province_in(issuing):
        return named
    if not issuing and _BY_PROVINCE.search(decision):
        return province_in(executing) or province_in(address)
    return None


def province_in(text: str) -> str | None:
    """The first province or city that a text names, as "tỉnh X" or "thành phố X"."""
    match = _PROVINCE_OR_HUE.search(text)
    if match is None:
        return None
    rank, name = (match["rank"] or match["rank2"]).lower(), match["name"] or match["name2"]
    return f"{'tỉnh' if rank == 'tỉnh' else 'thành phố'} {name}"


def without_province(agencies: str) -> str:
    """National procedures whose exporter picked one province's department: the department without the province.

    "Sở Tư pháp Thành phố Hà Nội" stands in nationwide procedures for the department of every province.
    """
    general = _OFFICE_OF_PROVINCE.sub(r"\1", agencies)
    if general == agencies:
        return agencies
    return "; ".join(dict.fromkeys(part.strip(" -,") for part in _NEXT.split(general) if part.strip(" -,")))


def level_of(executing: str) -> Level:
    """The level that the executing agency's name tells; UNKNOWN where it tells none."""
    for level, words in _LEVEL_WORDS:
        if words.search(executing):
            return level
    return Level.UNKNOWN
