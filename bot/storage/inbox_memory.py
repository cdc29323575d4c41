"""An inbox in memory: for the time in which the database does not answer."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.events import Event
from bot.storage.inbox import Ending

Key = tuple[str, str]


@dataclass(slots=True)
class _Held:
    event: Event
    not_before: datetime
    working: bool = False


class MemoryInbox:
    """Holds up to `most` events; forgets them when the process ends."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._held: OrderedDict[Key, _Held] = OrderedDict()
        self._ended: OrderedDict[Key, Ending] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held) + len(self._ended)

    def knows(self, event: Event) -> bool:
        """Whether this event is here, answered or not."""
        return _key(event) in self._held or _key(event) in self._ended

    def put(self, event: Event) -> bool:
        """Keeps an event; False if it is known. Raises ConnectionError when there is no room."""
        if self.knows(event):
            return False
        if len(self) >= self._most:
            raise ConnectionError("the database does not answer, and no more can be held")
        self._held[_key(event)] = _Held(replace(event, attempt=0), event.received_at)
        return True

    def claim(self, channel: str, limit: int, now: datetime, busy: Collection[str]) -> list[Event]:
        """Takes up to `limit` events that are due, the oldest first; busy: conversations that are at work."""
        passed = set(busy)
        taken: list[Event] = []
        for held in self._held.values():
            if len(taken) >= limit:
                break
            event = held.event
            if event.channel != channel or event.conversation in passed:
                continue
            passed.add(event.conversation)
            if not held.working and held.not_before <= now:
                held.working = True
                held.event = replace(event, attempt=event.attempt + 1)
                taken.append(held.event)
        return taken

    def end(self, ending: Ending) -> None:
        """Remembers how an event ended until the database can be told."""
        self._held.pop(_key(ending.event), None)
        self._ended[_key(ending.event)] = ending

    def put_off(self, event: Event, not_before: datetime, sent: int) -> None:
        """Gives an event back until a moment."""
        if held := self._held.get(_key(event)):
            held.working, held.not_before = False, not_before
            held.event = replace(held.event, sent=sent)

    def holds(self, event: Event) -> bool:
        """Whether this event waits here to be answered, or is at work."""
        return _key(event) in self._held

    def idle(self) -> Sequence[Event]:
        """What waits and is not at work."""
        return [held.event for held in self._held.values() if not held.working]

    def ended(self) -> Sequence[Ending]:
        """What the database is still to be told."""
        return list(self._ended.values())

    def drop(self, events: Sequence[Event]) -> None:
        """Forgets events that the database now has, but none that has been taken to work meanwhile."""
        for event in events:
            held = self._held.get(_key(event))
            if held is None or not held.working:
                self._held.pop(_key(event), None)
                self._ended.pop(_key(event), None)


def _key(event: Event) -> Key:
    return event.channel, event.id
