"""Many entries at once: spreadsheets taken line by line, one field changed over a filtered list."""

import io
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.staff.knowledge.sheet_lines import LARGEST
from bot.storage.staff import Role
from knowledge.additions import save_overlay
from knowledge.entries import LocalOverlay
from knowledge.store import Kind, load_publication
from tests.bot.pages.office import text_of
from tests.bot.staff.knowledge_office import CARD, OTHER, ROOM, WritingDesk, a_writing_desk
from tests.fakes import NOON, TODAY
from tests.knowledge.writers import publish

BULK = "/can-bo/kien-thuc/hang-loat"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[WritingDesk]:
    async with a_writing_desk(tmp_path) as desk:
        yield desk


def _book() -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Hỏi đáp"
    page.append(["Mã câu hỏi", "Câu hỏi", "Câu trả lời", "Chủ đề"])
    page.append([CARD.id, CARD.question, "Quầy số 8.", "thu-vien"])
    page.append(["muon-sach", "Mượn sách <b>mấy</b> ngày?", "14 ngày.", "thu-vien"])
    page.append(["thieu", "Câu hỏi thiếu trả lời?", "", "thu-vien"])
    own = book.create_sheet("Bổ sung của cơ quan")
    own.append(["Mã thủ tục", "Quầy tiếp nhận"])
    own.append([ROOM.code, "Quầy số 2."])
    offices = book.create_sheet("Cơ quan")
    offices.append(["Mã cơ quan", "Tên cơ quan"])
    offices.append(["thu-vien", "Thư viện tỉnh"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_sheet_is_taken_line_by_line(desk: WritingDesk) -> None:
    editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    async with desk.room.sessions.begin() as session:
        await save_overlay(session, LocalOverlay(code=ROOM.code, hours="Buổi sáng."), by="import", now=NOON)
    await editor.get("/can-bo/nap")
    made = await editor.post("/can-bo/nap", files={"tep": ("../../bang.xlsx", _book())})
    assert (made.status_code, made.headers["location"]) == (303, "/can-bo/nap/1")
    page = await editor.get("/can-bo/nap/1")
    shown = text_of(page.text)
    assert "Quầy số 8." in shown
    assert "Câu trả lời: thiếu hoặc để trống" in shown
    assert "không nạp qua trang cán bộ" in shown
    assert "<b>mấy</b>" not in page.text
    assert "3 dòng chờ Anh/Chị" in shown

    assert (await editor.post("/can-bo/nap/1", {"viec": "nhan"})).status_code == 422
    refused = {"viec": "tu-choi", "dong": ["Hỏi đáp:3"]}
    assert (await editor.post("/can-bo/nap/1", refused)).status_code == 303
    assert (await editor.post("/can-bo/nap/1", {"viec": "het"})).status_code == 303
    told = text_of((await editor.get("/can-bo/nap/1")).text)
    assert "2 dòng đã nhận và gửi duyệt, 1 dòng không nhận, còn 0 dòng" in told
    for kind, code in ((Kind.FAQ, CARD.id), (Kind.OVERLAY, ROOM.code)):
        row, _ = await desk.draft(kind, code)
        assert (await approver.post(f"/can-bo/duyet/{row}/duyet")).status_code == 303
    async with desk.room.sessions() as session:
        now = await load_publication(session, TODAY)
    assert (now.faqs[CARD.id].faq.answer, now.faqs[CARD.id].faq.variants) == ("Quầy số 8.", CARD.variants)
    assert "muon-sach" not in now.faqs
    assert (now.overlays[ROOM.code].counter, now.overlays[ROOM.code].hours) == ("Quầy số 2.", "Buổi sáng.")


BROKEN = (
    ("bang.exe", b"MZ"),
    ("bang.xlsm", b"PK"),
    ("bang.xlsx", b"this is no workbook"),
    ("bang.xlsx", b"PK\x03\x04" + b"\x00" * 200),
    ("bang.docx", b"%PDF-1.4"),
    ("bang.jsonl", b"\xff\xfe{"),
    ("bang.csv", b"a;b\n1;2\n"),
    ("khong-duoi", b""),
)


async def test_disguised_and_broken_files_are_refused_in_words(desk: WritingDesk) -> None:
    editor = await desk.signed_in(Role.EDITOR)
    await editor.get("/can-bo/nap")
    for name, content in BROKEN:
        refused = await editor.post("/can-bo/nap", files={"tep": (name, content)})
        assert refused.status_code == 422, name
        assert 'role="alert"' in refused.text, name
        assert tempfile.gettempdir() not in refused.text, name
    huge = await editor.post("/can-bo/nap", files={"tep": ("bang.xlsx", b"x" * (LARGEST + 1))})
    assert huge.status_code == 413
    assert (await editor.get("/can-bo/nap/1")).status_code == 404


async def test_one_field_is_changed_over_the_filtered_entries(desk: WritingDesk) -> None:
    await publish(desk.room.sessions, Kind.FAQ, replace(CARD, id="hai", question="Thẻ mất thì sao?"))
    await desk.service.refresh()
    editor = await desk.signed_in(Role.EDITOR)
    asked = {"loai": "hoi-dap", "truong": "answer", "cach": "thay", "chu": "quầy số 3", "bang": "quầy số 4"}
    page = await editor.get(BULK + "?" + "&".join(f"{key}={value}" for key, value in asked.items()))
    assert "2 bài sẽ đổi" in text_of(page.text)
    assert page.text.count("<del>3</del><ins>4</ins>") == 2
    assert (await editor.post(BULK, {**asked, "muc": [f"faq:{CARD.id}"]})).status_code == 422
    sent = {**asked, "muc": [f"faq:{CARD.id}", ROOM.code, "faq:khong-co"], "ly_do": "đổi quầy"}
    assert (await editor.post(BULK, sent)).status_code == 303
    _, number = await desk.draft(Kind.FAQ, CARD.id)
    assert number == 2
    with pytest.raises(AssertionError):
        await desk.draft(Kind.FAQ, "hai")
    again = await editor.post(BULK, sent)
    assert (again.status_code, "đang có bản nháp" in again.text) == (422, True)
    level = f"{BULK}?loai=thu-tuc&truong=level&cach=ghi&bang=Cấp huyện"
    assert "không còn cấp huyện" in (await editor.get(level)).text
    assert OTHER.name in (await editor.get(level)).text
