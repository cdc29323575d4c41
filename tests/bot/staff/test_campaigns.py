"""A campaign at the staff desk: written, checked, approved by somebody else, sent, and accounted for."""

import io
import re
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook

from bot.campaigns.campaign import State
from bot.campaigns.drafting import TO_FILL_IN, draft_from, ready_made
from bot.campaigns.store import StoredCampaigns
from bot.channels import Unreachable
from bot.storage.audit import AuditFilter
from bot.storage.staff import Role
from tests.bot.staff.campaigning import GOOD, HERE, CampaignDesk, a_campaign_desk

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
async def work(sqlite_url: str) -> AsyncIterator[CampaignDesk]:
    async with a_campaign_desk(sqlite_url) as work:
        yield work


async def test_from_a_ready_made_one_to_everybodys_phone_and_the_account(work: CampaignDesk) -> None:
    await work.people(12)
    await work.people(2, topics=("fees",), first=100)
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    chief = await work.desk.signed_in(Role.APPROVER, name="duyet")
    await writer.get(f"{HERE}/moi?mau=1-dich-vu-cong-truc-tuyen")
    fields = {**GOOD, "chu_de": "online", "lien_ket_1": f"{work.links}/tin", "ten_lien_ket_1": "Cổng"}

    looked = await writer.post(f"{HERE}/moi", {**fields, "xem": "1"})
    assert (looked.status_code, work.called) == (200, [])
    assert re.search(r"<strong>12</strong>\s+người", looked.text)
    assert looked.text.count('class="code">…') == 10
    assert "9000001" not in looked.text
    assert "https://motcua.example.vn/l/xxxxxxxxxxx" in looked.text
    assert 'lệ phí.\n\nNhắn HỦY để thôi nhận thông báo.\n\n<span class="as-link">Cổng</span>' in looked.text
    assert (await StoredCampaigns(work.desk.room.engine).page())[1] == 0

    made = await writer.post(f"{HERE}/moi", fields, files={"tep": ("anh.png", PNG, "image/png")})
    one = made.headers["location"].partition("?")[0]
    assert (await writer.get(f"{one}/tep")).content == PNG
    sent = await writer.post(f"{one}/gui-duyet")
    assert sent.status_code == 303
    assert "chiến dịch chờ duyệt" in (await chief.get("/can-bo")).text
    assert "chiến dịch chờ duyệt" not in (await writer.get("/can-bo")).text
    assert "người khác duyệt" in (await writer.get(one)).text
    assert (await writer.post(f"{one}/duyet")).status_code == 403

    seen = await chief.get(one)
    assert "Đường dẫn mở được" in seen.text
    assert work.called == ["/tin"]
    stamp = re.findall(r'name="thay" value="([^"]+)"', seen.text)[0]
    stale = await chief.post(f"{one}/duyet", {"thay": "2020-01-01T00:00:00+00:00"})
    assert (stale.status_code, "người khác thay đổi" in stale.text) == (422, True)
    approved = await chief.post(f"{one}/duyet", {"thay": stamp})
    assert approved.status_code == 303

    work.troubles["9000003"] = Unreachable("blocked")
    work.troubles["9000004"] = ValueError("broken")
    await work.sends()
    assert len(work.got) == 10
    progress = await writer.get(f"{one}/tien-do")
    assert "<strong>10</strong> trên 12 người" in progress.text
    assert "đã chặn" in progress.text
    assert "tin chiến dịch gửi lỗi" in (await writer.get("/can-bo")).text
    part = await writer.get(f"{one}/tien-do?manh=1")
    assert "<html" not in part.text
    listed = await writer.get(f"{one}/nguoi-nhan?trang_thai=failed")
    assert listed.text.count('class="code">…') == 1
    taken = await writer.post(f"{one}/xuat", {"dang": "xlsx"})
    rows = list(load_workbook(io.BytesIO(taken.content)).active.values)  # type: ignore[union-attr]
    assert len(rows) == 13
    assert not any("900000" in str(cell) for row in rows for cell in row)
    assert (await writer.post(f"{one}/xuat", {"dang": "csv", "lan": "999"})).status_code == 404

    work.troubles.clear()
    again = await writer.post(f"{one}/gui-lai")
    assert again.status_code == 303
    await work.sends()
    assert len(work.got) == 11
    nobody = await writer.post(f"{one}/gui-lai")
    assert "Không có ai cần gửi lại" in nobody.text


