"""“Cần giấy tờ gì?” — the papers, those of every case first, then those of the chosen one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.describe.asked import Asked
from handlers.describe.office import ask_there
from handlers.describe.wording import UNLIMITED, one_line, shorten
from knowledge.clauses import in_force
from knowledge.entries import Document, DocumentCase
from knowledge.text import fold

MANY_PAPERS = 7
"""More papers than this are shown in part, the rest behind "Xem đầy đủ"."""
_ALTERNATIVE = re.compile(
    r"trường hợp|đối với|hồ sơ (?:đề nghị|đăng ký|cấp|gia hạn|thông báo|khai)|hình thức|^\W*(?:đăng ký|cấp|gia hạn)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"giấy tờ phải|lưu ý|thành phần|bộ hồ sơ$|hồ sơ của|phần hồ sơ|số lượng|ủy quyền|uỷ quyền|kèm theo|miễn nộp",
    re.IGNORECASE,
)
_TITLE_MARK = re.compile(
    r"^[\W_]*(?:(?:\d+(?:\.\d+)*|[a-zđ]|[ivx]+)[.)]\s*)?[\W_]*(?:hồ sơ\s+)?(?:trong\s+|đối với\s+)?(?:các\s+)?"
    r"(?:trường hợp\s+(?:\d+\s*[:.]?\s*)?)?",
    re.IGNORECASE,
)
_GENERAL = "Giấy tờ ghi chung"
_SPECIAL = re.compile(r"\W*(?:trường hợp|nếu|đối với|văn bản ủy quyền|giấy ủy quyền)", re.IGNORECASE)
_FORM_FIRST = re.compile(r"\W*(?:\w[.)]\s*)?(?:tờ khai|đơn|giấy đề nghị|phiếu|bản khai|mẫu)\b", re.IGNORECASE)
_ENUMERATION = re.compile(
    r"^(?:thành phần hồ sơ \d+\s*:|\(?(?:[ivx]{1,4}|[a-zđ]|\d{1,2})\)|\d{1,2}(?:\.\d{1,2})*\.(?=\s)|[a-zđ]\.(?=\s))\s*",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"^\W*lưu ý\W*", re.IGNORECASE)
_NOTE_ROOM = 130


@dataclass(frozen=True, slots=True)
class Papers:
    """What holds in every case, and the cases to choose from as (number in the procedure, case)."""

    common: tuple[DocumentCase, ...]
    alternatives: tuple[tuple[int, DocumentCase], ...]


def papers(asked: Asked) -> Papers:
    """Tells cases ("trường hợp") from mere parts of one dossier; a case that has ended is left out."""
    numbered = [
        (number, case)
        for number, case in enumerate(asked.procedure.cases, start=1)
        if (case.documents or case.notes) and (not case.title or in_force(case.title, asked.today, prose=True))
    ]
    alternatives = [
        (n, c) for n, c in numbered if c.documents and _ALTERNATIVE.search(c.title) and not _PART.search(c.title)
    ]
    if len(alternatives) < 2:
        alternatives = []
    chosen = {number for number, _ in alternatives}
    return Papers(tuple(case for number, case in numbered if number not in chosen), tuple(alternatives))


def paragraph(asked: Asked, room: int) -> str:
    """The papers to bring; where they differ by case, those needed in every case and the question which case."""
    found = papers(asked)
    if not any(case.documents for case in asked.procedure.cases):
        notes = [note for case in found.common for note in case.notes]
        said = f"\nLưu ý: {shorten(one_line(notes[0]), room)}" if notes else ""
        return f"Dữ liệu công bố chưa ghi thành phần hồ sơ.{said}\n{ask_there(asked)}"
    if not found.alternatives:
        return _listed("Giấy tờ cần có", found.common, asked, room)
    chosen = next((case for number, case in found.alternatives if number == asked.case), None)
    if chosen is not None:
        heading = f"Giấy tờ cần có – {shorten(case_label(chosen), 120)}"
        return _listed(heading, (replace(chosen, title=""), *_with_documents(found.common)), asked, room)
    if asked.whole:
        every = (*found.common, *(case for _, case in found.alternatives))
        return _listed("Giấy tờ cần có", every, asked, room)
    question = f"Hồ sơ tùy theo trường hợp ({len(found.alternatives)} trường hợp). Anh/Chị thuộc trường hợp nào?"
    everywhere, outside = _everywhere(found), _outside(found)
    if everywhere:
        listed = _listed("Trường hợp nào cũng cần", (DocumentCase(documents=everywhere),), asked, room - 120)
    elif outside:
        listed = _listed(
            f"{_GENERAL} (có giấy chỉ cần trong vài trường hợp)", (DocumentCase(documents=outside),), asked, room - 120
        )
    else:
        return question
    return f"{listed}\n{question}"


def case_label(case: DocumentCase) -> str:
    """The title of a case without numbering and set words."""
    title = one_line(case.title)
    bare = _TITLE_MARK.sub("", title).strip(" :;,.(") or title
    return (bare[0].upper() + bare[1:]).removesuffix(" gồm").removesuffix(", bao gồm").rstrip(" ,:;")


def paper(document: Document, room: int) -> str:
    """One paper with the numbers of originals and copies, as the source gives them."""
    name = shorten(_name(document), room)
    counts = []
    if document.originals:
        counts.append(f"{document.originals:02d} bản chính")
    if document.copies:
        counts.append(f"{document.copies:02d} bản sao")
    already = re.search(r"bản (?:chính|sao|gốc|chụp)", name, re.IGNORECASE)
    return f"{name} ({', '.join(counts)})" if counts and not already else name


def brief(asked: Asked) -> str:
    """The dossier in a few words for a card."""
    found = papers(asked)
    if found.alternatives:
        return f"tùy trường hợp ({len(found.alternatives)} trường hợp)"
    count = sum(len(case.documents) for case in asked.procedure.cases)
    return f"{count} loại giấy tờ" if count else "chưa ghi trong dữ liệu công bố"


def _everywhere(found: Papers) -> tuple[Document, ...]:
    """Papers named in all cases."""
    first, *others = [case for _, case in found.alternatives]
    known = [{_key(document) for document in case.documents} for case in others]
    return tuple(document for document in first.documents if all(_key(document) in names for names in known))


def _outside(found: Papers) -> tuple[Document, ...]:
    """Papers listed under no case; the source does not say whether every case needs them."""
    return tuple(document for case in found.common for document in case.documents if not _PART.search(case.title))


def _name(document: Document) -> str:
    """The paper's name without its number in the source's list."""
    name = _ENUMERATION.sub("", one_line(document.name)).rstrip(" .;,:") or one_line(document.name)
    return name[0].upper() + name[1:]


def _rank(name: str) -> int:
    return 2 if _SPECIAL.match(name) else 0 if _FORM_FIRST.match(name) else 1


def usual_order(documents: tuple[Document, ...]) -> list[Document]:
    """Forms first, papers for special cases last; the portal's own order means nothing."""
    return sorted(documents, key=lambda d: _rank(_name(d)))


