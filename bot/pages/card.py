"""One answer on one sheet: to print, to pass on, to copy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.pages.procedure import cautions
from bot.pages.published import Published
from bot.pages.questions import source_line
from bot.web.markup import Part, is_web_address, parts
from handlers.describe import PARTS, Asked, citation, describe, form, page
from handlers.describe import dossier as papers_of
from handlers.describe.followups import LABELS
from handlers.describe.office import elsewhere
from handlers.describe.wording import UNLIMITED
from handlers.messages import Link
from knowledge.entries import FAQ_PREFIX, Aspect
from knowledge.staleness import faq_cautions

MOST_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The sheet. page: where the whole of it can be read; text: to copy; others: the other parts as cards."""

    title: str
    blocks: Sequence[Part]
    citation: str
    links: Sequence[Link]
    page: str
    text: str
    others: Sequence[Link] = ()
    cases: Sequence[Link] = ()


def asked_parts(letters: str) -> tuple[Aspect, ...]:
    """The parts that letters name, each once; unknown letters count as nothing."""
    known = {aspect.value: aspect for aspect in PARTS}
    return tuple(dict.fromkeys(known[letter] for letter in letters if letter in known))[:MOST_PARTS]


def procedure_card(asked: Asked) -> Card:
    """The parts asked for as the chat tells them, but whole; in general, the procedure at a glance."""
    code = asked.procedure.code
    blocks, source = _answer(asked), citation(asked.procedure)
    letters = "".join(aspect.value for aspect in asked.aspects)
    cases = (
        tuple(
            Link(papers_of.case_label(case), f"/the/{code}?phan={letters}&truong-hop={number}")
            for number, case in papers_of.papers(asked).alternatives
        )
        if Aspect.DOSSIER in asked.aspects
        else ()
    )
    return Card(
        title=asked.procedure.name,
        blocks=parts(blocks),
        citation=source,
        links=_links(asked),
        page=f"/thu-tuc/{code}",
        text="\n\n".join((*blocks, source)),
        others=tuple(
            Link(label, f"/the/{code}?phan={aspect.value}")
            for aspect, label in LABELS.items()
            if aspect not in asked.aspects
        ),
        cases=cases,
    )


def _answer(asked: Asked) -> tuple[str, ...]:
    if not asked.aspects:
        return describe(asked).blocks
    whole = replace(asked, whole=True, case=None)
    told = [
        PARTS[aspect](replace(whole, case=asked.case) if aspect is Aspect.DOSSIER else whole, UNLIMITED)
        for aspect in asked.aspects
    ]
    if Aspect.PLACE not in asked.aspects:
        told.append(elsewhere(asked))
    basis = Aspect.LEGAL in asked.aspects
    return tuple(filter(None, (*told, *cautions(asked, "\n".join(told), basis=basis))))


def _links(asked: Asked) -> tuple[Link, ...]:
    files = form.links(asked) if Aspect.FORM in asked.aspects else ()
    return tuple(link for link in (*files, *page.links(asked)) if is_web_address(link.url))


def question_card(base: Published, name: str, today: date) -> Card | None:
    """A question of the FAQ as a sheet; None where there is none such."""
    faq = base.faq(name)
    if faq is None:
        return None
    sources = "; ".join(source_line(source) for source in faq.sources)
    minded = faq_cautions(faq, today, base.profile.confirm_days)
    return Card(
        title=faq.question,
        blocks=parts([faq.answer, *minded]),
        citation=f"Nguồn: {sources}" if sources else "",
        links=(),
        page=f"/hoi-dap/{faq.id}",
        text="\n\n".join(filter(None, (faq.question, faq.answer, *minded, f"Nguồn: {sources}" if sources else ""))),
    )


def card_of(base: Published, ref: str, letters: str, case: int | None, today: date) -> Card | None:
    """The card of a procedure's code or of "faq:ID"; None where nothing is in force under it."""
    if ref.startswith(FAQ_PREFIX):
        return question_card(base, ref.removeprefix(FAQ_PREFIX), today)
    procedure = base.procedure(ref)
    if procedure is None:
        return None
    return procedure_card(
        Asked(
            procedure=procedure,
            today=today,
            aspects=asked_parts(letters),
            profile=base.profile,
            overlay=base.overlay(procedure.code),
            case=case,
        )
    )
