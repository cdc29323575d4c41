"""A backup is one whole file; restoring takes only such a file and keeps the former database."""

import resource
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.backup import backup, restore
from bot.storage.engine import StorageProblem, make_sync_engine
from bot.storage.engine import database_url as checked
from bot.storage.schema import upgrade


@dataclass(frozen=True)
class Base:
    """A migrated database whose revision tells which state it is in."""

    url: str

    def set(self, revision: int) -> None:
        engine = make_sync_engine(checked(self.url))
        with engine.begin() as connection:
            connection.execute(text("UPDATE knowledge_state SET revision = :r"), {"r": revision})
        engine.dispose()

    def get(self) -> int:
        engine = make_sync_engine(checked(self.url))
        with engine.begin() as connection:
            found: int = connection.execute(text("SELECT revision FROM knowledge_state")).scalar_one()
        engine.dispose()
        return found


@pytest.fixture
def base(database_url: str) -> Base:
    upgrade(database_url)
    return Base(database_url)


@pytest.fixture
def sqlite_base(sqlite_url: str) -> Base:
    upgrade(sqlite_url)
    return Base(sqlite_url)


def test_what_was_backed_up_comes_back(base: Base, tmp_path: Path) -> None:
    base.set(7)
    backup(base.url, tmp_path / "copies" / "motcua.backup")
    base.set(8)

    restore(base.url, tmp_path / "copies" / "motcua.backup")

    assert base.get() == 7
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["motcua.backup"]


def test_a_backup_can_be_restored_where_there_was_nothing(sqlite_base: Base, tmp_path: Path) -> None:
    sqlite_base.set(3)
    backup(sqlite_base.url, tmp_path / "copy")

    new = Base(f"sqlite+aiosqlite:///{tmp_path / 'elsewhere' / 'new.db'}")
    assert restore(new.url, tmp_path / "copy") is None
    assert new.get() == 3


def test_a_backup_takes_in_what_a_running_service_has_just_written(sqlite_base: Base, tmp_path: Path) -> None:
    live = sqlite3.connect(tmp_path / "motcua.db")
    live.execute("UPDATE knowledge_state SET revision = 5")
    live.commit()
    backup(sqlite_base.url, tmp_path / "copy")
    live.close()

    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT revision FROM knowledge_state").fetchone() == (5,)
    copy.close()


def test_the_former_database_stays_beside_the_restored_one(sqlite_base: Base, tmp_path: Path) -> None:
    backup(sqlite_base.url, tmp_path / "copy")
    sqlite_base.set(8)

    kept = restore(sqlite_base.url, tmp_path / "copy")

    assert kept == tmp_path / "motcua.db.before-restore"
    assert Base(f"sqlite+aiosqlite:///{kept}").get() == 8
    assert sqlite_base.get() == 0


def test_a_file_that_is_no_backup_is_refused_and_nothing_changes(base: Base, tmp_path: Path) -> None:
    base.set(4)
    file = tmp_path / "bad"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE entry (id INTEGER)")
    foreign.close()
    for content in (b"", b"xin chao", b"SQLite format 3\x00" + b"x" * 5000, b"PGDMP" + b"x" * 500, other.read_bytes()):
        file.write_bytes(content)
        with pytest.raises(StorageProblem):
            restore(base.url, file)
    with pytest.raises(StorageProblem, match="Không tìm thấy"):
        restore(base.url, tmp_path / "absent")

    assert base.get() == 4


def test_a_damaged_database_can_be_replaced(sqlite_base: Base, tmp_path: Path) -> None:
    backup(sqlite_base.url, tmp_path / "copy")
    (tmp_path / "motcua.db").write_bytes(b"hong" * 1000)

    kept = restore(sqlite_base.url, tmp_path / "copy")

    assert kept is not None
    assert kept.read_bytes().startswith(b"hong")
    assert sqlite_base.get() == 0


def test_nothing_is_restored_under_a_running_service(sqlite_base: Base, tmp_path: Path) -> None:
    backup(sqlite_base.url, tmp_path / "copy")
    sqlite_base.set(9)
    service = sqlite3.connect(tmp_path / "motcua.db")
    service.execute("SELECT count(*) FROM entry").fetchone()
    try:
        with pytest.raises(StorageProblem, match="đang mở"):
            restore(sqlite_base.url, tmp_path / "copy")
    finally:
        service.close()

    assert sqlite_base.get() == 9


def test_a_full_disk_leaves_no_half_backup(base: Base, tmp_path: Path) -> None:
    file = tmp_path / "copies" / "copy"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The nearest thing to a full disk that a test may make: no file of this process may grow past 8 KiB.
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        with pytest.raises(StorageProblem) as told:
            backup(base.url, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert "không đọc được" not in str(told.value)
    if base.url.startswith("sqlite"):
        assert f"Không ghi được {file}" in str(told.value)
        assert "giới hạn dung lượng" in str(told.value)
    assert list(file.parent.iterdir()) == []


def test_a_missing_pg_dump_is_named(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(postgres_url)
    monkeypatch.setattr("bot.storage.backup._find", lambda _program: None)

    with pytest.raises(StorageProblem, match="postgresql-client"):
        backup(postgres_url, tmp_path / "copy")
