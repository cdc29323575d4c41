"""What the first page shows below the chat: the most asked, and procedures by what happens in life."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.pages.catalogue import Catalogue, Item, shipped
from knowledge import lifeevents

MOST_ASKED = 8


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens in life, with the procedures it brings."""

    id: str
    name: str
    items: Sequence[Item]


def life_events(catalogue: Catalogue) -> list[LifeEvent]:
    """The events for which procedures are in force here, in the order of the data file."""
    found = (LifeEvent(e.id, e.name, catalogue.known(e.procedures)) for e in lifeevents.life_events())
    return [event for event in found if event.items]


def most_asked(catalogue: Catalogue, counted: Sequence[str]) -> list[Item]:
    """The most asked procedures; places left over go to the shipped ones, which are the most used in the country."""
    return catalogue.known((*counted, *shipped()))[:MOST_ASKED]
