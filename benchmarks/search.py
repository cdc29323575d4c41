"""How fast `find` is over the national catalogue and over one nine times as large, on one core."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _catalogue, _measuring
from knowledge import lexicon
from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile
from knowledge.index import Index
from knowledge.search import Searcher
from knowledge.text import warm_up

LARGE = 50_000

Figures = dict[str, Any]


def build(stored: Path, most: int | None) -> Figures:
    """The base made from a publication, its index stored."""
    published = _catalogue.publication(_catalogue.procedures(most))
    started = time.perf_counter()
    KnowledgeBase.build(published, OfficeProfile(), stored)
    spent = time.perf_counter() - started
    return {
        "procedures": len(published.procedures),
        "build_s": round(spent, 2),
        "index_file_mib": round(stored.stat().st_size / 2**20, 1),
    }


def start(stored: Path, most: int | None, texts: Sequence[str]) -> Figures:
    """The same base from the stored index, and how fast it finds."""
    published = _catalogue.publication(_catalogue.procedures(most))
    started, worked = time.perf_counter(), time.process_time()
    base = KnowledgeBase.build(published, OfficeProfile(), stored)
    figures = {
        "start_s": round(time.perf_counter() - started, 2),
        "start_cpu_s": round(time.process_time() - worked, 2),
    }
    return {**figures, **_measuring.times(base.find, texts), "rss_mib": _measuring.resident_mib()}


def memory(stored: Path, texts: Sequence[str]) -> Figures:
    """What the stored index and what searches it take, beside Python, numpy, word models and lexicon."""
    words = lexicon.load()
    warm_up()
    with np.load(stored) as arrays:
        fingerprint = bytes(arrays["fingerprint"]).decode()
    before = _measuring.resident_mib()
    started = time.perf_counter()
    index = Index.load(stored, fingerprint)
    assert index is not None
    searcher = Searcher(index, words)
    loaded = time.perf_counter() - started
    for text in texts:
        query = searcher.understand(text)
        searcher.ranked(searcher.read(query, searcher.asked(query)))
    return {"index_mib": round(_measuring.resident_mib() - before, 1), "index_load_s": round(loaded, 2)}


def large(count: int, texts: Sequence[str]) -> Figures:
    """How fast a base with many changed copies finds."""
    entries, said = _catalogue.multiplied(_catalogue.procedures(), count)
    published = _catalogue.publication(entries, said)
    started = time.perf_counter()
    base = KnowledgeBase.build(published, OfficeProfile())
    spent = time.perf_counter() - started
    return {"procedures": len(entries), "build_s": round(spent, 1), **_measuring.times(base.find, texts)}


def run(most: int | None, count: int, every: int) -> Figures:
    """All figures; times over the first turns of every file of questions, each asked once."""
    core = _measuring.one_core()
    texts = [question.text for question in _catalogue.first_turns()][::every]
    with tempfile.TemporaryDirectory() as name:
        stored = Path(name) / "index.npz"
        figures = {
            **_measuring.alone(build, stored, most),
            **_measuring.alone(start, stored, most, texts),
            **_measuring.alone(memory, stored, texts),
        }
    if count:
        figures["large"] = _measuring.alone(large, count, texts)
    return {"benchmark": "search", "questions": len(texts), "core": core, **figures, **_measuring.machine()}


def main() -> int:
    """Prints a table, with --json one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--procedures", type=int, default=None, metavar="N", help="index only the first N")
    parser.add_argument("--large", type=int, default=LARGE, metavar="N", help="size of the larger base; 0 = leave out")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask only every Nth question")
    args = parser.parse_args()
    if not _catalogue.SNAPSHOT.exists():
        print("Không có thư mục ../shared với dữ liệu quốc gia nên chưa đo được.", file=sys.stderr)
        return 1
    figures = run(args.procedures, args.large, max(1, args.every))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print("\n".join(f"{name:16} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
