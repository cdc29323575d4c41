"""For whom a task is, by the words that plans use."""

import re

from bot.campaigns.plans.tasks import Audience
from knowledge.text import fold

_OFFICIALS = re.compile(
    r"\bcan\s+bo\b|\bcong\s+chuc\b|\bvien\s+chuc\b|\bcb\s*cc|\bccvc\b|\bdang\s+vien\b|\bnguoi\s+lao\s+dong\b|\bnoi\s+bo\b"
)
_CITIZENS = re.compile(
    r"\bnguoi\s+dan\b|\bnhan\s+dan\b|\bdoanh\s+nghiep\b|\bcong\s+dan\b|\bto\s+chuc\s*,\s*ca\s+nhan\b|\bca\s+nhan\s*,\s*to\s+chuc\b"
    r"|\bto\s+chuc\s+ca\s+nhan\b|\btang\s+lop\b"
)


def audience_of(text: str) -> Audience | None:
    """Whom a text names; None where it names nobody."""
    folded = fold(text)
    officials, citizens = bool(_OFFICIALS.search(folded)), bool(_CITIZENS.search(folded))
    if officials and citizens:
        return Audience.EVERYBODY
    if officials:
        return Audience.OFFICIALS
    return Audience.CITIZENS if citizens else None
