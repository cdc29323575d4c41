"""What waits is tried on the test questions before it is published; what breaks needs a reason."""

import html
import io
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from openpyxl import Workbook

from bot.staff.test_questions import ALL_REFUSED, KNOWN, NO_FILE
from bot.staff.test_sheets import HEADINGS, read_file
from bot.staff.trial import Change, Report, in_thread, try_out, worth_of
from bot.staff.trials import NEEDS_REASON, NOTHING_CHOSEN, OUT_OF_DATE
from bot.storage.audit import AuditFilter
from bot.storage.staff import Role
from bot.storage.test_questions import Expect, StoredTestQuestions, TestQuestion
from knowledge import entries
from knowledge.approving import OWN_WORK
from knowledge.drafted import Asked, Body, Changes, with_changes
from knowledge.drafting import draft_more_ways, save_draft, send_in
from knowledge.entries import Fee, LocalOverlay, Method, SubmissionChannel
from knowledge.importing.reading import ImportProblem
from knowledge.serialising import to_json
from knowledge.store import Kind
from knowledge.versions import own_draft
from tests.bot.pages.office import a_base
from tests.bot.staff.office import StaffVisitor
from tests.bot.staff.test_queue import Office, an_office
from tests.fakes import HOW_TO_SUBMIT, NOON
from tests.journeys.small_desk import STAY
from tests.knowledge import catalogue

TRIALS, TESTS = "/can-bo/thu-truoc", "/can-bo/cau-kiem-tra"
FEE = TestQuestion(
    text="đăng ký tạm trú hết bao nhiêu tiền", expect=Expect.ANSWER, refs=(STAY.code,), contains=("15.000 đồng",)
)
GOLD = TestQuestion(text="giá vàng hôm nay bao nhiêu", expect=Expect.REFUSE)
ROOF = TestQuestion(text="xin phép sửa mái nhà", expect=Expect.ANSWER, refs=(f"faq:{HOW_TO_SUBMIT.id}",))
DEARER = replace(STAY, methods=(Method(channel=SubmissionChannel.DIRECT, fees=(Fee(amount=20_000),)),))
ROOF_FAQ = replace(HOW_TO_SUBMIT, variants=("xin phép sửa mái nhà",))


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(database_url, tmp_path) as made:
        yield made


async def test_only_what_is_searched_makes_a_new_index() -> None:
    base = catalogue.base()
    costly = to_json(replace(catalogue.STAY, methods=DEARER.methods))
    dearer = with_changes(base, Changes(procedures={STAY.code: Body(2, costly)}))
    without = with_changes(base, Changes(procedures={STAY.code: None}))
    overlaid = with_changes(base, Changes(overlays={STAY.code: LocalOverlay(code=STAY.code, fee="miễn")}))
    asked = with_changes(base, Changes(faqs={HOW_TO_SUBMIT.id: Asked(2, ROOF_FAQ)}))
    called = with_changes(base, Changes(aliases={STAY.code: ("giấy ở nhờ",)}))

    moved = with_changes(
        base, Changes(offices={"mot-cua": entries.Office(id="mot-cua", name="Một Cửa", address="số 2")})
    )

    assert [office.address for office in moved.offices() if office.id == "mot-cua"] == ["số 2"]
    assert moved.searcher is base.searcher
    assert dearer.searcher is overlaid.searcher is base.searcher
    assert base.searcher not in (without.searcher, asked.searcher, called.searcher)
    assert without.procedure(STAY.code) is None
    assert overlaid.overlay(STAY.code) is not None
    assert asked.find("xin phép sửa mái nhà").hits[0].ref == f"faq:{HOW_TO_SUBMIT.id}"
    assert called.find("làm giấy ở nhờ").hits[0].ref == STAY.code
    assert base.overlay(STAY.code) is None


async def test_a_report_tells_what_breaks_and_what_is_mended() -> None:
    base = with_changes(catalogue.base(), Changes(procedures={STAY.code: Body(1, to_json(STAY))}))
    changes = Changes(procedures={STAY.code: Body(2, to_json(DEARER))}, faqs={HOW_TO_SUBMIT.id: Asked(2, ROOF_FAQ)})
    plain = replace(FEE, contains=())

    report = await in_thread(base, changes, (FEE, plain, GOLD, ROOF), NOON)

    assert {one.question: one.change for one in report.tried if one.question != FEE.text} == {
        GOLD.text: Change.SAME,
        ROOF.text: Change.MENDED,
    }
    assert [one.change for one in report.tried[:2]] == [Change.BROKEN, Change.ANOTHER]
    assert [one["change"] for one in report.as_kept()["questions"]] == ["broken", "mended", "another"]
    assert isinstance(json.loads(json.dumps(report.as_kept())), dict)
    again: Report = await try_out(base, base, (FEE, GOLD), NOON)
    assert again.counts["same"] == 2


