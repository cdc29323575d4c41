"""What is said about one procedure: exactly the parts asked for, one file for each part."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers.describe import (
    card,
    channels,
    conditions,
    dossier,
    fee,
    form,
    full,
    legal,
    page,
    place,
    result,
    steps,
    time,
)
from handlers.describe.asked import Asked
from handlers.describe.compare import compare
from handlers.describe.followups import buttons
from handlers.describe.office import elsewhere
from handlers.describe.wording import shorten
from handlers.messages import Attachment, Choice, Link
from knowledge.cautions import caution
from knowledge.entries import Aspect, Procedure
from knowledge.staleness import stale_caution

__all__ = ["ROOM", "Asked", "Description", "citation", "compare", "describe", "describe_full"]

ROOM = 680
"""Characters for the paragraphs of one short answer: about eight lines on a telephone."""
LONGEST = 880
"""Characters of paragraphs, caution and source of one short answer."""
MOST_PARTS = 4
_NAME_IN_CITATION = 120
_SET_WORDS = re.compile(r"^(?:trình tự,?\s+)?thủ tục\s+", re.IGNORECASE)

PARTS: dict[Aspect, Callable[[Asked, int], str]] = {
    Aspect.FEE: fee.paragraph,
    Aspect.TIME: time.paragraph,
    Aspect.DOSSIER: dossier.paragraph,
    Aspect.PLACE: place.paragraph,
    Aspect.STEPS: steps.paragraph,
    Aspect.CONDITIONS: conditions.paragraph,
    Aspect.ONLINE: channels.online,
    Aspect.POSTAL: channels.postal,
    Aspect.LEGAL: legal.paragraph,
    Aspect.RESULT: result.paragraph,
    Aspect.FORM: form.paragraph,
    Aspect.PAGE: page.paragraph,
}
_LINKED = {Aspect.PAGE, Aspect.ONLINE, Aspect.FORM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Ready parts of a reply. aspects: those really answered, never empty."""

    blocks: tuple[str, ...]
    citation: str
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    aspects: tuple[Aspect, ...] = (Aspect.STEPS,)


def describe(asked: Asked) -> Description:
    """The parts asked for (the card where none is named), a caution where due, the source, the buttons."""
    wanted = tuple(aspect for aspect in dict.fromkeys(asked.aspects) if aspect in PARTS)[:MOST_PARTS]
    source = citation(asked.procedure)
    blocks = _fitting(asked, wanted, LONGEST - len(source))
    links = page.links(asked) if not wanted or _LINKED.intersection(wanted) else ()
    if Aspect.FORM in wanted:
        links = (*form.links(asked), *links)
    return Description(
        blocks=blocks,
        citation=source,
        choices=buttons(asked),
        links=links,
        attachments=form.attachments(asked) if Aspect.FORM in wanted else (),
        aspects=wanted or (Aspect.STEPS,),
    )


def describe_full(asked: Asked) -> Description:
    """Every part, nothing shortened, with the official page."""
    return Description(
        blocks=_with_caution(asked, list(full.paragraphs(asked)), basis=True),
        citation=citation(asked.procedure),
        links=(*form.links(asked), *page.links(asked)),
        attachments=form.attachments(asked),
    )


def citation(procedure: Procedure) -> str:
    """The line that says where the answer comes from: name, code, decision, month of the data."""
    name = _SET_WORDS.sub("", procedure.name)
    parts = [f"Nguồn: {shorten(name[:1].upper() + name[1:], _NAME_IN_CITATION)}", f"mã {procedure.code}"]
    if procedure.decision_number:
        decision = re.sub(r"^(?:QĐ\s+)?số\s+", "", procedure.decision_number, flags=re.IGNORECASE)
        parts.append(f"QĐ {decision}" if re.search(r"\d/QĐ", decision) else decision)
    if procedure.data_date:
        parts.append(f"dữ liệu {procedure.data_date:%m/%Y}")
    return " · ".join(parts)


def _fitting(asked: Asked, wanted: tuple[Aspect, ...], most: int) -> tuple[str, ...]:
    """The paragraphs and the caution, with less and less room until all of it is no longer than `most`."""
    basis = Aspect.LEGAL in wanted
    for room in (ROOM, ROOM * 4 // 5, ROOM * 3 // 5):
        blocks = _with_caution(asked, _paragraphs(asked, wanted, room), basis=basis)
        if sum(len(block) + 2 for block in blocks) <= most:
            return blocks
    each = ROOM // 2 // max(len(wanted), 1)
    return _with_caution(asked, [shorten(block, each) for block in _paragraphs(asked, wanted, ROOM // 2)], basis=basis)


def _paragraphs(asked: Asked, wanted: tuple[Aspect, ...], room: int) -> list[str]:
    if not wanted:
        return [card.paragraph(asked, room)]
    parts = [PARTS[aspect](asked, room // len(wanted)) for aspect in wanted]
    longest = max(range(len(parts)), key=lambda number: len(parts[number]))
    left = room - sum(len(part) for number, part in enumerate(parts) if number != longest)
    parts[longest] = PARTS[wanted[longest]](asked, max(left, room // len(wanted)))
    return parts if Aspect.PLACE in wanted else [*parts, elsewhere(asked)]


def _with_caution(asked: Asked, blocks: list[str], *, basis: bool) -> tuple[str, ...]:
    note = caution(asked.procedure, "\n".join(blocks), asked.today, basis=basis)
    stale = stale_caution(asked.procedure, asked.today, asked.profile.confirm_days)
    return tuple(block for block in (*blocks, note, stale) if block)
