"""Which column of an annex holds what, however its heading is written."""

import re
from collections.abc import Sequence
from enum import StrEnum

from knowledge.text import clean, fold


class Column(StrEnum):
    """What a column of an annex holds."""

    NUMBER = "number"
    CODE = "code"
    NAME = "name"
    TIME = "time"
    PLACE = "place"
    WAY = "way"
    FEE = "fee"
    LEGAL = "legal"
    FIELD = "field"
    AGENCY = "agency"


_HEADINGS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (Column.CODE, r"\bma (?:so |tthc|thu tuc|ho so|dinh danh)|^ma$|^ma so\b|\bso ho so\b"),
        (Column.LEGAL, r"can cu|\bvbqppl\b|van ban (?:quy pham|qppl|phap ly)"),
        (Column.NAME, r"\bten (?:tthc|thu tuc|tt hanh chinh)|^(?:ten )?thu tuc hanh chinh$|^tthc$"),
        (Column.TIME, r"thoi han|thoi gian (?:giai quyet|thuc hien)"),
        (Column.PLACE, r"dia diem|noi (?:tiep nhan|nop)"),
        (Column.WAY, r"cach thuc"),
        (Column.FEE, r"\bphi\b"),
        (Column.FIELD, r"linh vuc"),
        (Column.AGENCY, r"co quan"),
        (Column.NUMBER, r"^(?:stt|tt|so tt|so thu tu)$"),
    )
)
_COUNTED = re.compile(r"\(?\d{1,2}\)?")


def columns_of(cells: Sequence[str]) -> dict[Column, int]:
    """The columns that a row of headings names; {} for a row that is none. The first of two alike counts."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(cells):
        words = " ".join(re.findall(r"[a-z0-9]+", fold(clean(cell))))
        known = next((column for column, pattern in _HEADINGS if len(words) <= 120 and pattern.search(words)), None)
        if known is not None and known not in found:
            found[known] = place
    named = Column.NAME in found and len(found) >= 2
    return found if named and not re.search(r"\d\.\d{6}", " ".join(cells)) else {}


def is_counting(cells: Sequence[str]) -> bool:
    """True for a row that only counts the columns: (1) (2) (3)."""
    filled = [clean(cell) for cell in cells if cell]
    return len(filled) >= 3 and all(_COUNTED.fullmatch(cell) for cell in filled)
