"""How fast and how good `find` is over the national catalogue, beside rapidfuzz and SQLite FTS5."""

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge.base import KnowledgeBase
from knowledge.entries import OfficeProfile, Procedure
from knowledge.importing.reading import Refusal, read_rows
from knowledge.importing.snapshot import procedure_of
from knowledge.serialising import to_json
from knowledge.store import Publication, StoredBody
from knowledge.text import clean, fold, tokens

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
SNAPSHOT = SHARED / "data" / "procedures-2026-07.jsonl.gz"
QUESTIONS = ("dev-popular.jsonl", "dev-national.jsonl")
TODAY = date(2026, 7, 31)

Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that starts a conversation, with the codes that answer it."""

    text: str
    codes: frozenset[str]


def procedures(most: int | None) -> list[Procedure]:
    """The procedures of the snapshot, at most `most`."""
    rows = read_rows(SNAPSHOT)[:most]
    return [procedure_of(row.content, None) for row in rows if not isinstance(row.content, Refusal)]


def questions() -> list[Question]:
    """First turns that one procedure answers."""
    found = []
    for name in QUESTIONS:
        for line in (SHARED / "questions" / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["turn"] == 1 and row["expect"] == "answer" and row["codes"]:
                found.append(Question(row["text"], frozenset(row["codes"])))
    return found


def publication(entries: Sequence[Procedure]) -> Publication:
    """A publication that holds nothing but these procedures."""
    return Publication(
        revision=1,
        on=TODAY,
        procedures={entry.code: StoredBody(1, to_json(entry)) for entry in entries},
        faqs={},
        offices=(),
        legal_documents=(),
        overlays={},
        code_aliases={},
        aliases={},
    )


def by_rapidfuzz(entries: Sequence[Procedure]) -> Search:
    """A plain scan over all titles."""
    titles = {entry.code: fold(entry.name) for entry in entries}

    def search(text: str) -> list[str]:
        found = process.extract(fold(clean(text)), titles, scorer=fuzz.token_set_ratio, limit=10)
        return [code for _, _, code in found]

    return search


def by_fts5(entries: Sequence[Procedure]) -> Search:
    """SQLite's own full text search over folded titles and steps, any word may match."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE entries USING fts5(code UNINDEXED, name, rest)")
    rows = ((e.code, fold(e.name), fold(f"{e.field} {e.keywords} {e.results} {e.steps[:800]}")) for e in entries)
    base.executemany("INSERT INTO entries VALUES (?, ?, ?)", rows)

    def search(text: str) -> list[str]:
        words = [f'"{token}"' for token in dict.fromkeys(tokens(fold(clean(text))))][:120]
        if not words:
            return []
        query = "SELECT code FROM entries WHERE entries MATCH ? ORDER BY bm25(entries, 0, 3, 1) LIMIT 10"
        return [str(code) for (code,) in base.execute(query, (" OR ".join(words),))]

    return search


def measure(search: Search, asked: Sequence[Question], rounds: int) -> dict[str, float]:
    """Milliseconds of one search and the share of questions whose right code is first, or among ten."""
    times, first, ten = [], 0, 0
    for turn in range(rounds):
        for question in asked:
            started = time.perf_counter()
            codes = list(search(question.text))
            times.append((time.perf_counter() - started) * 1000)
            if not turn:
                first += bool(question.codes & set(codes[:1]))
                ten += bool(question.codes & set(codes[:10]))
    times.sort()
    return {
        "p50_ms": round(times[len(times) // 2], 2),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 2),
        "top1": round(first / len(asked), 4),
        "top10": round(ten / len(asked), 4),
    }


def resident_mib() -> float:
    """Memory of this process that is in use now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def run(most: int | None, rounds: int) -> dict[str, object]:
    """All figures. The memory is that of the whole process before the peers are built."""
    entries = procedures(most)
    asked = questions()
    published = publication(entries)
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "index.npz"
        started = time.perf_counter()
        KnowledgeBase.build(published, OfficeProfile(), stored)
        built = time.perf_counter() - started
        started = time.perf_counter()
        base = KnowledgeBase.build(published, OfficeProfile(), stored)
        loaded = time.perf_counter() - started
    ours = measure(lambda text: [hit.ref for hit in base.find(text).hits], asked, rounds)
    memory = resident_mib()
    peers = {
        "rapidfuzz_titles": measure(by_rapidfuzz(entries), asked, 1),
        "sqlite_fts5": measure(by_fts5(entries), asked, 1),
    }
    return {
        "benchmark": "search",
        "procedures": len(entries),
        "questions": len(asked),
        **ours,
        "index_s": round(built, 2),
        "index_from_file_s": round(loaded, 2),
        "rss_mib": memory,
        "python": platform.python_version(),
        "peers": peers,
    }


def main() -> int:
    """Prints a table, with --json one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--procedures", type=int, default=None, metavar="N", help="index only the first N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="ask every question N times")
    args = parser.parse_args()
    if not SNAPSHOT.exists():
        print("Không có thư mục ../shared với dữ liệu quốc gia nên chưa đo được.", file=sys.stderr)
        return 1
    figures = run(args.procedures, max(1, args.rounds))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    peers = figures.pop("peers")
    print("\n".join(f"{name:20} {value}" for name, value in figures.items()))
    print(json.dumps(peers, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
