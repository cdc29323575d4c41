"""Warnings: found at night or told at once, shown with where to mend them, set aside, gone once mended."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.config import PortalSettings
from bot.storage.answers import AnswerRecord, StoredAnswers
from bot.storage.staff import Role
from bot.tending import Tending
from handlers.messages import Outcome
from knowledge.entries import Faq, Source
from knowledge.importing.harvest import proposal_of
from knowledge.revising import carry_out, claim, plan, raise_revision
from knowledge.serialising import Entry
from knowledge.tables import Kind, form_file
from tests.bot.staff.office import StaffDesk, StaffVisitor
from tests.bot.staff.test_decisions import an_office
from tests.doubles.loopback import Asked, Given, serving
from tests.fakes import HOW_TO_SUBMIT, NOON, TODAY
from tests.journeys.small_desk import STAY, SmallDesk
from tests.knowledge.catalogue import BIRTH, BIRTH_AGAIN, DEATH

HERE = "/can-bo/canh-bao"
OURS = (Source(title="Nội quy Bộ phận Một cửa"),)
PARKING = Faq(id="gui-xe", question="Gửi xe ở Bộ phận Một cửa ở đâu?", answer="Ở sân sau.", topic="desk", sources=OURS)
PARKING_AGAIN = replace(PARKING, id="cho-gui-xe", question="Bộ phận Một cửa gửi xe ở đâu?", answer="Trước cổng.")
BARE = Faq(id="nghi-trua", question="Nghỉ trưa từ mấy giờ?", answer="Từ 11 giờ 30.", topic="desk")


@dataclass
class Office:
    """A desk with a few entries that want mending."""

    small: SmallDesk
    desk: StaffDesk

    async def publish(self, kind: Kind, *entries: Entry, publish: bool = True, source: str = "x") -> None:
        """Writes entries as published, or as drafts."""
        async with self.desk.room.sessions.begin() as session:
            await claim(session)
            code = {Kind.FAQ: "id", Kind.PROCEDURE: "code"}[kind]
            proposals = [proposal_of(getattr(entry, code), entry) for entry in entries]
            made = await plan(session, kind, proposals, publish=publish)
            await carry_out(session, made, source=source, by="x", now=self.small.moment)
            await raise_revision(session)
        await self.small.app.refresh()

    def tending(self, portal: str = "https://portal.example/api", *, links: bool = False) -> Tending:
        """The nightly look; addresses of this machine are allowed where the portal is on it."""

        async def sleep(seconds: float) -> None: ...

        settings = PortalSettings(base_url=portal, rate=20)
        app = self.small.app
        return Tending(settings, app.engine, lambda: app.base, lambda: self.small.moment, links=links, sleep=sleep)


@pytest.fixture
async def office(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """The office at noon of the tests' day."""
    async with an_office(sqlite_url, tmp_path) as (small, desk):
        yield Office(small, desk)


async def shown(visitor: StaffVisitor, kind: str) -> str:
    """The list of one kind."""
    response = await visitor.get(f"{HERE}?loai={kind}")
    assert response.status_code == 200
    return html.unescape(response.text)


async def test_the_night_finds_what_needs_a_hand(office: Office) -> None:
    await office.publish(Kind.FAQ, PARKING, PARKING_AGAIN, BARE)
    taught = replace(HOW_TO_SUBMIT, variants=("Đăng ký khai sinh ở đâu?",))
    await office.publish(Kind.FAQ, taught)
    record = AnswerRecord(
        at=NOON, channel="web", outcome=Outcome.CLARIFYING, refs=(BIRTH.code, BIRTH_AGAIN.code), versions=("1", "1"),
        aspects="", choice="", confidence=0.5, milliseconds=1.0, revision=1, engine="3", text_hash="0" * 64,
    )  # fmt: skip
    for _ in range(3):
        await StoredAnswers(office.desk.room.engine).add(record)
    editor = await office.desk.signed_in(Role.EDITOR)
    before = await shown(editor, "same")
    at_noon = await office.tending().nightly()
    again = await office.tending().nightly()
    same, flip, bare = [await shown(editor, kind) for kind in ("same", "flip", "no_source")]
    nobody_yet = await shown(editor, "unasked")
    office.small.later(days=91)
    tonight = await office.tending().nightly()
    editor = await office.desk.signed_in(Role.EDITOR)
    unasked = await shown(editor, "unasked")
    front = html.unescape((await editor.get("/can-bo")).text)

    assert "lần đầu vào đêm nay" in before
    assert (at_noon, again, tonight) == (True, False, True)
    assert PARKING.question in same
    assert PARKING_AGAIN.question in same
    assert "/can-bo/kien-thuc/muc/faq:gui-xe" in same
    assert "3 lần trong 30 ngày" in flip
    assert "Đăng ký khai sinh ở đâu?" in flip
    assert BARE.question in bare
    assert PARKING.question not in bare
    assert DEATH.code not in nobody_yet
    assert DEATH.code in unasked
    assert BIRTH.code not in re.findall(r"\((\d\.\d+)\)", unasked)
    assert "cảnh báo về nội dung" in front


