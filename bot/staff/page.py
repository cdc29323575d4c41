"""What a page of the staff desk is: an address, what answers it, and who may open it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from bot.staff.forms import LONGEST_BODY
from bot.staff.visit import Visit
from bot.storage.staff import Role

HOME = "/can-bo"
ANY_ROLE = frozenset(Role)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class Stage(StrEnum):
    """How far somebody has come in."""

    OUTSIDE = "outside"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a word, no password
    ENROL = "enrol"
    INSIDE = "inside"


Answer = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address. Everything that changes something is a POST with the token of its session.

    roles: any of them may open it once inside; stages: how far one has to have come; menu: its name in the menu, "" =
    not in it; largest: bytes of a form.
    """

    address: str
    answer: Answer
    roles: frozenset[Role]
    method: str = "GET"
    menu: str = ""
    stages: frozenset[Stage] = frozenset({Stage.INSIDE})
    largest: int = LONGEST_BODY


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs a hand today. roles: whose work it is; urgent: shown first."""

    count: int
    text: str
    address: str
    roles: frozenset[Role] = ANY_ROLE
    urgent: bool = False


async def nothing() -> Sequence[Attention]:
    """A section that never needs a hand."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The pages of one file, and what of them needs a hand today."""

    pages: Sequence[Page]
    attention: Callable[[], Awaitable[Sequence[Attention]]] = nothing


def roles(*wanted: Role) -> frozenset[Role]:
    """These roles."""
    return frozenset(wanted)
