"""Tasks of plans without a table: their numbered contents, and the duties that set somebody a time."""

import re
from collections.abc import Iterator, Sequence

from bot.campaigns.plans.audiences import audience_of
from bot.campaigns.plans.outline import Item, Level, Section
from bot.campaigns.plans.tables import NO_AUDIENCE, NO_LEAD
from bot.campaigns.plans.targets import target_of
from bot.campaigns.plans.tasks import Account, Audience, Doubt, Part, ReadTask
from bot.campaigns.plans.times import PlannedTime, TimeKind, understood
from knowledge.text import clean, fold

PLAIN = "đoạn văn không đánh số"
A_FORM = "Là hình thức tuyên truyền; xem có phải một nhiệm vụ."
A_DUTY = "Nằm ở phần tổ chức thực hiện; xem có cần đưa vào lịch."
WHOLE_YEAR = "Kế hoạch không ghi thời gian; tạm tính trong năm."
LONGEST_TITLE = 80
"""Characters up to which an item that holds others is their title."""
_LABEL = re.compile(r"(?P<label>[^:.]{2,70}):\s*(?P<rest>.*)")
_SAID = (
    re.compile(r"\bđịnh kỳ\s+(?:hằng|hàng|mỗi)[^.;()]{0,40}?(?:năm|quý|tháng|tuần)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:hằng|hàng|mỗi) (?:tuần|tháng|quý|năm)\b(?=\s*[,.;:)]|$|\s+(?:có|đăng|tổ chức|báo cáo))", re.IGNORECASE
    ),
    re.compile(r"\b(?:trước|chậm nhất|xong trước)(?: vào)?(?: ngày)? \d{1,2}/\d{1,2}(?:/\d{4})?", re.IGNORECASE),
    re.compile(r"\bthường xuyên\b(?!\s+liên quan)", re.IGNORECASE),
    re.compile(r"\bđịnh kỳ\b", re.IGNORECASE),
)
_IN_BRACKETS = re.compile(r"\(([^()]*\b(?:trước|chậm nhất)\b[^()]*\d{1,2}/\d{1,2}[^()]*)\)", re.IGNORECASE)
_VERBS = (
    r"(?:chủ trì|theo dõi|làm\b|phối hợp|tổ chức|thực hiện|tham mưu|xây dựng|tổng hợp|đôn đốc|biên tập"
    r"|chịu trách nhiệm|có trách nhiệm)"
)
_GIVEN = re.compile(rf"Giao\s+(?P<unit>[^,;.]{{3,90}}?)\s+{_VERBS}")
_BEARS = re.compile(rf"(?P<unit>[A-ZĐ][^,;.]{{3,90}}?)\s+(?:chịu trách nhiệm|có trách nhiệm|{_VERBS})")
_SENT_TO = re.compile(r"gửi (?:về|cho) (?P<unit>[A-ZĐ][^,;.()]{3,60}?)\s+(?:để\s+)?tổng hợp")


def content_tasks(items: Sequence[Item], year: int, account: Account) -> list[ReadTask]:
    """The leaves of the sections on contents as tasks; an item that holds others is a heading."""
    tasks: list[ReadTask] = []
    path: list[Item] = []
    counts: dict[tuple[Item, ...], int] = {}
    for number, item in enumerate(items):
        if item.section is not Section.CONTENT:
            path = []
            continue
        if item.level is Level.SECTION:
            path = []
            account.heading(*item.lines)
            continue
        if item.level is Level.PARAGRAPH:
            account.drop(item.lines, PLAIN)
            continue
        path = [one for one in path if one.level < item.level]
        above, key = tuple(path), _key(path, item, counts)
        after = items[number + 1] if number + 1 < len(items) else None
        holds = after is not None and after.section is item.section and item.level < after.level < Level.PARAGRAPH
        text = _own_text(item.text) if holds or item.text.endswith(":") else item.text
        if text:
            tasks.append(_task(key, item, text, above, year))
        else:
            account.heading(*item.lines)
        path.append(item)
    return tasks


