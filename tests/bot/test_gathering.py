"""Calls made while one is under way are done together; each gets its own result, or the fault."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.gathering import Together


class Slow:
    """Doubles numbers; holds the first batch until told."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = asyncio.Event()
        self.begun = asyncio.Event()
        self.working = False

    async def act(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.working = True
        self.begun.set()
        try:
            await self.go.wait()
        finally:
            await asyncio.sleep(0)
            self.working = False
        if 13 in items:
            raise ConnectionError("away")
        return [2 * item for item in items]


async def test_many_are_done_at_once_in_their_order() -> None:
    slow = Slow()
    together = Together(slow.act, most=3)
    asked = [asyncio.create_task(together(number)) for number in range(6)]
    await asyncio.sleep(0)
    slow.go.set()

    assert await asyncio.gather(*asked) == [0, 2, 4, 6, 8, 10]
    assert slow.batches == [[0, 1, 2], [3, 4, 5]]


async def test_a_fault_is_that_of_its_batch_alone() -> None:
    slow = Slow()
    slow.go.set()
    together = Together(slow.act, most=1)

    done = await asyncio.gather(*(together(number) for number in (1, 13, 2)), return_exceptions=True)

    assert [done[0], done[2]] == [2, 4]
    assert isinstance(done[1], ConnectionError)


async def test_who_stops_waiting_disturbs_nobody() -> None:
    slow = Slow()
    together = Together(slow.act)
    first, second = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await asyncio.sleep(0)
    first.cancel()
    slow.go.set()

    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_nothing_goes_on_when_nobody_waits_any_more() -> None:
    slow = Slow()
    together = Together(slow.act, most=1)
    asked = [asyncio.create_task(together(number)) for number in (1, 2)]
    await slow.begun.wait()
    for one in asked:
        one.cancel()

    assert all(isinstance(end, asyncio.CancelledError) for end in await asyncio.gather(*asked, return_exceptions=True))
    assert (slow.batches, slow.working) == ([[1]], False)
    slow.go.set()
    assert await together(3) == 6


async def test_one_who_comes_while_the_work_is_ended_is_served() -> None:
    slow = Slow()
    together = Together(slow.act)
    first = asyncio.create_task(together(1))
    await slow.begun.wait()
    first.cancel()
    await asyncio.sleep(0)
    slow.go.set()

    assert await together(2) == 4
    with pytest.raises(asyncio.CancelledError):
        await first
