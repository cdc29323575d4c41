"""Where the errand goes: the published offices that receive a procedure, and where and when to go."""

import re

from handlers.describe import Asked, place
from handlers.describe.office import is_own
from knowledge.entries import Office, Procedure
from knowledge.text import fold, tokens

LEAST_WORDS = 3
"""An office's line of fewer words names too much to tell a procedure by."""
NO_HOURS = "Dữ liệu công bố chưa ghi giờ làm việc; Anh/Chị gọi hỏi trước khi đi."
_PLACE_ROOM = 420


def receiving(procedure: Procedure, offices: tuple[Office, ...]) -> tuple[Office, ...]:
    """The offices one of whose lines names this procedure: its code, or no word that is not in its name or field."""
    known = {procedure.code, *_words(f"{procedure.name} {procedure.field}")}
    return tuple(office for office in offices if any(_names(line, procedure, known) for line in office.receives))


def lines(asked: Asked, offices: tuple[Office, ...]) -> list[str]:
    """Who receives the dossier, with address, hours and telephone."""
    if offices:
        return [_office(office) for office in offices]
    return place.paragraph(asked, _PLACE_ROOM).split("\n")


def hours(asked: Asked, offices: tuple[Office, ...]) -> str:
    """When to go, as far as it is recorded; "" where the lines of the place say it already."""
    if any(office.hours for office in offices) or (asked.overlay and asked.overlay.hours):
        return ""
    if not offices and is_own(asked.procedure, asked.profile) and asked.profile.hours:
        return ""
    return NO_HOURS


def _names(line: str, procedure: Procedure, known: set[str]) -> bool:
    if re.search(rf"(?<![\d.]){re.escape(procedure.code)}(?!\d)", line):
        return True
    words = _words(line)
    return len(words) >= LEAST_WORDS and words <= known


def _words(text: str) -> set[str]:
    return {fold(token) for token in tokens(text.lower()) if token.isalnum()}


def _office(office: Office) -> str:
    known = (
        office.address,
        f"giờ làm việc: {office.hours}" if office.hours else "",
        f"điện thoại {office.phone}" if office.phone else "",
        f"đường dây nóng {office.hotline}" if office.hotline else "",
        office.email,
    )
    return f"{office.name}: {'; '.join(filter(None, known)) or 'chưa ghi địa chỉ'}"
