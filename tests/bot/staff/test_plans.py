"""Plans at the staff desk: read, looked through, taken into the calendar, closed with evidence, taken away."""

import html
import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl

from bot.storage.audit import AuditFilter
from bot.storage.staff import Role
from knowledge.store import VIETNAM
from tests.bot.campaigns.plans.office import a_document, a_text
from tests.bot.staff.office import StaffDesk, StaffVisitor

PLANS = "/can-bo/ke-hoach"
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=VIETNAM)


async def _page(visitor: StaffVisitor, path: str) -> str:
    response = await visitor.get(path)
    assert response.status_code == 200, path
    return html.unescape(response.text)


async def _accepted(visitor: StaffVisitor) -> None:
    await visitor.get(PLANS)
    assert (await visitor.post(PLANS, {"noi_dung": a_text()})).headers["location"] == f"{PLANS}/1?xong=da-doc"
    await visitor.get(f"{PLANS}/1")
    assert (await visitor.post(f"{PLANS}/1/dua-vao-lich")).status_code == 303


async def test_a_pasted_plan_is_looked_through_and_taken_into_the_calendar(desk: StaffDesk) -> None:
    desk.clock.moment = FRIDAY
    editor = await desk.signed_in(Role.EDITOR)
    await editor.get(PLANS)

    read = await editor.post(PLANS, {"noi_dung": a_text()})
    page = await _page(editor, read.headers["location"])
    calendar = await _page(editor, "/can-bo/lich?thang=2026-11")
    front = await _page(editor, "/can-bo")

    assert "Chờ rà soát" in page
    assert "Chỉ tính từ hôm nay: bỏ 14 hạn đã qua" in page
    assert "Kế hoạch số 01/KH-UBND ngày 02/01/2026" in page
    assert "“Khi có kế hoạch của tỉnh”" in page
    assert "Chưa có ngày, phải chờ" in page
    assert "Không ghi ngày nộp" in page
    assert "2 dòng không dùng" in page
    assert "nơi nhận, chữ ký" in page
    assert "Không có hạn nào trong tháng này." in calendar
    assert "kế hoạch chờ rà soát" in front

    await editor.get(f"{PLANS}/1")
    fields = {"ten": "Kế hoạch tuyên truyền", "so": "15/KH", "ngay": "2026-01-06", "nam": "2026"}
    assert (await editor.post(f"{PLANS}/1", fields)).status_code == 303
    assert (await editor.post(f"{PLANS}/1", {**fields, "ten": ""})).status_code == 422
    assert (await editor.post(f"{PLANS}/1/dua-vao-lich")).headers["location"] == f"{PLANS}/1?xong=vao-lich"
    calendar = await _page(editor, "/can-bo/lich?thang=2026-11")
    assert "2 hạn trong tháng 11/2026" in calendar
    assert "Còn thiếu 4" in calendar
    assert "việc theo kế hoạch quá hạn" in await _page(editor, "/can-bo")
    actions = [entry.action async for entry in desk.room.audit.all(AuditFilter(action="plan."))]
    assert actions == ["plan.read", "plan.describe", "plan.accept"]


