"""The larger catalogue is always the same, and the benchmark of the search gives every figure."""

import json
import os
import random
import subprocess
import sys

import pytest

from benchmarks import _measuring
from benchmarks._catalogue import changed, first_turns, multiplied, procedures
from knowledge import aliases
from knowledge.entries import Procedure
from tests.places import ROOT, needs_shared

ENTRIES = [
    Procedure(code="1.001193", name="Đăng ký khai sinh", keywords="khai sinh", steps="Bước 1"),
    Procedure(code="1.004194", name="Đăng ký tạm trú cho người ở trọ", field="Cư trú"),
]


def test_copies_are_made_up_to_the_number() -> None:
    made, said = multiplied(ENTRIES, 9)

    assert made[:2] == ENTRIES
    assert len({entry.code for entry in made}) == 9
    assert said.keys() == {entry.code for entry in made[2:]}
    for number, copy in enumerate(made[2:]):
        original = ENTRIES[number % 2]
        assert (copy.steps, copy.field) == (original.steps, original.field)
        assert len(said[copy.code]) == len(aliases.load()[original.code])
    assert any(copy.name != ENTRIES[number % 2].name for number, copy in enumerate(made[2:]))


def test_the_seed_alone_decides_what_copies_are() -> None:
    assert multiplied(ENTRIES, 9, seed=1) == multiplied(ENTRIES, 9, seed=1)
    assert multiplied(ENTRIES, 9, seed=1) != multiplied(ENTRIES, 9, seed=2)
    assert multiplied(ENTRIES, 1) == (ENTRIES[:1], {})


def test_a_change_keeps_most_words() -> None:
    text = " ".join("abcdefghij")
    made = [changed(text, ["X"], random.Random(seed)).split() for seed in range(200)]  # noqa: S311
    counts = [words.count("X") for words in made]

    assert all(len(words) == 10 for words in made)
    assert min(counts) == 1
    assert 1.5 < sum(counts) / len(counts) < 2.5
    assert changed("", ["X"], random.Random(1)) == ""  # noqa: S311


@pytest.mark.parametrize(("share", "expected"), [(0.5, 3), (0.99, 4), (0.0, 1)])
def test_percentiles(share: float, expected: float) -> None:
    assert _measuring.at(share, [4, 1, 3, 2]) == expected


def test_each_search_is_timed_once() -> None:
    asked: list[str] = []

    figures = _measuring.times(asked.append, ["a", "b", "a"])

    assert asked == ["a", "b", "a"]
    assert list(figures) == ["p50_ms", "p99_ms", "p50_cpu_ms", "p99_cpu_ms"]


def test_a_part_runs_in_a_process_of_its_own() -> None:
    assert _measuring.alone(os.getpid) != os.getpid()


@needs_shared
def test_the_benchmark_gives_every_figure() -> None:
    few = ["--procedures", "40", "--every", "300", "--large", "0", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.search", *few], cwd=ROOT, capture_output=True, text=True, check=True
    )

    figures = json.loads(done.stdout.splitlines()[-1])
    assert {"p50_ms", "p99_ms", "build_s", "start_s", "index_mib", "rss_mib", "core", "load"} <= figures.keys()
    assert figures["procedures"] == 40


@needs_shared
def test_the_catalogue_and_the_questions_are_read() -> None:
    assert len(procedures(5)) == 5
    assert {question.file for question in first_turns()} == {"dev-national", "dev-popular", "dev-formal", "dev-desk"}
