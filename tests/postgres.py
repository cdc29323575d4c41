"""A throw-away PostgreSQL cluster of the test session's own, on a free loopback port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "motcua"
STARTS = 5
"""Tries at a free port: another program may take it between our look and the server's start."""

_database_numbers = count(1)


class NoPostgresError(RuntimeError):
    """The server's programs are not on this machine; the message says which command brings them."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running cluster. port: on 127.0.0.1; folder: holds data, socket and log, and goes with it."""

    port: int
    folder: Path

    def create_database(self, template: str = "template0") -> str:
        """Makes a database that nobody else uses and returns its name."""
        name = f"test_{os.getpid()}_{next(_database_numbers)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """The address of one database as the settings take it."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def throwaway_cluster() -> Iterator[PostgresServer]:
    """A new cluster for as long as the block runs. Raises NoPostgresError, or RuntimeError with the server's log."""
    programs = find_programs()
    # Not under pytest's own folder: that one is closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    try:
        account = _account()
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        options = f"-U {OWNER} --auth=trust --encoding=UTF8 --locale=C --no-sync"
        _run([programs / "initdb", "-D", data, *options.split()], account)
        port = _start(programs, folder, account)
        try:
            yield PostgresServer(port, folder)
        finally:
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], account)
    finally:
        shutil.rmtree(folder)


def find_programs() -> Path:
    """The folder with initdb, pg_ctl and postgres, the newest version first. Raises NoPostgresError."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if pg_config := shutil.which("pg_config"):
        folders.append(Path(subprocess.check_output([pg_config, "--bindir"], text=True).strip()))
    if postgres := shutil.which("postgres"):
        # Beside the real file: a link in a folder of commands has no neighbours.
        folders.append(Path(postgres).resolve().parent)
    for folder in folders:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoPostgresError("PostgreSQL's server programs are not installed: run tools/system-packages.sh")


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


def _account() -> pwd.struct_passwd | None:
    """Whom root becomes, because PostgreSQL refuses to run as root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _start(programs: Path, folder: Path, account: pwd.struct_passwd | None) -> int:
    log = folder / "log"
    for attempt in range(1, STARTS + 1):
        port = _free_port()
        options = f"-p {port} -h 127.0.0.1 -k {folder} -F -c synchronous_commit=off -c full_page_writes=off"
        try:
            _run([programs / "pg_ctl", "-D", folder / "data", "-l", log, "-w", "-o", options, "start"], account)
        except RuntimeError as error:
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else "(no log)"
            if attempt == STARTS or "Address already in use" not in text:
                raise RuntimeError(f"PostgreSQL did not start; its log:\n{text}") from error
            log.unlink()
        else:
            return port
    raise AssertionError("unreachable")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str | Path], account: pwd.struct_passwd | None) -> None:
    """Runs one of the server's programs as `account`. Output goes to a file: a started server keeps it open."""
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            env={**os.environ, "LC_ALL": "C"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            output.seek(0)
            said = output.read().decode("utf-8", errors="replace")
            raise RuntimeError(f"{Path(command[0]).name} ended with {done.returncode}:\n{said}")
