"""Copies the whole database into one file, and puts such a file back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL

from bot.storage.engine import StorageProblem, database_url, is_sqlite, sqlite_file
from knowledge.faults import why

_BUSY = "một chương trình khác đang giữ cơ sở dữ liệu; hãy đợi nó xong rồi thử lại"
_SQLITE_HEAD = b"SQLite format 3\x00"
_POSTGRES_HEAD = b"PGDMP"
_OURS = ("alembic_version", "entry", "version", "knowledge_state")
_KEPT = ".before-restore"
_FULL = "Không ghi được {path}: {why}. Bản sao lưu chưa được tạo; dữ liệu không thay đổi."


def backup(url: str, file: Path) -> None:
    """Writes the database into `file`, whole or not at all; the service may go on running.

    Raises StorageProblem. SQLite: a SQLite file; PostgreSQL: the custom format of pg_dump.
    """
    parsed = database_url(url)
    if file.is_dir():
        raise StorageProblem(f"{file} là thư mục; hãy ghi tên một tệp.")
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if is_sqlite(parsed):
            _copy_sqlite(sqlite_file(parsed), unfinished)
        else:
            _run(parsed, "pg_dump", ["-Fc", "--no-owner", "--file", str(unfinished)])
        unfinished.replace(file)
    except OSError as error:
        raise StorageProblem(_FULL.format(path=file, why=why(error))) from error
    finally:
        for left in (unfinished, unfinished.with_name(unfinished.name + "-journal")):
            with suppress(OSError):
                left.unlink()


def restore(url: str, file: Path) -> Path | None:
    """Puts a backup in place of the database; the service must be stopped. Raises StorageProblem, then nothing changed.

    Returns the file in which the former SQLite database is kept, None where there was none and on PostgreSQL.
    """
    parsed = database_url(url)
    if not file.is_file():
        raise StorageProblem(f"Không tìm thấy tệp sao lưu {file}.")
    if not is_sqlite(parsed):
        if _head(file, len(_POSTGRES_HEAD)) != _POSTGRES_HEAD:
            raise StorageProblem(f"{file} không phải bản sao lưu PostgreSQL do motcua tạo (pg_dump -Fc).")
        _check_postgres(parsed, file)
        _run(
            parsed,
            "pg_restore",
            ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"],
            dump=file,
        )
        return None
    _check_sqlite(file)
    target = sqlite_file(parsed)
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, unfinished)
        return _exchange(target, unfinished)
    except OSError as error:
        raise StorageProblem(f"Không khôi phục được vào {target}: {why(error)}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StorageProblem(f"Chưa có cơ sở dữ liệu {source} để sao lưu.")
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source, timeout=10)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            # One file: the copy must not need a -wal beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StorageProblem(_FULL.format(path=target.with_suffix(""), why=_fault(error, target))) from error


def _fault(error: sqlite3.Error, target: Path) -> str:
    """Which side failed and why, by SQLite's own name for it."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return "đĩa đã đầy; hãy giải phóng chỗ trống rồi thử lại"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return _BUSY
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        return f"không tạo được tệp trong {target.parent}; hãy kiểm tra quyền của thư mục"
    if name.startswith("SQLITE_IOERR") and "READ" not in name:
        return (
            "không ghi tiếp được vào tệp đích (hết chỗ, hết hạn mức hoặc vượt giới hạn dung lượng một tệp); "
            "hãy kiểm tra đĩa và giới hạn (ulimit -f), hoặc ghi ra nơi khác"
        )
    return "cơ sở dữ liệu đang dùng không đọc được hoặc đã hỏng"


def _check_sqlite(file: Path) -> None:
    refused = StorageProblem(f"{file} không phải bản sao lưu của motcua hoặc đã hỏng; cơ sở dữ liệu giữ nguyên.")
    if _head(file, len(_SQLITE_HEAD)) != _SQLITE_HEAD:
        raise refused
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            sound = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.Error:
        raise refused from None
    if not sound or not tables.issuperset(_OURS):
        raise refused


def _exchange(target: Path, unfinished: Path) -> Path | None:
    """Puts the checked copy in the target's place; the former database stays beside it, whole."""
    if not target.exists():
        unfinished.replace(target)
        return None
    kept = target.with_name(target.name + _KEPT)
    try:
        with closing(sqlite3.connect(target, timeout=2)) as former:
            # Takes the -wal into the file, and succeeds only when nobody else has the database open: a -wal left
            # beside the restored file would be played into it.
            former.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StorageProblem(
                "Dịch vụ hoặc một chương trình khác đang mở cơ sở dữ liệu; hãy tắt nó rồi khôi phục lại."
            ) from error
        for suffix in ("-wal", "-shm"):
            beside = target.with_name(target.name + suffix)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + suffix))
    kept.unlink(missing_ok=True)
    kept.hardlink_to(target)
    unfinished.replace(target)
    return kept


def _check_postgres(url: URL, file: Path) -> None:
    listing = _run(url, "pg_restore", ["--list"], dump=file, connect=False)
    if not all(f" TABLE public {name} " in listing for name in _OURS):
        raise StorageProblem(f"{file} không phải bản sao lưu của motcua hoặc đã hỏng; cơ sở dữ liệu giữ nguyên.")


def _run(url: URL, program: str, options: list[str], *, dump: Path | None = None, connect: bool = True) -> str:
    found = _find(program)
    if found is None:
        raise StorageProblem(
            f"Máy này chưa có {program}; hãy cài bằng: apt-get install postgresql-client. Dữ liệu không thay đổi."
        )
    environment = {**os.environ, "LC_ALL": "C"}
    arguments = [found, *options]
    if connect:
        arguments += ["--host", url.host or "localhost", "--port", str(url.port or 5432), "--no-password"]
        arguments += ["--username", url.username or "postgres", "--dbname", url.database or "postgres"]
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    if dump is not None:
        arguments.append(str(dump))
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["không rõ lý do"])[-1]
        raise StorageProblem(f"{program} không làm được: {why}. Dữ liệu không thay đổi.")
    return done.stdout


def _find(program: str, which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The program on the path, or the newest of Debian's versions."""
    if found := which(program):
        return found
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4]))
    return str(versions[-1]) if versions else None


def _head(file: Path, length: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(length)