@pytest.mark.parametrize(
    ("expect", "kind", "refs", "worth"),
    [
        (Expect.ANSWER, "answer", (STAY.code,), 2),
        (Expect.ANSWER, "answer", ("1.001193", STAY.code), 0),
        (Expect.ANSWER, "clarify", ("1.001193", STAY.code), 1),
        (Expect.ANSWER, "refuse", (), 0),
        (Expect.CLARIFY, "clarify", ("1.001193", STAY.code), 2),
        (Expect.CLARIFY, "clarify", ("1.001193",), 0),
        (Expect.CLARIFY, "answer", (STAY.code,), 1),
        (Expect.REFUSE, "refuse", (), 2),
        (Expect.REFUSE, "answer", (STAY.code,), 0),
    ],
)
async def test_what_an_answer_is_worth(expect: Expect, kind: str, refs: tuple[str, ...], worth: int) -> None:
    question = TestQuestion(text="?", expect=expect, refs=(STAY.code,))

    assert worth_of(question, kind, refs, "Lệ phí 15.000 Đồng", a_base()) == worth
    strict = replace(question, contains=("15.000 đồng", "miễn"))
    assert expect is not Expect.ANSWER or worth_of(strict, kind, refs, "Lệ phí 15.000 Đồng", a_base()) < 2


async def test_what_breaks_is_published_with_a_reason_only(office: Office) -> None:
    desk, app = office.desk, office.small.app
    editor, approver = await desk.signed_in(Role.EDITOR), await desk.signed_in(Role.APPROVER)
    for question in (FEE, GOLD):
        await _typed(editor, question)
    number = await _drafted(office, by="editor")
    page = html.unescape((await approver.get(TRIALS)).text)
    assert STAY.name in page
    assert NOTHING_CHOSEN in html.unescape((await approver.post(TRIALS)).text)

    run = (await approver.post(TRIALS, {"chon": str(number)})).headers["location"]
    report = html.unescape((await approver.get(run)).text)

    assert "1 câu hỏng" in report
    assert "20.000 đồng" in report
    assert "15.000 đồng" in report
    assert "Người duyệt công bố" in html.unescape((await editor.get(run)).text)
    refused = await approver.post(f"{run}/cong-bo")
    assert (refused.status_code, NEEDS_REASON in html.unescape(refused.text)) == (422, True)
    assert (await editor.post(f"{run}/cong-bo", {"ly_do": "Theo nghị quyết mới"})).status_code == 403
    assert (await approver.post(f"{run}/cong-bo", {"ly_do": "Theo nghị quyết mới"})).status_code == 303
    assert "Theo nghị quyết mới" in html.unescape((await approver.get(run)).text)
    await app.refresh()
    assert "20.000 đồng" in (await office.small.says(FEE.text)).as_text()
    lines, _ = await desk.room.audit.page(AuditFilter(action="trial."), limit=9)
    assert (lines[0].action, lines[0].detail["reason"]) == ("trial.publish", "Theo nghị quyết mới")


async def test_nobody_publishes_own_work_nor_what_was_tried_too_long_ago(office: Office) -> None:
    desk, app = office.desk, office.small.app
    own = await desk.signed_in(Role.EDITOR, Role.APPROVER, name="mot-minh")
    other = await desk.signed_in(Role.APPROVER)
    number = await _drafted(office, by="mot-minh")
    run = (await own.post(TRIALS, {"chon": str(number)})).headers["location"]

    refused = await own.post(f"{run}/cong-bo")
    assert (refused.status_code, OWN_WORK in html.unescape(refused.text)) == (422, True)
    async with desk.room.sessions.begin() as session:
        await draft_more_ways(
            session, STAY.code, ["giấy ở nhờ"], by="mot-minh", why="thử", now=office.small.moment, send=True
        )
    second = html.unescape((await other.get(TRIALS)).text)
    assert "Cách gọi của người dân" in second
    assert (await other.post(f"{run}/cong-bo")).status_code == 303
    late = (await other.post(TRIALS, {"chon": str(number + 1)})).headers["location"]
    stale = await other.post(f"{late}/cong-bo")
    assert (stale.status_code, OUT_OF_DATE in html.unescape(stale.text)) == (422, True)
    await app.refresh()
    fresh = (await other.post(TRIALS, {"chon": str(number + 1)})).headers["location"]
    assert (await other.post(f"{fresh}/cong-bo")).status_code == 303
    await app.refresh()
    assert app.base.find("làm giấy ở nhờ").hits[0].ref == STAY.code
    assert (await other.get(f"{TRIALS}/999999")).status_code == 404


class Watched(tuple[TestQuestion, ...]):
    """Questions that remember which threads asked them."""

    threads: ClassVar[set[int]] = set()

    def __iter__(self) -> Iterator[TestQuestion]:
        self.threads.add(threading.get_ident())
        return super().__iter__()


