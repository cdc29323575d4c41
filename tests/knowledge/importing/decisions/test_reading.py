"""The annexes of publishing decisions are read row by row, however their tables are broken."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.entries import Level
from knowledge.importing import ImportProblem
from knowledge.importing.decisions import ChangeKind, read_decision
from knowledge.importing.decisions.annex import read_annexes
from knowledge.importing.decisions.blocks import Block, Line, TableRow
from tests.bot.channels.web.browser import CHROMIUM, a_browser
from tests.knowledge.importing.decisions.annexes import (
    LEGAL,
    NUMBER,
    PLACE,
    TIME,
    TITLE,
    a_printed_annex,
    a_word_decision,
    an_excel_decision,
    real,
)
from tests.places import needs_shared

pytestmark = needs_shared


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_word_decision_says_what_is_added_changed_and_abolished(tmp_path: Path) -> None:
    added, changed, gone = real(40)[:5], real(40)[5:15], real(40)[15:18]

    found = read_decision(a_word_decision(tmp_path / "qd.docx", added, changed, gone))

    head = found.head
    assert (head.number, head.title) == (NUMBER, TITLE)
    assert (head.issued_on, head.effective_on) == (date(2026, 11, 5), date(2026, 12, 1))
    assert head.issuer == "ỦY BAN NHÂN DÂN"
    assert found.notes == []
    told = [(row.change, row.code, row.name) for row in found.rows]
    expected = [
        *((ChangeKind.ADDED, one.code, one_line(one.name)) for one in added),
        *((ChangeKind.CHANGED, one.code, one_line(one.name)) for one in changed),
        *((ChangeKind.ABOLISHED, one.code, one_line(one.name)) for one in gone),
    ]
    assert told == expected
    first, broken, last = found.rows[0], found.rows[9], found.rows[-1]
    assert (first.time, first.where, first.fee, first.legal) == (TIME, PLACE, "Không", LEGAL)
    assert (first.level, first.field) == (Level.PROVINCE, "Hộ tịch")
    assert broken.legal == f"{LEGAL}\n- Thông tư số 04/2020/TT-BTP."
    assert (last.legal, last.field, last.agency) == ("Nghị định số 07/2025/NĐ-CP", "Hộ tịch", "UBND cấp xã")


def test_a_workbook_is_read_with_codes_typed_as_numbers(tmp_path: Path) -> None:
    procedures = real(40)[:6]

    found = read_decision(an_excel_decision(tmp_path / "pl.xlsx", procedures))

    assert found.head.number == NUMBER
    assert found.head.issued_on == date(2026, 11, 5)
    assert [row.code for row in found.rows] == [one.code for one in procedures]
    assert {row.change for row in found.rows} == {ChangeKind.CHANGED}
    assert {row.field for row in found.rows} == {"Lĩnh vực hộ tịch".removeprefix("Lĩnh vực ").capitalize()}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here to print with")
async def test_a_pdf_with_text_is_read_over_its_pages(tmp_path: Path) -> None:
    procedures = real(40)[:25]
    async with a_browser() as browser:
        page = await browser.new_page()
        await page.set_content(a_printed_annex(procedures))
        await page.pdf(path=tmp_path / "qd.pdf", prefer_css_page_size=True)

    found = read_decision(tmp_path / "qd.pdf")

    assert found.head.number == NUMBER
    assert [row.code for row in found.rows] == [one.code for one in procedures]
    assert [row.name for row in found.rows] == [one_line(one.name) for one in procedures]
    assert {row.time for row in found.rows} == {TIME}
    assert {(row.field, row.change) for row in found.rows} == {("Hộ tịch", ChangeKind.ADDED)}


def test_what_is_no_decision_is_told_in_plain_words(tmp_path: Path) -> None:
    files = {
        "x.txt": (b"xin chao", "Loại tệp"),
        "x.docx": (b"PK\x03\x04 broken", "bị hỏng"),
        "x.pdf": (b"%PDF-1.4 broken", "bị hỏng"),
        "y.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mật khẩu"),
    }
    for name, (content, words) in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImportProblem, match=words):
            read_decision(tmp_path / name)
    with pytest.raises(ImportProblem, match="Không thấy bảng"):
        read_decision(a_word_decision(tmp_path / "z.docx", (), (), ()))
    with pytest.raises(ImportProblem, match="Không tìm thấy"):
        read_decision(tmp_path / "none.pdf")


def test_where_the_heading_says_several_things_the_columns_tell() -> None:
    head = ("TT", "Mã số TTHC", "Tên TTHC", "Tên VBQPPL quy định nội dung sửa đổi")
    blocks: list[Block] = [
        Line("DANH MỤC THỦ TỤC MỚI BAN HÀNH, SỬA ĐỔI VÀ BÃI BỎ"),
        TableRow(1, head),
        TableRow(1, ("1", "", "Đăng ký khai sinh (1.001193)", "Thông tư 1/2026/TT-BTP")),
        TableRow(2, ("a", "b", "c", "d", "e")),
    ]

    found = read_annexes(blocks)

    assert [(row.change, row.code, row.name) for row in found.rows] == [
        (ChangeKind.CHANGED, "1.001193", "Đăng ký khai sinh")
    ]
    assert found.notes == ["Bảng 2 không có cột “Tên thủ tục”, không đọc."]
