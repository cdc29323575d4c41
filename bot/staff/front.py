"""The first page of the staff desk: what needs a hand today."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.responses import Response

from bot.staff.page import ANY_ROLE, HOME, Attention, Page, Section
from bot.staff.visit import Visit

Sources = Sequence[Callable[[], Awaitable[Sequence[Attention]]]]


def section(others: Sequence[Section]) -> Section:
    """The page. others: the other sections, which say for themselves what needs a hand."""
    sources = [other.attention for other in others]
    answer = partial(show, sources)
    return Section(
        pages=(
            Page(address=HOME, answer=answer, roles=ANY_ROLE, menu="Việc hôm nay"),
            Page(address=f"{HOME}/", answer=answer, roles=ANY_ROLE),
        )
    )


async def show(sources: Sources, visit: Visit) -> Response:
    """What needs a hand, as far as it is this visitor's work; the urgent first."""
    told = await asyncio.gather(*(source() for source in sources))
    todo = [one for some in told for one in some if one.count and one.roles & visit.me.roles]
    return visit.page("front.html", todo=sorted(todo, key=lambda one: not one.urgent))
