"""One citizen cannot take the desk from the others; a paused desk says so."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import TooMany
from bot.channels.welcome import emergency_line
from bot.events import Event
from bot.gate import CROWDED, LOOK_SECONDS, MINUTE, TOO_FAST, Gate, Limits, Pause
from bot.inbox import Inbox, Pace
from bot.storage import schema
from bot.storage.engine import make_engine
from bot.storage.inbox import StoredInbox
from bot.storage.service_state import StoredPause
from handlers.messages import Citizen, IncomingMessage, Outcome, Reply
from tests.bot.test_inbox import Toy
from tests.fakes import NOON

LIMITS = Limits(citizen=3, channel=8)


class Seconds:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def gate(clock: Seconds) -> Gate:
    return Gate(LIMITS, clock)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    schema.upgrade(database_url)
    made = make_engine(database_url)
    yield made
    await made.dispose()


def an_event(id_: str, who: str = "an", channel: str = "toy") -> Event:
    return Event(channel=channel, id=id_, conversation=who, payload="hỏi", received_at=NOON)


def asked(id_: str, who: str = "an") -> IncomingMessage:
    return IncomingMessage(id=id_, citizen=Citizen("toy", who), text="hỏi", received_at=NOON)


async def answered(message: IncomingMessage) -> Reply:
    return Reply(blocks=("trả lời",), outcome=Outcome.ANSWERED)


async def test_beyond_the_limit_one_polite_word_then_silence(gate: Gate) -> None:
    admitted = [gate.admits(an_event(str(number))) for number in range(1, 8)]

    assert admitted == [True, True, True, True, False, False, False]
    assert (await gate.answer(answered)(asked("3"))).blocks == ("trả lời",)
    assert (await gate.answer(answered)(asked("4"))).blocks == (TOO_FAST, emergency_line())
    assert (await gate.answer(answered)(asked("4"))).blocks == (TOO_FAST, emergency_line())


async def test_others_and_other_channels_are_not_meant(gate: Gate) -> None:
    assert sum(gate.admits(an_event(str(number))) for number in range(50)) == LIMITS.citizen + 1

    assert gate.admits(an_event("b", "binh"))
    assert gate.admits(an_event("a", channel="other"))


async def test_after_a_quiet_minute_all_is_well_again(gate: Gate, clock: Seconds) -> None:
    for number in range(5):
        gate.admits(an_event(str(number)))
    clock.at += MINUTE + 1

    assert [gate.admits(an_event(f"later {number}")) for number in range(5)] == [True, True, True, True, False]


async def test_a_flood_that_goes_on_is_not_told_every_minute(gate: Gate, clock: Seconds) -> None:
    told = 0
    for number in range(600):
        clock.at += 1
        if gate.admits(an_event(str(number))):
            told += (await gate.answer(answered)(asked(str(number)))).blocks[0] == TOO_FAST

    assert told == 1


async def test_a_crowd_is_told_once_each(gate: Gate) -> None:
    for number in range(LIMITS.channel):
        assert gate.admits(an_event(str(number), f"citizen {number}"))

    assert gate.admits(an_event("late", "late"))
    assert not gate.admits(an_event("later", "late"))
    assert (await gate.answer(answered)(asked("late", "late"))).blocks[0] == CROWDED


async def test_a_channel_that_tells_of_itself_is_told(gate: Gate) -> None:
    taken: list[str] = []

    async def receive(event: Event) -> bool:
        taken.append(event.id)
        return True

    guarded = gate.openly(receive)
    for number in range(4):
        assert await guarded(an_event(str(number)))
    with pytest.raises(TooMany):
        await guarded(an_event("4"))
    assert len(taken) == 4


async def test_a_flood_is_handled_behind_the_others(engine: AsyncEngine) -> None:
    """Even without a limit: of one citizen only one message is at work, whoever else asks has their turn next."""
    store = StoredInbox(engine)
    await store.put([an_event(f"flood {number}") for number in range(300)])
    await store.put([an_event(f"calm {number}", f"citizen {number}") for number in range(20)])
    toy = Toy()
    inbox = Inbox(store, now=lambda: NOON, pace=Pace(parallel=4, poll=0.01))
    running = asyncio.create_task(inbox.run([toy], answered))
    try:
        first = await toy.times(40)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    assert {name for name in first if name.startswith("calm")} == {f"calm {number}" for number in range(20)}
    floods = [event.id for event in toy.handled if event.id.startswith("flood")]
    assert floods == [f"flood {number}" for number in range(len(floods))]


async def test_what_is_turned_away_is_not_stored(engine: AsyncEngine, gate: Gate) -> None:
    store = StoredInbox(engine)
    inbox = Inbox(store, now=lambda: NOON, admits=gate.admits)

    taken = [await inbox.receive(an_event(str(number))) for number in range(10)]

    assert taken == [True] * (LIMITS.citizen + 1) + [False] * (9 - LIMITS.citizen)
    assert (await store.figures("toy")).waiting == LIMITS.citizen + 1


async def test_a_pause_reaches_every_replica_with_its_message(engine: AsyncEngine, clock: Seconds) -> None:
    here, there = Pause(StoredPause(engine), clock), Pause(StoredPause(engine), clock)
    assert (await here.answer(answered)(asked("1"))).blocks == ("trả lời",)

    await StoredPause(engine).pause("Đang bảo trì đến 17 giờ.", NOON)
    await StoredPause(engine).pause("Đang bảo trì đến 18 giờ.", NOON)
    clock.at += LOOK_SECONDS
    for replica in (here, there):
        reply = await replica.answer(answered)(asked("2"))
        assert reply.blocks == ("Đang bảo trì đến 18 giờ.", emergency_line())
        assert not reply.store_text

    assert await StoredPause(engine).resume()
    assert not await StoredPause(engine).resume()
    clock.at += LOOK_SECONDS
    assert (await there.answer(answered)(asked("3"))).blocks == ("trả lời",)


async def test_what_was_last_known_of_a_pause_counts_while_the_database_is_away(clock: Seconds) -> None:
    class Failing:
        away = False

        async def message(self) -> str | None:
            if self.away:
                raise ConnectionError
            return "Tạm dừng."

    switch = Failing()
    pause = Pause(switch, clock)
    assert (await pause.answer(answered)(asked("1"))).blocks[0] == "Tạm dừng."
    switch.away = True
    clock.at += 100

    assert (await pause.answer(answered)(asked("2"))).blocks[0] == "Tạm dừng."