async def test_a_task_is_corrected_and_closed_with_a_photo(desk: StaffDesk) -> None:
    desk.clock.moment = FRIDAY
    editor = await desk.signed_in(Role.EDITOR)
    await _accepted(editor)
    task = await _page(editor, "/can-bo/viec/4")
    assert "Kế hoạch ghi: “Quý, 6 tháng, 01 năm”" in task
    fields = {"viec": "Báo cáo <b>quý</b>", "thoi_gian": "Trước ngày 10/12/2026", "chu_tri": "Văn phòng"}

    assert (await editor.post("/can-bo/viec/4", {**fields, "doi_tuong": "officials", "chac": "1"})).status_code == 303
    wrong = await editor.post("/can-bo/viec/4", {**fields, "chi_tieu": "nhiều"})
    assert wrong.status_code == 422
    assert "Chỉ tiêu phải là số" in wrong.text
    page = (await editor.get("/can-bo/viec/4")).text
    assert "09/12/2026" in page
    assert "Chưa chắc" not in page
    assert "Báo cáo &lt;b&gt;quý&lt;/b&gt;" in page
    assert (await editor.post("/can-bo/viec/3/them-han", {"ngay_han": "2026-11-25"})).status_code == 303
    assert (await editor.post("/can-bo/viec/3/them-han", {"ngay_han": "2026-11-25"})).status_code == 422
    assert (await editor.post("/can-bo/viec/3/them-han", {"ngay_han": ""})).status_code == 422

    # Whoever operates the desk may say what was done.
    operator = await desk.signed_in(Role.OPERATOR)
    training = await _page(operator, "/can-bo/viec/2")
    due = re.search(r'<option value="(\d+)"[^>]*>14/11/2026', training)
    assert due
    done = {"han": due[1], "ngay": "2026-11-18", "san_pham": "Hội nghị", "so_nguoi": "1.200", "kinh_phi": "3500"}
    photo = {"tep": ("../../anh <hội nghị>.jpg", b"\xff\xd8\xff", "image/jpeg")}
    empty = await operator.post("/can-bo/viec/2/xong", {"han": due[1], "ngay": "2026-11-18"})
    assert empty.status_code == 422
    assert (await operator.post("/can-bo/viec/2/xong", done, files=photo)).status_code == 303
    assert (await operator.post("/can-bo/viec/2/xong", done)).status_code == 422
    page = (await operator.get("/can-bo/viec/2")).text
    assert "Xong muộn" in page
    assert "1.200" in page
    assert "anh &lt;hội nghị&gt;.jpg" in page
    file = await operator.get("/can-bo/minh-chung/1")
    assert file.content == b"\xff\xd8\xff"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert (await operator.get("/can-bo/minh-chung/2")).status_code == 404
    assert (await operator.post("/can-bo/viec/2", {"viec": "x"})).status_code == 403


async def test_what_is_posted_by_hand_counts_for_the_target(desk: StaffDesk) -> None:
    desk.clock.moment = FRIDAY
    editor = await desk.signed_in(Role.EDITOR)
    await _accepted(editor)
    here = "/can-bo/viec/1"
    await editor.get(f"{here}/dang-tay")

    made = html.unescape(
        (await editor.post(f"{here}/dang-tay", {"tieu_de": "Nộp TTHC", "bai": "Nộp trước 15/12/2026."})).text
    )
    assert "Kính thưa bà con" in made
    assert "thủ tục hành chính" in made
    assert made.count("<textarea") == 6
    for number in range(4):
        posted = {"kenh": "facebook", "ngay": "2026-11-19", "duong_dan": f"https://facebook.example/bai-{number}"}
        assert (await editor.post(f"{here}/da-dang", posted)).status_code == 303
    assert (await editor.post(f"{here}/da-dang", {"kenh": "khác", "ngay": "2026-11-19"})).status_code == 422
    assert (await editor.post(f"{here}/da-dang", {"kenh": "board", "ngay": "2026-11-19"})).status_code == 422

    assert "Facebook: " in await _page(editor, here)
    assert '<span class="state">Đạt</span>' in await _page(editor, "/can-bo/lich?thang=2026-11")


async def test_files_are_read_and_refused(desk: StaffDesk, tmp_path: Path) -> None:
    approver = await desk.signed_in(Role.APPROVER)
    await approver.get(PLANS)
    path = a_document(tmp_path / "ke-hoach.docx")

    taken = await approver.post(PLANS, files={"tep": ("Kế hoạch.docx", path.read_bytes())})
    assert "Kế hoạch.docx" in await _page(approver, taken.headers["location"])
    for fields, files, why in (
        ({}, None, "Chọn một tệp"),
        ({"noi_dung": "Xin chào"}, None, "Không thấy nhiệm vụ"),
        ({}, {"tep": ("a.docx", b"PK hong")}, "bị hỏng"),
        ({}, {"tep": ("a.exe", b"MZ")}, "không đọc được"),
    ):
        answer = await approver.post(PLANS, fields, files=files)
        assert answer.status_code == 422, why
        assert why in html.unescape(answer.text)
    assert (await approver.post(f"{PLANS}/1/xoa")).headers["location"] == f"{PLANS}?xong=da-xoa"
    assert (await approver.get(f"{PLANS}/1")).status_code == 404
    assert (await approver.get("/can-bo/viec/1")).status_code == 404


