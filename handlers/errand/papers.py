"""The papers of this errand only, each on a line of its own to be ticked off."""

from dataclasses import replace

from handlers.describe import dossier
from handlers.describe.office import ask_there
from handlers.describe.wording import UNLIMITED, shorten
from handlers.errand.told import Errand
from knowledge.entries import Document, DocumentCase, SubmissionChannel

MOST_PAPERS = 14
"""Papers shown in a chat; the printed list has all of them, in full."""
MOST_NOTES = 2
_PAPER = 170
_TITLE = 120
_NOTE = 200
ONLINE = "Nộp trực tuyến: chuẩn bị bản chụp hoặc bản quét rõ của các giấy tờ trên và tài khoản VNeID để đăng nhập."


def block(errand: Errand) -> str:
    """The list; where the case is not told, what is common and then each case by its name."""
    found = dossier.papers(errand.asked)
    chosen = (replace(errand.case, title=""),) if errand.case else tuple(case for _, case in found.alternatives)
    groups = [case for case in (*chosen, *found.common) if case.documents]
    if not groups:
        return f"Giấy tờ: dữ liệu công bố chưa ghi thành phần hồ sơ. {ask_there(errand.asked)}"
    return "\n".join((*_listed(groups, whole=errand.asked.whole), *_remarks(errand, (*chosen, *found.common))))


def label(case: DocumentCase) -> str:
    """A case by its name, short enough for a heading."""
    return shorten(dossier.case_label(case), _TITLE)


def _listed(groups: list[DocumentCase], *, whole: bool) -> list[str]:
    lines, room = ["Giấy tờ cần chuẩn bị:"], UNLIMITED if whole else _PAPER
    most = left = UNLIMITED if whole else MOST_PAPERS
    titled = len(groups) > 1
    for number, case in enumerate(groups):
        documents = _once(dossier.usual_order(case.documents))[:left]
        if titled and documents and (case.title or number):
            lines.append(f"{label(case) if case.title else 'Giấy tờ ghi chung'}:")
        lines += [f"• {dossier.paper(document, room)}" for document in documents]
        left -= len(documents)
    missing = sum(len(_once(list(case.documents))) for case in groups) - (most - left)
    return [*lines, f"… và {missing} giấy tờ khác (bấm “Xem đầy đủ”)."] if missing > 0 else lines


def _once(documents: list[Document]) -> list[Document]:
    return list({document.name: document for document in documents}.values())


def _remarks(errand: Errand, cases: tuple[DocumentCase, ...]) -> list[str]:
    whole = errand.asked.whole
    told = dossier.notes(cases, errand.asked, UNLIMITED if whole else _NOTE)
    notes = [note for note in told if not note.endswith(":")][: None if whole else MOST_NOTES]
    return [*notes, ONLINE] if errand.ways == (SubmissionChannel.ONLINE,) else notes
