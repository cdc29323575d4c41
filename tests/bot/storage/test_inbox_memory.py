"""Events held in memory keep the order of the inbox, within bounds."""

from datetime import timedelta

import pytest

from bot.events import LONGEST_ID, Event
from bot.storage.inbox import Ending, State
from bot.storage.inbox_memory import MemoryInbox
from tests.fakes import NOON


def an_event(id_: str, conversation: str = "an") -> Event:
    return Event(channel="test", id=id_, conversation=conversation, payload="hỏi", received_at=NOON)


def taken(memory: MemoryInbox, busy: tuple[str, ...] = (), seconds: int = 0) -> list[tuple[str, int]]:
    found = memory.claim("test", 10, NOON + timedelta(seconds=seconds), busy)
    return [(event.id, event.attempt) for event in found]


def holding(*events: Event) -> MemoryInbox:
    memory = MemoryInbox()
    assert all(memory.put(event) for event in events)
    return memory


def test_one_of_a_conversation_at_a_time() -> None:
    memory = holding(an_event("1"), an_event("2"), an_event("3", "binh"))

    assert taken(memory) == [("1", 1), ("3", 1)]
    assert taken(memory) == []
    memory.end(Ending(event=an_event("1"), state=State.DONE, outcome="answered", at=NOON))
    assert taken(memory) == [("2", 1)]


def test_not_while_its_conversation_is_at_work_elsewhere() -> None:
    memory = holding(an_event("1"), an_event("3", "binh"))

    assert taken(memory, busy=("an",)) == [("3", 1)]


def test_what_is_put_off_waits_with_those_behind_it() -> None:
    memory = holding(an_event("1"), an_event("2"))
    (first,) = memory.claim("test", 10, NOON, ())
    memory.put_off(first, NOON + timedelta(seconds=5), 1)

    assert taken(memory, seconds=4) == []
    (again,) = memory.claim("test", 10, NOON + timedelta(seconds=5), ())
    assert (again.id, again.attempt, again.sent) == ("1", 2, 1)


def test_known_until_the_database_has_it() -> None:
    memory = holding(an_event("1"))
    assert not memory.put(an_event("1"))
    memory.end(Ending(event=an_event("1"), state=State.DONE, outcome="answered", at=NOON))
    assert not memory.put(an_event("1"))

    memory.drop([an_event("1")])

    assert len(memory) == 0
    assert memory.put(an_event("1"))


def test_what_was_taken_to_work_meanwhile_is_not_forgotten() -> None:
    memory = holding(an_event("1"), an_event("2", "binh"))
    waiting = memory.idle()
    memory.claim("test", 1, NOON, ())

    memory.drop(waiting)

    assert memory.knows(an_event("1"))
    assert not memory.knows(an_event("2", "binh"))


def test_it_holds_no_more_than_it_may() -> None:
    memory = MemoryInbox(most=1)
    memory.put(an_event("1"))

    with pytest.raises(ConnectionError):
        memory.put(an_event("2"))


@pytest.mark.parametrize(
    ("id_", "conversation"), [("", "an"), ("1", ""), ("x" * (LONGEST_ID + 1), "an"), ("1", "x" * 201)]
)
def test_an_event_has_an_id_and_a_conversation_that_fit(id_: str, conversation: str) -> None:
    with pytest.raises(ValueError, match="bearable"):
        an_event(id_, conversation)
