"""One event of a chat platform, as it came: what the inbox keeps between its receipt and its answer."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_ID = 100
LONGEST_CONVERSATION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a platform has told.

    id: the platform's own, unique within the channel, at most LONGEST_ID characters; conversation: events with the
    same key are handled one after the other in the order of their arrival, at most LONGEST_CONVERSATION characters;
    payload: what came, raw, deleted once it is answered; received_at: aware, stays the same when it is handled again.

    Set by the inbox: sent, how many messages of the answer have reached the citizen before a TryLater; attempt, from
    1 on.
    """

    channel: str
    id: str
    conversation: str
    payload: str
    received_at: datetime
    sent: int = 0
    attempt: int = 1

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= LONGEST_ID or not 0 < len(self.conversation) <= LONGEST_CONVERSATION:
            raise ValueError("an event needs an id and a conversation of bearable length")
