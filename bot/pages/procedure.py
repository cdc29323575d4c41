"""Everything that the page of one procedure shows, in the order in which people need it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.web.downloads import address, details
from bot.web.markup import Part, is_web_address, parts
from handlers.describe import Asked, citation, conditions, dossier, fee, form, legal, place, result, steps, time
from handlers.describe.asked import CHANNEL_NAMES
from handlers.describe.office import elsewhere
from handlers.describe.wording import UNLIMITED, one_line
from handlers.messages import Link
from knowledge.attachments import opens_by_link
from knowledge.cautions import caution
from knowledge.clauses import in_force, vn_date
from knowledge.entries import DocumentCase, LocalOverlay, Procedure, SubmissionChannel
from knowledge.forms import LocalForm
from knowledge.staleness import stale_caution

NOT_RECORDED = "Chưa ghi trong dữ liệu công bố"
FEE_ENDED = "Mức phí công bố đã hết thời gian áp dụng"
TRIPS = {
    SubmissionChannel.DIRECT: "Thường 2 lượt: nộp hồ sơ, nhận kết quả. Còn 1 lượt nếu nhận kết quả qua bưu chính.",
    SubmissionChannel.ONLINE: "Không phải đi, trừ khi phải đối chiếu bản chính hoặc nhận kết quả tại quầy.",
    SubmissionChannel.POSTAL: "Không phải đi, trừ khi phải đối chiếu bản chính; cước bưu chính trả riêng.",
}
"""How often one has to go; the published data does not say, so the page calls it a general estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One channel: money, days, trips, side by side with the others."""

    name: str
    fees: Sequence[str]
    time: str
    trips: str
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper to tick. id: the same on every visit."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Papers that belong together; title "" where there is one group only; folded: of a case not chosen."""

    title: str
    papers: Sequence[Paper]
    notes: Sequence[str]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case to choose from, by its number in the procedure."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the procedure in running text."""

    id: str
    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Form:
    """A form to fill in. url: "" where there is none to open; kept: kind and size of our copy, "" without one."""

    name: str
    url: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the office itself adds, as its own."""

    lines: Sequence[tuple[str, str]]
    source: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedurePage:
    """The page's content; every text holds on the day it was made for."""

    procedure: Procedure
    citation: str
    ways: Sequence[Way]
    ways_note: Sequence[Part]
    cases: Sequence[Case]
    case: int | None
    groups: Sequence[Group]
    no_papers: Sequence[Part]
    forms: Sequence[Form]
    links: Sequence[Link]
    sections: Sequence[Section]
    own: Own | None
    elsewhere: str
    cautions: Sequence[str]


def procedure_page(asked: Asked, kept: Mapping[str, LocalForm] | None = None) -> ProcedurePage:
    """The content for one procedure; asked.case: the case that the visitor chose, ignored where there is none such.

    kept: our copies of its form files, by the address under which they are published.
    """
    found = dossier.papers(asked)
    chosen = asked.case if any(number == asked.case for number, _ in found.alternatives) else None
    whole = replace(asked, whole=True, case=None, overlay=None)
    groups = tuple(_groups(found, chosen, asked))
    ways = tuple(_way(asked, channel) for channel in asked.channels)
    sections = tuple(_sections(whole))
    shown = "\n".join(
        (
            *(line for way in ways for line in (*way.fees, way.time, *way.notes)),
            *(paper.text for group in groups for paper in group.papers),
            *(note for group in groups for note in group.notes),
            *(piece.text for section in sections for part in section.parts for line in part.lines for piece in line),
        )
    )
    return ProcedurePage(
        procedure=asked.procedure,
        citation=citation(asked.procedure),
        ways=ways,
        ways_note=_ways_note(whole),
        cases=tuple(Case(number, dossier.case_label(case)) for number, case in found.alternatives),
        case=chosen,
        groups=groups,
        no_papers=() if groups else parts([dossier.paragraph(whole, UNLIMITED)]),
        forms=tuple(_forms(asked.procedure, kept or {})),
        links=tuple(link for link in form.links(asked) if is_web_address(link.url)),
        sections=sections,
        own=_own(asked.overlay) if asked.overlay else None,
        elsewhere=elsewhere(asked),
        cautions=cautions(asked, shown, basis=True),
    )


