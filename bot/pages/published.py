"""The published base as the public pages need it."""

from collections.abc import Sequence
from typing import Protocol

from handlers.messages import Knowledge
from knowledge.entries import Faq


class Published(Knowledge, Protocol):
    """One revision of what is in force."""

    @property
    def revision(self) -> int: ...

    def codes(self) -> Sequence[str]:
        """The codes of all procedures in force."""

    def faqs(self) -> Sequence[Faq]:
        """All questions in force."""


class MostAsked(Protocol):
    """What people ask most."""

    async def most_asked(self, limit: int) -> Sequence[str]:
        """Codes of procedures, the most asked first; empty until there are enough questions to count."""