def duties(items: Sequence[Item], year: int) -> tuple[list[ReadTask], set[int]]:
    """What the part on carrying out sets a time for, as tasks to look at, and which of its items these are."""
    tasks: list[ReadTask] = []
    used: set[int] = set()
    section, count = "", 0
    for number, item in enumerate(items):
        if item.level is Level.SECTION:
            section, count = item.label, 0
        elif item.level is not Level.PARAGRAPH:
            count += 1
            label = str(count) if item.level is Level.BULLET else item.label
            found = list(_duty(item, f"{section}.{label}".strip("."), year))
            tasks += found
            used |= {number} if found else set()
    return tasks, used


def said_time(text: str) -> str:
    """The time that a sentence names in its midst, in its own words; "" for none."""
    if found := _IN_BRACKETS.search(text):
        return clean(found[1])
    return next((clean(found[0]) for pattern in _SAID if (found := pattern.search(text))), "")


def _duty(item: Item, key: str, year: int) -> Iterator[ReadTask]:
    brackets = list(_IN_BRACKETS.finditer(item.text))
    if len(brackets) < 2:
        if words := said_time(item.text):
            yield _set(item, key, item.text, words, year)
        return
    start = 0
    for number, found in enumerate(brackets):
        text = clean(item.text[start : found.end()])
        before = _SENT_TO.search(text) if number else None
        yield _set(item, key, text, clean(found[1]), year, before["unit"] if before else "")
        start = found.end()


def _set(item: Item, key: str, text: str, words: str, year: int, lead: str = "") -> ReadTask:
    doubts, lead = [Doubt(Part.CONTENT, A_DUTY)], lead or _lead(text)
    if not lead:
        doubts.append(Doubt(Part.LEAD, NO_LEAD))
    return ReadTask(
        key=key,
        content=text,
        time=understood(words, year),
        lead=clean(lead),
        audience=Audience.OFFICIALS,
        places=tuple(line.place for line in item.lines),
        doubts=tuple(doubts),
    )


def _lead(text: str) -> str:
    found = _GIVEN.search(text) or _BEARS.match(text)
    return clean(found["unit"]) if found else ""


def _task(key: str, item: Item, text: str, above: tuple[Item, ...], year: int) -> ReadTask:
    doubts: list[Doubt] = []
    words = said_time(text)
    time = understood(words, year) if words else _in_year(year)
    if any(_names_forms(one) for one in (*above, item)):
        doubts.append(Doubt(Part.CONTENT, A_FORM))
    doubts.append(Doubt(Part.LEAD, NO_LEAD))
    audience = next((found for one in reversed(above) if (found := audience_of(one.text))), None) or audience_of(text)
    if audience is None:
        doubts.append(Doubt(Part.AUDIENCE, NO_AUDIENCE))
    return ReadTask(
        key=key,
        content=text,
        time=time,
        audience=audience or Audience.EVERYBODY,
        target=target_of(text),
        places=tuple(line.place for line in item.lines),
        doubts=tuple(doubts),
    )


def _names_forms(item: Item) -> bool:
    found = _LABEL.fullmatch(item.text)
    title = fold(found["label"]) if found else ""
    return "hinh thuc" in title and "trach nhiem" not in title


def _in_year(year: int) -> PlannedTime:
    found = understood(f"31/12/{year}", year)
    return PlannedTime(words="", kind=TimeKind.DATES, days=found.days, doubt=WHOLE_YEAR)


def _own_text(text: str) -> str:
    """What an item that holds others says itself: nothing for a title."""
    found = _LABEL.fullmatch(text)
    own = found["rest"] if found else text
    return own if len(own) > LONGEST_TITLE else ""


def _key(path: Sequence[Item], item: Item, counts: dict[tuple[Item, ...], int]) -> str:
    above = tuple(path)
    labels = []
    for place, one in enumerate((*path, item)):
        if one.level in (Level.BULLET, Level.INNER_BULLET):
            holder = above[:place]
            if one is item:
                counts[holder] = counts.get(holder, 0) + 1
            labels.append(str(counts.get(holder, 1)))
        else:
            labels.append(one.label)
    return ".".join(labels)
