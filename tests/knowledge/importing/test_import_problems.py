"""What makes an import as a whole impossible is told in plain words, and nothing has been written then."""

import gzip
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.storage.engine import make_engine, make_sessions
from knowledge.importing import ImportProblem, ImportReport, import_file
from knowledge.store import calendar_day, load_publication, published_revision
from knowledge.tables import import_run
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row, portal_row


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def take(base: Sessions, path: Path, **options: Any) -> ImportReport:
    return await import_file(base, path, **{"publish": True, "dry_run": False, "now": NOW, **options})


async def codes(base: Sessions) -> list[str]:
    async with base() as session:
        return sorted((await load_publication(session, calendar_day(NOW))).procedures)


async def runs(base: Sessions) -> int:
    async with base() as session:
        return await session.scalar(select(func.count()).select_from(import_run)) or 0


async def test_a_truncated_gzip_is_a_problem_of_the_whole(base: Sessions, tmp_path: Path) -> None:
    path = a_file(tmp_path, [portal_row(f"1.{n:06}", f"Thủ tục {n * n}") for n in range(500)], "p.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(ImportProblem, match="giữa chừng"):
        await take(base, path)
    assert (await codes(base), await runs(base)) == ([], 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Không nhận ra"),
        (b"\n\n", "Không nhận ra"),
        (b"xin chao\n", "Không nhận ra"),
        (b'{"a": 1}\n', "Không nhận ra"),
        (b'{"code": "", "name": "x", "decision_no": "1"}\n', "không có dòng nào dùng được"),
        (b"\x1f\x8b\x08\x00xxxxxxxxxxxxxxxx", "nén"),
        (gzip.compress(b'{"code": "1"}')[:-8] + b"xxxxxxxx", "nén"),
    ],
)
async def test_a_file_without_one_good_row_is_a_problem(
    base: Sessions, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)

    with pytest.raises(ImportProblem, match=message):
        await take(base, path)
    assert await runs(base) == 0


async def test_a_file_that_is_not_there_is_a_problem(base: Sessions, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(ImportProblem):
            await take(base, path)


async def test_a_kind_that_does_not_exist_is_a_problem(base: Sessions, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="snapshot"):
        await take(base, a_file(tmp_path, [own_row("1.000001")]), kind="excel")


async def test_a_locked_database_is_told_and_nothing_written(sqlite_url: str, tmp_path: Path) -> None:
    async with a_base(sqlite_url):
        engine = make_engine(sqlite_url, busy_milliseconds=20)
        other = sqlite3.connect(tmp_path / "motcua.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ImportProblem, match="chương trình khác"):
            await take(make_sessions(engine), a_file(tmp_path, [portal_row("1.000001")]))
        other.close()
        assert await codes(make_sessions(engine)) == []
        await engine.dispose()


async def test_a_full_disk_is_told_and_nothing_written(sqlite_url: str, tmp_path: Path) -> None:
    async with a_base(sqlite_url):
        engine = make_engine(sqlite_url)

        @event.listens_for(engine.sync_engine, "connect")
        def _little_room(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA max_page_count=60")

        rows = [portal_row(f"1.{n:06}", steps=f"{n} " * 500) for n in range(300)]
        with pytest.raises(ImportProblem, match="Đĩa đã đầy"):
            await take(make_sessions(engine), a_file(tmp_path, rows))
        assert await codes(make_sessions(engine)) == []
        async with make_sessions(engine)() as session:
            assert await published_revision(session) == 0
        await engine.dispose()


async def test_a_database_without_tables_is_told(sqlite_url: str, tmp_path: Path) -> None:
    engine = make_engine(sqlite_url)
    with pytest.raises(ImportProblem, match="motcua db upgrade"):
        await take(make_sessions(engine), a_file(tmp_path, [portal_row("1.000001")]))
    await engine.dispose()


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32")],
)
async def test_a_file_in_another_unicode_names_it(base: Sessions, tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "hoi-dap.jsonl"
    path.write_bytes('{"code": "1.000001", "name": "Đăng ký"}\n'.encode(encoding))

    with pytest.raises(ImportProblem, match=rf"{named}.*UTF-8"):
        await take(base, path)

    assert await codes(base) == []
