"""What the chat's application is given by the public pages, without knowing them."""

from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup
from starlette.routing import BaseRoute


class Site(Protocol):
    """The pages around the chat."""

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses of the pages."""

    async def desk(self) -> Markup:
        """What stands below the chat on the first page."""


class NoSite:
    """A chat alone."""

    def routes(self) -> Sequence[BaseRoute]:
        """None."""
        return ()

    async def desk(self) -> Markup:
        """Nothing."""
        return Markup()
