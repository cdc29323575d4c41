"""Our search beside others over the same texts, in one run: how often the right procedure comes first, and how fast."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from benchmarks import _catalogue, _measuring, _peers, _postgres
from benchmarks._catalogue import Question
from benchmarks._peers import NotHereError, Search, Text
from knowledge import aliases, lexicon
from knowledge.base import KnowledgeBase, Publication, indexed
from knowledge.entries import OfficeProfile, Procedure
from knowledge.search import Searcher
from knowledge.text import warm_up

FILES = ("dev-national", "dev-popular", "dev-formal")
PLACES = (1, 5, 10)
COLUMNS = {
    "p50 ms": "p50_ms",
    "p99 ms": "p99_ms",
    "p50 CPU ms": "p50_cpu_ms",
    "p99 CPU ms": "p99_cpu_ms",
    "build s": "build_s",
}
PEERS: dict[str, Callable[[Sequence[Text]], AbstractContextManager[Search]]] = {
    "sqlite_fts5": _peers.sqlite_fts5,
    "bm25s": _peers.bm25s,
    "bm25s_pairs": _peers.bm25s_pairs,
    "tantivy": _peers.tantivy,
    "postgres": _postgres.postgres,
    "postgres_trgm": _postgres.postgres_trgm,
    "rapidfuzz": _peers.rapidfuzz,
}
OURS = "motcua"
ELSEWHERE = ("postgres", "postgres_trgm")
"""Engines that work in a process of their own: our processor time says nothing about theirs."""

Row = dict[str, Any]


@contextmanager
def ours(published: Publication, everyday: _catalogue.Phrases) -> Iterator[Search]:
    """The project's own search over a publication with these everyday phrases."""
    words = lexicon.load()
    base = KnowledgeBase(published, OfficeProfile(), Searcher(indexed(published, words, everyday), words))
    yield lambda question: [hit.ref for hit in base.find(question).hits]


def titles_only(entries: Sequence[Procedure]) -> list[Procedure]:
    """The procedures as the other engines see them: code and title, nothing else."""
    return [Procedure(code=entry.code, name=entry.name) for entry in entries]


def measured(engine: str, texts: str, made: AbstractContextManager[Search], asked: Sequence[Question]) -> Row:
    """One row of the table; `skipped` says why an engine is not on this machine."""
    row: Row = {"engine": engine, "texts": texts}
    started = time.perf_counter()
    try:
        with made as search:
            row["build_s"] = round(time.perf_counter() - started, 2)
            found: dict[str, Sequence[str]] = {}

            def kept(text: str) -> None:
                found[text] = search(text)

            spent = _measuring.times(kept, [question.text for question in asked])
            row.update({name: value for name, value in spent.items() if engine not in ELSEWHERE or "cpu" not in name})
            row.update(quality(asked, found))
    except NotHereError as error:
        row["skipped"] = str(error)
    print(json.dumps(row, ensure_ascii=False), file=sys.stderr)
    return row


def quality(asked: Sequence[Question], found: dict[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """For every file the shares of questions whose right procedure is the first, among five, among ten."""
    shares = {}
    for file in FILES:
        of_file = [question for question in asked if question.file == file]
        if of_file:
            shares[file] = {
                f"top{most}": round(
                    sum(bool(question.codes & set(found[question.text][:most])) for question in of_file) / len(of_file),
                    4,
                )
                for most in PLACES
            }
    return shares


def run(most: int | None, every: int, wanted: Sequence[str]) -> dict[str, Any]:
    """All rows. Everything is indexed twice: titles alone, and titles with the everyday phrases of the project."""
    warm_up()
    entries = _catalogue.procedures(most)
    everyday = aliases.load()
    turns = [q for q in _catalogue.first_turns() if q.file in FILES and q.expect == "answer" and q.codes]
    asked = turns[::every]
    titles = _catalogue.publication(titles_only(entries))
    rows = []
    if OURS in wanted:
        rows.append(measured(OURS, "titles", ours(titles, {}), asked))
        rows.append(measured(OURS, "titles + phrases", ours(titles, everyday), asked))
        rows.append(measured(OURS, "everything", ours(_catalogue.publication(entries), everyday), asked))
    for name, made in PEERS.items():
        if name in wanted:
            plain = [Text(entry.code, entry.name) for entry in entries]
            rows.append(measured(name, "titles", made(plain), asked))
            rich = [Text(entry.code, entry.name, everyday.get(entry.code, ())) for entry in entries]
            rows.append(measured(name, "titles + phrases", made(rich), asked))
    counts = {file: sum(question.file == file for question in asked) for file in FILES}
    sizes = {"procedures": len(entries), "questions": counts}
    return {"benchmark": "peers", **sizes, **_measuring.machine(), "rows": rows}


def table(rows: Sequence[Row]) -> str:
    """The rows as people read them: top 1 / 5 / 10 of each file, milliseconds, seconds to build."""
    head = ["Search", "Over", *(file.removeprefix("dev-") for file in FILES), *COLUMNS]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        if "skipped" in row:
            lines.append([row["engine"], row["texts"], row["skipped"], *[""] * (len(FILES) + len(COLUMNS) - 1)])
            continue
        shares = (" / ".join(f"{share:.2f}" for share in row.get(file, {}).values()) for file in FILES)
        lines.append([row["engine"], row["texts"], *shares, *(str(row.get(name, "")) for name in COLUMNS.values())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    """Prints a table, with --json one JSON object after it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--procedures", type=int, default=None, metavar="N", help="index only the first N")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask only every Nth question")
    parser.add_argument("--only", nargs="+", choices=(OURS, *PEERS), default=(OURS, *PEERS), help="only these")
    args = parser.parse_args()
    if not _catalogue.SNAPSHOT.exists():
        print("Không có thư mục ../shared với dữ liệu quốc gia nên chưa đo được.", file=sys.stderr)
        return 1
    core = _measuring.one_core()
    figures = {**_measuring.alone(run, args.procedures, max(1, args.every), args.only), "core": core}
    print(table(figures["rows"]))
    if args.json:
        print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
