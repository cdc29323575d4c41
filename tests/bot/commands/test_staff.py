"""`motcua staff`: accounts made, listed, reset, shut; the record proven."""

import sqlite3
from pathlib import Path

import httpx

from tests.bot.commands.conftest import Motcua
from tests.bot.commands.test_running import served

ROLES = ("--role", "administrator", "--role", "editor")


def test_an_account_from_its_making_to_its_end(motcua: Motcua, tmp_path: Path) -> None:
    assert motcua("db", "upgrade").returncode == 0
    assert "Chưa có tài khoản nào" in motcua("staff", "list").stdout

    made = motcua(
        "staff", "add", "An.Nguyen", "--role", "administrator", "--role", "editor", "--full-name", "Nguyễn An"
    )
    again = motcua("staff", "add", "an.nguyen", "--role", "editor")
    other = motcua("staff", "add", "binh", "--role", "administrator", "--unit", "Phòng [Tiếp dân]")
    listed = motcua("staff", "list").stdout
    reset = motcua("staff", "reset", "binh")
    disabled = motcua("staff", "disable", "binh")
    last = motcua("staff", "disable", "an.nguyen")
    enabled = motcua("staff", "enable", "binh")
    unknown = motcua("staff", "reset", "khong.co")
    proven = motcua("staff", "audit")

    assert [done.returncode for done in (made, other, reset, disabled, enabled, proven)] == [0] * 6
    assert [done.returncode for done in (again, last, unknown)] == [1] * 3
    secret = made.stdout.splitlines()[-1]
    assert len(secret) == 19
    assert secret != reset.stdout.splitlines()[-1]
    assert "Nguyễn An" in listed
    assert "Biên tập, Quản trị" in listed
    assert "Phòng [Tiếp dân]" in listed
    assert "quản trị viên cuối cùng" in last.stderr
    assert "nguyên vẹn: 5 dòng" in proven.stdout
    assert secret.encode() not in (tmp_path / "var" / "motcua.db").read_bytes()


def test_a_role_or_name_that_will_not_do_is_told(motcua: Motcua) -> None:
    motcua("db", "upgrade")

    assert motcua("staff", "add", "an").returncode == 2
    assert motcua("staff", "add", "an", "--role", "king").returncode == 2
    bad = motcua("staff", "add", "ông an", "--role", "editor")
    assert bad.returncode == 1
    assert "Tên đăng nhập" in bad.stderr


def test_a_record_that_was_tampered_with_is_told(motcua: Motcua, tmp_path: Path) -> None:
    motcua("db", "upgrade")
    motcua("staff", "add", "an", "--role", "editor")
    motcua("staff", "add", "binh", "--role", "editor")
    with sqlite3.connect(tmp_path / "var" / "motcua.db") as database:
        database.execute("DROP TRIGGER audit_entry_no_delete")
        database.execute("DELETE FROM audit_entry WHERE number = 1")

    done = motcua("staff", "audit")

    assert done.returncode == 1
    assert "từ dòng 1" in done.stderr


def test_the_service_serves_the_desk_unless_it_is_switched_off(tmp_path: Path) -> None:
    with served(tmp_path) as (_, address):
        page = httpx.get(address + "can-bo", follow_redirects=True)
        assert "Tên đăng nhập" in page.text
        assert httpx.get(address).status_code == 200
    with served(tmp_path, MOTCUA_STAFF__ENABLED="false") as (_, address):
        assert httpx.get(address + "can-bo").status_code == 404