def _key(document: Document) -> str:
    return " ".join(re.findall(r"\w+", fold(document.name)))[:80]


def _with_documents(cases: tuple[DocumentCase, ...]) -> tuple[DocumentCase, ...]:
    return tuple(case for case in cases if case.documents)


def _listed(heading: str, cases: tuple[DocumentCase, ...], asked: Asked, room: int) -> str:
    """The papers of these cases; in a short answer as many of them, and as much of each, as there is room for."""
    total = sum(len(case.documents) for case in cases)
    if asked.whole:
        return "\n".join((*_lines(heading, cases, total, UNLIMITED), *notes(cases, asked, UNLIMITED)))
    text = ""
    for shown, each in _sizes(min(total, MANY_PAPERS)):
        lines = _lines(heading, cases, shown, each)
        if shown < total:
            lines.append(f"… và {total - shown} giấy tờ khác (bấm “Xem đầy đủ”).")
        text = "\n".join(lines)
        if len(text) <= room:
            break
    remarks = notes(cases, asked, _NOTE_ROOM)[:1] if total <= 4 else []
    return "\n".join((text, *(note for note in remarks if len(text) + len(note) < room)))


def _sizes(most: int) -> Iterator[tuple[int, int]]:
    """How many papers and how much of each to try: first less of each, then fewer."""
    yield from ((most, each) for each in (400, 240, 160, 120, 95, 80))
    yield from ((count, 80) for count in range(most - 1, 0, -1))


def _lines(heading: str, cases: tuple[DocumentCase, ...], shown: int, each: int) -> list[str]:
    titled = len(_with_documents(cases)) > 1
    lines = [] if titled and cases[0].title else [f"{heading}:"]
    for number, case in enumerate(cases):
        documents = usual_order(case.documents)[:shown]
        if titled and documents and (case.title or number):
            title = case_label(case) if case.title else _GENERAL
            lines.append(f"{shorten(title, max(each, 60))}:")
        lines += [f"• {paper(document, each)}" for document in documents]
        shown -= len(documents)
    return lines


def notes(cases: tuple[DocumentCase, ...], asked: Asked, longest: int) -> list[str]:
    """The source's remarks on these cases that still hold and are no longer than `longest` characters."""
    said = (in_force(one_line(note), asked.today, prose=True) for case in cases for note in case.notes)
    bare = (_NOTE_MARK.sub("", note).strip() for note in said)
    return [f"Lưu ý: {note}" for note in bare if note and len(note) <= longest]
