"""“Nộp ở đâu?” — who receives the dossier, where, and when the counter is open."""

import re

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there, contact, existing, is_own, receiver
from handlers.describe.wording import one_line, sentence, shorten
from knowledge.entries import Level, Procedure
from knowledge.text import fold

_LEVELS = {Level.COMMUNE: "cấp xã", Level.PROVINCE: "cấp tỉnh"}
_SAYS_LEVEL = {
    Level.COMMUNE: re.compile(r"\b(?:xa|phuong|dac khu)\b"),
    Level.PROVINCE: re.compile(r"\b(?:tinh|so|thanh pho|khu vuc)\b"),
}


def paragraph(asked: Asked, room: int) -> str:
    """The agency, the published address, our own counter and hours; or whose procedure it is."""
    procedure, profile, overlay = asked.procedure, asked.profile, asked.overlay
    named = existing(procedure.executing_agency) or existing(procedure.competent_agency)
    lines = [f"{'Cơ quan thực hiện' if named else 'Nơi tiếp nhận'}: {sentence(receiver(procedure))}"]
    if level := _unsaid_level(procedure):
        lines.append(f"Cấp giải quyết ghi trong dữ liệu: {level}.")
    if existing(procedure.executing_agency) != one_line(procedure.executing_agency):
        lines.append("Dữ liệu công bố còn ghi cơ quan cấp huyện (đã bỏ từ 01/07/2025).")
    address = one_line(procedure.receiving_address)
    if address and address != receiver(procedure):
        lines.append(f"Địa chỉ tiếp nhận: {sentence(shorten(address, max(120, room - 260)))}")
    if overlay:
        lines += [asked.local(overlay.counter), asked.local(overlay.hours and f"giờ nhận hồ sơ {overlay.hours}")]
    if is_own(procedure, profile) and profile.name:
        lines.append(_own_counter(asked))
    elif not address and not (overlay and overlay.counter):
        lines.append("Dữ liệu công bố chưa ghi địa chỉ cụ thể.")
    return "\n".join(filter(None, lines))


def brief(asked: Asked) -> str:
    """The agency in a few words for a card."""
    return shorten(receiver(asked.procedure), 110)


def _unsaid_level(procedure: Procedure) -> str:
    """The level, where the agency's name does not show it."""
    says = _SAYS_LEVEL.get(procedure.level)
    return "" if says is None or says.search(fold(receiver(procedure))) else _LEVELS[procedure.level]


def _own_counter(asked: Asked) -> str:
    profile = asked.profile
    parts = [profile.address, f"giờ làm việc {profile.hours}" if profile.hours else "", contact(profile)]
    known = "; ".join(filter(None, parts))
    return f"{profile.name}: {known}." if known else ask_there(asked)
