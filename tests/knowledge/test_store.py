"""What is published is what is in force on the day asked, and what was said before stays readable."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from knowledge.additions import add_aliases, save_overlay, set_code_alias
from knowledge.entries import Faq, LocalOverlay, Office, Procedure
from knowledge.revising import Proposal, carry_out, claim, expire_due, plan, publish_version, raise_revision
from knowledge.serialising import Entry, content_hash, procedure_from_json, to_json
from knowledge.store import (
    Kind,
    Status,
    calendar_day,
    counts,
    get_version,
    history,
    in_force_at,
    load_publication,
    overlay_history,
    published_revision,
)
from tests.knowledge.databases import NOW, Sessions, a_base

BIRTH = Procedure(code="1.001193", name="Đăng ký khai sinh", decision_number="2281/QĐ-BTP")
TODAY = calendar_day(NOW)


@pytest.fixture
async def base(database_url: str) -> AsyncIterator[Sessions]:
    async with a_base(database_url) as sessions:
        yield sessions


async def write(
    base: Sessions, kind: Kind, *entries: Entry, publish: bool = True, later: timedelta = timedelta()
) -> None:
    proposals = [
        Proposal(
            code=getattr(item, "code", "") or getattr(item, "id", ""),
            body=to_json(item).decode(),
            content_hash=content_hash(item),
            effective_from=getattr(item, "effective_from", None),
            effective_to=getattr(item, "effective_to", None),
        )
        for item in entries
    ]
    async with base() as session, session.begin():
        await claim(session)
        made = await plan(session, kind, proposals, publish=publish)
        if await carry_out(session, made, source="thử", by="thử", now=NOW + later):
            await raise_revision(session)


async def names(base: Sessions, on: date) -> list[str]:
    async with base() as session:
        publication = await load_publication(session, on)
    return [procedure_from_json(stored.body).name for stored in publication.procedures.values()]


async def test_an_empty_base_publishes_nothing(base: Sessions) -> None:
    async with base() as session:
        publication = await load_publication(session, TODAY)

        assert (publication.revision, publication.procedures, publication.faqs) == (0, {}, {})
        assert await counts(session) == {}
        assert await get_version(session, Kind.PROCEDURE, "1.001193") is None


async def test_what_is_published_comes_back_as_it_was_written(base: Sessions) -> None:
    faq = Faq(id="nop-ho", question="Nộp thay được không?", answer="Được.", topic="one-stop")
    office = Office(id="tt", name="Trung tâm Phục vụ hành chính công")
    await write(base, Kind.PROCEDURE, BIRTH)
    await write(base, Kind.FAQ, faq)
    await write(base, Kind.OFFICE, office)

    async with base() as session:
        publication = await load_publication(session, TODAY)

    assert publication.revision == 3
    assert procedure_from_json(publication.procedures["1.001193"].body) == BIRTH
    assert publication.procedures["1.001193"].version == 1
    assert publication.faqs["nop-ho"].faq == faq
    assert publication.offices == (office,)


async def test_a_draft_does_not_answer_until_it_is_published(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH, publish=False)
    assert await names(base, TODAY) == []

    async with base() as session, session.begin():
        assert await published_revision(session) == 0
        assert await publish_version(session, Kind.PROCEDURE, "1.001193", 1, now=NOW) == 1

    assert await names(base, TODAY) == ["Đăng ký khai sinh"]


async def test_publishing_what_is_not_waiting_is_refused(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH)

    async with base() as session, session.begin():
        with pytest.raises(LookupError):
            await publish_version(session, Kind.PROCEDURE, "1.001193", 7, now=NOW)
        with pytest.raises(ValueError, match="published"):
            await publish_version(session, Kind.PROCEDURE, "1.001193", 1, now=NOW)


async def test_a_new_version_replaces_the_former_which_stays_readable(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH)
    await write(base, Kind.PROCEDURE, replace(BIRTH, name="Đăng ký khai sinh mới"), later=timedelta(days=2))

    assert await names(base, TODAY + timedelta(days=2)) == ["Đăng ký khai sinh mới"]
    async with base() as session:
        newest, former = await history(session, Kind.PROCEDURE, "1.001193")
        assert (newest.number, newest.status) == (2, Status.PUBLISHED)
        assert (former.number, former.status) == (1, Status.REPLACED)
        assert former.effective_to == TODAY + timedelta(days=2)
        assert former.decoded() == BIRTH
        again = await get_version(session, Kind.PROCEDURE, "1.001193", 1)
        assert again == former
        then = await in_force_at(session, Kind.PROCEDURE, "1.001193", NOW + timedelta(days=1))
        assert then is not None
        assert then.number == 1
        now = await in_force_at(session, Kind.PROCEDURE, "1.001193", NOW + timedelta(days=3))
        assert now is not None
        assert now.number == 2
        assert await in_force_at(session, Kind.PROCEDURE, "1.001193", NOW - timedelta(days=1)) is None


async def test_what_has_expired_stops_answering_by_itself(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, replace(BIRTH, effective_to=date(2026, 12, 31)))

    assert await names(base, date(2026, 12, 31)) == ["Đăng ký khai sinh"]
    assert await names(base, date(2027, 1, 1)) == []
    async with base() as session, session.begin():
        assert await expire_due(session, now=NOW) == 0
        assert await expire_due(session, now=NOW + timedelta(days=60)) == 1
        assert await published_revision(session) == 2
        assert await counts(session) == {Kind.PROCEDURE: {Status.EXPIRED: 1}}


async def test_a_version_for_a_later_day_lets_the_former_answer_until_then(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH)
    await write(base, Kind.PROCEDURE, replace(BIRTH, name="Tên từ 2027", effective_from=date(2027, 1, 1)))

    assert await names(base, date(2026, 12, 31)) == ["Đăng ký khai sinh"]
    assert await names(base, date(2027, 1, 1)) == ["Tên từ 2027"]


async def test_at_most_one_version_is_in_force_on_any_day(base: Sessions) -> None:
    firsts = (None, date(2026, 1, 1), date(2027, 6, 1))
    seconds = (*firsts, date(2027, 3, 1))
    cases = [
        (replace(BIRTH, code=f"1.{n:06}", effective_from=first), second)
        for n, (first, second) in enumerate(product(firsts, seconds))
    ]
    await write(base, Kind.PROCEDURE, *(former for former, _ in cases))
    await write(base, Kind.PROCEDURE, *(replace(former, name="Mới", effective_from=second) for former, second in cases))

    days = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(24)]
    async with base() as session:
        for former, second in cases:
            versions = await history(session, Kind.PROCEDURE, former.code)
            held = [v for v in versions if v.status is Status.PUBLISHED]
            for day in days:
                in_force = [v for v in held if (v.effective_from or date.min) <= day <= (v.effective_to or date.max)]
                assert len(in_force) <= 1
                if second is None or day >= second:
                    assert [v.number for v in in_force] == [2]


async def test_a_failed_transaction_leaves_the_revision_alone(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH)
    session = base()
    await session.begin()
    await save_overlay(session, LocalOverlay(code="1.001193", fee="Miễn phí"), by="thử", now=NOW)
    await session.rollback()
    await session.close()

    async with base() as session:
        publication = await load_publication(session, TODAY)
    assert (publication.revision, publication.overlays) == (1, {})


async def test_the_newest_overlay_counts_and_an_empty_one_takes_it_away(base: Sessions) -> None:
    first = LocalOverlay(code="1.001193", fee="Không thu lệ phí", source="Nghị quyết 12/2026/NQ-HĐND")
    second = replace(first, counter="Quầy 5")
    async with base() as session, session.begin():
        await save_overlay(session, first, by="Lan", now=NOW)
        await save_overlay(session, second, by="Lan", now=NOW)
        assert (await load_publication(session, TODAY)).overlays == {"1.001193": second}
        await save_overlay(session, LocalOverlay(code="1.001193"), by="Lan", now=NOW)
        publication = await load_publication(session, TODAY)

        assert publication.overlays == {}
        assert publication.revision == 3
        assert [number for number, _, _, _ in await overlay_history(session, "1.001193")] == [3, 2, 1]


async def test_a_renumbered_procedure_is_known_by_its_old_code(base: Sessions) -> None:
    async with base() as session, session.begin():
        await set_code_alias(session, "2.000001", "1.001193", by="Lan", now=NOW)
        await set_code_alias(session, "2.000000", "2.000001", by="Lan", now=NOW)
        with pytest.raises(ValueError, match="circle"):
            await set_code_alias(session, "1.001193", "2.000000", by="Lan", now=NOW)
        assert (await load_publication(session, TODAY)).code_aliases == {
            "2.000001": "1.001193",
            "2.000000": "2.000001",
        }


async def test_everyday_words_of_the_staff_are_kept_once(base: Sessions) -> None:
    async with base() as session, session.begin():
        await add_aliases(session, "1.001193", ["làm giấy cho bé", "khai sinh"], origin="Lan")
        await add_aliases(session, "1.001193", ["khai sinh"], origin="Lan")
        await add_aliases(session, "2.000635", ["khai sinh"], origin="Lan")
        publication = await load_publication(session, TODAY)

    assert publication.aliases == {"1.001193": ("làm giấy cho bé", "khai sinh"), "2.000635": ("khai sinh",)}


async def test_moments_come_back_aware(base: Sessions) -> None:
    await write(base, Kind.PROCEDURE, BIRTH)

    async with base() as session:
        stored = await get_version(session, Kind.PROCEDURE, "1.001193")

    assert stored is not None
    assert (stored.created_at, stored.published_at) == (NOW, NOW)


async def test_replicas_on_postgresql_are_told(postgres_url: str) -> None:
    import psycopg

    async with a_base(postgres_url) as sessions:
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as listener:
            listener.execute("LISTEN motcua_knowledge")
            await write(sessions, Kind.PROCEDURE, BIRTH)
            told = next(listener.notifies(timeout=10))
    assert told.payload == "1"
