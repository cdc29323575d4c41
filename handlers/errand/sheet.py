"""The list to keep: papers, money, where and when, the day it is due, and what to do when it is late."""

import re
from dataclasses import dataclass

from handlers import choices, contacts
from handlers.describe import citation, page
from handlers.describe.followups import FULL
from handlers.describe.office import contact, is_own
from handlers.describe.wording import shorten
from handlers.errand import costs, deadline, papers, places, ways
from handlers.errand.told import WAYS, Errand
from handlers.messages import Choice, Link
from knowledge.cautions import caution
from knowledge.entries import Aspect, SubmissionChannel
from knowledge.staleness import stale_caution

ASPECTS = (Aspect.DOSSIER, Aspect.FEE, Aspect.PLACE, Aspect.TIME)
"""The parts of the procedure that the list answers."""
AGAIN = "Lập lại từ đầu"
_NAME = 150
_SET_WORDS = re.compile(r"^thủ tục\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The list as paragraphs, with what belongs above and under it."""

    title: str
    blocks: tuple[str, ...]
    citation: str
    choices: tuple[Choice, ...]
    links: tuple[Link, ...]


def sheet(errand: Errand) -> Sheet:
    """The whole list of one errand."""
    asked = errand.asked
    parts = (
        _head(errand),
        papers.block(errand),
        costs.block(errand),
        _where(errand),
        deadline.block(asked, errand.ways),
        ways.block(errand),
        late(errand),
    )
    told = tuple(part for part in parts if part)
    cautions = (
        caution(asked.procedure, "\n".join(told), asked.today, basis=False),
        stale_caution(asked.procedure, asked.today, asked.profile.confirm_days),
    )
    return Sheet(
        title=f"Phiếu chuẩn bị: {_bare(asked.procedure.name)}",
        blocks=(*told, *filter(None, cautions)),
        citation=citation(asked.procedure),
        choices=_buttons(errand),
        links=_links(errand),
    )


def late(errand: Errand) -> str:
    """What to do when the day has passed without a result."""
    asked = errand.asked
    receiver = contact(asked.profile) if is_own(asked.procedure, asked.profile) else ""
    ask = f"hỏi nơi tiếp nhận{f' ({receiver})' if receiver else ''}"
    return "\n".join(
        (
            "Quá ngày hẹn mà chưa có kết quả:",
            f"• Tra cứu bằng mã trên giấy hẹn tại dichvucong.gov.vn hoặc VNeID, {ask}.",
            "• Cơ quan trễ hẹn phải có văn bản xin lỗi, nêu lý do và hẹn lại ngày trả (Nghị định 118/2025/NĐ-CP).",
            f"• Vẫn chậm: gửi phản ánh ở {contacts.NATIONAL_PORTAL}, hoặc gọi {contacts.NATIONAL_HOTLINE_NUMBER}.",
        )
    )


def _bare(name: str) -> str:
    bare = _SET_WORDS.sub("", name)
    return shorten(bare[:1].upper() + bare[1:], _NAME)


def _head(errand: Errand) -> str:
    lines = []
    if errand.case:
        lines.append(f"Trường hợp: {papers.label(errand.case)}")
    if len(errand.ways) == 1:
        lines.append(f"Cách nộp: {WAYS[errand.ways[0]].lower()}")
    return "\n".join(lines)


def _where(errand: Errand) -> str:
    asked = errand.asked
    lines = ["Nộp ở đâu, khi nào:"]
    if SubmissionChannel.ONLINE in errand.ways:
        lines.append("• Trực tuyến: trên dichvucong.gov.vn hoặc ứng dụng VNeID, nộp được mọi lúc.")
    if errand.ways == (SubmissionChannel.ONLINE,):
        return "\n".join(lines)
    lines += [f"• {line.removeprefix('• ')}" for line in places.lines(asked, errand.places)]
    if hours := places.hours(asked, errand.places):
        lines.append(f"• {hours}")
    if SubmissionChannel.DIRECT in errand.ways or not errand.ways:
        earliest = deadline.calendar(asked.profile).on_or_after(asked.today)
        if earliest != asked.today:
            lines.append(f"• Ngày làm việc gần nhất: {deadline.day_words(earliest)}.")
    return "\n".join(lines)


def _links(errand: Errand) -> tuple[Link, ...]:
    own = page.links(errand.asked)
    if own or SubmissionChannel.ONLINE not in errand.ways:
        return own
    return (Link("Cổng Dịch vụ công quốc gia", contacts.NATIONAL_PORTAL_ADDRESS),)


def _buttons(errand: Errand) -> tuple[Choice, ...]:
    code = errand.asked.procedure.code
    again = (Choice(AGAIN, choices.for_errand(choices.ErrandStep(code))),) if errand.asked.channels else ()
    form = Choice("Mẫu đơn, tờ khai", choices.for_procedure(code, (Aspect.FORM,)))
    steps = Choice("Các bước", choices.for_procedure(code, (Aspect.STEPS,)))
    return (form, steps, *again, Choice(FULL, choices.for_full(code)))