async def test_tasks_are_added_and_left_out(desk: StaffDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)
    await editor.get(PLANS)
    await editor.post(PLANS, {"noi_dung": a_text()})
    await editor.get(f"{PLANS}/1")
    fields = {"viec": "Chiếu phim lưu động", "thoi_gian": "Quý IV/2026", "chu_tri": "Trung tâm", "phoi_hop": "a; b"}

    added = await editor.post(
        f"{PLANS}/1/them-viec", {**fields, "chi_tieu": "2", "chi_tieu_gi": "buổi", "chi_tieu_ky": "3"}
    )
    assert "Chiếu phim lưu động" in await _page(editor, added.headers["location"])
    assert (await editor.post(f"{PLANS}/1/them-viec", {"viec": ""})).status_code == 422
    await editor.post(f"{PLANS}/1/them-viec", {"viec": "Chưa ai chủ trì", "thoi_gian": "Quý IV/2025"})
    assert "Đơn vị chủ trì của 1 việc chưa ghi" in await _page(editor, f"{PLANS}/1")
    assert (await editor.post(f"{PLANS}/1/chu-tri", {"don_vi_chu_tri": " "})).status_code == 422
    assert (await editor.post(f"{PLANS}/1/chu-tri", {"don_vi_chu_tri": "Phòng Nội vụ"})).status_code == 303
    assert "1 việc ghi nhầm năm" in await _page(editor, f"{PLANS}/1")
    assert (await editor.post(f"{PLANS}/1/sua-nam")).status_code == 303
    mended = await _page(editor, f"{PLANS}/1")
    assert "31/12/2026" in mended
    assert "việc chưa ghi" not in mended
    assert "ghi nhầm" not in mended
    assert (await editor.post("/can-bo/viec/1/bo")).headers["location"] == f"{PLANS}/1?xong=bo-viec"
    page = await _page(editor, f"{PLANS}/1")
    assert "bỏ khi rà soát" in page
    assert "ít nhất 2 buổi mỗi quý" in page


async def test_the_calendar_is_taken_away_and_units_get_addresses(desk: StaffDesk) -> None:
    desk.clock.moment = FRIDAY
    editor = await desk.signed_in(Role.EDITOR)
    await _accepted(editor)

    sheet = await editor.get("/can-bo/lich/xuat?nam=2026")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0].iter_rows(values_only=True))
    calendar = await editor.get("/can-bo/lich/xuat?nam=2026&dang=ics&don_vi=Văn phòng")
    table = await editor.get("/can-bo/lich/xuat?nam=2026&dang=csv")
    assert (rows[0][0], len(rows)) == ("Hạn", 18)
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert calendar.text.count("BEGIN:VEVENT") == 16
    assert len(table.text.splitlines()) == 18

    await editor.get("/can-bo/nhac-viec")
    assert (await editor.post("/can-bo/nhac-viec", {"don_vi": "Văn phòng", "thu": "VP@so.example"})).status_code == 303
    wrong = await editor.post("/can-bo/nhac-viec", {"don_vi": "Văn phòng", "thu": "không phải thư"})
    page = await _page(editor, "/can-bo/nhac-viec")
    assert wrong.status_code == 422
    assert "vp@so.example" in page
    assert "Phòng Nội vụ" in page


async def test_a_month_that_is_none_is_this_month(desk: StaffDesk) -> None:
    desk.clock.moment = FRIDAY
    visitor = await desk.signed_in(Role.OPERATOR)

    for month in ("2026-13", "x", "2026-11-01", "99999-01", "２０２６-11", ""):
        assert "Lịch tháng 11/2026" in await _page(visitor, f"/can-bo/lich?thang={month}")
    assert "Lịch tháng 12/2100" in await _page(visitor, "/can-bo/lich?thang=2100-12")
