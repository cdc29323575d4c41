"""Who receives a procedure, who to ask, and whether that is the office that answers."""

import re

from handlers.describe.asked import Asked
from handlers.describe.wording import one_line, shorten
from knowledge.cautions import names_district
from knowledge.entries import Level, OfficeProfile, Procedure
from knowledge.text import fold

_LONGEST_NAME = 150
_LEVEL_WORD = re.compile(r"(?<= )[cC]ấp (?:Xã|Tỉnh|Huyện|Bộ)\b")
_BY_LEVEL = {
    Level.COMMUNE: "Bộ phận Một cửa cấp xã",
    Level.PROVINCE: "Trung tâm Phục vụ hành chính công cấp tỉnh",
}


def receiver(procedure: Procedure) -> str:
    """The office that carries the procedure out; where the source names none, the counter of its level."""
    name = existing(one_line(procedure.executing_agency)) or existing(one_line(procedure.competent_agency))
    if name:
        return shorten(_LEVEL_WORD.sub(lambda match: match[0].lower(), name), _LONGEST_NAME)
    return _BY_LEVEL.get(procedure.level) or one_line(procedure.issuing_agency) or "nơi tiếp nhận hồ sơ"


def existing(agencies: str) -> str:
    """The agencies of a list without those of the abolished district level: nobody is to be sent there."""
    return ", ".join(agency for agency in re.split(r"\s*,\s+", agencies) if agency and not names_district(agency))


def is_own(procedure: Procedure, profile: OfficeProfile) -> bool:
    """True if the office that answers is the one that receives this procedure."""
    named = fold(f"{procedure.executing_agency}\n{procedure.competent_agency}")
    if not _same_province(procedure, profile):
        return False
    if any(fold(agency) in named for agency in profile.agencies):
        return True
    return not profile.agencies and profile.level is procedure.level and profile.level is Level.COMMUNE


def contact(profile: OfficeProfile) -> str:
    """Telephone numbers and e-mail of the office that answers; "" if the profile has none."""
    known = (("điện thoại", profile.phone), ("đường dây nóng", profile.hotline), ("thư điện tử", profile.email))
    return ", ".join(f"{label} {value}" for label, value in known if value)


def ask_there(asked: Asked) -> str:
    """The sentence that names the office to ask."""
    procedure, profile = asked.procedure, asked.profile
    if is_own(procedure, profile) and profile.name:
        reach = contact(profile)
        return f"Anh/Chị hỏi nơi tiếp nhận: {profile.name}{f' ({reach})' if reach else ''}."
    return f"Anh/Chị hỏi nơi tiếp nhận: {receiver(procedure).rstrip('. ')}."


def elsewhere(asked: Asked) -> str:
    """Says that another office receives this procedure; "" if it is our own or we have no profile."""
    procedure, profile = asked.procedure, asked.profile
    if not profile.known or is_own(procedure, profile):
        return ""
    if not _same_province(procedure, profile):
        return f"Đây là thủ tục riêng của {procedure.province}."
    return f"Thủ tục này do {receiver(procedure)} tiếp nhận." if profile.agencies else ""


def _same_province(procedure: Procedure, profile: OfficeProfile) -> bool:
    return not (procedure.province and profile.province) or fold(profile.province) in fold(procedure.province)
