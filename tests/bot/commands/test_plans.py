"""`motcua plan`: what is shown before anything is kept, and the calendar as files."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands.plans import app
from tests.bot.campaigns.plans.office import a_document, a_text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command runs, with a wide terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def _plan(*words: str) -> Result:
    # In this process: a program of its own takes seconds to start.
    return CliRunner().invoke(app, words)


def test_a_plan_is_shown_kept_and_exported(folder: Path) -> None:
    (folder / "ke-hoach.txt").write_text(a_text(), encoding="utf-8")
    a_document(folder / "ke-hoach.docx")

    seen = _plan("import", "ke-hoach.docx", "--dry-run", "--all")
    assert seen.exit_code == 0, seen.output
    assert "chưa ghi gì" in seen.stdout
    assert not (folder / "var").exists()
    assert "⚠" in seen.stdout
    assert "5 việc" in seen.stdout
    assert "Không dùng bảng 1, hàng 1" in seen.stdout

    draft, kept = _plan("import", "ke-hoach.txt"), _plan("import", "ke-hoach.txt", "--accept")
    assert "/can-bo/ke-hoach/1" in draft.stdout
    assert "Đã đưa vào lịch (kế hoạch số 2)" in kept.stdout
    listed = _plan("list").stdout
    assert "trong lịch" in listed
    assert "chờ rà soát" in listed
    assert "17 hạn" in _plan("export", "lich.ics", "--year", "2026").stdout
    assert (folder / "lich.ics").read_bytes().count(b"BEGIN:VEVENT") == 17
    assert _plan("export", "lich.xlsx").exit_code == 0
    again = _plan("export", "lich.ics", "--year", "2026")
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert ".ics" in _plan("export", "lich.pdf").stderr


def test_a_file_that_is_no_plan_is_told(folder: Path) -> None:
    (folder / "thu.txt").write_text("Xin chào", encoding="utf-8")

    done = _plan("import", "thu.txt")

    assert done.exit_code == 1
    assert "Không thấy nhiệm vụ nào" in done.stderr
    assert not (folder / "var").exists()
