"""The head of a plan: number, place and date, title, and the documents it rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.campaigns.plans.tasks import Account, SourceLine
from knowledge.text import clean, fold

LETTERHEAD = "phần đầu văn bản"
STAMP = "dấu công văn đến"
NO_TITLE = "Không thấy tên kế hoạch."
NO_NUMBER = "Chưa ghi số văn bản."
NO_DATE = "Chưa ghi đủ ngày ban hành."
NO_YEAR = "Không rõ kế hoạch của năm nào; tạm tính năm {year}."
_NUMBER = re.compile(r"số\s*:\s*(?P<number>.*)", re.IGNORECASE)
_SIGN = re.compile(r"(?P<digits>\d*)\s*/\s*(?P<sign>[A-ZĐ][\w&.-]*(?:/[\w&.-]+)*)")
_DATED = re.compile(
    r"(?P<place>[^\d,;:]{2,60}),\s*ngày\s*(?P<d>\d{0,2})[\s.…]*tháng\s*(?P<m>\d{0,2})[\s.…]*năm\s*(?P<y>20\d\d)?.*",
    re.IGNORECASE,
)
_KIND = re.compile(r"KẾ HOẠCH\b\s*(?P<rest>.*)")
_BASIS = re.compile(r"(?:can\s+cu|thuc\s+hien|thi\s+hanh|xet|theo)\b")
_CITED = re.compile(
    r"(?:Luật|Bộ luật|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư|Kế hoạch|Công văn|Chương trình|Hướng dẫn"
    r"|Văn bản)"
    r"[^;.]{0,80}?\bsố\s+\d+[\w/.&-]*(?:\s+ngày\s+\d{1,2}(?:/|\s*tháng\s*)\d{1,2}(?:/|\s*năm\s*)\d{4})?"
)
_SECTION = re.compile(r"(?:[IVX]+|\d{1,2})\s*[.)]\s*\S.*")
_OF_YEAR = re.compile(r"năm\s+(20\d\d)\b|\b(20\d\d)\b")
_NATION = re.compile(r"cong\s+hoa\s+xa\s+hoi|doc\s+lap\s*[-–]|uy\s+ban\s+nhan\s+dan|^ubnd\b|^[-–_—\s]+$|^kem\s+theo")


@dataclass(slots=True)
class Head:
    """What the head says; "" or None where it does not."""

    title: str = ""
    number: str = ""
    issued_on: date | None = None
    place: str = ""
    said_year: int | None = None
    basis: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def year(self, today: date) -> int:
        """The year that the plan is for; this year, with a doubt, where nothing says it."""
        found = _OF_YEAR.findall(self.title)
        year = int(next(filter(None, found[-1]))) if found else self.said_year
        if year is None:
            year = today.year
            self.doubts.append(NO_YEAR.format(year=year))
        return year


def read_head(lines: Sequence[SourceLine], account: Account) -> tuple[Head, int]:
    """The head, and how many lines it takes: up to the first section. lines: those before the first task table."""
    head, titled, used = Head(), False, 0
    for line in lines:
        if _SECTION.fullmatch(line.text) and (titled or line.text[:1] in "IVX"):
            break
        titled = _read(head, line, account, titled=titled)
        used += 1
    _doubt(head)
    return head, used


def _read(head: Head, line: SourceLine, account: Account, *, titled: bool) -> bool:
    """Puts one line where it belongs; True once the title has begun."""
    folded = fold(line.text)
    if (kind := _KIND.fullmatch(line.text)) and not head.title:
        account.heading(line)
        head.title = clean(kind["rest"])
        return True
    if found := _NUMBER.match(line.text):
        _number(head, clean(found["number"]), line, account)
    elif found := _DATED.fullmatch(line.text):
        _date(head, found)
        account.heading(line)
    elif titled and (_BASIS.match(folded) or head.basis):
        _cite(head, line)
        account.heading(line)
    elif titled and not head.basis and _is_title(line.text):
        head.title = clean(f"{head.title} {line.text}")
        account.heading(line)
    else:
        known = _NATION.search(folded) or (not titled and line.text.isupper())
        account.drop([line], LETTERHEAD if known or titled else STAMP)
    return titled


def _number(head: Head, text: str, line: SourceLine, account: Account) -> None:
    found = _SIGN.search(text)
    if head.number or (found is None and text and head.issued_on):
        account.drop([line], STAMP)
        return
    account.heading(line)
    if found:
        head.number = f"{found['digits']}/{found['sign']}"
    elif text:
        head.number = text[:40]


def _date(head: Head, found: re.Match[str]) -> None:
    head.place = clean(found["place"])
    head.said_year = int(found["y"]) if found["y"] else None
    if found["d"] and found["m"] and found["y"]:
        try:
            head.issued_on = date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            head.issued_on = None


def _cite(head: Head, line: SourceLine) -> None:
    cited = [clean(one) for one in _CITED.findall(line.text)]
    if cited:
        head.basis += [one for one in cited if one not in head.basis]
    elif _BASIS.match(fold(line.text)):
        head.basis.append(line.text[:300])


def _is_title(text: str) -> bool:
    return len(text) < 250 and not text.endswith((".", ":", ";")) and not text.startswith("(")


def _doubt(head: Head) -> None:
    if not head.title:
        head.doubts.append(NO_TITLE)
    if not head.number or head.number.startswith("/"):
        head.doubts.append(NO_NUMBER)
    if head.issued_on is None:
        head.doubts.append(NO_DATE)
