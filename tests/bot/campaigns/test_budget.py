"""The shared budget: as many messages at once as it has slots, none of them again before a second is over."""

from datetime import timedelta

from bot.campaigns.budget import Budget
from tests.bot.campaigns.sending import a_desk
from tests.fakes import NOON


async def test_slots_are_shared_and_rest_for_a_second(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        one, other = (Budget(desk.engine, "telegram", 5, lambda: desk.now) for _ in range(2))
        await one.prepare()
        await other.prepare()
        first = await one.take(3)
        second = await other.take(10)
        assert (first.count, second.count) == (3, 2)
        assert {*first.slots, *second.slots} == set(range(5))
        assert (await one.take(1)).count == 0

        await one.unused(first.slots[:1])
        again = await other.take(4)
        assert again.slots == first.slots[:1]
        await other.give_back(again.slots)
        none = await one.take(1)
        assert none.count == 0
        assert 0 < none.wait <= 0.25

        stranger = Budget(desk.engine, "zalo_oa", 2, lambda: desk.now)
        await stranger.prepare()
        assert (await stranger.take(5)).count == 2


async def test_a_pause_holds_for_every_replica(database_url: str) -> None:
    async with a_desk(database_url) as desk:
        one, other = (Budget(desk.engine, "telegram", limit, lambda: desk.now) for limit in (5, 0))
        await one.prepare()
        await other.prepare()
        await one.stop(600)
        await one.stop(5)  # a shorter one changes nothing
        for budget in (one, other):
            taken = await budget.take(1)
            assert (taken.count, taken.stopped) == (0, True)
            assert 500 < taken.wait <= 600


async def test_the_slots_of_a_crash_come_back(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        budget = Budget(desk.engine, "telegram", 2, lambda: desk.now)
        await budget.prepare()
        held = await budget.take(2)
        await budget.give_back(held.slots[:1])
        desk.now = NOON + timedelta(milliseconds=999)
        assert (await budget.take(2)).count == 0
        desk.now = NOON + timedelta(seconds=1)
        assert (await budget.take(2)).slots == held.slots[:1]
        desk.now = NOON + timedelta(seconds=41)
        assert (await budget.take(2)).count == 2
