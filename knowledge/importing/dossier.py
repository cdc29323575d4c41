"""The portal's document rows as papers by case, with the notes told from the papers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.entries import Document, DocumentCase
from knowledge.importing import fields

_BULLET = r"[\s\W\d_]{0,6}(?:[a-zđivx]{1,3}\)\s*)?"
_NOTE = re.compile(
    rf"{_BULLET}(?:lưu ý|chú ý|ghi chú|chú thích|ví dụ|số lượng(?: bộ)?(?: hồ sơ)?\s*:|số lượng(?: bộ)? hồ sơ)",
    re.IGNORECASE,
)
_NOTE_IF_UNCOUNTED = re.compile(
    rf"{_BULLET}(?:\(?[ivx\d.]+\)\s*)?(?:(?:trong |tuỳ |tùy )?(?:từng )?trường hợp|đối với"
    r"|người (?:tiếp|yêu|có|ủy|học|được|khai|nộp)"
    r"|cơ quan (?:giải|đăng|hải|có|tiếp)|cá nhân|tổ chức|doanh nghiệp|thương nhân|khi |nếu |từ lần|trong lần|việc "
    r"|chậm nhất|không |miễn |số lượng |các thành phần |ứng viên |hồ sơ .*(?:gồm|sau)|thành phần hồ sơ|giấy tờ do"
    r"|giấy tờ phải|chi phí|thời hạn|trong thời|ngoài |trong đó|có thể)",
    re.IGNORECASE,
)
_HEADING = re.compile(r":\W*$")
_NOTE_GROUP = re.compile(r"\W*(?:lưu ý|chú ý|ghi chú|ví dụ)\b.{0,20}", re.IGNORECASE)
_GENERAL_TITLE = re.compile(
    r"[\W\d]*(?:[a-zđ]\))?\s*(?:0?1 bộ\s*)?(?:\(?một\)?\s*bộ\s*)?(?:thành phần\s*)?(?:hồ sơ)?\s*"
    r"(?:bao gồm|gồm)?(?:\s*có)?\W*",
    re.IGNORECASE,
)


def cases_of(rows: Sequence[Mapping[str, Any]]) -> tuple[DocumentCase, ...]:
    """The papers of each case, cases in the order of their first row. Raises Refusal.

    Several groups of which one is called "Lưu ý" give a case of that title with notes only. Counts are None where the
    source has none at all.
    """
    titles: dict[str, dict[Document, None]] = {}
    notes: dict[str, dict[str, None]] = {}
    for row in rows:
        title, name = fields.line(row, "group").rstrip(" :"), fields.text(row, "name")
        originals, copies = (fields.count(row, which, within="documents") for which in ("originals", "copies"))
        titles.setdefault(title, {})
        notes.setdefault(title, {})
        if not any(character.isalnum() for character in name):
            continue
        if is_note(name, counted=bool(originals or copies)) or _NOTE_GROUP.fullmatch(title):
            notes[title][name] = None
        elif originals or copies:
            titles[title][Document(name=name, originals=originals, copies=copies)] = None
        else:
            titles[title][Document(name=name)] = None
    cases = [
        DocumentCase(title=title, documents=tuple(papers), notes=tuple(notes[title]))
        for title, papers in titles.items()
        if papers or notes[title]
    ]
    if len(cases) == 1:
        return (_only(cases[0]),)
    return tuple(cases)


def _only(case: DocumentCase) -> DocumentCase:
    """The only case there is: a title that tells nothing is dropped, one that counts the sets becomes a note."""
    if _GENERAL_TITLE.fullmatch(case.title):
        return DocumentCase(documents=case.documents, notes=case.notes)
    if _NOTE.match(case.title):
        return DocumentCase(documents=case.documents, notes=(case.title, *case.notes))
    return case


def is_note(name: str, *, counted: bool) -> bool:
    """True for a row that tells something about the papers instead of being one.

    counted: the row asks for originals or copies; then only rows that call themselves a note are one.
    """
    if _NOTE.match(name):
        return True
    return not counted and bool(_NOTE_IF_UNCOUNTED.match(name) or _HEADING.search(name))
