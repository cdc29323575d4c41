"""How many page views and chat answers the real service gives, over the national catalogue where it is at hand."""

import argparse
import asyncio
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT.parent / "shared" / "data" / "procedures-2026-07.jsonl.gz"
ADDRESS = re.compile(r"http://\S+?:\d+")
PATIENCE = 120.0
"""Seconds for one request or for the service's start before the run is given up."""
SEARCHES = ("khai sinh", "tam tru", "lý lịch tư pháp", "đổi bằng lái", "mở quán ăn", "căn cước", "xây nhà", "kết hôn")
QUESTIONS = (
    "làm khai sinh cho con cần giấy tờ gì",
    "lệ phí đăng ký tạm trú bao nhiêu",
    "doi bang lai xe mat may ngay",
    "xin xác nhận độc thân ở đâu",
    "nộp hồ sơ qua mạng thế nào",
    "cảm ơn",
)

Call = Callable[[httpx.AsyncClient, random.Random], Awaitable[None]]


@contextmanager
def service(folder: Path) -> Iterator[tuple[str, int]]:
    """The service as a process of its own over a new database; its address and the number of its process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    environment = {**kept, "MOTCUA_WEB__PORT": "0", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "bot"]
    for source in ((str(SNAPSHOT), "--as", "snapshot"), ("starter",)):
        if source[0] == "starter" or SNAPSHOT.exists():
            subprocess.run(
                [*command, "import", *source, "--publish"],
                cwd=folder,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
    with subprocess.Popen([*command, "run"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield next(found[0] for line in process.stdout if (found := ADDRESS.search(line))), process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE)


@asynccontextmanager
async def visitor(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """One client with its own connections and cookies."""
    limits = httpx.Limits(max_connections=32, max_keepalive_connections=32)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:
        yield client


async def addresses_of(client: httpx.AsyncClient) -> tuple[list[str], list[str]]:
    """The pages of procedures and of questions that the site map names."""
    found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", (await client.get("/sitemap.xml")).text)
    return [path for path in found if path.startswith("/thu-tuc/")], [p for p in found if p.startswith("/hoi-dap/")]


def page_views(procedures: Sequence[str], questions: Sequence[str]) -> Call:
    """One page as visitors open them: mostly one procedure of all, each as likely as any other."""

    async def view(client: httpx.AsyncClient, chance: random.Random) -> None:
        kind = chance.random()
        if kind < 0.7:
            path = chance.choice(procedures)
        elif kind < 0.8:
            path = chance.choice(questions)
        elif kind < 0.88:
            path = f"/thu-tuc?q={chance.choice(SEARCHES)}"
        elif kind < 0.95:
            path = f"/thu-tuc?trang={chance.randint(1, 50)}"
        else:
            path = "/hoi-dap" if kind < 0.97 else "/"
        response = await client.get(path)
        assert response.status_code == 200, (path, response.status_code)

    return view


async def ask(client: httpx.AsyncClient, chance: random.Random) -> None:
    """One question by somebody new, answered and kept."""
    response = await client.post(
        "/chat",
        data={"text": chance.choice(QUESTIONS)},
        headers={"accept": "application/json", "cookie": f"motcua={chance.getrandbits(192):048x}"},
    )
    # The first form of a browser without a cookie needs no token; one with a cookie gets its token back with 403.
    if response.status_code == 403:
        response = await client.post(
            "/chat",
            data={"text": chance.choice(QUESTIONS), "token": response.json()["token"]},
            headers={"accept": "application/json", "cookie": response.request.headers["cookie"]},
        )
    assert response.status_code == 200, response.status_code


async def paced(client: httpx.AsyncClient, call: Call, rate: int, seconds: float) -> list[float]:
    """Calls begun `rate` times a second whether or not earlier ones have ended; milliseconds of each, from its time."""
    chance, started = random.Random(1), time.perf_counter()
    spent: list[float] = []

    # A browser waits for a free connection too; thousands waiting at once would measure the client.
    connections = asyncio.Semaphore(32)

    async def one(due: float) -> None:
        async with connections:
            await call(client, chance)
        spent.append((time.perf_counter() - due) * 1000)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    return spent


async def flat_out(client: httpx.AsyncClient, call: Call, workers: int, seconds: float) -> tuple[float, list[float]]:
    """Calls a second by workers that never pause, and the milliseconds of each call."""
    spent: list[float] = []
    end = time.perf_counter() + seconds

    async def work(number: int) -> None:
        chance = random.Random(number)
        while (begun := time.perf_counter()) < end:
            await call(client, chance)
            spent.append((time.perf_counter() - begun) * 1000)

    started = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(workers)))
    return len(spent) / (time.perf_counter() - started), spent


def at(share: float, spent: Sequence[float]) -> float:
    """The time within which this share of the calls was answered."""
    ordered = sorted(spent)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


def cpu_ms(process: int) -> float:
    """Milliseconds of processor time that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


async def measure(address: str, process: int, rate: int, seconds: float) -> dict[str, object]:
    """All figures of one running service."""
    async with visitor(address) as client:
        procedures, questions = await addresses_of(client)
        view = page_views(procedures, questions)
        before = cpu_ms(process)
        steady = await paced(client, view, rate, seconds)
        page_cpu = (cpu_ms(process) - before) / len(steady)
        page_rps, _ = await flat_out(client, view, 8, seconds / 2)
        chat_rps, chats = await flat_out(client, ask, 4, seconds / 2)
    return {
        "benchmark": "web",
        "procedures": len(procedures),
        "offered_rps": rate,
        "page_cpu_ms": round(page_cpu, 2),
        "page_p50_ms": at(0.5, steady),
        "page_p99_ms": at(0.99, steady),
        "page_rps": round(page_rps, 1),
        "chat_rps": round(chat_rps, 1),
        "chat_p99_ms": at(0.99, chats),
        "python": platform.python_version(),
    }


def main() -> int:
    """Prints a table, with --json one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--rate", type=int, default=200, metavar="N", help="page views begun a second")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S", help="how long the steady load lasts")
    args = parser.parse_args()
    if not SNAPSHOT.exists():
        print("Không có ../shared: đo trên dữ liệu khởi đầu.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as (address, process):
        figures = asyncio.run(measure(address, process, max(1, args.rate), max(1.0, args.seconds)))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name:14} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
