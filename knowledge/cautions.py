"""What makes a published entry doubtful: wording of the abolished district level, law known to be repealed."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from knowledge.clauses import last_day, vn_date
from knowledge.entries import Procedure

DISTRICT_ENDED = date(2025, 7, 1)
"""From this day on there is no district level; the tasks went to the communes and the provinces."""

_ORGAN = (
    r"(?:[Cc]ấp|[Tt]uyến|UBND|HĐND|(?:Ủy|Uỷ) ban nhân dân|Hội đồng nhân dân|Công an|[Cc]hỉ huy quân sự|BHXH"
    r"|[Bb]ảo hiểm xã hội|[Tt]hanh tra|[Tt]òa án nhân dân|[Vv]iện kiểm sát nhân dân|[Hh]ội [Nn]ông dân"
    r"|(?:Phòng|Trung tâm|Chi cục)(?: [^\W\d]+){1,6})"
)
_DISTRICT = re.compile(
    rf"{_ORGAN}\s+(?:quận\s*,\s*|thị\s+xã\s*,\s*)?(?:huyện|quận(?!\s+\d)|thị\s+xã)(?!\w)|thành phố thuộc tỉnh",
)
_BYGONE_BEFORE = re.compile(
    r"(?:quy hoạch|kế hoạch)[^.;\n]{0,40}$|(?:trước đây|nguyên|bãi bỏ|kết thúc)[^.;\n]{0,30}$", re.IGNORECASE
)
_BYGONE_AFTER = re.compile(r"\s*(?:\(cũ\)|\(đã bỏ|cũ\b|trước đây|trước ngày|đã (?:cấp|phê duyệt))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repealed:
    """A document that no longer holds. since: the first day without it, None = the day is not known."""

    number: str
    what: str
    since: date | None
    now: str


@functools.cache
def repealed_documents() -> tuple[Repealed, ...]:
    """Documents known to be repealed, from the data file beside the lexicon."""
    table = files("knowledge").joinpath("lexicon/repealed.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return tuple(Repealed(row[0], row[1], date.fromisoformat(row[2]) if row[2] else None, row[3]) for row in rows)


def names_district(text: str) -> bool:
    """True if a text speaks of the district level as if it still existed; history and old planning do not count."""
    if not any(word in text for word in ("huyện", "quận", "thị xã", "thành phố thuộc tỉnh")):
        return False
    for match in _DISTRICT.finditer(text):
        if not (_BYGONE_BEFORE.search(text[: match.start()]) or _BYGONE_AFTER.match(text[match.end() :])):
            return True
    return False


def repealed_in(text: str, today: date) -> tuple[Repealed, ...]:
    """Documents cited in a text that no longer hold on this day."""
    return tuple(
        document
        for document in repealed_documents()
        if document.number in text
        and re.search(rf"(?<!\d){re.escape(document.number)}", text)
        and (document.since is None or document.since <= today)
    )


def review_reasons(procedure: Procedure, today: date) -> tuple[str, ...]:
    """Why staff should look at this entry; empty when nothing is known against it."""
    reasons = []
    parts = [label for label, text in _parts(procedure) if names_district(text)]
    if parts:
        reasons.append(f"Còn nhắc cấp huyện (đã bỏ từ {vn_date(DISTRICT_ENDED)}) ở: {', '.join(dict.fromkeys(parts))}.")
    everything = "\n".join((*(text for _, text in _parts(procedure)), _basis(procedure)))
    for document in repealed_in(everything, today):
        since = f"hết hiệu lực từ {vn_date(document.since)}" if document.since else "đã được thay thế"
        reasons.append(f"Dẫn {document.what} ({document.number}), {since}; nay là {document.now}.")
    fees = "\n".join(fee.text for method in procedure.methods for fee in method.fees)
    ended = last_day(fees, today) or last_day(everything, today, prose=True)
    if ended:
        reasons.append(f"Có nội dung chỉ áp dụng đến hết {vn_date(ended)}.")
    return tuple(reasons)


def caution(procedure: Procedure, shown_text: str, today: date, *, basis: bool = False) -> str:
    """One line for citizens when what is shown is doubtful; "" otherwise.

    basis: the legal basis matters too, because it was asked for.
    """
    if names_district(shown_text):
        return (
            f"Lưu ý: nội dung công bố còn nhắc cấp huyện (đã bỏ từ {vn_date(DISTRICT_ENDED)}). "
            "Anh/Chị hỏi lại nơi tiếp nhận trước khi đi."
        )
    read = f"{shown_text}\n{_basis(procedure)}" if basis else shown_text
    cited = repealed_in(read, today) or _superseded(procedure, today)
    if not cited:
        return ""
    return (
        f"Lưu ý: thủ tục này còn dẫn {cited[0].what}, đã hết hiệu lực; nay là {cited[0].now}. "
        "Anh/Chị hỏi lại nơi tiếp nhận."
    )


def _superseded(procedure: Procedure, today: date) -> tuple[Repealed, ...]:
    """Repealed laws (not decrees) in the basis: they carry the time limits and duties of the whole procedure."""
    return tuple(document for document in repealed_in(_basis(procedure), today) if document.what.startswith("Luật"))


def _basis(procedure: Procedure) -> str:
    return "\n".join(f"{item.number} {item.title}" for item in procedure.legal_basis)


def _parts(procedure: Procedure) -> Iterator[tuple[str, str]]:
    yield "tên", procedure.name
    yield "cơ quan", "\n".join((procedure.executing_agency, procedure.competent_agency, procedure.receiving_address))
    yield "trình tự", procedure.steps
    yield "điều kiện", procedure.conditions
    yield "kết quả", procedure.results
    for case in procedure.cases:
        yield "hồ sơ", "\n".join((case.title, *(document.name for document in case.documents), *case.notes))
    for method in procedure.methods:
        yield "phí, thời hạn", "\n".join((*(fee.text for fee in method.fees), method.time.text if method.time else ""))
