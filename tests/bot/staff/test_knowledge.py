"""From a slip in an answer to what citizens are told: found, written, looked at, approved, published on its day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.audit import AuditFilter
from bot.storage.staff import Role
from knowledge.store import Kind
from tests.bot.pages.office import text_of
from tests.bot.staff.knowledge_office import CARD, ROOM, WritingDesk, a_writing_desk, numbers

LIST = "/can-bo/kien-thuc"
FAQ = f"{LIST}/muc/faq:{CARD.id}"
EDIT = f"{FAQ}/sua/faq"
PROCEDURE = f"{LIST}/muc/{ROOM.code}"
NEW_ANSWER = "Anh/Chị đến quầy số 5 của Thư viện tỉnh."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[WritingDesk]:
    async with a_writing_desk(tmp_path) as desk:
        yield desk


async def test_entries_are_found_by_words_code_field_level_and_state(desk: WritingDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)

    async def found(query: str) -> set[str]:
        page = text_of((await editor.get(f"{LIST}?{query}")).text)
        return {name for name in (CARD.question, ROOM.name, "Cấp bản sao tài liệu") if name in page}

    assert await found("") == {CARD.question, ROOM.name, "Cấp bản sao tài liệu"}
    assert await found("tim=the thu vien") == {CARD.question}
    assert await found("tim=1.900001") == {ROOM.name}
    assert await found("linh_vuc=Lưu trữ") == {"Cấp bản sao tài liệu"}
    assert await found("cap=province&loai=thu-tuc") == {ROOM.name}
    assert await found("tinh_trang=nhap") == set()
    assert await found("tinh_trang=khong-nguon") == set()
    assert "Không có mục nào khớp" in (await editor.get(f"{LIST}?tim=zzzz&loai=hoi-dap&cap=ministry")).text
    desk.clock.moment += timedelta(days=200)
    await desk.service.refresh()
    editor = await desk.signed_in(Role.EDITOR)
    assert await found("tinh_trang=cu") == {CARD.question, ROOM.name}
    assert (await editor.get(f"{LIST}/muc/faq:khong-co")).status_code == 404


async def test_a_change_is_written_approved_by_another_and_answers_on_its_day(desk: WritingDesk) -> None:
    editor, approver = await desk.signed_in(Role.EDITOR, Role.APPROVER), await desk.signed_in(Role.APPROVER)
    sent = {**await numbers(editor, EDIT), "o-answer": NEW_ANSWER, "ly_do": "đổi quầy", "tu_ngay": "2026-11-25"}
    looked = await editor.post(EDIT, {**sent, "viec": "xem"})
    assert looked.text.count("quầy số 5") >= 4
    assert "<del>3</del><ins>5</ins>" in looked.text
    assert (await editor.post(EDIT, {**sent, "ly_do": "", "viec": "gui"})).status_code == 422
    assert (await editor.post(EDIT, {**sent, "viec": "gui"})).status_code == 303
    row, number = await desk.draft(Kind.FAQ, CARD.id)

    queue = await approver.get("/can-bo/duyet")
    assert CARD.question in queue.text
    assert "<del>3</del><ins>5</ins>" in queue.text
    assert "1" in text_of((await approver.get("/can-bo")).text)
    assert "bản chờ duyệt" in (await approver.get("/can-bo")).text
    own = await editor.post(f"/can-bo/duyet/{row}/duyet")
    assert (own.status_code, "người khác duyệt" in own.text) == (422, True)
    page = await approver.get(f"{FAQ}/ban/faq/{number}")
    assert 'value="2026-11-25"' in page.text
    assert (await approver.post(f"/can-bo/duyet/{row}/duyet", {"tu_ngay": "2026-11-25"})).status_code == 303

    await desk.service.refresh()
    assert "quầy số 3" in await desk.asked()
    assert "từ 25/11/2026" in (await editor.get(FAQ)).text
    desk.clock.moment += timedelta(days=4)
    assert await desk.service.refresh()
    assert "quầy số 5" in await desk.asked()
    told, _ = await desk.room.audit.page(AuditFilter(action="entry."), limit=9)
    assert [(one.action, one.actor) for one in told] == [
        ("entry.approve", "approver"),
        ("entry.send", "editor-approver"),
    ]


async def test_the_second_of_two_writers_sees_both_and_loses_nothing(desk: WritingDesk) -> None:
    an, binh = await desk.signed_in(Role.EDITOR, name="an"), await desk.signed_in(Role.EDITOR, name="binh")
    first, second = await numbers(an, EDIT), await numbers(binh, EDIT)
    await an.post(EDIT, {**first, "o-answer": NEW_ANSWER, "o-topic": "the", "ly_do": "sửa", "viec": "luu"})
    mine = {**second, "o-answer": "Làm ở quầy 9.", "o-variants": "xin thẻ mượn sách", "ly_do": "sửa", "viec": "luu"}
    both = await binh.post(EDIT, mine)

    assert both.status_code == 409
    shown = text_of(both.text)
    assert "an đã lưu một bản khác" in shown
    assert NEW_ANSWER in shown
    assert "Làm ở quầy 9." in both.text.split("<form")[-1]
    assert 'value="the"' in both.text
    assert "xin thẻ mượn sách" in both.text
    again = await binh.post(EDIT, {**mine, "ban_nhap": "2", "o-topic": "the", "o-answer": "Quầy 5 hoặc 9."})
    assert again.status_code == 303
    history = text_of((await binh.get(FAQ)).text)
    assert history.count("Bản số") >= 4
    assert "Quầy 5 hoặc 9." in text_of((await binh.get(f"{FAQ}/ban/faq/3")).text)
    assert NEW_ANSWER in text_of((await binh.get(f"{FAQ}/ban/faq/2")).text)


async def test_sent_back_mended_and_taken_back_to_an_old_version(desk: WritingDesk) -> None:
    editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    await editor.post(EDIT, {**await numbers(editor, EDIT), "o-answer": NEW_ANSWER, "ly_do": "đổi quầy", "viec": "gui"})
    row, _ = await desk.draft(Kind.FAQ, CARD.id)
    assert (await approver.post(f"/can-bo/duyet/{row}/tra", {"ly_do": ""})).status_code == 422
    assert (await approver.post(f"/can-bo/duyet/{row}/tra", {"ly_do": "Thiếu nguồn."})).status_code == 303
    assert "bị trả lại" in (await editor.get("/can-bo")).text
    assert "Thiếu nguồn." in (await editor.get(FAQ)).text
    mended = {**await numbers(editor, EDIT), "o-sources": "Thông báo 5", "ly_do": "thêm nguồn", "viec": "gui"}
    mended["o-caution"] = "Nhớ mang theo căn cước."
    assert (await editor.post(EDIT, mended)).status_code == 303
    row, _ = await desk.draft(Kind.FAQ, CARD.id)
    await approver.post(f"/can-bo/duyet/{row}/duyet")
    await desk.service.refresh()
    assert f"{NEW_ANSWER}\n\nNhớ mang theo căn cước.\n\nNguồn: Thông báo 5" in await desk.asked()

    old = {**await numbers(editor, f"{EDIT}?ban=1"), "ly_do": "lấy lại", "viec": "gui"}
    assert (await editor.post(EDIT, old)).status_code == 303
    row, _ = await desk.draft(Kind.FAQ, CARD.id)
    await approver.post(f"/can-bo/duyet/{row}/duyet")
    await desk.service.refresh()
    assert CARD.answer in await desk.asked()


async def test_a_procedure_is_written_part_by_part_and_the_office_adds_its_own(desk: WritingDesk) -> None:
    editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    steps = f"{PROCEDURE}/sua/procedure"
    form = await editor.get(f"{steps}?phan=trinh-tu")
    assert "Trình tự thực hiện" in form.text
    assert "Thành phần hồ sơ</label>" not in form.text
    changed = {
        **await numbers(editor, f"{steps}?phan=trinh-tu"),
        "o-steps": "Bước 1: Chụp ảnh.",
        "ly_do": "quy trình mới",
        "viec": "gui",
    }
    assert (await editor.post(steps, changed)).status_code == 303
    over = f"{PROCEDURE}/sua/overlay"
    added = {**await numbers(editor, over), "o-counter": "Quầy số 7.", "ly_do": "xếp lại quầy", "viec": "xem"}
    assert "Quầy số 7." in text_of((await editor.post(over, added)).text)
    assert (await editor.post(over, {**added, "viec": "gui"})).status_code == 303
    words = f"{PROCEDURE}/sua/phrases"
    said = {**await numbers(editor, words), "o-phrases": "ngồi đọc sách tại chỗ", "ly_do": "hay hỏi", "viec": "gui"}
    assert (await editor.post(words, said)).status_code == 303
    assert (await editor.get(f"{LIST}/muc/9.999999/sua/overlay")).status_code == 404
    for kind in (Kind.PROCEDURE, Kind.OVERLAY, Kind.PHRASES):
        row, _ = await desk.draft(kind, ROOM.code)
        assert (await approver.post(f"/can-bo/duyet/{row}/duyet")).status_code == 303
    await desk.service.refresh()

    now = desk.service.base.procedure(ROOM.code)
    assert now is not None
    assert (now.steps, now.methods, now.subjects) == ("Bước 1: Chụp ảnh.", ROOM.methods, ROOM.subjects)
    local = desk.service.base.overlay(ROOM.code)
    assert local is not None
    assert local.counter == "Quầy số 7."
    assert desk.service.base.find("ngồi đọc sách tại chỗ").hits[0].ref == ROOM.code
    bad = {**await numbers(editor, f"{steps}?phan=can-cu"), "o-effective_to": "31/2/2026", "ly_do": "x", "viec": "luu"}
    refused = await editor.post(steps, bad)
    assert (refused.status_code, "Hiệu lực đến" in refused.text) == (422, True)


async def test_a_new_question_answers_and_an_abolished_one_stops(desk: WritingDesk) -> None:
    editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    typed = {"o-question": "Mượn sách được mấy ngày?", "o-answer": "Mượn được 14 ngày.", "o-topic": "thu-vien"}
    await editor.get(f"{LIST}/moi")
    assert (await editor.post(f"{LIST}/moi", {**typed, "o-answer": "", "viec": "gui"})).status_code == 422
    assert "14 ngày" in (await editor.post(f"{LIST}/moi", {**typed, "viec": "xem"})).text
    script = "<script>alert(1)</script>{{ 7 * 7 }}"
    shown = (await editor.post(f"{LIST}/moi", {**typed, "o-answer": script, "viec": "xem"})).text
    assert ("<script>alert" in shown, "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in shown) == (False, True)
    made = await editor.post(f"{LIST}/moi", {**typed, "viec": "gui"})
    assert made.status_code == 303
    assert (await editor.post(f"{LIST}/moi", {**typed, "viec": "gui"})).status_code == 422
    row, _ = await desk.draft(Kind.FAQ, "muon-sach-duoc-may-ngay")
    await approver.post(f"/can-bo/duyet/{row}/duyet")
    await desk.service.refresh()
    assert "14 ngày" in await desk.asked("Mượn sách được mấy ngày?")

    await editor.get(FAQ)
    assert (await editor.post(f"{FAQ}/bai-bo", {"tu_ngay": "", "ly_do": "x"})).status_code == 422
    gone = {"tu_ngay": "2026-11-23", "ly_do": "Thư viện chuyển nơi khác"}
    assert (await editor.post(f"{FAQ}/bai-bo", gone)).status_code == 303
    row, _ = await desk.draft(Kind.FAQ, CARD.id)
    await approver.post(f"/can-bo/duyet/{row}/duyet")
    await desk.service.refresh()
    assert "quầy số 3" in await desk.asked()
    desk.clock.moment += timedelta(days=2)
    await desk.service.refresh()
    assert "quầy số 3" not in await desk.asked()
    editor = await desk.signed_in(Role.EDITOR)
    assert CARD.question in (await editor.get(f"{LIST}?tinh_trang=het")).text


async def test_a_small_office_approves_with_one_tap_and_corrects_at_once(desk: WritingDesk) -> None:
    editor, leader = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    urgent = {**await numbers(editor, EDIT), "o-answer": NEW_ANSWER, "ly_do": "sai quầy", "viec": "khan"}
    refused = await editor.post(EDIT, urgent)
    assert (refused.status_code, "cơ quan nhỏ" in refused.text) == (422, True)
    administrator = await desk.signed_in(Role.ADMINISTRATOR)
    await administrator.get("/can-bo/cach-lam")
    assert (await administrator.post("/can-bo/cach-lam", {"co_quan_nho": "co"})).status_code == 303
    told, _ = await desk.room.audit.page(AuditFilter(action="office.set"), limit=9)
    assert [one.actor for one in told] == ["administrator"]

    assert (await editor.post(EDIT, urgent)).status_code == 303
    await desk.service.refresh()
    assert "quầy số 5" in await desk.asked()
    assert "cần xem lại trong 24 giờ" in (await leader.get("/can-bo")).text
    desk.clock.moment += timedelta(hours=25)
    leader = await desk.signed_in(Role.APPROVER)
    assert "quá 24 giờ" in (await leader.get("/can-bo")).text
    listed = await leader.get("/can-bo/duyet?xem=khan")
    assert "Quá hạn" in listed.text
    row = listed.text.split("/can-bo/duyet/")[-1].split("/")[0]
    assert (await leader.post(f"/can-bo/duyet/{row}/xem-lai")).status_code == 303
    assert "quá 24 giờ" not in (await leader.get("/can-bo")).text

    editor = await desk.signed_in(Role.EDITOR)
    await editor.post(EDIT, {**await numbers(editor, EDIT), "o-answer": "Quầy 6.", "ly_do": "lại đổi", "viec": "gui"})
    row, _ = map(str, await desk.draft(Kind.FAQ, CARD.id))
    assert f'action="/can-bo/duyet/{row}/duyet"' in (await leader.get("/can-bo/duyet")).text
    assert (await leader.post(f"/can-bo/duyet/{row}/duyet")).status_code == 303
    await desk.service.refresh()
    assert "Quầy 6." in await desk.asked()


async def test_what_is_not_there_cannot_be_decided(desk: WritingDesk) -> None:
    approver = await desk.signed_in(Role.EDITOR, Role.APPROVER)
    await approver.get("/can-bo/duyet")
    for word in ("duyet", "tra", "xem-lai", "rut", "bo", "gui"):
        assert (await approver.post(f"/can-bo/duyet/999/{word}", {"ly_do": "x"})).status_code == 404
        # The first version is published: nothing of this fits it.
        assert (await approver.post(f"/can-bo/duyet/1/{word}", {"ly_do": "x"})).status_code == 422
    assert (await approver.get(f"{FAQ}/ban/faq/99")).status_code == 404
    assert (await approver.get(f"{FAQ}/ban/procedure/1")).status_code == 404
    assert (await approver.get(f"{FAQ}/sua/overlay")).status_code == 404


async def test_what_is_published_is_taken_away_as_a_sheet(desk: WritingDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)
    await editor.get(LIST)
    taken = await editor.post(f"{LIST}/xuat", {"dang": "faq"})

    assert taken.status_code == 200
    assert taken.content[:2] == b"PK"
    assert 'filename="kien-thuc-2026-11-21.xlsx"' in taken.headers["content-disposition"]
