"""What a procedure shall say once a decision is in force."""

import re
from dataclasses import replace
from datetime import date

from knowledge.entries import Fee, LegalReference, Level, Method, Procedure, SubmissionChannel, TimeLimit, TimeUnit
from knowledge.importing.decisions.annex import AnnexRow
from knowledge.importing.fees import SMALLEST, is_free
from knowledge.text import clean, fold

_TIME = re.compile(
    r"(\d{1,3}(?:[.,]\d)?)\s*(?:\([^)]{1,40}\)\s*)?(ngày làm việc|ngày|giờ làm việc|giờ|tháng|năm)(?!\s*\d)",
    re.IGNORECASE,
)
_UNITS = {
    "ngày làm việc": TimeUnit.WORKING_DAY,
    "ngày": TimeUnit.DAY,
    "giờ làm việc": TimeUnit.HOUR,
    "giờ": TimeUnit.HOUR,
    "tháng": TimeUnit.MONTH,
    "năm": TimeUnit.YEAR,
}
_ONE_SUM = re.compile(
    r"(?:lệ phí|phí)?\s*:?\s*(\d{1,3}(?:[.,]\d{3})+|\d{4,9})\s*(?:đồng|vnđ|vnd|đ)\b\.?(?:\s*/\s*[^\d;,.]{1,40})?\.?",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\d+[\w/]*/[\w/-]*[^\W\d_][\w-]*|\d+/\d{4}/?[\w-]*")
_ITEM = re.compile(r"\s*(?:[-+•*–]|\d{1,2}[.)])\s*")
_WAYS = (
    (SubmissionChannel.DIRECT, ("truc tiep",)),
    (SubmissionChannel.ONLINE, ("truc tuyen", "cong dich vu cong", "dien tu", "online")),
    (SubmissionChannel.POSTAL, ("buu chinh", "buu dien")),
)


def shall_say(row: AnnexRow, held: Procedure | None, *, code: str, decision: str, on: date | None) -> Procedure:
    """The procedure as the row makes it: what the row does not say stays as it is held.

    held: what is published, or a fuller draft from the portal; None = the row is all that is known of it.
    """
    known = held or Procedure(code=code, name=row.name)
    methods = _methods(row, known.methods)
    return replace(
        known,
        code=code,
        name=row.name or known.name,
        field=row.field or known.field if held is None else known.field or row.field,
        level=row.level if row.level is not Level.UNKNOWN and known.level is Level.UNKNOWN else known.level,
        executing_agency=row.agency or known.executing_agency,
        receiving_address=clean(row.where) or known.receiving_address,
        methods=methods,
        legal_basis=legal_references(row.legal) or known.legal_basis,
        decision_number=decision or known.decision_number,
        effective_from=on,
        effective_to=None,
    )


def time_limit(text: str) -> TimeLimit | None:
    """A time limit as written; with a number only where the text names one and no more. None for no text."""
    if not text.strip():
        return None
    found = _TIME.findall(text)
    if len(found) == 1 and not re.search(r"trường hợp|đối với", text, re.IGNORECASE):
        return TimeLimit(amount=float(found[0][0].replace(",", ".")), unit=_UNITS[found[0][1].lower()], text=text)
    return TimeLimit(text=text)


def fees(text: str) -> tuple[Fee, ...]:
    """The fees as written; an amount only where one sum is all that is said, or nothing is charged."""
    said = text.strip()
    if not said or said in ("-", "–"):
        return ()
    if is_free(said):
        return (Fee(amount=0, text=said),)
    single = _ONE_SUM.fullmatch(said)
    amount = int(re.sub(r"[.,]", "", single[1])) if single else None
    return (Fee(amount=amount if amount is None or amount >= SMALLEST else None, text=said),)


def legal_references(text: str) -> tuple[LegalReference, ...]:
    """The legal documents that a cell names, one a line or parted by semicolons."""
    found = []
    for part in re.split(r"\n|;", text):
        said = clean(_ITEM.sub("", part, count=1)).rstrip(" .,")
        if said:
            number = _DOCUMENT.search(said)
            found.append(LegalReference(number=number[0] if number else "", title=said))
    return tuple(dict.fromkeys(found))


def _methods(row: AnnexRow, known: tuple[Method, ...]) -> tuple[Method, ...]:
    limit, charged = time_limit(row.time), fees(row.fee)
    if not known:
        words = fold(row.way)
        ways = [way for way, names in _WAYS if any(name in words for name in names)] or [SubmissionChannel.DIRECT]
        known = tuple(Method(channel=way) for way in ways) if limit or charged or row.way else ()
    return tuple(replace(one, time=limit or one.time, fees=charged or one.fees) for one in known)
