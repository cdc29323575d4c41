"""The buttons under an answer: which case, the other parts, the whole page."""

from handlers import choices
from handlers.describe import dossier, fee, form
from handlers.describe.asked import Asked
from handlers.describe.wording import shorten
from handlers.messages import Choice
from knowledge.entries import Aspect, SubmissionChannel

LABELS = {
    Aspect.DOSSIER: "Giấy tờ cần có",
    Aspect.FEE: "Phí, lệ phí",
    Aspect.TIME: "Thời hạn",
    Aspect.PLACE: "Nơi nộp",
    Aspect.STEPS: "Các bước",
    Aspect.ONLINE: "Nộp trực tuyến",
    Aspect.POSTAL: "Nộp qua bưu chính",
    Aspect.FORM: "Mẫu đơn, tờ khai",
    Aspect.CONDITIONS: "Điều kiện",
    Aspect.RESULT: "Kết quả",
    Aspect.LEGAL: "Căn cứ pháp lý",
}
FULL = "Xem đầy đủ"
PREPARE = "Chuẩn bị hồ sơ"
MOST_PARTS = 3
MOST_CASES = 5
_CASE_LABEL = 80


def buttons(asked: Asked) -> tuple[Choice, ...]:
    """Cases to choose from where the answer depends on one, else other parts and the errand; last the whole page."""
    whole = Choice(FULL, choices.for_full(asked.procedure.code))
    cases = _cases(asked)
    if cases:
        kept = cases if len(cases) <= MOST_CASES else cases[: MOST_CASES - 1]
        last = whole if kept is cases else Choice("Các trường hợp khác (xem đầy đủ)", whole.value)
        return (*kept, last)
    return (*_parts(asked), Choice(PREPARE, choices.for_errand(choices.ErrandStep(asked.procedure.code))), whole)


def _cases(asked: Asked) -> tuple[Choice, ...]:
    code = asked.procedure.code
    if asked.case is not None:
        return ()
    if Aspect.DOSSIER in asked.aspects:
        return tuple(
            Choice(
                shorten(dossier.case_label(case), _CASE_LABEL), choices.for_procedure(code, (Aspect.DOSSIER,), number)
            )
            for number, case in dossier.papers(asked).alternatives
        )
    if Aspect.FEE in asked.aspects and fee.depends_on_case(asked):
        return tuple(
            Choice(_end_of(line), choices.for_procedure(code, (Aspect.FEE,), number))
            for number, line in enumerate(fee.cases(asked), start=1)
        )
    return ()


def _end_of(line: str) -> str:
    """A long fee line by its end, where what it is for and the amount stand."""
    return line if len(line) <= _CASE_LABEL else "… " + line[2 - _CASE_LABEL :].split(" ", 1)[-1]


def _parts(asked: Asked) -> tuple[Choice, ...]:
    others = [aspect for aspect in LABELS if aspect not in asked.aspects and _recorded(asked, aspect)]
    return tuple(Choice(LABELS[a], choices.for_procedure(asked.procedure.code, (a,))) for a in others[:MOST_PARTS])


def _recorded(asked: Asked, aspect: Aspect) -> bool:
    """True if the source says anything about this part."""
    procedure = asked.procedure
    match aspect:
        case Aspect.DOSSIER:
            return any(case.documents for case in procedure.cases)
        case Aspect.FEE:
            return any(method.fees for method in procedure.methods) or bool(asked.overlay and asked.overlay.fee)
        case Aspect.STEPS:
            return bool(procedure.steps)
        case Aspect.ONLINE:
            return bool(asked.methods(SubmissionChannel.ONLINE))
        case Aspect.POSTAL:
            return bool(asked.methods(SubmissionChannel.POSTAL))
        case Aspect.FORM:
            return form.exists(asked)
        case Aspect.CONDITIONS:
            return bool(procedure.conditions)
        case Aspect.RESULT:
            return bool(procedure.results)
        case Aspect.LEGAL:
            return bool(procedure.legal_basis)
        case _:
            return True
