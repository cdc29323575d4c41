"""Papers by case, sources and legal basis as the lines of one cell, and back."""

import re
from typing import Any

from knowledge.entries import Document, DocumentCase, LegalReference, Source
from knowledge.importing.reading import Refusal
from knowledge.importing.sheets.lines import (
    day_or_none,
    escape,
    filled_lines,
    joined,
    parts,
    shown_day,
    simplest,
    unescape,
)

_CASE = re.compile(r"trường hợp\s*:", re.IGNORECASE)
_NUMBERED_CASE = re.compile(r"trường hợp\s+\d+\s*:", re.IGNORECASE)
_NOTE = re.compile(r"lưu ý\s*:", re.IGNORECASE)
_FORM = re.compile(r"mẫu\s*:\s*", re.IGNORECASE)
_FILE = re.compile(r"tệp\s*:\s*", re.IGNORECASE)
_COUNT = re.compile(r"(?:số\s*)?(bản chính|bản sao)?\s*:?\s*(-?\d+)?\s*(bản chính|bản sao|bản)?", re.IGNORECASE)
_NUMBER = re.compile(r"\d+[\w/]*/[\w/-]*[^\W\d_][\w-]*|\d+/\d{4}/?[\w-]*")


def read_cases(text: str) -> list[dict[str, Any]]:
    """Papers, one a line, under the headings “Trường hợp: ...”; notes start with “Lưu ý:”. Raises Refusal."""
    cases: list[dict[str, Any]] = []
    for line in filled_lines(text):
        if heading := _CASE.match(line):
            cases.append({"title": unescape(line[heading.end() :])})
        elif _NUMBERED_CASE.match(line):
            cases.append({"title": unescape(line)})
        else:
            if not cases:
                cases.append({})
            if note := _NOTE.match(line):
                cases[-1].setdefault("notes", []).append(unescape(line[note.end() :]))
            else:
                cases[-1].setdefault("documents", []).append(_document(line))
    return cases


def write_cases(cases: tuple[DocumentCase, ...]) -> str:
    """What `read_cases` reads."""
    lines = []
    for place, case in enumerate(cases):
        if place or case.title or not (case.documents or case.notes):
            lines.append(f"Trường hợp: {escape(case.title)}".strip())
        lines += [_written(document) for document in case.documents]
        lines += [f"Lưu ý: {escape(note)}".strip() for note in case.notes]
    return "\n".join(lines)


def _document(line: str) -> dict[str, Any]:
    name, *others = parts(line)
    document: dict[str, Any] = {"name": name}
    forms: list[dict[str, str]] = []
    unnamed = ["originals", "copies"]
    for said in others:
        if form := _FORM.match(said):
            forms.append({"name": said[form.end() :]})
        elif (file := _FILE.match(said)) and forms:
            forms[-1]["url"] = said[file.end() :]
        elif said not in ("", "-"):
            which, number = _counted(said, unnamed)
            document[which] = number
        elif unnamed:
            unnamed.pop(0)
    return {**document, "forms": forms} if forms else document


def _counted(said: str, unnamed: list[str]) -> tuple[str, int]:
    found = _COUNT.fullmatch(said)
    word = (found[1] or found[3] or "").lower() if found else ""
    if found is None or not (word or found[2]) or (word in ("", "bản") and not (unnamed and found[2])):
        raise Refusal("", f"không hiểu phần “{said[:60]}”; viết như “Tờ khai | 1 bản chính | 0 bản sao”")
    which = {"bản chính": "originals", "bản sao": "copies"}.get(word) or unnamed[0]
    if which in unnamed:
        unnamed.remove(which)
    return which, int(found[2] or 1)


def _written(document: Document) -> str:
    said = [escape(document.name, "|")]
    if document.originals is not None:
        said.append(f"{document.originals} bản chính")
    if document.copies is not None:
        said.append(f"{document.copies} bản sao")
    for form in document.forms:
        said.append(f"mẫu: {escape(form.name, '|')}".strip())
        if form.url:
            said.append(f"tệp: {escape(form.url, '|')}")
    line = " | ".join(said).strip() or "|"
    for marker in (_CASE, _NUMBERED_CASE, _NOTE):
        if found := marker.match(line):
            return f"{line[: found.end() - 1]}\\{line[found.end() - 1 :]}"
    return line


def read_sources(text: str) -> list[dict[str, Any]]:
    """Sources, one a line: title | address | day on which it was read. Raises Refusal."""
    return [_source(line) for line in filled_lines(text)]


def write_sources(sources: tuple[Source, ...]) -> str:
    """What `read_sources` reads."""
    lines = []
    for source in sources:
        meant = {"title": source.title, "url": source.url, "as_of": source.as_of and source.as_of.isoformat()}
        exact = " | ".join((escape(source.title, "|"), escape(source.url, "|"), shown_day(source.as_of))).strip()
        lines.append(simplest(joined(source.title, source.url, shown_day(source.as_of)), exact, _source, meant))
    return "\n".join(lines)


def _source(line: str) -> dict[str, Any]:
    said = parts(line)
    if len(said) > 3:
        raise Refusal("", f"thừa dấu | trong “{line[:60]}”; viết: tên nguồn | địa chỉ | ngày")
    title, url, day = [*said, "", ""][:3]
    if len(said) == 2 and day_or_none(url):
        url, day = "", url
    if day and day_or_none(day) is None:
        raise Refusal("", f"“{day[:30]}” không phải ngày dạng 31/12/2026")
    read = day_or_none(day)
    return {"title": title, "url": url, "as_of": read.isoformat() if read else None}


def read_legal(text: str) -> list[dict[str, Any]]:
    """Legal basis, one a line: number | title, or one of the two. Raises Refusal."""
    return [_reference(line) for line in filled_lines(text)]


def write_legal(references: tuple[LegalReference, ...]) -> str:
    """What `read_legal` reads."""
    lines = []
    for reference in references:
        meant = {"number": reference.number, "title": reference.title}
        plain = escape(reference.number or reference.title, "|")
        exact = f"{escape(reference.number, '|')} | {escape(reference.title, '|')}".strip()
        lines.append(simplest(plain, exact, _reference, meant))
    return "\n".join(lines)


def _reference(line: str) -> dict[str, Any]:
    said = parts(line)
    if len(said) > 2:
        raise Refusal("", f"thừa dấu | trong “{line[:60]}”; viết: số hiệu | tên văn bản")
    if len(said) == 2:
        return {"number": said[0], "title": said[1]}
    return {"number": said[0], "title": ""} if _NUMBER.fullmatch(said[0]) else {"number": "", "title": said[0]}
