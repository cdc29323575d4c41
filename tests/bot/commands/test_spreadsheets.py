"""`motcua import` and `motcua export` with spreadsheets: templates, the preview, and a file that comes in again."""

from pathlib import Path

import openpyxl

from tests.bot.commands.conftest import Motcua


def test_a_template_is_filled_previewed_and_taken_in(motcua: Motcua, tmp_path: Path) -> None:
    assert motcua("import", "--template", "faq").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "mau-faq.xlsx")
    book.worksheets[0].append(["khac", "Khác thế nào?", "Như thế này.", "x"])
    book.worksheets[0].append(["thieu", "Thiếu gì?", None, "x"])
    book.save(tmp_path / "faq.xlsx")

    preview = motcua("import", "faq.xlsx", "--dry-run")
    taken = motcua("import", "faq.xlsx", "--publish")

    assert "Khác thế nào?" in preview.stdout
    assert "Câu trả lời: thiếu" in preview.stdout
    assert (tmp_path / "faq.xlsx.preview.csv").exists()
    assert "dòng ví dụ" in taken.stdout
    assert taken.returncode == 0, taken.stderr
    assert "Dòng 4" in taken.stderr or "dòng 4" in taken.stderr
    assert motcua("import", "--template", "faq").returncode == 1


def test_an_export_comes_in_again_and_is_not_overwritten(desk: Motcua, desk_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "tat-ca.xlsx"

    assert desk("export", str(path)).returncode == 0
    assert "--force" in desk("export", str(path)).stderr
    again = desk("import", str(path), "--publish", "--dry-run")
    (desk_folder / "tat-ca.xlsx.preview.csv").unlink()

    assert again.returncode == 0, again.stderr
    assert "mới" in again.stdout
    assert "từ chối │" not in again.stdout


def test_nothing_to_import_is_told(motcua: Motcua) -> None:
    assert "Cần tên tệp" in motcua("import").stderr


def test_a_row_refused_as_a_whole_is_told_without_a_gap(motcua: Motcua, tmp_path: Path) -> None:
    (tmp_path / "thu-tuc.jsonl").write_text('{"code": "1.000001", "name": "Đăng ký"}\nkhông phải JSON\n', "utf-8")

    done = motcua("import", "thu-tuc.jsonl", "--publish")

    assert "Dòng 2: không phải JSON" in done.stderr
    assert ": :" not in done.stderr
