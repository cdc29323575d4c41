"""Drafts: nobody's words are lost, everybody who wrote is known, nobody approves own work."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from knowledge.approving import approve, look_again, publish_urgently, withdraw
from knowledge.drafting import (
    DraftProblem,
    Overtaken,
    discard,
    draft_faq,
    draft_more_ways,
    retired,
    save_draft,
    send_back,
    send_in,
)
from knowledge.entries import Faq, LocalOverlay, Phrases
from knowledge.store import Kind, Status, calendar_day, history, load_publication, overlay_at, published_revision
from knowledge.versions import Step, all_versions, one_version, own_draft, published, scheduled, to_look_at, waiting
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.writers import AN, BINH, BIRTH, CHI, FEES, publish, settle, write

TODAY = calendar_day(NOW)
LATER = TODAY + timedelta(days=10)


@pytest.fixture
async def sessions(sqlite_url: str) -> AsyncIterator[Sessions]:
    async with a_base(sqlite_url) as sessions:
        await publish(sessions, Kind.FAQ, FEES)
        await publish(sessions, Kind.PROCEDURE, BIRTH)
        yield sessions


async def _answer(sessions: Sessions, day: date = TODAY, code: str = FEES.id) -> str | None:
    async with sessions() as session:
        found = (await load_publication(session, day)).faqs.get(code)
        return found.faq.answer if found else None


async def test_a_draft_goes_its_way_to_the_public_from_its_day_on(database_url: str) -> None:
    async with a_base(database_url) as sessions:
        await publish(sessions, Kind.FAQ, FEES)
        shall = replace(FEES, answer="Miễn phí.")
        async with sessions.begin() as session:
            number = await write(session, Kind.FAQ, FEES.id, shall, on=LATER)
            with pytest.raises(DraftProblem, match="chưa được gửi duyệt"):
                await approve(session, Kind.FAQ, FEES.id, number, by=BINH, now=NOW)
            await send_in(session, Kind.FAQ, FEES.id, number, by=AN, now=NOW)
            with pytest.raises(DraftProblem, match="người khác duyệt"):
                await approve(session, Kind.FAQ, FEES.id, number, by=AN, now=NOW)
            before = await published_revision(session)
            assert await approve(session, Kind.FAQ, FEES.id, number, by=BINH, now=NOW, on=LATER) == LATER
            assert await published_revision(session) == before + 1
            assert [one.stored.number for one in (await scheduled(session, TODAY, limit=9))[0]] == [number]
            told = await one_version(session, Kind.FAQ, FEES.id, number)
            assert told is not None
            assert told.flow is not None
            assert told.flow.base_number == 1
            assert [(one.step, one.actor) for one in told.steps] == [
                (Step.SAVED, AN),
                (Step.SENT, AN),
                (Step.APPROVED, BINH),
            ]

        assert await _answer(sessions) == FEES.answer
        assert await _answer(sessions, LATER - timedelta(days=1)) == FEES.answer
        assert await _answer(sessions, LATER) == "Miễn phí."


async def test_what_is_approved_for_later_can_be_taken_back(sessions: Sessions) -> None:
    number = await settle(sessions, Kind.FAQ, FEES.id, replace(FEES, answer="Miễn phí."), on=LATER)
    async with sessions.begin() as session:
        await withdraw(session, Kind.FAQ, FEES.id, number, by=BINH, said="hoãn", now=NOW)
        with pytest.raises(DraftProblem):
            await withdraw(session, Kind.FAQ, FEES.id, number, by=BINH, said="hoãn", now=NOW)

    assert await _answer(sessions, LATER) == FEES.answer


async def test_a_correction_meanwhile_holds_until_the_day_of_what_was_approved_before(sessions: Sessions) -> None:
    await settle(sessions, Kind.FAQ, FEES.id, replace(FEES, answer="Miễn phí."), on=LATER)
    await settle(sessions, Kind.FAQ, FEES.id, replace(FEES, answer="Phí 30.000 đồng."))

    assert await _answer(sessions) == "Phí 30.000 đồng."
    assert await _answer(sessions, LATER) == "Miễn phí."


async def test_the_second_of_two_writers_is_told(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        mine = {"why": "sửa", "now": NOW, "seen_draft": 0, "seen_base": 1}
        first = await save_draft(session, Kind.FAQ, replace(FEES, answer="A."), by=AN, **mine)  # type: ignore[arg-type]
        with pytest.raises(Overtaken) as overtaken:
            await save_draft(session, Kind.FAQ, replace(FEES, answer="B."), by=CHI, **mine)  # type: ignore[arg-type]
        theirs = overtaken.value.written
        assert isinstance(theirs, Faq)
        assert theirs.answer == "A."
        mine["seen_draft"] = first
        second = await save_draft(session, Kind.FAQ, replace(FEES, answer="B."), by=CHI, **mine)  # type: ignore[arg-type]
        draft = await own_draft(session, Kind.FAQ, FEES.id)
        assert draft is not None
        assert (draft.stored.number, draft.authors) == (second, (AN, CHI))
        await send_in(session, Kind.FAQ, FEES.id, second, by=CHI, now=NOW)
        with pytest.raises(DraftProblem, match="người khác duyệt"):
            await approve(session, Kind.FAQ, FEES.id, second, by=AN, now=NOW)
        kept = [one.decoded() for one in await history(session, Kind.FAQ, FEES.id) if one.number == first]
        assert isinstance(kept[0], Faq)
        assert kept[0].answer == "A."


async def test_what_was_published_meanwhile_is_told_as_well(sessions: Sessions) -> None:
    await settle(sessions, Kind.FAQ, FEES.id, replace(FEES, answer="Mới."))
    async with sessions.begin() as session:
        with pytest.raises(Overtaken):
            await save_draft(session, Kind.FAQ, FEES, by=CHI, why="sửa", now=NOW, seen_draft=0, seen_base=1)


async def test_sent_back_with_a_reason_and_given_up(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        number = await write(session, Kind.FAQ, FEES.id, replace(FEES, answer="A."))
        await send_in(session, Kind.FAQ, FEES.id, number, by=AN, now=NOW)
        with pytest.raises(DraftProblem, match="lý do"):
            await send_back(session, Kind.FAQ, FEES.id, number, by=BINH, said=" ", now=NOW)
        await send_back(session, Kind.FAQ, FEES.id, number, by=BINH, said="Thiếu nguồn.", now=NOW)
        told = await own_draft(session, Kind.FAQ, FEES.id)
        assert told is not None
        assert told.steps[-1].said == "Thiếu nguồn."
        await discard(session, Kind.FAQ, FEES.id, number, by=AN, said="", now=NOW)
        assert await own_draft(session, Kind.FAQ, FEES.id) is None
        with pytest.raises(DraftProblem, match="không còn chờ"):
            await send_in(session, Kind.FAQ, FEES.id, number, by=AN, now=NOW)

    assert await _answer(sessions) == FEES.answer


async def test_an_urgent_correction_answers_at_once_and_waits_for_a_second_look(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        number = await write(session, Kind.FAQ, FEES.id, replace(FEES, answer="Miễn phí."))
        with pytest.raises(DraftProblem, match="lý do"):
            await publish_urgently(session, Kind.FAQ, FEES.id, number, by=AN, why="", now=NOW)
        await publish_urgently(session, Kind.FAQ, FEES.id, number, by=AN, why="số tiền sai", now=NOW)
        assert [one.stored.number for one in await to_look_at(session)] == [number]
        with pytest.raises(DraftProblem, match="người khác"):
            await look_again(session, Kind.FAQ, FEES.id, number, by=AN, said="", now=NOW)
        await look_again(session, Kind.FAQ, FEES.id, number, by=BINH, said="", now=NOW)
        assert await to_look_at(session) == []

    assert await _answer(sessions) == "Miễn phí."


async def test_an_entry_stops_on_the_day_it_is_abolished(sessions: Sessions) -> None:
    await settle(sessions, Kind.FAQ, FEES.id, retired(FEES, LATER))
    assert await _answer(sessions, LATER - timedelta(days=1)) == FEES.answer
    assert await _answer(sessions, LATER) is None

    await settle(sessions, Kind.FAQ, FEES.id, retired(FEES, TODAY))
    assert await _answer(sessions) is None
    async with sessions() as session:
        newest = (await history(session, Kind.FAQ, FEES.id))[0]
        assert newest.status is Status.EXPIRED
        assert (await published(session, Kind.FAQ, FEES.id, TODAY)).written is None


async def test_what_the_office_adds_is_approved_as_well_and_may_begin_later(database_url: str) -> None:
    added = LocalOverlay(code=BIRTH.code, counter="Quầy số 3.")
    async with a_base(database_url) as sessions:
        await publish(sessions, Kind.PROCEDURE, BIRTH)
        await settle(sessions, Kind.OVERLAY, BIRTH.code, added)
        await settle(sessions, Kind.OVERLAY, BIRTH.code, replace(added, counter="Quầy số 5."), on=LATER)
        async with sessions() as session:
            assert (await load_publication(session, TODAY)).overlays == {BIRTH.code: added}
            assert (await load_publication(session, LATER)).overlays[BIRTH.code].counter == "Quầy số 5."
            assert await overlay_at(session, BIRTH.code, NOW) == added
            later = await overlay_at(session, BIRTH.code, NOW + timedelta(days=11))
            assert later is not None
            assert later.counter == "Quầy số 5."


async def test_more_ways_to_ask_come_as_a_draft(database_url: str) -> None:
    async with a_base(database_url) as sessions:
        await publish(sessions, Kind.FAQ, FEES)
        await publish(sessions, Kind.PROCEDURE, BIRTH)
        async with sessions.begin() as session:
            asked = {"by": AN, "why": "người dân hỏi", "now": NOW, "send": True}
            kind, code, number = await draft_more_ways(session, f"faq:{FEES.id}", ["tốn tiền không"], **asked)  # type: ignore[arg-type]
            assert (kind, code) == (Kind.FAQ, FEES.id)
            await approve(session, kind, code, number, by=BINH, now=NOW)
            kind, code, number = await draft_more_ways(session, BIRTH.code, ["làm khai sinh"], **asked)  # type: ignore[arg-type]
            asked["by"] = CHI
            kind, code, number = await draft_more_ways(session, BIRTH.code, ["đẻ con xong"], **asked)  # type: ignore[arg-type]
            told = await one_version(session, kind, code, number)
            assert told is not None
            assert told.authors == (AN, CHI)
            await approve(session, kind, code, number, by=BINH, now=NOW)
            with pytest.raises(DraftProblem, match="có rồi"):
                await draft_more_ways(session, BIRTH.code, ["đẻ con xong"], **asked)  # type: ignore[arg-type]
            with pytest.raises(DraftProblem, match="Không có mục"):
                await draft_more_ways(session, "faq:khong-co", ["x"], **asked)  # type: ignore[arg-type]
            publication = await load_publication(session, TODAY)
            assert publication.faqs[FEES.id].faq.variants == ("tốn tiền không",)
            assert publication.aliases == {BIRTH.code: ("làm khai sinh", "đẻ con xong")}
            shorter = Phrases(ref=BIRTH.code, phrases=("đẻ con xong",))
            number = await write(session, Kind.PHRASES, BIRTH.code, shorter)
            await send_in(session, Kind.PHRASES, BIRTH.code, number, by=AN, now=NOW)
            await approve(session, Kind.PHRASES, BIRTH.code, number, by=BINH, now=NOW)
            assert (await load_publication(session, TODAY)).aliases == {BIRTH.code: ("đẻ con xong",)}


async def test_a_new_question_gets_an_id_that_is_free(sessions: Sessions) -> None:
    new = Faq(id="", question="Thẻ thư viện làm ở đâu?", answer="Ở thư viện.", topic="thu-vien")
    async with sessions.begin() as session:
        number = await draft_faq(session, new, by=AN, why="hỏi nhiều", now=NOW, origin="question:7", send=True)
        waits, total = await waiting(session, Status.IN_REVIEW, written=True, limit=9)
        assert (total, waits[0].stored.number) == (1, number)
        assert waits[0].flow is not None
        assert waits[0].flow.origin == "question:7"
        code = waits[0].stored.code
        with pytest.raises(DraftProblem, match="mang mã"):
            await draft_faq(session, replace(new, id=code), by=AN, why="", now=NOW)
        await approve(session, Kind.FAQ, code, number, by=BINH, now=NOW)

    assert await _answer(sessions, code=code) == "Ở thư viện."


async def test_a_draft_of_an_import_is_approved_or_taken_up(sessions: Sessions) -> None:
    other = replace(BIRTH, steps="Bước 1: Nộp hồ sơ trực tuyến.")
    await publish(sessions, Kind.PROCEDURE, other, draft=True)
    async with sessions.begin() as session:
        (left,), total = await waiting(session, Status.DRAFT, written=False, limit=9)
        assert (total, left.stored.code) == (1, BIRTH.code)
        shall = replace(other, conditions="Không có.")
        number = await save_draft(
            session, Kind.PROCEDURE, shall, by=AN, why="bổ sung", now=NOW, seen_draft=left.stored.number, seen_base=1
        )
        assert await waiting(session, Status.DRAFT, written=False, limit=9) == ([], 0)
        assert [one.stored.status for one in await all_versions(session, Kind.PROCEDURE, BIRTH.code)] == [
            Status.DRAFT,
            Status.REPLACED,
            Status.PUBLISHED,
        ]
        await discard(session, Kind.PROCEDURE, BIRTH.code, number, by=AN, said="", now=NOW)
    await publish(sessions, Kind.PROCEDURE, other, draft=True)
    async with sessions.begin() as session:
        (left,), _ = await waiting(session, Status.DRAFT, written=False, limit=9)
        await approve(session, Kind.PROCEDURE, BIRTH.code, left.stored.number, by=AN, now=NOW)
        now = await published(session, Kind.PROCEDURE, BIRTH.code, TODAY)
        assert now.written == other


async def test_nothing_changed_is_no_draft(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        with pytest.raises(DraftProblem, match="khác"):
            await write(session, Kind.FAQ, FEES.id, FEES)
        first = await write(session, Kind.FAQ, FEES.id, replace(FEES, answer="A."))
        assert await write(session, Kind.FAQ, FEES.id, replace(FEES, answer="A.")) == first
        ended = replace(FEES, effective_from=LATER, effective_to=TODAY)
        with pytest.raises(DraftProblem, match="sau ngày"):
            await write(session, Kind.FAQ, FEES.id, ended)
