"""The words people use: every data file of the lexicon is well formed, and its official words exist."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from rapidfuzz import fuzz, process

from knowledge import lexicon
from knowledge.query import understand
from knowledge.syllables import Typed
from knowledge.text import clean, fold, tokens
from tests.places import QUESTIONS, SNAPSHOT, needs_shared

TABLES = ("phrases.tsv", "abbreviations.tsv", "teencode.tsv", "dialect.tsv")
LONGEST_OFFICIAL = 34
TOO_CLOSE = 90.0
_WORD = re.compile(r"[^\W_]+")


@cache
def lines(name: str) -> tuple[str, ...]:
    text = (lexicon.FOLDER / name).read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def pairs(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    split = (line.split("\t") for line in lines(name))
    return tuple((left, tuple(part.strip() for part in right.split(";"))) for left, right in split)


@cache
def short_forms() -> dict[str, str]:
    return {short: full[0] for short, full in pairs("abbreviations.tsv") if len(full) == 1}


def written_out(text: str) -> str:
    return _WORD.sub(lambda match: short_forms().get(match.group().lower(), match.group()), clean(text))


@cache
def titles() -> tuple[frozenset[str], ...]:
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return tuple(frozenset(tokens(fold(written_out(f"{row['name']} {row['field']}")))) for row in rows)


def questions() -> Iterator[str]:
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from (value for value in row.values() if isinstance(value, str) and " " in value)


def nothing(typed: Sequence[Typed]) -> list[tuple[str, ...]]:
    return [(said.folded,) for said in typed]


@pytest.mark.parametrize("name", [*TABLES, "fillers.txt"])
def test_a_file_is_clean_composed_text(name: str) -> None:
    text = (lexicon.FOLDER / name).read_text(encoding="utf-8")

    assert len(lines(name)) > 40
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert [line for line in lines(name) if line != line.strip() or "  " in line] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_two_columns_and_no_key_twice(name: str) -> None:
    assert [line for line in lines(name) if line.count("\t") != 1] == []

    keys = [left for left, _ in pairs(name)]
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []
    assert [key for key in keys if key != clean(key).lower()] == []
    assert [(left, right) for left, right in pairs(name) if left in right or "" in right] == []


def test_no_filler_stands_twice() -> None:
    found = lines("fillers.txt")

    assert sorted(line for line in set(found) if found.count(line) > 1) == []


def test_only_phrases_and_abbreviations_have_several_meanings() -> None:
    for name in ("teencode.tsv", "dialect.tsv"):
        assert [left for left, right in pairs(name) if len(right) > 1 or len(tokens(left)) != 1] == []


def test_there_is_a_phrase_for_every_walk_of_life() -> None:
    found = pairs("phrases.tsv")

    assert len(found) >= 2000
    assert [left for left, _ in found if not 1 <= len(tokens(left)) <= lexicon.LONGEST_PHRASE] == []
    assert [part for _, right in found for part in right if len(tokens(part)) > LONGEST_OFFICIAL] == []


def test_every_phrase_is_reached_by_someone_who_types_it() -> None:
    """Chat spelling, abbreviations and dialect are resolved first: a left side must survive that."""
    words = lexicon.load()
    lost = []
    for left, _ in pairs("phrases.tsv"):
        query = understand(left, words, repair=nothing)
        if not any(expansion.phrase and len(expansion.everyday) == len(tokens(left)) for expansion in query.expansions):
            lost.append((left, query.text))

    assert lost == []


def test_official_words_are_written_in_full_as_the_index_has_them() -> None:
    found = [part for _, right in pairs("phrases.tsv") for part in right]

    assert [part for part in found if any(token in short_forms() for token in tokens(part))] == []


@needs_shared
def test_official_words_stand_in_a_title_of_the_catalogue() -> None:
    every = frozenset().union(*titles())
    missing = []
    for part in sorted({part for _, right in pairs("phrases.tsv") for part in right}):
        wanted = frozenset(tokens(fold(part)))
        if not wanted <= every or not any(wanted <= title for title in titles()):
            missing.append(part)

    assert missing == []


@needs_shared
def test_no_line_repeats_a_question_of_the_test_sets() -> None:
    asked = sorted({fold(clean(question)) for question in questions()})
    ours = sorted({fold(left) for left, _ in pairs("phrases.tsv")})
    assert len(asked) > 100

    near = process.cdist(ours, asked, scorer=fuzz.ratio, score_cutoff=TOO_CLOSE)
    assert [ours[n] for n in sorted(set(near.nonzero()[0].tolist()))] == []