def cautions(asked: Asked, shown: str, *, basis: bool) -> tuple[str, ...]:
    """What makes the text that is shown doubtful; basis: the legal basis is shown too."""
    doubtful = caution(asked.procedure, shown, asked.today, basis=basis)
    stale = stale_caution(asked.procedure, asked.today, asked.profile.confirm_days)
    return tuple(filter(None, (doubtful, stale)))


def _way(asked: Asked, channel: SubmissionChannel) -> Way:
    fees = fee.of_channel(asked, channel)
    if not fees:
        fees = (FEE_ENDED if fee.has_ended(asked, channel) else NOT_RECORDED,)
    said = (in_force(one_line(method.note), asked.today, prose=True) for method in asked.methods(channel))
    name = CHANNEL_NAMES[channel]
    return Way(
        name=name[:1].upper() + name[1:],
        fees=fees,
        time=time.of_channel(asked, channel) or NOT_RECORDED,
        trips=TRIPS[channel],
        notes=tuple(dict.fromkeys(filter(None, said))),
    )


def _ways_note(whole: Asked) -> Sequence[Part]:
    """What is to be said where no channel has a fee or a time limit."""
    blocks = []
    if not any(fee.of_channel(whole, channel) for channel in whole.channels):
        blocks.append(fee.paragraph(whole, UNLIMITED))
    if not any(time.of_channel(whole, channel) for channel in whole.channels):
        blocks.append(time.paragraph(whole, UNLIMITED))
    return parts(blocks)


def _groups(found: dossier.Papers, chosen: int | None, asked: Asked) -> Iterator[Group]:
    """Papers of the chosen case first, then those outside of all cases; without a choice every case, folded."""
    cases = [(number, case, False) for number, case in found.alternatives if number == chosen]
    cases += [(0, case, False) for case in found.common]
    if chosen is None:
        cases += [(number, case, True) for number, case in found.alternatives]
    kept = [entry for entry in cases if entry[1].documents or entry[1].notes]
    for place_in_list, (number, case, folded) in enumerate(kept):
        papers = tuple(
            Paper(f"g{number or f'c{place_in_list}'}-{n}", dossier.paper(document, UNLIMITED))
            for n, document in enumerate(dossier.usual_order(case.documents), start=1)
        )
        remarks = tuple(dossier.notes((case,), asked, UNLIMITED))
        if papers or remarks:
            yield Group(title=_title(case, len(kept)), papers=papers, notes=remarks, folded=folded)


def _title(case: DocumentCase, among: int) -> str:
    if case.title:
        return dossier.case_label(case)
    return "Giấy tờ ghi chung" if among > 1 else ""


def _forms(procedure: Procedure, kept: Mapping[str, LocalForm]) -> Iterator[Form]:
    files = (file for case in procedure.cases for document in case.documents for file in document.forms)
    for file in dict.fromkeys(files):
        if copy := kept.get(file.url):
            yield Form(file.name, address(copy), details(copy))
        else:
            yield Form(file.name, file.url if opens_by_link(file.url) and is_web_address(file.url) else "")


def _sections(whole: Asked) -> Iterator[Section]:
    written = (
        ("cac-buoc", "Các bước thực hiện", steps.paragraph(whole, UNLIMITED)),
        ("noi-nop", "Nơi nộp", place.paragraph(whole, UNLIMITED)),
        ("dieu-kien", "Yêu cầu, điều kiện", conditions.paragraph(whole, UNLIMITED)),
        ("ket-qua", "Kết quả", result.paragraph(whole, UNLIMITED)),
        ("can-cu", "Căn cứ pháp lý", legal.paragraph(whole, UNLIMITED)),
    )
    for key, title, text in written:
        yield Section(key, title, parts([_without(text, title)]))


def _without(text: str, title: str) -> str:
    """The paragraph without the heading that it begins with, which the page shows as its own."""
    return text.removeprefix(f"{title}:").lstrip() or text


def _own(overlay: LocalOverlay) -> Own:
    labelled = (
        ("Phí, lệ phí", overlay.fee),
        ("Nơi tiếp nhận", overlay.counter),
        ("Giờ nhận hồ sơ", overlay.hours),
        ("Mức độ trực tuyến", overlay.online_level),
        ("Bưu chính", overlay.postal),
        ("Ghi chú", overlay.note),
    )
    return Own(
        lines=tuple((label, text) for label, text in labelled if text),
        source=overlay.source,
        as_of=vn_date(overlay.as_of) if overlay.as_of else "",
    )


def data_date(day: date | None) -> str:
    """The day of the data as people read it."""
    return vn_date(day) if day else "chưa ghi"