async def test_what_cannot_go_out_is_told_before_and_nothing_is_sent(work: CampaignDesk) -> None:
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    link = {"ten_lien_ket_1": "Tin"}
    await writer.get(f"{HERE}/moi")
    for fields, word in (
        ({}, "Không có ai trong nhóm người nhận"),
        ({"noi_dung": "chữ " * 700}, "dài quá một tin"),
        ({**link, "lien_ket_1": f"{work.links}/vao-trong"}, "địa chỉ nội bộ"),
        ({**link, "lien_ket_1": "http://127.0.0.1:1/"}, "địa chỉ nội bộ"),
        ({**link, "lien_ket_1": f"{work.links}/mat"}, "HTTP 404"),
        ({"thu_tuc": "9.999999"}, "9.999999 không có hiệu lực"),
        ({"kenh": ["telegram", "zalo_oa"]}, "Kênh zalo_oa không nhắn trước được"),
        ({"noi_dung": "Từ [điền: ngày]"}, "còn chỗ phải điền"),
    ):
        made = await writer.post(f"{HERE}/moi", {**GOOD, **fields})
        one = made.headers["location"].partition("?")[0]
        refused = await writer.post(f"{one}/gui-duyet")
        assert refused.status_code == 422, fields
        assert word in refused.text, fields
        await work.people(1)
    await work.sends()
    assert work.got == []
    found, _ = await StoredCampaigns(work.desk.room.engine).page(states=[State.DRAFT])
    assert len(found) == 8


async def test_what_is_typed_wrong_is_told_and_given_back(work: CampaignDesk) -> None:
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    await writer.get(f"{HERE}/moi")
    day = {"bat_dau_ngay": "2026-12-05", "bat_dau_gio": "09:00"}
    for fields, word in (
        ({"tieu_de": " "}, "Tiêu đề có từ 1"),
        ({"noi_dung": ""}, "Chưa có nội dung"),
        ({**day, "lap_lai": "thang"}, "không có điểm dừng"),
        ({**day, "lap_lai": "khac", "quy_tac": "FREQ=SOMETIMES"}, "Không hiểu quy tắc"),
        ({"bat_dau_ngay": "2026-02-30"}, "Không hiểu thời điểm"),
        ({**day, "het_han_ngay": "2026-12-01"}, "Thời điểm kết thúc phải sau"),
        ({"lien_ket_1": "javascript:alert(1)"}, "phải bắt đầu bằng https"),
        ({"xa": "phường Không Có, Sơn La"}, "Không có “phường Không Có"),
        ({"xa": "xã Tân Thành"}, "ghi kèm tên tỉnh"),
        ({"linh_vuc": "Bói toán"}, "Không có lĩnh vực"),
        ({"zbs_du_lieu": "abc"}, "tên=giá trị"),
    ):
        refused = await writer.post(f"{HERE}/moi", {**GOOD, **fields})
        assert refused.status_code == 422, fields
        assert word in refused.text, fields
        assert str(next(iter(fields.values()))).strip() in refused.text
    strange = await writer.post(f"{HERE}/moi", GOOD, files={"tep": ("a.exe", b"MZ", "image/png")})
    assert "PNG, JPEG" in strange.text


async def test_a_draft_keeps_everything_and_is_changed_by_one_at_a_time(work: CampaignDesk) -> None:
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    fields = {
        **GOOD,
        "noi_dung_zalo_oa": "Bản ngắn cho Zalo",
        "chu_de": ["online", "fees"],
        "nhom": "citizen",
        "tinh": ["Sơn La"],
        "xa": "phường Tô Hiệu, Sơn La",
        "tru_xa": "xã Mường La, Sơn La",
        "bat_dau_ngay": "2026-12-07",
        "bat_dau_gio": "09:30",
        "lap_lai": "thu-hai",
        "het_han_ngay": "2027-12-31",
        "khan_cap": "1",
        "nhiem_vu": "7",
        "thu_tuc": "1.001193, 1.004194",
        "zbs_mau": "88",
        "zbs_du_lieu": "ten=Anh/Chị",
        "zbs_gia": "300",
        "zbs_kinh_phi": "90000",
    }
    await writer.get(f"{HERE}/moi")
    one = (await writer.post(f"{HERE}/moi", fields)).headers["location"].partition("?")[0]
    (found,), _ = await StoredCampaigns(work.desk.room.engine).page()
    plan = found.plan
    assert plan.texts == {"": GOOD["noi_dung"], "zalo_oa": "Bản ngắn cho Zalo"}
    assert plan.audience.communes == ("Sơn La/phường Tô Hiệu",)
    assert plan.audience.topics == ("online", "fees")
    assert (plan.recurrence, plan.task_id, plan.emergency) == ("FREQ=MONTHLY;BYDAY=1MO", 7, True)
    assert (plan.zalo.price, plan.zalo.template_data) == (300, {"ten": "Anh/Chị"})
    shown = await writer.get(f"{one}/sua")
    for value in ("Bản ngắn cho Zalo", "phường Tô Hiệu, Sơn La", "09:30", "ten=Anh/Chị", "2027-12-31"):
        assert value in shown.text
    stamp = re.findall(r'name="thay" value="([^"]+)"', shown.text)[0]
    changed = await writer.post(f"{one}/sua", {**fields, "tieu_de": "Đổi", "thay": stamp})
    assert changed.status_code == 303
    work.desk.clock.moment = work.desk.clock.moment.replace(minute=5)
    late = await writer.post(f"{one}/sua", {**fields, "tieu_de": "Muộn", "thay": "2020-01-01T00:00:00+00:00"})
    assert (late.status_code, "người khác thay đổi" in late.text, "Muộn" in late.text) == (422, True, True)


