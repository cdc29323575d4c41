"""PostgreSQL as a search: full text without accents, and with the nearness of pg_trgm added."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg

from benchmarks._peers import NotHereError, Search, Text
from knowledge.text import clean
from tests.postgres import OWNER, NoPostgresError, throwaway_cluster

TABLES: LiteralString = """
    CREATE EXTENSION unaccent;
    CREATE EXTENSION pg_trgm;
    CREATE TABLE entry (code text PRIMARY KEY, title text, phrases text, words tsvector);
    CREATE TABLE line (code text, said text);
"""
INDEXES: LiteralString = """
    UPDATE entry SET words = setweight(to_tsvector('simple', unaccent(title)), 'A')
        || setweight(to_tsvector('simple', unaccent(phrases)), 'B');
    UPDATE line SET said = unaccent(said);
    CREATE INDEX ON entry USING gin (words);
    CREATE INDEX ON line USING gin (said gin_trgm_ops);
    ANALYZE;
"""
ASKED: LiteralString = """
    WITH asked AS MATERIALIZED (
        SELECT replace(plainto_tsquery('simple', unaccent(%(text)s))::text, '&', '|')::tsquery AS words,
            unaccent(%(text)s) AS said
    ), full_text AS (
        SELECT code, ts_rank(entry.words, asked.words, 1) AS points
        FROM entry, asked WHERE entry.words @@ asked.words
    )
"""
FULL_TEXT: LiteralString = ASKED + "SELECT code FROM full_text ORDER BY points DESC, code LIMIT 10"
WITH_TRIGRAMS: LiteralString = (
    ASKED
    + """, near AS (
        SELECT code, max(similarity(line.said, asked.said)) AS points
        FROM line, asked WHERE line.said % asked.said GROUP BY code
    )
    SELECT code FROM full_text FULL JOIN near USING (code)
    ORDER BY coalesce(full_text.points, 0) + coalesce(near.points, 0) DESC, code LIMIT 10
""".replace("%", "%%")
)


@contextmanager
def postgres(texts: Sequence[Text]) -> Iterator[Search]:
    """Full text with unaccent: any word may match, the title weighs more."""
    with _asking(texts, FULL_TEXT) as search:
        yield search


@contextmanager
def postgres_trgm(texts: Sequence[Text]) -> Iterator[Search]:
    """Full text with unaccent, and the similarity of the nearest line by pg_trgm added."""
    with _asking(texts, WITH_TRIGRAMS) as search:
        yield search


@contextmanager
def _asking(texts: Sequence[Text], query: LiteralString) -> Iterator[Search]:
    try:
        with (
            throwaway_cluster() as server,
            psycopg.connect(
                host="127.0.0.1", port=server.port, user=OWNER, dbname="postgres", autocommit=True
            ) as connection,
        ):
            _fill(connection, texts)

            def search(question: str) -> list[str]:
                found = connection.execute(query, {"text": clean(question).lower()})
                return [str(code) for (code,) in found]

            yield search
    except NoPostgresError as error:
        raise NotHereError(str(error)) from error
    except psycopg.errors.FeatureNotSupported as error:
        raise NotHereError(f"unaccent and pg_trgm are not installed: {error}") from error


def _fill(connection: psycopg.Connection, texts: Sequence[Text]) -> None:
    connection.execute(TABLES)
    with connection.cursor() as cursor:
        with cursor.copy("COPY entry (code, title, phrases) FROM STDIN") as rows:
            for text in texts:
                rows.write_row((text.code, clean(text.title).lower(), clean(" . ".join(text.phrases)).lower()))
        with cursor.copy("COPY line (code, said) FROM STDIN") as rows:
            for text in texts:
                for said in text.lines:
                    rows.write_row((text.code, clean(said).lower()))
    connection.execute(INDEXES)
