"""“Hằng tháng, có ít nhất 04 tin, bài”: how many of something a plan wants in each period."""

import re

from bot.campaigns.plans.tasks import Target
from knowledge.text import clean

_MONTHS = {"tháng": 1, "quý": 3, "năm": 12}
_PERIOD = r"(?P<period>tháng|quý|năm)"
_LEAST = r"(?:ít\s+nhất|tối\s+thiểu)\s*(?P<least>\d{1,3})\s+(?P<what>[^\d.;:/()]{2,40}?)"
_END = (
    r"(?=\s+(?:về|trên|đăng|được|cho|tại|mỗi|hằng|hàng|một|trong|nói|liên quan)\b|\s*[.;:/()]|\s*$"
    r"|\s*,\s+(?:hằng|hàng|mỗi)\b)"
)
_BEFORE = re.compile(rf"(?:hằng|hàng|mỗi|một|trong)\s+{_PERIOD}\b[^.;]{{0,40}}?\b{_LEAST}{_END}", re.IGNORECASE)
_AFTER = re.compile(rf"\b{_LEAST}{_END}\s*(?:/|,?\s*(?:mỗi|hằng|hàng|một|trong)\s+)\s*{_PERIOD}\b", re.IGNORECASE)
_SHORT = re.compile(
    rf"\b(?P<least>\d{{1,3}})\s+(?P<what>(?:tin|bài|ảnh|video|clip|buổi|lượt|phóng sự)[^\d.;:/()]{{0,30}}?)"
    rf"\s*/\s*(?:0?1\s+)?{_PERIOD}\b",
    re.IGNORECASE,
)


def target_of(*texts: str) -> Target | None:
    """The first target that the texts name; None where there is none."""
    for text in texts:
        found = _BEFORE.search(text) or _AFTER.search(text) or _SHORT.search(text)
        if found and int(found["least"]):
            what = clean(found["what"]).strip(" ,")
            return Target(int(found["least"]), what, _MONTHS[found["period"].lower()])
    return None
