"""The portal is read for what has changed, and nothing of it is written unless all went well."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from knowledge.importing import ImportProblem, ImportReport
from knowledge.importing.portal import PortalBlocked, PortalProblem, history, import_portal
from knowledge.importing.portal.client import DETAIL, LIST
from knowledge.serialising import procedure_from_json
from knowledge.store import Kind, Publication, Status, calendar_day, get_version, load_publication
from knowledge.store import history as versions
from tests.doubles.portal import (
    BUSY,
    CUT_JSON,
    FIREWALL,
    SLOW,
    Fault,
    Patience,
    StubPortal,
    a_client,
    a_portal,
    a_record,
)
from tests.knowledge.databases import NOW, Sessions, a_base


@dataclass
class Office:
    """A base and a portal, and the day on which they live."""

    base: Sessions
    portal: StubPortal
    now: datetime = NOW
    patience: Patience = field(default_factory=Patience)

    async def read(self, **options: Any) -> ImportReport:
        """Reads the portal."""
        async with a_client(self.portal, self.patience, attempts=2, timeout=options.pop("timeout", 30.0)) as client:
            chosen = {"agencies": (), "publish": True, "now": lambda: self.now, **options}
            return await import_portal(self.base, client, **chosen)

    async def published(self) -> Publication:
        """What is in force."""
        async with self.base() as session:
            return await load_publication(session, calendar_day(self.now))

    async def codes(self) -> list[str]:
        """Codes in force."""
        return sorted((await self.published()).procedures)

    async def name(self, code: str) -> str:
        """The name in force."""
        return procedure_from_json((await self.published()).procedures[code].body).name


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    records = [a_record(f"id-{n}", f"1.00000{n}") for n in (1, 2, 3)]
    async with a_base(database_url) as base, a_portal(*records) as portal:
        yield Office(base, portal)


def figures(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


async def test_the_first_reading_takes_everything(office: Office) -> None:
    seen: list[tuple[int, int]] = []

    report = await office.read(progress=lambda done, total: seen.append((done, total)))

    assert figures(report) == (3, 0, 0, 0)
    assert await office.codes() == ["1.000001", "1.000002", "1.000003"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


async def test_without_publish_all_of_it_waits_as_drafts(office: Office) -> None:
    await office.read(publish=False)

    assert await office.codes() == []
    async with office.base() as session:
        (draft,) = await versions(session, Kind.PROCEDURE, "1.000001")
    assert draft.status is Status.DRAFT


async def test_what_the_list_marks_as_unchanged_is_not_asked_for_again(office: Office) -> None:
    await office.read()
    office.portal.change("id-2", name="Tên mới")
    office.portal.asked.clear()

    report = await office.read()

    assert figures(report) == (0, 1, 2, 0)
    assert office.portal.bodies(DETAIL) == [{"id": "id-2"}]
    assert await office.name("1.000002") == "Tên mới"


async def test_without_marks_everything_is_asked_for_and_compared(office: Office) -> None:
    office.portal.marks = False
    await office.read()
    office.portal.asked.clear()

    report = await office.read()

    assert figures(report) == (0, 0, 3, 0)
    assert len(office.portal.bodies(DETAIL)) == 3
    async with office.base() as session:
        assert len(await versions(session, Kind.PROCEDURE, "1.000001")) == 1


async def test_drafts_of_an_earlier_reading_are_published_without_asking_again(office: Office) -> None:
    await office.read(publish=False)
    office.portal.asked.clear()

    report = await office.read()

    assert figures(report) == (3, 0, 0, 0)
    assert office.portal.bodies(DETAIL) == []
    assert len(await office.codes()) == 3


async def test_a_change_becomes_a_draft_with_its_difference(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", name="Tên mới", requirementsAndConditions="Đủ 18 tuổi")

    report = await office.read(publish=False)

    assert [(c.label, c.old, c.new) for c in report.differences["1.000001"]] == [
        ("tên", "Cấp lại giấy phép số 1.000001", "Tên mới"),
        ("điều kiện", "", "Đủ 18 tuổi"),
    ]
    assert await office.name("1.000001") == "Cấp lại giấy phép số 1.000001"
    async with office.base() as session:
        draft = (await versions(session, Kind.PROCEDURE, "1.000001"))[0]
    assert draft.status is Status.DRAFT
    assert "Khác bản đang công bố ở: tên, điều kiện." in draft.review_reasons


async def test_a_change_of_trusted_parts_only_is_in_force_at_once(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", name="Tên mới")
    office.portal.change("id-2", name="Tên mới", requirementsAndConditions="Đủ 18 tuổi")

    report = await office.read(publish=False, trusted=frozenset({"name"}))

    assert (report.changed, report.at_once) == (2, 1)
    assert await office.name("1.000001") == "Tên mới"
    assert await office.name("1.000002") == "Cấp lại giấy phép số 1.000002"


async def test_only_the_agencies_asked_for_are_read(office: Office) -> None:
    office.portal.agencies = {"G02": ["id-1"], "G10": ["id-1", "id-3"]}

    report = await office.read(agencies=("G02", "G10"))

    assert report.new == 2
    assert await office.codes() == ["1.000001", "1.000003"]


async def test_an_agency_without_procedures_is_told(office: Office) -> None:
    with pytest.raises(PortalProblem, match="mã cơ quan G99"):
        await office.read(agencies=("G99",))


async def test_a_record_that_cannot_be_taken_is_refused_and_the_others_are_taken(office: Office) -> None:
    office.portal.change("id-1", isInternal=True)
    office.portal.add(a_record("id-4", "1.000003"))
    office.portal.faults[DETAIL] = [Fault(400, b"{}")]

    report = await office.read()

    assert [(row.row, row.code) for row in report.refused] == [(1, "1.000001"), (4, "1.000003")]
    assert "HTTP 400" in report.refused[0].reason
    assert "trùng mã" in report.refused[1].reason
    assert await office.codes() == ["1.000002", "1.000003"]
    assert "nội bộ" in (await office.read()).refused[0].reason


async def test_what_was_refused_is_asked_for_again(office: Office) -> None:
    office.portal.faults[DETAIL] = [CUT_JSON, CUT_JSON]
    await office.read()

    report = await office.read()

    assert figures(report) == (1, 0, 2, 0)


async def test_a_portal_in_trouble_changes_nothing(office: Office) -> None:
    await office.read()
    for id_ in office.portal.records:
        office.portal.change(id_, name="Tên mới")
    for faults in ({LIST: [BUSY] * 9}, {DETAIL: [BUSY] * 9}, {DETAIL: [Fault(), FIREWALL, FIREWALL, FIREWALL]}):
        office.portal.faults.clear()
        office.portal.faults.update(faults)
        before = (await office.published()).revision

        with pytest.raises(PortalProblem, match="Chưa ghi gì"):
            await office.read()

        assert (await office.published()).revision == before
        assert await office.name("1.000001") == "Cấp lại giấy phép số 1.000001"
    runs = await history.recent(office.base)
    assert [run.outcome for run in runs] == ["failed", "failed", "failed", "done"]
    assert "Tường lửa" in runs[0].error
    office.portal.faults.clear()
    assert (await office.read()).changed == 3


async def test_the_firewall_ends_the_reading_at_once(office: Office) -> None:
    office.portal.faults[DETAIL] = [FIREWALL] * 3

    with pytest.raises(PortalBlocked):
        await office.read()

    assert office.portal.bodies(DETAIL) == [{"id": "id-1"}] * 3


async def test_a_reading_has_an_end(office: Office) -> None:
    office.portal.faults[DETAIL] = [SLOW]

    with pytest.raises(PortalProblem, match="quá"):
        await office.read(longest=0.5)


async def test_a_dry_run_leaves_no_trace(office: Office) -> None:
    report = await office.read(dry_run=True)

    assert figures(report) == (3, 0, 0, 0)
    assert await office.codes() == []
    assert await history.recent(office.base) == []
    office.portal.asked.clear()
    await office.read()
    assert len(office.portal.bodies(DETAIL)) == 3


async def test_the_history_tells_what_was_done(office: Office) -> None:
    await office.read()
    office.portal.change("id-2", name="Tên mới")
    await office.read()

    last, first = await history.recent(office.base)

    assert (first.outcome, first.listed, first.read, first.new) == ("done", 3, 3, 3)
    assert (last.listed, last.read, last.changed, last.unchanged, last.refused) == (3, 1, 1, 2, 0)
    assert (last.trigger, last.scope, last.error) == ("command", "all", "")
    assert last.started_at == last.finished_at == NOW


async def test_what_is_no_longer_listed_is_reported_and_stays_until_somebody_looks(office: Office) -> None:
    await office.read()
    del office.portal.records["id-3"]

    report = await office.read()

    assert report.gone == ["1.000003"]
    assert "1.000003" in await office.codes()


async def test_a_new_code_takes_the_place_of_the_old_one(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", code="2.000009")

    report = await office.read()

    published = await office.published()
    assert report.gone == []
    assert sorted(published.procedures) == ["1.000002", "1.000003", "2.000009"]
    assert published.code_aliases == {"1.000001": "2.000009"}


async def test_an_old_code_answers_until_its_successor_is_in_force(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", code="2.000009")

    await office.read(publish=False)
    assert "1.000001" in await office.codes()

    await office.read()
    assert await office.codes() == ["1.000002", "1.000003", "2.000009"]


async def test_a_code_that_another_procedure_takes_over_is_not_renumbered(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", code="2.000009")
    office.portal.change("id-2", code="1.000001", name="Tên mới")

    await office.read()

    published = await office.published()
    assert "1.000001" in published.procedures
    assert published.code_aliases == {"1.000002": "1.000001"}


async def test_reading_confirms_what_still_stands(office: Office) -> None:
    await office.read()
    assert (await office.published()).procedures["1.000001"].confirmed is None
    for later in (timedelta(days=10), timedelta(days=40), timedelta(days=41)):
        office.now = NOW + later
        await office.read()

    assert (await office.published()).procedures["1.000001"].confirmed == calendar_day(NOW) + timedelta(days=40)
    async with office.base() as session:
        before = await load_publication(session, date(2026, 11, 25))
        stored = await get_version(session, Kind.PROCEDURE, "1.000001")
    assert before.procedures["1.000001"].confirmed is None
    assert stored is not None
    assert stored.number == 1


async def test_what_the_portal_says_otherwise_is_not_confirmed(office: Office) -> None:
    await office.read()
    office.portal.change("id-1", name="Tên mới")
    office.now = NOW + timedelta(days=40)
    await office.read(publish=False)
    office.now = NOW + timedelta(days=80)
    await office.read(publish=False)

    published = await office.published()
    assert published.procedures["1.000001"].confirmed is None
    assert published.procedures["1.000002"].confirmed == calendar_day(NOW) + timedelta(days=80)


async def test_a_base_that_cannot_be_written_is_told(office: Office) -> None:
    async with office.base() as session, session.begin():
        await session.execute(text("DROP TABLE portal_item"))

    with pytest.raises(ImportProblem, match="motcua db upgrade"):
        await office.read()
