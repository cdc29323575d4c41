"""How many questions a second the service answers on chat platforms, from their webhook call to the sent reply."""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from benchmarks._chatting import Crowd, on_telegram, on_zalo
from benchmarks._measuring import at, machine
from benchmarks.web import cpu_ms
from tests.doubles.telegram import TOKEN, Telegram
from tests.doubles.zalo_oa import APP_ID, APP_SECRET, FIRST_REFRESH, OA_ID, OA_SECRET
from tests.postgres import throwaway_cluster

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT.parent / "shared" / "data" / "procedures-2026-07.jsonl.gz"
PATIENCE = 120.0
"""Seconds for the service to start or to end."""
WARM_UP = 300
"""Questions before anything is measured."""
SETTLED = 0.2
"""Share of the questions after which the memory is first looked at: by then what is kept once is kept."""


def environment(database: str, port: int, telegram: str, zalo: str) -> dict[str, str]:
    """The settings of a service on both platforms. The limits of the real ones would be all that is measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "MOTCUA_DATABASE_URL": database,
        "MOTCUA_LOG_LEVEL": "error",
        "MOTCUA_WEB__PORT": str(port),
        "MOTCUA_WEB__ADDRESS": f"http://127.0.0.1:{port}",
        "MOTCUA_LIMITS__CHANNEL_PER_MINUTE": "1000000",
        "MOTCUA_TELEGRAM__ENABLED": "true",
        "MOTCUA_TELEGRAM__MODE": "webhook",
        "MOTCUA_TELEGRAM__BASE_URL": telegram,
        "MOTCUA_TELEGRAM__TOKEN": TOKEN,
        "MOTCUA_ZALO_OA__ENABLED": "true",
        "MOTCUA_ZALO_OA__APP_ID": APP_ID,
        "MOTCUA_ZALO_OA__OA_ID": OA_ID,
        "MOTCUA_ZALO_OA__BASE_URL": zalo,
        "MOTCUA_ZALO_OA__OAUTH_URL": zalo,
        "MOTCUA_ZALO_OA__PER_MINUTE": "100000",
        "MOTCUA_ZALO_OA__APP_SECRET": APP_SECRET,
        "MOTCUA_ZALO_OA__SECRET_KEY": OA_SECRET,
        "MOTCUA_ZALO_OA__REFRESH_TOKEN": FIRST_REFRESH,
    }


@contextmanager
def database(folder: Path, *, sqlite: bool) -> Iterator[str]:
    """A new database."""
    if sqlite:
        yield f"sqlite+aiosqlite:///{folder / 'motcua.db'}"
        return
    with throwaway_cluster() as server:
        yield server.url(server.create_database())


def prepare(folder: Path, settings: Mapping[str, str], *, starter: bool) -> None:
    """Fills the database: the national catalogue where it is at hand, and the starter."""
    sources = [["starter"]] if starter or not SNAPSHOT.exists() else [[str(SNAPSHOT), "--as", "snapshot"], ["starter"]]
    for source in sources:
        command = [sys.executable, "-m", "bot", "import", *source, "--publish"]
        subprocess.run(command, cwd=folder, env=dict(settings), check=True, stdout=subprocess.DEVNULL)


@asynccontextmanager
async def service(folder: Path, settings: Mapping[str, str], telegram: Telegram) -> AsyncIterator[int]:
    """The real service as a process of its own, known to the platforms; the number of its process."""
    command = [sys.executable, "-m", "bot", "run"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=dict(settings), stdout=subprocess.PIPE, limit=2**20
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            await process.stdout.readuntil(settings["MOTCUA_WEB__ADDRESS"].encode())
            await telegram.called["setWebhook"].wait()
        yield process.pid
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            await process.wait()


def memory_mib(process: int) -> float:
    """Memory that a process holds now."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measure(crowd: Crowd, process: int, rate: float, seconds: float, messages: int) -> dict[str, float]:
    """The figures of one channel: a steady load, a quiet one, and as many messages as fast as they are answered."""
    await crowd.flat_out(WARM_UP)
    crowd.forget_times()
    await crowd.rest()
    worked = cpu_ms(process)
    questions = await crowd.steadily(rate, seconds)
    steady = crowd.forget_times()
    worked = (cpu_ms(process) - worked) / max(1, len(steady))
    await crowd.rest()
    await crowd.steadily(rate / 10, seconds)
    quiet = crowd.forget_times()
    left = max(0, messages - WARM_UP - len(steady) - len(quiet))
    await crowd.flat_out(int(left * SETTLED))
    before = memory_mib(process)
    most = await crowd.flat_out(left - int(left * SETTLED)) if left else questions
    return {
        "questions_per_second": round(questions, 1),
        "p50_ms": at(0.5, steady),
        "p99_ms": at(0.99, steady),
        "cpu_ms": round(worked, 2),
        "quiet_p99_ms": at(0.99, quiet),
        "most_per_second": round(most, 1),
        "lost": crowd.lost,
        "repeated": crowd.repeated,
        "memory_mib": round(memory_mib(process), 1),
        "memory_growth": round(memory_mib(process) - before, 1),
    }


async def measured(folder: Path, url: str, args: argparse.Namespace) -> dict[str, object]:
    """The figures of both channels, the slower one's in front."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    by_channel: dict[str, dict[str, float]] = {}
    crowds = {"telegram": Crowd(), "zalo_oa": Crowd()}
    async with (
        on_telegram(crowds["telegram"]) as telegram,
        on_zalo(crowds["zalo_oa"], f"http://127.0.0.1:{port}") as zalo,
    ):
        settings = environment(url, port, telegram.address, zalo.address)
        await asyncio.to_thread(prepare, folder, settings, starter=args.starter)
        async with service(folder, settings, telegram) as process:
            for name, crowd in crowds.items():
                by_channel[name] = await measure(crowd, process, args.rate, args.seconds, args.messages // 2)
    slower = max(by_channel, key=lambda name: by_channel[name]["p99_ms"])
    worst = ("lost", "repeated", "memory_growth")
    return {
        "benchmark": "channels",
        "database": "sqlite" if args.sqlite else "postgresql",
        "offered_per_second": args.rate,
        "slower": slower,
        **by_channel[slower],
        **{name: sum(figures[name] for figures in by_channel.values()) for name in worst},
        "channels": by_channel,
        **machine(),
    }


def main() -> int:
    """Prints a table, with --json one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--sqlite", action="store_true", help="the embedded database, not PostgreSQL")
    parser.add_argument("--starter", action="store_true", help="only the starter's knowledge, for a short run")
    parser.add_argument("--rate", type=float, default=150.0, metavar="N", help="questions begun a second")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="how long each load lasts")
    parser.add_argument("--messages", type=int, default=100_000, metavar="N", help="messages in all, for the memory")
    args = parser.parse_args()
    if not SNAPSHOT.exists():
        print("Không có ../shared: đo trên dữ liệu khởi đầu.", file=sys.stderr)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database(folder, sqlite=args.sqlite))
        figures = asyncio.run(measured(folder, url, args))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name:22} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
