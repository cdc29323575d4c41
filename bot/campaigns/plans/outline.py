"""The numbered outline of a plan's text: sections, items within items, and paragraphs that a page has cut in two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.campaigns.plans.tasks import SourceLine
from knowledge.text import clean, fold


class Level(IntEnum):
    """How deep an item stands."""

    SECTION = 0
    NUMBER = 1
    SECOND_NUMBER = 2
    LETTER = 3
    BULLET = 4
    INNER_BULLET = 5
    PARAGRAPH = 6


class Section(StrEnum):
    """What a section is about."""

    LEAD_IN = "lời dẫn"
    PURPOSE = "mục đích, yêu cầu"
    CONTENT = "nội dung"
    FORMS = "hình thức tuyên truyền"
    BUDGET = "kinh phí"
    ORGANISATION = "tổ chức thực hiện"
    CLOSING = "nơi nhận, chữ ký"
    APPENDIX = "phụ lục"
    OTHER = "phần khác"


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph with its number taken off. label: "2", "a", "-", "" for a plain paragraph."""

    section: Section
    level: Level
    label: str
    text: str
    lines: tuple[SourceLine, ...]


SENTENCE = 40
"""Characters from which a paragraph without an end was cut by a page, and no title."""
_MARKS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (Level.SECTION, re.compile(r"(?P<label>(?:X{0,3})(?:IX|IV|V?I{0,3}))(?<!^)\s*[.)/]\s*(?P<text>\S.*)")),
    (Level.SECOND_NUMBER, re.compile(r"(?P<label>\d{1,2}(?:\.\d{1,2})+)\s*[.)]?\s+(?P<text>\S.*)")),
    (Level.NUMBER, re.compile(r"(?P<label>\d{1,2})\s*[.)/](?!\d)\s*(?P<text>\S.*)")),
    (Level.LETTER, re.compile(r"(?P<label>[a-zđ])\s*[.)]\s*(?P<text>\S.*)")),
    (Level.INNER_BULLET, re.compile(r"(?P<label>[+○◦▪])\s*(?P<text>\S.*)")),
    (Level.BULLET, re.compile(r"(?P<label>[-–—•*·])\s*(?P<text>\S.*)")),
)
_CLOSING = re.compile(r"noi\s+nhan\b.*")
_APPENDIX = re.compile(r"phu\s+luc\b.*")
_CUT = re.compile(r"[\w,“\"]$")


def items_of(lines: Sequence[SourceLine]) -> list[Item]:
    """The outline of the lines that are no tables, from the first section on; earlier ones are the lead-in."""
    return list(_sections(_joined(lines)))


def kind_of(title: str) -> Section:
    """What a section is about, by its title."""
    folded = fold(title)
    if "muc dich" in folded or "muc tieu" in folded or folded.startswith("yeu cau"):
        return Section.PURPOSE
    if "to chuc thuc hien" in folded or "phan cong" in folded:
        return Section.ORGANISATION
    if "noi dung" in folded or "nhiem vu" in folded:
        return Section.CONTENT
    if "kinh phi" in folded:
        return Section.BUDGET
    return Section.FORMS if "hinh thuc" in folded else Section.OTHER


def _joined(lines: Sequence[SourceLine]) -> Iterator[tuple[Level, str, str, tuple[SourceLine, ...]]]:
    held: tuple[Level, str, str, tuple[SourceLine, ...]] | None = None
    begun = False
    for line in lines:
        level, label, text = _marked(line.text)
        folded = fold(line.text)
        apart = _CLOSING.match(folded) or _APPENDIX.match(folded) or line.text.isupper() or line.text.startswith("(")
        if held and begun and level is Level.PARAGRAPH and not apart and _is_cut(held[2]):
            held = (held[0], held[1], clean(f"{held[2]} {text}"), (*held[3], line))
            continue
        if held:
            yield held
        held = (level, label, text, (line,))
        begun = (begun or level is Level.SECTION) and not _CLOSING.match(folded)
    if held:
        yield held


def _is_cut(text: str) -> bool:
    return len(text) > SENTENCE and bool(_CUT.search(text)) and not text.isupper()


def _marked(text: str) -> tuple[Level, str, str]:
    for level, mark in _MARKS:
        found = mark.fullmatch(text)
        if found and found["label"]:
            return level, found["label"], clean(found["text"])
    return Level.PARAGRAPH, "", text


def _sections(pieces: Iterator[tuple[Level, str, str, tuple[SourceLine, ...]]]) -> Iterator[Item]:
    section = Section.LEAD_IN
    for level, label, text, lines in pieces:
        folded = fold(text)
        if _CLOSING.fullmatch(folded) and level is Level.PARAGRAPH:
            section = Section.CLOSING
        elif _APPENDIX.fullmatch(folded) and level is Level.PARAGRAPH and len(text) < SENTENCE:
            section = Section.APPENDIX
        elif level is Level.SECTION:
            section = kind_of(text)
        yield Item(section, level, label, text, lines)
