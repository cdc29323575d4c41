"""The list of an errand on one sheet: to print and to take along."""

from datetime import date

from bot.pages.card import Card
from bot.pages.published import Published
from bot.web.markup import is_web_address, parts
from handlers import choices
from handlers.errand import errand_of, sheet


def errand_card(base: Published, code: str, value: str, today: date) -> Card | None:
    """The list whole, as of today; None for a value that is no errand of this code, or where its procedure is gone."""
    step = choices.errand(value)
    procedure = base.procedure(code) if step and step.code == code else None
    if step is None or procedure is None:
        return None
    told = sheet(errand_of(procedure, step, base, today, whole=True))
    return Card(
        title=told.title,
        blocks=parts(told.blocks),
        citation=told.citation,
        links=tuple(link for link in told.links if is_web_address(link.url)),
        page=f"/thu-tuc/{procedure.code}",
        text="\n\n".join((told.title, *told.blocks, told.citation)),
    )
