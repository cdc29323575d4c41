"""One published entry as JSON, with only what is in force today."""

from collections.abc import Iterator, Mapping
from datetime import date

from bot.api import models
from bot.api.catalogue import faq_item, procedure_item
from bot.web.downloads import address
from handlers.describe import Asked, citation, fee, time
from handlers.describe.office import existing, receiver
from handlers.describe.wording import one_line
from handlers.messages import Knowledge
from knowledge.cautions import caution, repealed_in
from knowledge.charges import fee_in_force
from knowledge.clauses import find_clauses, in_force, vn_date
from knowledge.entries import DocumentCase, Faq, LocalOverlay, Method, OfficeProfile, Procedure, TimeUnit
from knowledge.forms import LocalForm


def procedure(
    entry: Procedure, knowledge: Knowledge, today: date, kept: Mapping[str, LocalForm] | None = None
) -> models.ProcedureDetail:
    """Everything of a procedure, its time-bound clauses as they stand today.

    kept: our copies of its form files, by the address under which they are published.
    """
    overlay = knowledge.overlay(entry.code)
    asked = Asked(procedure=entry, today=today, profile=knowledge.profile, overlay=overlay, whole=True)
    detail = models.ProcedureDetail(
        **procedure_item(entry).model_dump(),
        subjects=list(entry.subjects),
        receiver=receiver(entry),
        competent_agency=existing(one_line(entry.competent_agency)),
        issuing_agency=one_line(entry.issuing_agency),
        coordinating_agency=existing(one_line(entry.coordinating_agency)),
        receiving_address=one_line(entry.receiving_address),
        steps=_prose(entry.steps, today),
        methods=[_method(method, asked) for method in entry.methods],
        cases=[case for stored in entry.cases if (case := _case(stored, today, kept or {}))],
        results=_prose(entry.results, today),
        conditions=_prose(entry.conditions, today),
        legal_basis=list(_basis(entry, today)),
        decision_number=entry.decision_number,
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
        source_url=entry.source_url,
        data_date=entry.data_date,
        caution="",
        citation=citation(entry),
        local=_local(overlay, knowledge.profile, today) if overlay else None,
    )
    return detail.model_copy(update={"caution": caution(entry, _shown(detail), today, basis=True)})


def faq(entry: Faq, knowledge: Knowledge) -> models.FaqDetail:
    """A question with its answer, its sources and the procedures in force that belong to it."""
    related = (knowledge.procedure(code) for code in entry.related)
    return models.FaqDetail(
        **faq_item(entry).model_dump(),
        answer=entry.answer,
        sources=[models.FaqSource(title=s.title, url=s.url, as_of=s.as_of) for s in entry.sources],
        related=[procedure_item(found) for found in related if found],
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
        caution=entry.caution,
    )


def _prose(text: str, today: date) -> str:
    return in_force(text, today, prose=True)


def _method(method: Method, asked: Asked) -> models.MethodOfSubmission:
    kept = [held for charged in method.fees if (held := fee_in_force(charged, asked.today))]
    lines = [models.FeeLine(amount=held.amount, text=text) for held in kept if (text := fee.line(held))]
    allowed = None
    if text := time.limit(method.time, asked):
        counted = method.time and method.time.amount is not None and method.time.unit is not TimeUnit.OTHER
        allowed = models.TimeAllowed(
            amount=method.time.amount if method.time and counted else None,
            unit=method.time.unit if method.time and counted else TimeUnit.OTHER,
            text=text,
        )
    return models.MethodOfSubmission(
        channel=method.channel,
        time=allowed,
        fees=lines,
        fees_ended=fee.has_ended(asked, method.channel),
        note=_prose(method.note, asked.today),
    )


def _case(case: DocumentCase, today: date, kept: Mapping[str, LocalForm]) -> models.PaperCase | None:
    """The case; None where it held only for a time that is over."""
    title = _prose(one_line(case.title), today)
    if case.title and not title:
        return None
    papers = [
        models.Paper(
            name=one_line(document.name),
            originals=document.originals,
            copies=document.copies,
            forms=[
                models.Form(
                    name=one_line(form.name), url=form.url, file=address(copy) if (copy := kept.get(form.url)) else ""
                )
                for form in document.forms
            ],
        )
        for document in case.documents
    ]
    notes = [text for note in case.notes if (text := _prose(one_line(note), today))]
    return models.PaperCase(title=title, documents=papers, notes=notes)


def _basis(entry: Procedure, today: date) -> Iterator[models.Basis]:
    """The legal documents whose time is not over."""
    for item in entry.legal_basis:
        named = f"{item.number} {item.title}"
        clauses = find_clauses(named)
        if any(clause.ended(today) for clause in clauses):
            continue
        until = next((clause.end for clause in clauses if clause.end and clause.implied), None)
        notice = f"áp dụng đến hết {vn_date(until)}" if until else ""
        for document in repealed_in(named, today)[:1]:
            since = f" từ {vn_date(document.since)}" if document.since else ""
            notice = f"đã hết hiệu lực{since}; nay là {document.now}"
        yield models.Basis(number=item.number, title=one_line(item.title), notice=notice)


def _local(overlay: LocalOverlay, profile: OfficeProfile, today: date) -> models.Local:
    return models.Local(
        office=profile.name,
        fee=in_force(overlay.fee, today),
        counter=overlay.counter,
        hours=overlay.hours,
        online_level=overlay.online_level,
        postal=overlay.postal,
        note=overlay.note,
        source=overlay.source,
        as_of=overlay.as_of,
    )


def _shown(detail: models.ProcedureDetail) -> str:
    """The texts that a reader sees, for the look at what is doubtful in them."""
    papers = (paper.name for case in detail.cases for paper in case.documents)
    return "\n".join((detail.steps, detail.conditions, detail.results, detail.receiving_address, *papers))
