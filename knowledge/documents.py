"""Turns published entries into what is indexed: titles, weighted texts and a few facts for ranking."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.entries import FAQ_PREFIX, Faq, Level, Procedure
from knowledge.operations import BUSINESS, CITIZEN, OFFICIAL

FIELDS = ("name", "variants", "keywords", "field", "result", "steps", "dossier", "conditions", "subjects", "agency")
"""Text fields of an indexed entry, in the order of `Document.texts`."""
WEIGHTS = (3.0, 2.0, 1.0, 0.8, 0.5, 0.25, 0.25, 0.2, 0.1, 0.2)
LENGTH_PENALTIES = (0.3, 0.3, 0.3, 0.3, 0.5, 0.6, 0.6, 0.6, 0.3, 0.3)
LONGEST = (600, 3000, 300, 200, 300, 600, 900, 400, 200, 200)
"""Characters of each field that are read: long dossiers would drown the titles."""
MOST_PHRASES = 60
"""Ways to say one entry that are compared one by one; more than that are left out."""

_LEADING = re.compile(r"^(?:\s*(?:thủ tục|tthc)\b(?!\s+(?:hải quan|hành chính))[\s:,-]*)+", re.IGNORECASE)
_LEVEL_NOTE = re.compile(
    r"\s*[(\[-]\s*(?:thực hiện\s+)?(?:tại |ở )?(?:cấp|cơ quan|bộ phận)\s+(?:xã|tỉnh|trung ương|bộ|huyện)"
    r"[^()\[\]]{0,40}[)\]]?\s*$",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"\s*[,(]?\s*thuộc thẩm quyền (?:giải quyết |quyết định |cấp )?của .{4,90}$", re.IGNORECASE)
_CLOSER = re.compile(
    r"[(;]|,? (?:đối với|trong trường hợp|trường hợp|theo quy định|quy định tại|thuộc thẩm quyền|trên địa bàn"
    r"|do (?:cơ quan|bị|thay)|áp dụng)(?= )",
    re.IGNORECASE,
)
SHORTEST_HEAD = 3
"""Words that the head of a title needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One entry as the index sees it.

    name: the stripped official name, "" for a question of the FAQ base; head: the name without what it adds
    after "đối với", "(", ";" ..., empty where that is nothing; phrases: the other ways to say it.
    """

    ref: str
    title: str
    name: str
    head: str
    phrases: tuple[str, ...]
    texts: tuple[str, ...]
    level: Level = Level.UNKNOWN
    agency: str = ""
    field: str = ""
    province: str = ""
    subjects: int = 0


def bare_title(name: str) -> str:
    """The name without "Thủ tục", the note of the level and the authority: the words people might say."""
    stripped = _LEVEL_NOTE.sub("", _AUTHORITY.sub("", _LEADING.sub("", name))).strip(" .,;:")
    return stripped or name


def head_of(title: str) -> str:
    """The first part of a long title, up to the first closer description; "" for a title without one."""
    match = _CLOSER.search(title)
    head = title[: match.start()].strip(" ,") if match else ""
    return head if len(head.split()) >= SHORTEST_HEAD else ""


def of_procedure(procedure: Procedure, aliases: Iterable[str] = ()) -> Document:
    """The indexed form of a procedure; `aliases` are everyday phrases beside its own."""
    name = bare_title(procedure.name)
    dossier = [part for case in procedure.cases for part in (case.title, *(d.name for d in case.documents))]
    agency = procedure.executing_agency or procedure.competent_agency or procedure.issuing_agency
    return Document(
        ref=procedure.code,
        title=procedure.name,
        name=name,
        head=head_of(name),
        phrases=_once((*procedure.aliases, *aliases)),
        texts=_cut(
            name,
            "",
            procedure.keywords,
            procedure.field,
            procedure.results,
            procedure.steps,
            " . ".join(dossier),
            procedure.conditions,
            " . ".join(procedure.subjects),
            agency,
        ),
        level=procedure.level,
        agency=agency,
        field=procedure.field,
        province=procedure.province or "",
        subjects=_subjects(procedure.subjects),
    )


def of_faq(faq: Faq, aliases: Iterable[str] = ()) -> Document:
    """The indexed form of a question of the FAQ base."""
    phrases = _once((faq.question, *faq.variants, *aliases))
    return Document(
        ref=FAQ_PREFIX + faq.id,
        title=faq.question,
        name="",
        head="",
        phrases=phrases,
        texts=_cut(faq.question, " . ".join(phrases[1:]), "", faq.topic, "", faq.answer, "", "", "", ""),
    )


def _once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase.strip()))[:MOST_PHRASES]


def _cut(*texts: str) -> tuple[str, ...]:
    return tuple(text[:longest] for text, longest in zip(texts, LONGEST, strict=True))


def _subjects(subjects: tuple[str, ...]) -> int:
    joined = " ".join(subjects).lower()
    found = 0
    if "công dân" in joined or "người nước ngoài" in joined or "định cư" in joined:
        found |= CITIZEN
    if "doanh nghiệp" in joined.replace("không bao gồm doanh nghiệp", "") or "hợp tác xã" in joined:
        found |= BUSINESS
    if "cán bộ" in joined or "công chức" in joined or "đảng" in joined:
        found |= OFFICIAL
    return found
