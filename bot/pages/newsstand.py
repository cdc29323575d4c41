"""What the public pages need to know of news items, without knowing where they are kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol


class PublicItem(Protocol):
    """One item as it is read. link: on the department's site; picture: "HASH.png", "" = none."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def picture(self) -> str: ...
    @property
    def picture_says(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def published_at(self) -> datetime | None: ...


class Newsstand(Protocol):
    """The items on the public page."""

    async def public(self, today: date, *, limit: int, offset: int = 0) -> tuple[Sequence[PublicItem], int]:
        """Items of a day, the newest first, and how many there are."""

    async def public_item(self, number: int, today: date) -> PublicItem | None:
        """One of them."""

    async def picture(self, sha256: str) -> tuple[str, bytes] | None:
        """Type and content of a picture."""


class NoNews:
    """An office without news."""

    async def public(self, today: date, *, limit: int, offset: int = 0) -> tuple[Sequence[PublicItem], int]:  # noqa: ARG002
        """None."""
        return (), 0

    async def public_item(self, number: int, today: date) -> PublicItem | None:  # noqa: ARG002
        """None."""
        return None

    async def picture(self, sha256: str) -> tuple[str, bytes] | None:  # noqa: ARG002
        """None."""
        return None
