"""Spreadsheet files as they come: headings anywhere and in any words, and trouble told clearly."""

import csv
import io
import struct
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from knowledge.importing.harvest import Harvest, gather
from knowledge.importing.reading import ImportProblem
from knowledge.importing.sheets import grid, workbook
from knowledge.importing.sheets.codepage import fault_of
from knowledge.tables import Kind
from tests.knowledge.importing.sheets.books import FAQ_HEADS, FAQ_ROW, a_book, with_parts

QUESTION = "Làm thẻ thư viện ở đâu, hết bao nhiêu tiền?"


def taken(path: Path, form: str | None = None) -> Harvest:
    return gather(path, form, None)


def faqs(harvest: Harvest) -> list[Any]:
    return list(harvest.entries.get(Kind.FAQ, {}).values())


def refused(harvest: Harvest) -> list[tuple[int, str]]:
    return [(row.row, row.field) for row in harvest.refused]


def problem(path: Path, form: str | None = None) -> str:
    with pytest.raises(ImportProblem) as caught:
        taken(path, form)
    return str(caught.value)


def test_headings_in_other_words_in_any_order_below_a_title(tmp_path: Path) -> None:
    rows = [
        ("BỘ CÂU HỎI NĂM 2026",), (), ("STT", "LĨNH VỰC", "Nội dung trả lời (ngắn)", "cau hoi", "Người soạn"),
        (1, "thu-vien", "Tại quầy 1.", QUESTION, "A"), (), (2, "thu-vien", "Có.", "Mượn được không?", "B"),
    ]  # fmt: skip

    harvest = taken(a_book(tmp_path, rows))

    assert [faq.question for faq in faqs(harvest)] == [QUESTION, "Mượn được không?"]
    assert list(harvest.places.values()) == [("Sheet", 4), ("Sheet", 6)]
    assert any("STT" in note and "Người soạn" in note for note in harvest.notes)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    said = problem(a_book(tmp_path, [("Câu hỏi", "Nguồn", "Cách hỏi khác"), ("a", "b", "c")]))

    assert "“Câu trả lời”" in said
    assert "“Chủ đề”" in said


def test_no_headings_at_all(tmp_path: Path) -> None:
    assert "--template" in problem(a_book(tmp_path, [("a", "b"), ("c", "d")]))


def test_the_same_column_twice(tmp_path: Path) -> None:
    assert "Trả lời" in problem(a_book(tmp_path, [(*FAQ_HEADS, "Trả lời"), (*FAQ_ROW, "Không.")]))


def test_merged_heads_in_two_rows(tmp_path: Path) -> None:
    rows = [
        ("Mã thủ tục", "Tên thủ tục", "Trực tiếp", None, "Trực tuyến", None),
        (None, None, "Thời hạn", "Lệ phí", "Thời hạn", "Lệ phí"),
        ("9.000001", "Cấp thẻ", "5 ngày làm việc", "20.000 đồng", "3 ngày làm việc", "Miễn phí"),
    ]

    harvest = taken(a_book(tmp_path, rows, merged=("A1:A2", "B1:B2", "C1:D1", "E1:F1")))

    (procedure,) = harvest.entries[Kind.PROCEDURE].values()
    assert [(m.channel, m.time.amount, m.fees[0].amount) for m in procedure.methods] == [  # type: ignore[union-attr]
        ("direct", 5.0, 20_000),
        ("online", 3.0, 0),
    ]


def test_cells_merged_downwards_are_filled_and_across_are_refused(tmp_path: Path) -> None:
    rows = [FAQ_HEADS, ("Một?", "A.", "nhom"), ("Hai?", "B.", None), ("I. PHẦN HAI", None, None), ("Ba?", "C.", "nhom")]

    harvest = taken(a_book(tmp_path, rows, merged=("C2:C3", "A4:C4")))

    assert [(faq.question, faq.topic) for faq in faqs(harvest)] == [("Một?", "nhom"), ("Hai?", "nhom"), ("Ba?", "nhom")]
    assert refused(harvest) == [(4, "Câu trả lời")]
    assert "gộp" in harvest.refused[0].reason


def test_formulas_give_their_result_or_nothing(tmp_path: Path) -> None:
    path = a_book(tmp_path, [FAQ_HEADS, ("=A9", "A.", "x"), ("Hai?", "B.", "x"), ("Ba?", '=IF(1,"",1)', "x")])
    sheet = _sheet(path)
    for place, cell in (
        ("A3", '<c r="A3" t="str"><f>B9</f><v>Hai?</v></c>'),
        ("B4", '<c r="B4" t="str"><f>B9</f></c>'),
    ):
        start = sheet.index(f'<c r="{place}"')
        sheet = sheet[:start] + cell + sheet[sheet.index("</c>", start) + len("</c>") :]
    with_parts(path, {"xl/worksheets/sheet1.xml": sheet.encode()})

    harvest = taken(path)

    assert [faq.question for faq in faqs(harvest)] == ["Hai?"]
    assert refused(harvest) == [(2, "Câu hỏi"), (4, "Câu trả lời")]
    assert ["công thức" in row.reason for row in harvest.refused] == [True, False]