async def test_a_warning_is_set_aside_and_a_mended_entry_says_so(office: Office) -> None:
    await office.publish(Kind.FAQ, PARKING, PARKING_AGAIN, BARE)
    await office.tending().nightly()
    editor, operator = await office.desk.signed_in(Role.EDITOR), await office.desk.signed_in(Role.OPERATOR)
    page = await shown(editor, "same")
    key = re.findall(r'name="dau" value="([0-9a-f]{64})"', page)[0]
    fields = {"loai": "same", "dau": key, "muc": "faq:gui-xe"}
    forbidden = await operator.post(HERE + "/thoi-nhac", {**fields, "ngay": "90"})
    wrong = await editor.post(HERE + "/thoi-nhac", {**fields, "dau": "x' OR 1=1", "ngay": "90"})
    done = await editor.post(HERE + "/thoi-nhac", {**fields, "ngay": "90"})
    quiet = await shown(editor, "same")
    office.small.later(days=91)
    await office.tending().nightly()
    editor = await office.desk.signed_in(Role.EDITOR)
    loud = await shown(editor, "same")
    await office.publish(Kind.FAQ, replace(BARE, sources=OURS))
    mended = await shown(editor, "no_source")

    assert (forbidden.status_code, wrong.status_code, done.status_code) == (403, 404, 303)
    assert PARKING.question not in quiet
    assert PARKING.question in loud
    assert "đã sửa, đêm nay soát lại" in mended


async def test_what_ends_and_what_the_portal_says_are_told_at_once(office: Office) -> None:
    soon, over = TODAY + timedelta(days=9), TODAY + timedelta(days=2)
    await office.publish(Kind.FAQ, replace(PARKING, effective_to=over), replace(BARE, effective_to=soon))
    followed = replace(STAY, effective_from=soon, conditions="Mới")
    await office.publish(Kind.PROCEDURE, followed)
    portal = replace(DEATH, conditions="Theo Cổng", data_date=date(2026, 11, 20))
    await office.publish(Kind.PROCEDURE, portal, publish=False, source="portal")
    row = {"code": BIRTH.code, "url_hash": "0" * 64, "url": "https://x.example/a.doc", "name": "Tờ khai",
           "outcome": "refused", "reason": "có macro", "fetched_at": NOON}  # fmt: skip
    async with office.desk.room.engine.begin() as connection:
        await connection.execute(insert(form_file), [row, {**row, "code": "9.999999"}])
    office.small.later(days=3)
    await office.small.app.refresh()
    editor = await office.desk.signed_in(Role.EDITOR)

    expired, expiring, changed, forms = [
        await shown(editor, kind) for kind in ("expired", "expiring", "portal", "forms")
    ]
    front = html.unescape((await editor.get("/can-bo")).text)

    assert "faq:gui-xe" in expired
    assert BARE.question in expiring
    assert STAY.name not in expiring
    assert DEATH.name in changed
    assert "có macro" in forms
    assert "9.999999" not in forms
    assert "mục đã hết hạn, chưa có bản thay <b>(gấp)" in front


async def test_links_are_looked_at_once_a_week_and_again_when_asked(office: Office) -> None:
    asked: list[str] = []

    async def respond(one: Asked) -> Given:
        asked.append(one.path)
        return Given(b"", 404 if one.path == "/mat" else 503 if one.path == "/loi" else 200)

    async with serving(respond) as site:
        links = [Source(title="a", url=f"{site}/mat"), Source(title="b", url=f"{site}/con")]
        said = f"Xem {site}/loi, hoặc http://10.1.2.3/noi-bo."
        await office.publish(Kind.FAQ, replace(PARKING, sources=tuple(links), answer=said))
        tending = office.tending(f"{site}/api", links=True)
        assert await tending.nightly()
        first = sorted(asked)
        editor = await office.desk.signed_in(Role.EDITOR)
        page = await shown(editor, "links")
        for _ in range(6):
            office.small.later(days=1)
            await tending.nightly()
        week = asked[len(first) :]
        office.small.later(days=1)
        await tending.nightly()
        number = re.findall(r'name="so" value="(\d+)"', page)[0]
        editor = await office.desk.signed_in(Role.EDITOR)
        later = await shown(editor, "links")
        again = await editor.post(HERE + "/mo-thu", {"so": number})
        strange = await editor.post(HERE + "/mo-thu", {"so": "999"})
        key = re.findall(r'name="dau" value="([0-9a-f]{64})"', later)[0]
        await editor.post(HERE + "/thoi-nhac", {"loai": "links", "dau": key, "muc": "faq:gui-xe", "ngay": ""})
        quiet = await shown(editor, "links")

    assert first == ["/con", "/loi", "/mat"]
    assert "/mat: không còn trang này (404)" in page
    assert "địa chỉ nằm trong mạng nội bộ" in page
    assert "/loi" not in page  # away once may be a night's trouble
    assert week == ["/loi"]  # asked again the next night, then weekly
    assert "/loi: máy chủ lỗi (503)" in later
    assert sorted(asked[4:]) == ["/con", "/mat"]
    assert later.count('name="so"') == 3
    assert quiet.count('name="so"') == 2
    assert (again.status_code, strange.status_code) == (303, 404)


async def test_a_look_that_is_broken_off_writes_nothing(office: Office) -> None:
    await office.publish(Kind.FAQ, BARE)
    tending = office.tending()
    await tending.stop()

    assert await tending.look_through() == 0
    editor = await office.desk.signed_in(Role.EDITOR)
    assert BARE.question not in await shown(editor, "no_source")
