"""Other ways to search, each made as its own documentation tells: texts in, the codes of the ten best out."""

import importlib
import itertools
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from knowledge.text import clean, fold, tokens

SHOWN = 10
MOST_WORDS = 120

Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Text:
    """What a search may know of one procedure: its title and, perhaps, everyday phrases."""

    code: str
    title: str
    phrases: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Title and phrases."""
        return (self.title, *self.phrases)


class NotHereError(RuntimeError):
    """The engine is not on this machine; the message says what brings it."""


def needed(name: str) -> Any:
    """The package of this name. Raises NotHereError."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NotHereError(f"chưa cài {name}: .venv/bin/pip install {name}") from error


def syllables(text: str) -> list[str]:
    """A text as every engine gets it: syllables without accents, đ as d (not all of them fold that letter)."""
    return tokens(fold(clean(text)))


def distinct(codes: Iterator[str]) -> list[str]:
    """The first SHOWN different codes."""
    found: dict[str, None] = {}
    for code in codes:
        found[code] = None
        if len(found) == SHOWN:
            break
    return list(found)


@contextmanager
def rapidfuzz(texts: Sequence[Text]) -> Iterator[Search]:
    """A plain WRatio scan over every line."""
    lines = [" ".join(syllables(line)) for text in texts for line in text.lines]
    owners = [text.code for text in texts for _ in text.lines]
    most = SHOWN * max(len(text.lines) for text in texts)

    def search(question: str) -> list[str]:
        found = process.extract(" ".join(syllables(question)), lines, scorer=fuzz.WRatio, limit=most)
        return distinct(owners[n] for _, _, n in found)

    yield search


@contextmanager
def sqlite_fts5(texts: Sequence[Text]) -> Iterator[Search]:
    """SQLite's full text search: unicode61 without diacritics, any word may match, bm25, the title three times."""
    rows = ((text.code, _spelt(text.title), _spelt(" . ".join(text.phrases))) for text in texts)
    query = f"SELECT code FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, 0, 3, 1) LIMIT {SHOWN}"
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute(
            "CREATE VIRTUAL TABLE entry USING"
            " fts5(code UNINDEXED, title, phrases, tokenize='unicode61 remove_diacritics 2')"
        )
        base.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)

        def search(question: str) -> list[str]:
            words = dict.fromkeys(syllables(question)[:MOST_WORDS])
            matching = " OR ".join(f'"{word}"' for word in words)
            return [str(code) for (code,) in base.execute(query, (matching,))] if words else []

        yield search


def _spelt(text: str) -> str:
    # unicode61 takes đ for a letter of its own, and people without accents type d.
    return clean(text).lower().replace("đ", "d")


@contextmanager
def bm25s(texts: Sequence[Text]) -> Iterator[Search]:
    """bm25s over syllables."""
    with _bm25s(texts, syllables) as search:
        yield search


@contextmanager
def bm25s_pairs(texts: Sequence[Text]) -> Iterator[Search]:
    """bm25s over syllables and pairs of neighbours, Vietnamese words being mostly two syllables."""
    with _bm25s(texts, _with_pairs) as search:
        yield search


def _with_pairs(text: str) -> list[str]:
    single = syllables(text)
    return single + [f"{a}_{b}" for a, b in itertools.pairwise(single)]


@contextmanager
def _bm25s(texts: Sequence[Text], split: Callable[[str], list[str]]) -> Iterator[Search]:
    package = needed("bm25s")
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    index = package.BM25()
    corpus = [[token for line in text.lines for token in split(line)] for text in texts]
    index.index(corpus, show_progress=False)
    known = {token for tokens_of_one in corpus for token in tokens_of_one}

    def search(question: str) -> list[str]:
        asked = [token for token in split(question) if token in known]
        if not asked:
            return []
        found, _ = index.retrieve([asked], k=min(SHOWN, len(texts)), show_progress=False)
        return [texts[n].code for n in found[0]]

    yield search


@contextmanager
def tantivy(texts: Sequence[Text]) -> Iterator[Search]:
    """tantivy in memory: lower case, folded, any word may match, the title three times."""
    package = needed("tantivy")
    builder = package.SchemaBuilder()
    builder.add_text_field("code", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("title", "phrases"):
        builder.add_text_field(field, tokenizer_name="folded")
    index = package.Index(builder.build())
    analyser = package.TextAnalyzerBuilder(package.Tokenizer.simple())
    folded = analyser.filter(package.Filter.lowercase()).filter(package.Filter.ascii_fold()).build()
    index.register_tokenizer("folded", folded)
    writer = index.writer(num_threads=1)
    for text in texts:
        writer.add_document(package.Document(code=text.code, title=text.title, phrases=" . ".join(text.phrases)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    boosts = {"title": 3.0, "phrases": 1.0}

    def search(question: str) -> list[str]:
        words = " ".join(syllables(question)[:MOST_WORDS])
        query, _ = index.parse_query_lenient(words, ["title", "phrases"], field_boosts=boosts)
        return [str(searcher.doc(place)["code"][0]) for _, place in searcher.search(query, SHOWN).hits]

    yield search
