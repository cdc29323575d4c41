"""What an errand knows so far, and the next question to ask about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from handlers import choices
from handlers.choices import ErrandStep
from handlers.describe import Asked, dossier
from handlers.describe.wording import shorten
from handlers.errand import places
from handlers.messages import Choice
from knowledge.entries import DocumentCase, LocalOverlay, Office, OfficeProfile, Procedure, SubmissionChannel

MOST_CASES = 9
ALL_THE_SAME = 0
"""Number of the case, or of the office, for somebody who does not know or does not mind."""
_CASE_LABEL = 80
WAYS = {
    SubmissionChannel.ONLINE: "Nộp trực tuyến",
    SubmissionChannel.DIRECT: "Đến nộp trực tiếp",
    SubmissionChannel.POSTAL: "Gửi qua bưu chính",
}
SHORT_WAYS = {
    SubmissionChannel.ONLINE: "Trực tuyến",
    SubmissionChannel.DIRECT: "Trực tiếp",
    SubmissionChannel.POSTAL: "Bưu chính",
}
WHICH_CASE = "Anh/Chị thuộc trường hợp nào?"
WHICH_WAY = "Anh/Chị nộp hồ sơ bằng cách nào?"
WHICH_OFFICE = "Anh/Chị nộp ở đâu?"
ANY_CASE = "Chưa rõ (ghi mọi trường hợp)"
ANY_WAY = "Chưa chọn (so sánh các cách)"
ANY_OFFICE = "Chưa chọn (ghi mọi nơi)"


@dataclass(frozen=True, slots=True)
class Question:
    """One short question. choices: each carries the errand with its answer in it; the last: it does not matter."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Errand:
    """One procedure to be prepared for. step: what has been told; offices: the places that receive it."""

    asked: Asked
    step: ErrandStep
    offices: tuple[Office, ...] = ()

    @property
    def alternatives(self) -> tuple[tuple[int, DocumentCase], ...]:
        """The cases to choose from, with their numbers in the procedure."""
        return dossier.papers(self.asked).alternatives

    @property
    def case(self) -> DocumentCase | None:
        """The case chosen."""
        return next((case for number, case in self.alternatives if number == self.step.case), None)

    @property
    def ways(self) -> tuple[SubmissionChannel, ...]:
        """The channels that the errand may go by: the one chosen, else all."""
        way = self.step.channel
        return (way,) if way in self.asked.channels else tuple(way for way in WAYS if way in self.asked.channels)

    @property
    def places(self) -> tuple[Office, ...]:
        """The offices that the errand may go to: the one chosen, else all."""
        number = self.step.office or ALL_THE_SAME
        return self.offices[number - 1 : number] or self.offices if number else self.offices


class Known(Protocol):
    """What of the published base an errand needs."""

    @property
    def profile(self) -> OfficeProfile: ...

    def overlay(self, code: str) -> LocalOverlay | None: ...

    def offices(self) -> tuple[Office, ...]: ...


def errand_of(procedure: Procedure, step: ErrandStep, knowledge: Known, today: date, *, whole: bool = False) -> Errand:
    """The errand with what is published about its procedure. whole: nothing is to be shortened."""
    asked = Asked(
        procedure=procedure,
        today=today,
        profile=knowledge.profile,
        overlay=knowledge.overlay(procedure.code),
        case=step.case or None,
        whole=whole,
    )
    return Errand(asked, replace(step, code=procedure.code), places.receiving(procedure, knowledge.offices()))


def next_question(errand: Errand) -> Question | None:
    """Which case, which channel, where: the first that is still open; None when everything is told."""
    return next(_open(errand), None)


def finished(errand: Errand) -> ErrandStep:
    """The step with nothing left open, so that one value says all of it."""
    step = errand.step
    return replace(step, case=step.case or ALL_THE_SAME, way_told=True, office=step.office or ALL_THE_SAME)


def _open(errand: Errand) -> Iterator[Question]:
    step = errand.step
    if step.case is None:
        if len(errand.alternatives) > 1:
            yield _which_case(errand)
        step = replace(step, case=ALL_THE_SAME)
    if not step.way_told:
        if len(errand.asked.channels) > 1:
            yield _which_way(errand, step)
        step = replace(step, way_told=True)
    if step.office is None and len(errand.offices) > 1 and step.channel is not SubmissionChannel.ONLINE:
        yield _which_office(errand, step)


def _which_case(errand: Errand) -> Question:
    numbers = [number for number, _ in errand.alternatives]
    names = told_apart([dossier.case_label(case) for _, case in errand.alternatives])
    cases = [
        Choice(name, choices.for_errand(replace(errand.step, case=number)))
        for name, number in zip(names, numbers, strict=True)
    ]
    unsure = Choice(ANY_CASE, choices.for_errand(replace(errand.step, case=ALL_THE_SAME)))
    return Question(WHICH_CASE, (*cases[:MOST_CASES], unsure))


def told_apart(names: Sequence[str]) -> list[str]:
    """The names short enough for a button; those that begin alike by both ends, at last by their numbers."""
    short = [shorten(name, _CASE_LABEL) for name in names]
    alike = Counter(short)
    both = [_both_ends(name) if alike[begun] > 1 else begun for name, begun in zip(names, short, strict=True)]
    alike = Counter(both)
    return [f"{n}) {name}" if alike[name] > 1 else name for n, name in enumerate(both, start=1)]


def _both_ends(name: str) -> str:
    if len(name) <= _CASE_LABEL:
        return name
    head, tail = name[: _CASE_LABEL // 2 - 2], name[-_CASE_LABEL // 2 + 2 :]
    return f"{head.rsplit(' ', 1)[0]} … {tail.split(' ', 1)[-1]}"


def _which_way(errand: Errand, step: ErrandStep) -> Question:
    offered = [
        Choice(label, choices.for_errand(replace(step, channel=way, way_told=True)))
        for way, label in WAYS.items()
        if way in errand.asked.channels
    ]
    unsure = Choice(ANY_WAY, choices.for_errand(replace(step, channel=None, way_told=True)))
    return Question(WHICH_WAY, (*offered, unsure))


def _which_office(errand: Errand, step: ErrandStep) -> Question:
    offered = [
        Choice(shorten(office.name, _CASE_LABEL), choices.for_errand(replace(step, office=number)))
        for number, office in enumerate(errand.offices[:MOST_CASES], start=1)
    ]
    unsure = Choice(ANY_OFFICE, choices.for_errand(replace(step, office=ALL_THE_SAME)))
    return Question(WHICH_OFFICE, (*offered, unsure))
