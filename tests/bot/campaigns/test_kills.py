"""kill -9 while a broadcast runs: nobody is missed, nobody gets it twice, and what is in doubt is called unknown."""

import asyncio
import random

from benchmarks._campaigning import a_platform, announce, fill, killed_often, senders
from bot.storage import schema
from bot.storage.engine import make_engine

PEOPLE, KILLS, LEASE = 150, 3, 2.0


async def test_two_replicas_are_killed(postgres_url: str) -> None:
    await asyncio.to_thread(schema.upgrade, postgres_url)
    engine = make_engine(postgres_url)
    await fill(engine, PEOPLE)
    async with a_platform() as platform:
        with senders(postgres_url, platform.double.address, 2, 0, LEASE) as replicas:
            number = await announce(engine)
            chance = random.Random(3)  # noqa: S311 - the same story every time
            found = await killed_often(engine, platform, replicas, number, PEOPLE, KILLS, chance)
    await engine.dispose()

    assert found["kills"] == KILLS
    assert found["missed"] == 0
    assert found["repeated"] == 0
    assert found["sent"] + found["unknown"] == PEOPLE
    assert found["unknown"] < PEOPLE / 2
