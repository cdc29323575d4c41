"""`motcua import portal`, `motcua forms fetch` and what `motcua check` says of them, over a portal of our own."""

import asyncio
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bot.commands.conftest import Motcua
from tests.doubles.portal import StubPortal, a_portal, a_record
from tests.knowledge.forms.files import DOCX


async def run(motcua: Motcua, portal: StubPortal, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in another thread, while the portal answers in this one."""
    settings = {"MOTCUA_PORTAL__BASE_URL": portal.base_url, "MOTCUA_PORTAL__RATE": "20", **more}
    return await asyncio.to_thread(motcua, *arguments, **settings)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "var" / "motcua.db")) as database:
        return database.execute(query).fetchall()


async def test_the_portal_is_read_and_its_forms_are_fetched(motcua: Motcua, tmp_path: Path) -> None:
    async with a_portal(a_record("id-1", "1.000001"), a_record("id-2", "1.000002")) as portal:
        portal.files = {"file-1.000001": ("application/msword", DOCX), "file-1.000002": ("text/html", b"<html>")}

        first = await run(motcua, portal, "import", "portal", "--all", "--publish")
        again = await run(motcua, portal, "import", "portal", "--all", "--publish")
        forms = await run(motcua, portal, "forms", "fetch")

    assert (first.returncode, again.returncode, forms.returncode) == (0, 0, 0), first.stderr + forms.stderr
    assert "Đã công bố" in first.stdout
    assert "Không có gì thay đổi" in again.stdout
    assert rows(tmp_path, "SELECT status, count(*) FROM version GROUP BY status") == [("published", 2)]
    assert "Đã tải 1 tệp; 0 tệp còn mới; 1 tệp không tải được." in forms.stdout
    assert "1.000002: Đơn.docx: là trang web" in forms.stderr
    ((path,),) = rows(tmp_path, "SELECT path FROM form_file WHERE outcome = 'kept'")
    assert (tmp_path / "var" / "forms" / str(path)).read_bytes() == DOCX


async def test_a_change_is_told_and_waits(motcua: Motcua) -> None:
    async with a_portal(a_record("id-1", "1.000001")) as portal:
        await run(motcua, portal, "import", "portal", "--all", "--publish")
        portal.change("id-1", name="Tên mới")

        done = await run(motcua, portal, "import", "portal", "--all")
        trusted = await run(
            motcua, portal, "import", "portal", "--all", MOTCUA_PORTAL__TRUSTED_FIELDS='["name"]', COLUMNS="200"
        )

    assert "1.000001 khác bản đang công bố ở: tên." in done.stdout
    assert "bản nháp" in done.stdout
    assert trusted.returncode == 0


async def test_what_to_read_has_to_be_said(motcua: Motcua) -> None:
    async with a_portal(a_record("id-1", "1.000001")) as portal:
        portal.agencies["G02"] = ["id-1"]
        nothing = await run(motcua, portal, "import", "portal")
        both = await run(motcua, portal, "import", "portal", "--all", "--agency", "G02")
        one = await run(motcua, portal, "import", "portal", "--agency", "G02", "--dry-run")
        configured = await run(motcua, portal, "import", "portal", MOTCUA_PORTAL__AGENCIES='["G02"]')

    assert (nothing.returncode, both.returncode, one.returncode, configured.returncode) == (1, 1, 0, 0)
    assert "--agency" in nothing.stderr
    assert "Chỉ xem trước" in one.stdout


async def test_a_portal_that_does_not_answer_is_told_in_one_line(motcua: Motcua, tmp_path: Path) -> None:
    async with a_portal(a_record("id-1", "1.000001", isInternal=True)) as portal:
        done = await run(motcua, portal, "import", "portal", "--agency", "G99")

    assert done.returncode == 1
    assert done.stderr.strip().startswith("Lỗi: Cổng không có thủ tục nào cho mã cơ quan G99")
    assert rows(tmp_path, "SELECT outcome FROM portal_run") == [("failed",)]


def test_check_tells_of_the_nightly_reading_and_the_drop_folder(motcua: Motcua, tmp_path: Path) -> None:
    motcua("import", "starter", "--publish")
    assert "chưa bật đọc mỗi đêm" in motcua("check").stdout
    on = {"MOTCUA_PORTAL__NIGHTLY": "true", "MOTCUA_PORTAL__DROP_FOLDER": "nhan-tep", "MOTCUA_WEB__PORT": "0"}

    missing = motcua("check", **on)
    (tmp_path / "nhan-tep").mkdir()
    well = motcua("check", **on)
    with closing(sqlite3.connect(tmp_path / "var" / "motcua.db")) as database:
        since = (datetime.now(UTC) - timedelta(days=5)).replace(tzinfo=None)
        database.execute(
            "INSERT INTO portal_run (started_at, trigger, scope, outcome, listed, read, new, changed, unchanged,"
            " refused, error) VALUES (?, 'switch', '', 'on', 0, 0, 0, 0, 0, 0, '')",
            (since.isoformat(" "),),
        )
        database.commit()
    silent = motcua("check", **on)

    assert (missing.returncode, well.returncode, silent.returncode) == (1, 0, 1)
    assert "Thư mục nhận tệp: nhan-tep không có" in missing.stdout
    assert "đọc mỗi đêm lúc 1 giờ" in well.stdout
    assert "Đã 5 ngày chưa đọc được Cổng" in silent.stdout


def test_a_strange_trusted_field_is_told(motcua: Motcua) -> None:
    done = motcua("check", MOTCUA_PORTAL__TRUSTED_FIELDS='["phi"]')

    assert done.returncode == 1
    assert "không có trường phi" in done.stderr