def _sheet(path: Path) -> str:
    with ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_errors_dates_and_lost_zeros_name_row_and_column(tmp_path: Path) -> None:
    rows = [
        ("Tên cơ quan", "Điện thoại", "Giờ làm việc"),
        ("Một", 212000000, "a"), ("Hai", "0212 000 000", date(2026, 1, 12)), ("Ba", "#REF!", "b"), (None, "113", "c"),
    ]  # fmt: skip

    harvest = taken(a_book(tmp_path, rows))

    assert refused(harvest) == [(2, "Điện thoại"), (3, "Giờ làm việc"), (4, "Điện thoại"), (5, "Tên cơ quan")]


def test_several_sheets_are_chosen_by_their_headings(tmp_path: Path) -> None:
    offices = [("Đơn vị", "SĐT"), ("Thư viện tỉnh", "0212 000 000")]
    path = a_book(tmp_path, [("chỉ là ghi chép",)], [FAQ_HEADS, FAQ_ROW], offices)

    harvest = taken(path)

    assert set(harvest.entries) == {Kind.FAQ, Kind.OFFICE}
    assert any("Sheet" in note for note in harvest.notes)
    assert set(taken(path, "offices").entries) == {Kind.OFFICE}


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    book = Workbook()
    first: Any = book.active
    for row in (FAQ_HEADS, FAQ_ROW):
        first.append(row)
    hidden = book.create_sheet("Nháp")
    for row in (FAQ_HEADS, ("Bí mật?", "Không.", "x")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "an.xlsx")

    harvest = taken(tmp_path / "an.xlsx")

    assert len(faqs(harvest)) == 1
    assert any("Nháp" in note for note in harvest.notes)


def test_overlays_and_procedures_are_told_apart(tmp_path: Path) -> None:
    rows = [
        ("Mã thủ tục", "Tên thủ tục", "Mức thu", "Quầy", "Nghị quyết"), (1.00419, "Đăng ký", "Phí 8.000 đồng.", "", ""),
    ]  # fmt: skip

    harvest = taken(a_book(tmp_path, rows))

    assert harvest.additions["overlay"]["1.004190"].fee == "Phí 8.000 đồng."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "about"),
    [("a.xlsm", "macro"), ("a.xls", ".xlsx"), ("a.ods", ".xlsx"), ("a.doc", ".docx"), ("khong-co.xlsx", "Không tìm")],
)
def test_other_kinds_of_files(tmp_path: Path, name: str, about: str) -> None:
    if not name.startswith("khong"):
        (tmp_path / name).write_bytes(b"PK")

    assert about in problem(tmp_path / name)


def test_macros_inside_a_plain_name(tmp_path: Path) -> None:
    path = with_parts(a_book(tmp_path, [FAQ_HEADS, FAQ_ROW]), {"xl/vbaProject.bin": b"\x00"})

    assert "macro" in problem(path)


@pytest.mark.parametrize(
    ("content", "about"),
    [(b"", "hỏng"), (b"PK\x03\x04 not", "hỏng"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "mật khẩu")],
)
def test_damaged_and_locked_files(tmp_path: Path, content: bytes, about: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)

    assert about in problem(tmp_path / "a.xlsx")


def test_a_file_cut_off_anywhere_or_with_broken_parts(tmp_path: Path) -> None:
    whole = a_book(tmp_path, [FAQ_HEADS, FAQ_ROW]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(1, len(whole), 97):
        path.write_bytes(whole[:length])
        assert problem(path)
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"):
        for content in (b"", b"<x/>", b"<broken", b"\xff\xfe\x00"):
            path.write_bytes(whole)
            with_parts(path, {part: content})
            if part == "xl/styles.xml" and content == b"<x/>":
                assert len(faqs(taken(path))) == 1
            else:
                assert problem(path)


def test_entity_declarations_are_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    assert "DOCTYPE" in problem(with_parts(a_book(tmp_path, [FAQ_HEADS]), {"xl/sharedStrings.xml": bomb}))


def test_too_much_when_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1000)

    assert "quá lớn" in problem(a_book(tmp_path, [FAQ_HEADS]))


def test_a_hundred_thousand_rows_are_refused(tmp_path: Path) -> None:
    path = a_book(tmp_path, [FAQ_HEADS, FAQ_ROW], name="lon.xlsx")
    head, rest = _sheet(path).split("</sheetData>")
    cells = "<c t='inlineStr'><is><t>Câu {0}?</t></is></c><c t='inlineStr'><is><t>Có.</t></is></c><c><v>1</v></c>"
    rows = "".join(f"<row>{cells.format(number)}</row>" for number in range(100_000))
    with_parts(path, {"xl/worksheets/sheet1.xml": f"{head}{rows}</sheetData>{rest}".encode()})

    assert "20.000 dòng" in problem(tmp_path / "lon.xlsx")

    lines = ["Câu hỏi,Câu trả lời,Chủ đề", *(f"Câu {number}?,Có.,x" for number in range(100_000))]
    (tmp_path / "lon.csv").write_text("\n".join(lines), encoding="utf-8")
    assert "20.000 dòng" in problem(tmp_path / "lon.csv")


