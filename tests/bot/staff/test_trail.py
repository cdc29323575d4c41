"""The record of deeds as inspectors see it: filtered, proven whole, taken away."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from bot.staff.sheets import as_csv, as_xlsx
from bot.staff.trail import HEADINGS
from bot.storage.audit import Deed
from bot.storage.staff import Role
from tests.bot.staff.office import StaffDesk

HERE = "/can-bo/nhat-ky"


async def _deeds(desk: StaffDesk, number: int = 3) -> None:
    for count in range(number):
        deed = Deed(
            actor="an" if count % 2 else "binh", action="faq.edit", subject=f"faq:cau-{count}", place="192.0.2.1"
        )
        await desk.room.audit.add(deed, desk.clock())


async def test_lines_are_filtered_by_who_what_and_when(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    await _deeds(desk)

    everything = (await visitor.get(HERE)).text
    of_one = (await visitor.get(f"{HERE}?nguoi=an")).text
    of_kind = (await visitor.get(f"{HERE}?viec=account.")).text
    tomorrow = (await visitor.get(f"{HERE}?tu=2026-11-22")).text
    today = (await visitor.get(f"{HERE}?tu=2026-11-21&den=2026-11-21&doi_tuong=cau-2")).text

    assert "câu hỏi cau-0" in everything
    assert "tài khoản administrator" in everything
    assert "câu hỏi cau-1" in of_one
    assert "câu hỏi cau-0" not in of_one
    assert "câu hỏi cau-" not in of_kind
    assert "Không có dòng nào" in tomorrow
    assert "1 dòng" in today


async def test_a_long_record_has_pages(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.ADMINISTRATOR)
    await _deeds(desk, 60)

    first = (await visitor.get(f"{HERE}?viec=faq.edit")).text
    second = (await visitor.get(f"{HERE}?viec=faq.edit&trang=2")).text

    assert "cau-59" in first
    assert "viec=faq.edit&amp;" in first
    assert "trang=2" in first
    assert "cau-9<" in second
    assert (await visitor.get(f"{HERE}?trang=999")).status_code == 200


@pytest.mark.parametrize("form", ["xlsx", "csv"])
async def test_it_is_taken_away_and_that_is_recorded(desk: StaffDesk, form: str) -> None:
    visitor = await desk.signed_in(Role.APPROVER)
    await _deeds(desk)
    await desk.room.audit.add(Deed(actor="an", action="faq.edit", subject="=cmd|' /C calc'!A0"), desk.clock())

    response = await visitor.post(HERE + "/xuat", {"dang": form, "viec": "faq."})

    assert response.headers["content-disposition"] == f'attachment; filename="nhat-ky-2026-11-21.{form}"'
    rows = _rows(form, response.content)
    assert rows[0] == list(HEADINGS)
    assert len(rows) == 5
    assert [len(row[8]) for row in rows[1:]] == [64] * 4
    assert rows[4][5] == ("=cmd|' /C calc'!A0" if form == "xlsx" else "'=cmd|' /C calc'!A0")
    assert "Xuất nhật ký" in (await visitor.get(HERE)).text


def _rows(form: str, content: bytes) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    page = load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    return [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]


async def test_whether_it_is_whole_is_told_with_its_seal(desk: StaffDesk) -> None:
    visitor = await desk.signed_in(Role.APPROVER)
    await _deeds(desk)
    seal = (await desk.room.audit.verify()).seal

    assert seal in (await visitor.get(HERE + "/nguyen-ven")).text
    whole = await visitor.post(HERE + "/nguyen-ven")
    assert seal in whole.text
    assert "Kiểm tra nhật ký" in (await visitor.get(HERE)).text
    async with desk.room.engine.begin() as connection:
        await connection.execute(text("DROP TRIGGER audit_entry_no_delete"))
        await connection.execute(text("DELETE FROM audit_entry WHERE number = 2"))
    broken = (await visitor.get(HERE + "/nguyen-ven")).text
    assert "không còn nguyên vẹn" in broken
    assert "từ dòng 2" in broken


def test_numbers_stay_numbers_and_texts_stay_texts() -> None:
    rows = [("1.001193", 5, 0.5, None), ("+84", 1, 2.0, "@x")]

    page = load_workbook(
        io.BytesIO(as_xlsx("Một bảng có tên rất dài hơn ba mươi mốt chữ", ("a", "b", "c", "d"), rows))
    ).active
    assert page is not None
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == [list(row) for row in rows]
    lines = as_csv("", ("a", "b", "c", "d"), rows).decode("utf-8-sig").splitlines()
    assert lines[1:] == ["1.001193,5,0.5,", "'+84,1,2.0,'@x"]
