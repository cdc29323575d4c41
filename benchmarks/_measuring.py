"""How the benchmarks of the search measure: one processor core, times of single searches, memory in use."""

import contextlib
import ctypes
import gc
import multiprocessing
import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def one_core() -> int | None:
    """Keeps this process, and those it starts, on one core; its number, or None where the system cannot.

    Libraries that were loaded before may have counted more cores: what is measured runs in a new process.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def alone(part: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs one part in a process of its own, so that no part finds what another left in memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(part, *args, **kwargs).result()


def machine() -> dict[str, object]:
    """What the figures were taken on; `load` is the number of programs that wanted to run in the last minute."""
    return {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}


def times(search: Callable[[str], object], texts: Iterable[str]) -> dict[str, float]:
    """Milliseconds of one search: by the clock, and of the processor alone (other programs' work left out)."""
    by_clock, by_processor = [], []
    for text in texts:
        started, worked = time.perf_counter(), time.thread_time()
        search(text)
        by_processor.append((time.thread_time() - worked) * 1000)
        by_clock.append((time.perf_counter() - started) * 1000)
    return {
        "p50_ms": at(0.5, by_clock),
        "p99_ms": at(0.99, by_clock),
        "p50_cpu_ms": at(0.5, by_processor),
        "p99_cpu_ms": at(0.99, by_processor),
    }


def at(share: float, spent: Sequence[float]) -> float:
    """The time within which this share of the searches was done."""
    ordered = sorted(spent)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)


def resident_mib() -> float:
    """Memory that this process holds now, in MiB; what is free but not yet given back is given back first."""
    gc.collect()
    # Another C library gives memory back by itself, or not at all.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)
