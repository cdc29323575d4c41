"""Every search of the comparison finds what it plainly should, and the comparison counts as it says."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks import _peers, peers
from benchmarks._catalogue import Question, publication
from benchmarks._peers import NotHereError, Search, Text
from knowledge.entries import Procedure
from tests.places import ROOT, needs_shared

TEXTS = [
    Text("1.000001", "Thủ tục đăng ký khai sinh", ("mới sinh em bé",)),
    Text("1.000002", "Cấp giấy phép xây dựng nhà ở riêng lẻ", ("sắp cất nhà", "xin phép sửa nhà")),
    Text("1.000003", "Đăng ký kết hôn có yếu tố nước ngoài", ("cưới chồng Tây",)),
    *(Text(f"2.{number:06d}", f"Thủ tục về việc số {number}") for number in range(12)),
]


@pytest.fixture(scope="module", params=list(peers.PEERS))
def search(request: pytest.FixtureRequest) -> Iterator[Search]:
    with ExitStack() as opened:
        try:
            made = opened.enter_context(peers.PEERS[request.param](TEXTS))
        except NotHereError as error:
            pytest.skip(str(error))
        yield made


@pytest.mark.parametrize(
    ("question", "code"),
    [("dang ky khai sinh", "1.000001"), ("Giấy phép xây dựng?", "1.000002"), ("cuoi chong tay", "1.000003")],
)
def test_a_peer_finds_titles_and_phrases_without_accents(search: Search, question: str, code: str) -> None:
    assert search(question)[0] == code


def test_a_peer_gives_ten_different_codes_at_most(search: Search) -> None:
    codes = search("thủ tục về việc sinh nhà")

    assert 0 < len(codes) <= 10
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("question", ["", "?!", '"(*', "xyz: -a AND OR qwv"])
def test_odd_questions_harm_no_peer(search: Search, question: str) -> None:
    assert len(search(question)) <= 10


def test_our_own_search_stands_in_the_same_row() -> None:
    entries = [Procedure(code=text.code, name=text.title, steps="Bước 1") for text in TEXTS]
    everyday = {text.code: text.phrases for text in TEXTS}

    bare = peers.titles_only(entries)
    with peers.ours(publication(bare), everyday) as ours:
        assert ours("cuoi chong tay")[0] == "1.000003"
    assert {entry.steps for entry in bare} == {""}


def test_quality_is_counted_by_file() -> None:
    asked = [
        Question("dev-national", "a", "answer", frozenset({"1"})),
        Question("dev-national", "b", "answer", frozenset({"2", "3"})),
        Question("dev-formal", "c", "answer", frozenset({"9"})),
    ]

    shares = peers.quality(asked, {"a": ["1"], "b": ["5", "3"], "c": []})

    assert shares == {
        "dev-national": {"top1": 0.5, "top5": 1.0, "top10": 1.0},
        "dev-formal": {"top1": 0.0, "top5": 0.0, "top10": 0.0},
    }


def test_an_engine_that_is_not_here_is_named_in_the_table() -> None:
    with pytest.raises(NotHereError, match=r"pip install no_such_engine"):
        _peers.needed("no_such_engine")
    row = {"engine": "x", "texts": "titles", "skipped": "not here"}

    assert "| x | titles | not here |" in peers.table([row])


@needs_shared
def test_the_benchmark_prints_json_last() -> None:
    few = ["--procedures", "40", "--every", "300", "--only", "motcua", "sqlite_fts5", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peers", *few], cwd=ROOT, capture_output=True, text=True, check=True
    )

    figures = json.loads(done.stdout.splitlines()[-1])
    assert [row["engine"] for row in figures["rows"]] == ["motcua"] * 3 + ["sqlite_fts5"] * 2
    assert all({"p50_ms", "p99_ms", "build_s"} <= row.keys() for row in figures["rows"])