def test_a_sheet_that_is_blank_to_its_end(tmp_path: Path) -> None:
    book = Workbook()
    page: Any = book.active
    page.append(FAQ_HEADS)
    page.cell(row=grid.MOST_BLANK_ROWS + 5, column=1, value="Xa?")
    book.save(tmp_path / "xa.xlsx")

    assert "dòng trống" in problem(tmp_path / "xa.xlsx")


HEAD = "Câu hỏi{0}Câu trả lời{0}Chủ đề\r\n"
BODY = 'Nộp thay được không?{0}"Được; cần giấy ủy quyền,\r\nmang bản chính."{0}mot-cua\r\n'


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_every_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((HEAD + BODY).format(separator).encode(encoding))

    (faq,) = faqs(taken(path))

    assert faq.answer == "Được; cần giấy ủy quyền,\nmang bản chính."


def test_csv_that_names_its_separator(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\r\n" + (HEAD + BODY).format(";"), encoding="utf-8", newline="")

    assert len(faqs(taken(path))) == 1


def test_csv_of_the_vietnamese_code_page(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(_windows_1258((HEAD + BODY).format(";")))

    (faq,) = faqs(taken(path))

    assert faq.question == "Nộp thay được không?"


def _windows_1258(text: str) -> bytes:
    """As Windows writes it: the letter, then its tone mark."""
    found = bytearray()
    for character in text:
        try:
            found += character.encode("cp1258")
        except UnicodeEncodeError:
            *letter, tone = list(unicodedata.normalize("NFD", character))
            if tone == "\u0302":
                letter, tone = [unicodedata.normalize("NFC", letter[0] + tone)], letter[1]
            if len(letter) == 2 and letter[1] == "\u0323":
                letter, tone = [letter[0] + tone], letter[1]
            found += unicodedata.normalize("NFC", "".join(letter)).encode("cp1258") + tone.encode("cp1258")
    return bytes(found)


TEXT = "Thủ tục hành chính: nộp hồ sơ tại quầy, được trả kết quả đúng hẹn, không phải đi lại nhiều lần."


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        (TEXT.encode("utf-8").decode("cp1252", errors="replace"), "Windows-1252"),
        ("Thñ tôc hµnh chÝnh: nép hå s¬ t¹i quÇy, ®îc tr¶ kÕt qu¶ ®óng hÑn, kh«ng ph¶i ®i l¹i nhiÒu lÇn", "TCVN3"),
        ("Thuû tuïc haønh chính: noäp hoà sô taïi quaày, ñöôïc traû keát quaû ñuùng heïn, khoâng phaûi ñi laïi", "VNI"),
        (TEXT.encode("cp1252", errors="replace").decode("cp1252"), "dấu hỏi"),
        (TEXT, ""),
        ("Birth registration – « naïve » café, 25 °C, £5", ""),
    ],
)
def test_old_fonts_and_wrong_code_pages_are_recognised(wrong: str, about: str) -> None:
    assert about in fault_of(wrong) if about else fault_of(wrong) == ""


def test_wrong_code_pages_stop_the_import(tmp_path: Path) -> None:
    answer = "Thñ tôc hµnh chÝnh: nép hå s¬ t¹i quÇy, ®îc tr¶ kÕt qu¶ ®óng hÑn"
    lost = (HEAD + f"Nộp thay?{{0}}{TEXT}{{0}}x\r\n").format(",").encode("cp1252", errors="replace")
    (tmp_path / "mat-dau.csv").write_bytes(lost)

    assert "TCVN3" in problem(a_book(tmp_path, [FAQ_HEADS, ("Hỏi?", answer, "x")]))
    assert "CSV UTF-8" in problem(tmp_path / "mat-dau.csv")


def test_csv_that_never_closes_its_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('Câu hỏi,Câu trả lời,Chủ đề\n"' + "a" * 200_000, encoding="utf-8")

    assert "CSV" in problem(tmp_path / "a.csv")


def test_a_picture_called_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(struct.pack("<64I", *range(64)))

    assert "không phải tệp chữ" in problem(tmp_path / "a.csv")


def test_csv_cells_guarded_against_formulas_come_back(tmp_path: Path) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([FAQ_HEADS, ("'=1+1 là gì?", "''=2", "x")])
    (tmp_path / "a.csv").write_text(file.getvalue(), encoding="utf-8")

    (faq,) = faqs(taken(tmp_path / "a.csv"))

    assert (faq.question, faq.answer) == ("=1+1 là gì?", "'=2")