async def test_the_event_loop_is_left_to_citizens_while_a_trial_runs() -> None:
    questions = Watched((GOLD,))

    report = await in_thread(catalogue.base(), Changes(aliases={STAY.code: ("giấy ở nhờ",)}), questions, NOON)

    assert report.counts["same"] == 1
    assert questions.threads
    assert threading.get_ident() not in questions.threads


async def test_test_questions_are_typed_read_from_files_and_retired(office: Office) -> None:
    editor = await office.desk.signed_in(Role.EDITOR)
    stored = StoredTestQuestions(office.small.app.engine)
    await _typed(editor, FEE)
    for wrong in ({"cau": "x"}, {"cau": "câu gì", "mong_doi": "answer"}, {"cau": "câu gì", "muc": "9.999999"}):
        assert (await editor.post(TESTS, wrong)).status_code == 422
    assert KNOWN in html.unescape((await _typed(editor, FEE, status=422)).text)
    assert NO_FILE in html.unescape((await editor.post(f"{TESTS}/nap")).text)

    rows = [
        ("cấp lại tạm trú, máy 0912345678", "trả lời", STAY.code, "15.000 đồng; CT01"),
        ("nộp qua mạng", "", HOW_TO_SUBMIT.id, ""),
        ("xem bói", "Từ chối", "", ""),
        ("không rõ", "có thể", "", ""),
        ("mã lạ", "trả lời", "9.999999", ""),
    ]
    file = {"tep": ("cau.xlsx", _book(rows))}
    page = html.unescape((await editor.post(f"{TESTS}/nap", files=file)).text)
    assert "Dòng 5" in page
    assert "không có mục 9.999999" in page
    lines = "\n".join(json.dumps({"text": text, "expect": "refuse", "codes": []}) for text in ("xem tướng", "bói bài"))
    assert (await editor.post(f"{TESTS}/nap", files={"tep": ("x.jsonl", lines.encode())})).status_code == 303
    table = "Câu hỏi;Mong đợi;Mã mục;Phải có\nđánh đề;từ chối;;\n".encode("utf-8-sig")
    assert (await editor.post(f"{TESTS}/nap", files={"tep": ("../../x.csv", table)})).status_code == 303
    for name, content in (
        ("x.xlsx", b"PK\x03\x04 hong"),
        ("x.exe", b"MZ"),
        ("x.jsonl", b"[1]"),
        ("x.csv", b"a;b\n1;2"),
    ):
        assert (await editor.post(f"{TESTS}/nap", files={"tep": (name, content)})).status_code == 422
    unknown = json.dumps({"text": "gì đó", "codes": ["9.999999"]}).encode()
    refused = await editor.post(f"{TESTS}/nap", files={"tep": ("x.jsonl", unknown)})
    assert ALL_REFUSED in html.unescape(refused.text)

    active = await stored.active()
    assert [one.text for one in active] == [
        FEE.text,
        "cấp lại tạm trú, máy •••",
        "nộp qua mạng",
        "xem bói",
        "xem tướng",
        "bói bài",
        "đánh đề",
    ]
    assert active[1].contains == ("15.000 đồng", "CT01")
    assert active[2].refs == (f"faq:{HOW_TO_SUBMIT.id}",)
    sheet = (await editor.post(f"{TESTS}/tai")).content
    again = read_file("a.xlsx", sheet, lambda ref: office.small.app.base.version_of(ref) is not None)
    assert [(one.text, one.contains) for one in again.questions] == [(one.text, one.contains) for one in active]
    assert (await editor.post(f"{TESTS}/{active[3].id}/bo")).status_code == 303
    assert (await editor.post(f"{TESTS}/{active[3].id}/bo")).status_code == 404
    assert "xem bói" in html.unescape((await editor.get(f"{TESTS}?xem=da-bo&tim=BÓI")).text)
    assert "xem bói" not in html.unescape((await editor.get(TESTS)).text)


def test_a_table_without_headings_is_refused() -> None:
    with pytest.raises(ImportProblem):
        read_file("a.csv", b"mot,hai\nba,bon\n", lambda _: True)


def _book(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(list(HEADINGS))
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def _typed(visitor: StaffVisitor, question: TestQuestion, status: int = 303) -> httpx.Response:
    await visitor.get(TESTS)
    fields = {
        "cau": question.text,
        "mong_doi": question.expect.value,
        "muc": " ".join(question.refs),
        "phai_co": "; ".join(question.contains),
    }
    response = await visitor.post(TESTS, fields)
    assert response.status_code == status
    return response


async def _drafted(office: Office, *, by: str) -> int:
    """The dearer fee, sent to the approvers; the number of its version's row."""
    async with office.desk.room.sessions.begin() as session:
        now = office.small.moment
        number = await save_draft(
            session, Kind.PROCEDURE, DEARER, by=by, why="giá mới", now=now, seen_draft=0, seen_base=1
        )
        await send_in(session, Kind.PROCEDURE, STAY.code, number, by=by, now=now)
        draft = await own_draft(session, Kind.PROCEDURE, STAY.code)
        assert draft is not None
        return draft.id