async def test_sent_back_paused_resumed_and_cancelled(work: CampaignDesk) -> None:
    await work.people(1)
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    chief = await work.desk.signed_in(Role.APPROVER, name="duyet")
    await writer.get(f"{HERE}/moi")
    fields = {**GOOD, "bat_dau_ngay": "2026-12-05"}
    one = (await writer.post(f"{HERE}/moi", fields)).headers["location"].partition("?")[0]
    await writer.post(f"{one}/gui-duyet")
    await chief.get(one)
    assert (await chief.post(f"{one}/tra-lai", {"ly_do": " "})).status_code == 422
    await chief.post(f"{one}/tra-lai", {"ly_do": "Thiếu số điện thoại"})
    assert "Thiếu số điện thoại" in (await writer.get(HERE)).text
    await writer.post(f"{one}/gui-duyet")
    stamp = re.findall(r'name="thay" value="([^"]+)"', (await chief.get(one)).text)[0]
    await chief.post(f"{one}/duyet", {"thay": stamp})
    assert "Đã hẹn giờ" in (await chief.get(one)).text
    for deed, word in (("tam-dung", "Tạm dừng"), ("tiep-tuc", "Đang gửi"), ("huy", "Đã hủy")):
        assert (await writer.post(f"{one}/{deed}")).status_code == 303
        assert word in (await writer.get(one)).text
    ended = await writer.post(f"{one}/tiep-tuc")
    assert "nên không làm được việc này" in ended.text
    assert "Tiêu đề" in (await writer.get(f"{HERE}?trang_thai=cancelled&q=trực")).text
    assert work.got == []


async def test_consent_is_proven_by_its_words_and_looking_is_recorded(work: CampaignDesk) -> None:
    await work.people(1)
    chief = await work.desk.signed_in(Role.APPROVER, name="duyet")
    await chief.get(f"{HERE}/dong-y")
    assert (await chief.post(f"{HERE}/dong-y", {"kenh": "telegram", "ma": ""})).status_code == 422
    found = await chief.post(f"{HERE}/dong-y", {"kenh": "telegram", "ma": "9000001"})
    assert "Anh/Chị đồng ý nhận thông báo của cơ quan về: Dịch vụ công trực tuyến" in found.text
    none = await chief.post(f"{HERE}/dong-y", {"kenh": "telegram", "ma": "1"})
    assert "Không có lần đồng ý nào" in none.text
    looked = [one async for one in work.desk.room.audit.all(AuditFilter(action="consent."))]
    assert len(looked) == 2
    assert not any("9000001" in str(one) for one in looked)


async def test_a_unit_invites_its_officials_by_link_and_code(work: CampaignDesk) -> None:
    writer = await work.desk.signed_in(Role.EDITOR, name="soan")
    await writer.get(f"{HERE}/don-vi")
    assert (await writer.post(f"{HERE}/don-vi", {"don_vi": "", "thu": ""})).status_code == 422
    assert (await writer.post(f"{HERE}/don-vi", {"don_vi": "Phòng 1", "thu": "x"})).status_code == 422
    await writer.post(f"{HERE}/don-vi", {"don_vi": "Phòng 1", "thu": "phong1@example.vn"})
    page = (await writer.get(f"{HERE}/don-vi")).text
    code = re.findall(r"tham gia ([\w-]+)<", page)[0]
    assert f"https://t.me/motcua_bot?start=mr-{code}" in page
    assert "<svg" in page
    await writer.post(f"{HERE}/don-vi/dong", {"ma": code})
    assert code not in (await writer.get(f"{HERE}/don-vi")).text
    assert (await writer.post(f"{HERE}/don-vi/dong", {"ma": code})).status_code == 422


def test_the_ready_made_ones_are_whole() -> None:
    found = ready_made()

    assert len(found) == 9
    for one in found:
        text = one.plan.text_for("")
        assert len(text) < 1900, one.key
        assert one.hint
        assert one.plan.audience.topics
        assert TO_FILL_IN not in one.plan.title
        assert not re.search(r"quận|huyện|mức độ [34]", text), one.key


def test_a_draft_from_another_page() -> None:
    plan = draft_from(" Tin " + "x" * 300, "Nội dung", "https://example.vn")

    assert (len(plan.title), plan.text_for("telegram"), plan.links[0].url) == (200, "Nội dung", "https://example.vn")
    assert draft_from("a", "b").links == ()
