"""The past lines of a web conversation, as the page needs them; kept by whoever starts the channel."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from handlers.messages import Citizen, Line, Reply


class Transcripts(Protocol):
    """What was said with one citizen. Each method raises ConnectionError while the store cannot be reached.

    Messages and answers are recorded by the function that answers; the page only reads them.
    """

    async def history(self, citizen: Citizen, limit: int) -> Sequence[Line]:
        """The newest `limit` lines, oldest first; empty for a stranger."""

    async def append(self, citizen: Citizen, reply: Reply, at: datetime) -> bool:
        """Adds a message of the desk that nobody asked for. False if there is no such conversation."""

    async def news(self, channel: str, citizens: Collection[str], after: int) -> Sequence[tuple[str, Line]]:
        """What was appended for these citizens (ids) behind the line with this number, in its order."""

    async def forget(self, citizen: Citizen) -> None:
        """Deletes everything that was said with this citizen."""
