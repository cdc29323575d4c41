"""How fast campaigns are sent, how exactly the shared budget holds, and what kill -9 does to deliveries."""

import argparse
import asyncio
import json
import random
import socket
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks._campaigning import a_platform, announce, fill, killed_often, senders, until_over
from benchmarks._chatting import Crowd, on_telegram
from benchmarks._measuring import alone, at, machine, resident_mib
from benchmarks.channels import database, environment, prepare, service
from bot.campaigns.choosing import Reach
from bot.campaigns.runs import StoredRuns
from bot.storage import schema
from bot.storage.campaign_tables import delivery
from bot.storage.engine import make_engine

PER_SECOND = 25
KILLED = 10_000
BROADCAST = 90_000
QUESTIONS = 10.0
"""Questions begun a second while a broadcast runs."""


async def unlimited(engine: AsyncEngine, url: str, people: int) -> dict[str, Any]:
    """The budget lifted: how many deliveries a second one replica makes."""
    await fill(engine, people)
    async with a_platform() as platform:
        with senders(url, platform.double.address, 1, 0):
            states = await until_over(engine, await announce(engine), 3600)
        return {
            "recipients": people,
            "deliveries_per_second": round(platform.rate(), 1),
            "missed_unlimited": people - len(platform.got),
            "states": {state.value: number for state, number in states.items() if number},
        }


async def budgeted(engine: AsyncEngine, url: str, seconds: float) -> dict[str, Any]:
    """The budget of 25 a second with two replicas."""
    await fill(engine, int(PER_SECOND * seconds))
    async with a_platform() as platform:
        with senders(url, platform.double.address, 2, PER_SECOND):
            await until_over(engine, await announce(engine), seconds * 4)
        return {"budgeted_per_second": round(platform.rate(), 2), "most_in_one_second": platform.most_in_one_second()}


async def killing(engine: AsyncEngine, url: str, people: int, kills: int) -> dict[str, Any]:
    """Two replicas, killed again and again."""
    await fill(engine, people)
    async with a_platform() as platform:
        with senders(url, platform.double.address, 2, 0) as replicas:
            number = await announce(engine)
            return dict(await killed_often(engine, platform, replicas, number, people, kills, random.Random(7)))


def freezing(url: str) -> dict[str, Any]:
    """Freezing the audience, in a process of its own: seconds, and how much its memory grows."""
    return asyncio.run(_freezing(url))


async def _freezing(url: str) -> dict[str, Any]:
    engine = make_engine(url)
    await announce(engine)
    runs = StoredRuns(engine, Reach(channels=("telegram",)))
    await runs.open(datetime.now(UTC), resting=False)
    before, started = resident_mib(), time.perf_counter()
    await runs.begin_due(datetime.now(UTC))
    spent = time.perf_counter() - started
    grown = resident_mib() - before
    async with engine.connect() as connection:
        frozen = (await connection.execute(select(func.count()).select_from(delivery))).scalar_one()
    await engine.dispose()
    return {"frozen": frozen, "freeze_million_s": round(spent, 1), "freeze_memory_mib": round(grown, 1)}


async def answering(folder: Path, url: str, seconds: float) -> dict[str, Any]:
    """Questions to the whole service: a quiet desk, and one that sends a broadcast at the same time."""
    engine, crowd = make_engine(url), Crowd()
    async with on_telegram(crowd) as telegram:
        settings = environment(url, 0, telegram.address, "http://127.0.0.1:9") | {"MOTCUA_ZALO_OA__ENABLED": "false"}
        settings |= {"MOTCUA_CAMPAIGNS__QUIET_FROM": "0", "MOTCUA_CAMPAIGNS__QUIET_UNTIL": "0"}
        port = _free_port()
        settings |= {"MOTCUA_WEB__PORT": str(port), "MOTCUA_WEB__ADDRESS": f"http://127.0.0.1:{port}"}
        await asyncio.to_thread(prepare, folder, settings, starter=True)
        await fill(engine, BROADCAST)
        async with service(folder, settings, telegram):
            await crowd.flat_out(300)
            await crowd.rest()
            crowd.forget_times()
            await crowd.steadily(QUESTIONS, seconds)
            quiet = crowd.forget_times()
            await announce(engine)
            await asyncio.sleep(12.0)  # the next tick begins it
            await crowd.steadily(QUESTIONS, seconds)
            busy = crowd.forget_times()
            async with engine.connect() as connection:
                sent = select(func.count()).where(delivery.c.state == "sent")
                delivered = (await connection.execute(sent)).scalar_one()
    await engine.dispose()
    return {
        "answer_p99_ratio": round(at(0.99, busy) / at(0.99, quiet), 2),
        "answer_quiet_p99_ms": at(0.99, quiet),
        "answer_busy_p99_ms": at(0.99, busy),
        "delivered_meanwhile": delivered,
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def measured(folder: Path, url: str, args: argparse.Namespace) -> dict[str, Any]:
    """All figures, one part after the other."""
    await asyncio.to_thread(schema.upgrade, url)
    engine = make_engine(url)
    figures: dict[str, Any] = {"benchmark": "campaigns"}
    parts = set(args.only or ("unlimited", "budget", "kills", "freeze", "answers"))
    if "unlimited" in parts:
        figures |= await unlimited(engine, url, args.recipients)
    if "budget" in parts:
        figures |= await budgeted(engine, url, args.seconds)
    if "kills" in parts:
        figures |= await killing(engine, url, args.killed, args.kills)
    if "freeze" in parts:
        await fill(engine, args.frozen)
        figures |= await asyncio.to_thread(alone, freezing, url)
    await engine.dispose()
    if "answers" in parts:
        figures |= await answering(folder, url, args.seconds)
    return {**figures, **machine()}


def main() -> int:
    """Prints a table, with --json one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--recipients", type=int, default=100_000, metavar="N", help="with the budget lifted")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="how long the budget is watched")
    parser.add_argument("--killed", type=int, default=KILLED, metavar="N", help="deliveries during which we kill")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="kill -9, in all")
    parser.add_argument("--frozen", type=int, default=1_000_000, metavar="N", help="people in the audience to freeze")
    parser.add_argument("--only", action="append", metavar="PART", help="unlimited, budget, kills, freeze or answers")
    args = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(folder, sqlite=False))
        figures = asyncio.run(measured(folder, url, args))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
