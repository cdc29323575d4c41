"""init, check, import, db: the commands that make and mend a desk."""

import gzip
import json
import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from tests.bot.commands.conftest import Motcua, program
from tests.places import SNAPSHOT, needs_shared

ANSWERS = "Sở Thử nghiệm\ntỉnh\nSơn La\nSở Thử nghiệm; Sở Khác\n\n\n\n0212 000 000\n\n\n"
FAQ = {
    "id": "thu",
    "question": "Phòng đọc sách Zeta ở tầng 99 mở cửa giờ nào?",
    "answer": "Như thế này.",
    "topic": "desk",
}


@pytest.fixture
def own(tmp_path: Path, desk_folder: Path) -> Motcua:
    """The command over a database of this test's own, with the starter knowledge."""
    (tmp_path / "var").mkdir()
    with sqlite3.connect(desk_folder / "var" / "motcua.db") as source:
        source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source.close()
    shutil.copy(desk_folder / "var" / "motcua.db", tmp_path / "var" / "motcua.db")
    return program(tmp_path)


def test_init_writes_the_profile(motcua: Motcua, tmp_path: Path) -> None:
    assert motcua("init", stdin=ANSWERS).returncode == 0

    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert 'level = "province"' in text
    assert 'agencies = ["Sở Thử nghiệm", "Sở Khác"]' in text
    assert 'phone = "0212 000 000"' in text


def test_init_overwrites_only_when_told_and_keeps_the_old_file(motcua: Motcua, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("# cũ\n", encoding="utf-8")

    refused = motcua("init", stdin=ANSWERS)
    forced = motcua("init", "--force", stdin=ANSWERS)

    assert (refused.returncode, "--force" in refused.stderr) == (1, True)
    assert forced.returncode == 0
    assert (tmp_path / "config.toml.bak").read_text(encoding="utf-8") == "# cũ\n"


def test_check_is_well_over_a_made_desk(own: Motcua) -> None:
    well = own("check", MOTCUA_WEB__PORT=str(_free_port()))

    assert well.returncode == 0, well.stdout + well.stderr
    assert "✗" not in well.stdout
    assert "Gói bot" in well.stdout


def test_check_says_how_the_office_hours_were_understood(own: Motcua) -> None:
    read = own("check", MOTCUA_HANDOVER__ENABLED="true", MOTCUA_OFFICE__HOURS="7h30 - 17h")

    assert "✓ Gặp cán bộ: trong giờ làm việc: thứ Hai đến thứ Sáu 07:30–17:00" in read.stdout


def test_check_fails_without_a_database(motcua: Motcua) -> None:
    done = motcua("check", MOTCUA_WEB__PORT=str(_free_port()))

    assert done.returncode == 1
    assert "✗ Cơ sở dữ liệu" in done.stdout
    assert "Cách sửa: motcua db upgrade" in done.stdout


def test_a_faulty_configuration_is_told(motcua: Motcua, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[web]\nprot = 1\n", encoding="utf-8")

    done = motcua("check")

    assert (done.returncode, "web.prot" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def test_an_import_waits_as_draft_until_it_is_published(own: Motcua, tmp_path: Path) -> None:
    (tmp_path / "mot.jsonl").write_text(json.dumps(FAQ), encoding="utf-8")

    draft = own("import", "mot.jsonl", "--as", "faq")
    before = own("ask", "phòng đọc sách Zeta ở tầng 99 mở cửa giờ nào?", "--json")
    published = own("import", "mot.jsonl", "--as", "faq", "--publish")
    after = own("ask", "phòng đọc sách Zeta ở tầng 99 mở cửa giờ nào?", "--json")

    assert (draft.returncode, published.returncode) == (0, 0)
    assert "bản nháp" in draft.stdout
    assert json.loads(before.stdout)["text"] != json.loads(after.stdout)["text"]
    assert "Như thế này." in json.loads(after.stdout)["text"]


def test_a_dry_run_writes_nothing(own: Motcua, tmp_path: Path) -> None:
    (tmp_path / "mot.jsonl").write_text(json.dumps(FAQ), encoding="utf-8")

    own("import", "mot.jsonl", "--dry-run", "--publish")
    again = own("import", "mot.jsonl", "--dry-run")

    assert "Chỉ xem trước" in again.stdout
    assert "│ 1 " in again.stdout


def test_refused_rows_are_written_beside(own: Motcua, tmp_path: Path) -> None:
    (tmp_path / "hai.jsonl").write_text(json.dumps(FAQ) + '\n{"id": "x", "quest', encoding="utf-8")

    done = own("import", "hai.jsonl", "--as", "faq")

    assert done.returncode == 0
    refused = json.loads((tmp_path / "hai.jsonl.refused.jsonl").read_text(encoding="utf-8"))
    assert refused["row"] == 2
    assert refused["reason"]


@needs_shared
def test_a_truncated_snapshot_changes_nothing(own: Motcua, tmp_path: Path) -> None:
    (tmp_path / "cut.jsonl.gz").write_bytes(SNAPSHOT.read_bytes()[:200_000])

    done = own("import", "cut.jsonl.gz", "--as", "snapshot", "--publish")

    assert done.returncode == 1
    assert "Lỗi" in done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(tmp_path / "var" / "motcua.db") as database:
        assert database.execute("SELECT count(*) FROM import_run").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", gzip.compress(b"khong phai json"), b"[1, 2]"])
def test_a_file_that_is_no_knowledge_is_refused(own: Motcua, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "la.jsonl").write_bytes(content)

    done = own("import", "la.jsonl", "--as", "faq")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_backup_and_restore_bring_everything_back(own: Motcua, tmp_path: Path) -> None:
    assert own("db", "backup", "sao-luu.db").returncode == 0
    (tmp_path / "mot.jsonl").write_text(json.dumps(FAQ), encoding="utf-8")
    own("import", "mot.jsonl", "--publish")

    restored = own("db", "restore", "sao-luu.db")

    assert restored.returncode == 0, restored.stderr
    assert "before-restore" in restored.stdout
    assert "Như thế này." not in own("ask", "phòng đọc sách Zeta ở tầng 99 mở cửa giờ nào?").stdout


def test_a_restore_from_something_else_is_refused(own: Motcua, tmp_path: Path) -> None:
    (tmp_path / "anh.db").write_bytes(b"no database")

    done = own("db", "restore", "anh.db")

    assert done.returncode == 1
    assert own("ask", "đăng ký tạm trú", "--json").returncode == 0


def test_a_newer_database_is_refused(own: Motcua, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "var" / "motcua.db") as database:
        database.execute("UPDATE alembic_version SET version_num = 'tomorrow'")
    database.close()

    for command in (["ask", "phí"], ["db", "upgrade"], ["import", "starter"], ["check"]):
        done = own(*command)
        assert done.returncode == 1
        assert "mới hơn" in done.stdout + done.stderr
