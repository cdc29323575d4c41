"""The desk reads the portal at night by itself, says when that fails for days, and takes in files put by hand."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot.config import PortalSettings
from bot.storage.engine import make_engine
from bot.upkeep import Upkeep
from knowledge.importing.portal import history
from knowledge.importing.portal.client import LIST
from knowledge.store import Kind, Status, counts
from tests.doubles.portal import FIREWALL, SLOW, Patience, StubPortal, a_courtesy, a_portal, a_record
from tests.knowledge.databases import NOW, Sessions, a_base
from tests.knowledge.importing.files import a_file, own_row

TONIGHT = NOW.replace(hour=18)
"""One in the morning of 22 November in Viet Nam."""


@dataclass
class Night:
    """A desk beside a portal, at any hour."""

    engine: AsyncEngine
    base: Sessions
    portal: StubPortal
    now: datetime = TONIGHT

    def upkeep(self, **settings: Any) -> Upkeep:
        """The upkeep of a desk with these settings; a new one is a desk started anew."""
        chosen = PortalSettings(**{"base_url": self.portal.base_url, "nightly": True, **settings})
        return Upkeep(chosen, self.engine, lambda: self.now, a_courtesy(Patience(), attempts=2))


@pytest.fixture
async def night(database_url: str) -> AsyncIterator[Night]:
    async with a_base(database_url) as base, a_portal(a_record("id-1", "1.000001")) as portal:
        engine = make_engine(database_url)
        try:
            yield Night(engine, base, portal)
        finally:
            await engine.dispose()


async def test_the_night_s_reading_leaves_drafts_and_happens_once(night: Night) -> None:
    report = await night.upkeep().read_portal()

    assert report is not None
    assert report.new == 1
    assert await night.upkeep().read_portal() is None
    async with night.base() as session:
        assert await counts(session) == {Kind.PROCEDURE: {Status.DRAFT: 1}}
    (run,) = await history.recent(night.base)
    assert (run.trigger, run.outcome, run.new) == ("nightly", "done", 1)


async def test_nothing_is_read_while_it_is_off(night: Night) -> None:
    assert await night.upkeep(nightly=False).read_portal() is None
    assert night.portal.asked == []
    assert await night.upkeep(nightly=False).alarm() is None


async def test_only_the_agencies_of_the_settings_are_read(night: Night) -> None:
    night.portal.agencies["G02"] = ["id-1"]

    await night.upkeep(agencies=("G02",)).read_portal()

    assert {body["departmentCode"] for body in night.portal.bodies(LIST)} == {"G02"}


async def test_a_failure_is_written_down_and_three_days_of_it_raise_the_alarm(night: Night) -> None:
    for day in range(4):
        night.now = TONIGHT + timedelta(days=day)
        night.portal.faults[LIST] = [FIREWALL] * 3
        with capture_logs() as logs:
            assert await night.upkeep().read_portal() is None
        assert [entry["event"] for entry in logs][:1] == ["portal not read"]
        assert (await night.upkeep().alarm() is not None) == (day == 3)

    assert [entry["event"] for entry in logs] == ["portal not read", "portal not read for days"]
    assert logs[1]["days"] == 3
    night.now += timedelta(days=1)
    assert await night.upkeep().read_portal() is not None
    assert await night.upkeep().alarm() is None


async def test_a_reading_under_way_is_broken_off_when_the_desk_stops(night: Night) -> None:
    night.portal.faults[LIST] = [SLOW]
    upkeep = night.upkeep()
    reading = asyncio.create_task(upkeep.read_portal())
    await night.portal.silent.wait()

    await upkeep.stop()

    assert reading.cancelled()
    assert [run.outcome for run in await history.recent(night.base)] == ["stopped"]
    assert await night.upkeep().read_portal() is not None


async def test_a_database_that_fails_does_not_stop_the_clock(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    try:
        with capture_logs() as logs:
            assert await Upkeep(PortalSettings(nightly=True), engine, lambda: TONIGHT).read_portal() is None
    finally:
        await engine.dispose()

    assert [entry["event"] for entry in logs] == ["portal not looked for"]


async def test_files_in_the_drop_folder_are_taken_in(night: Night, tmp_path: Path) -> None:
    a_file(tmp_path, [own_row("1.000009")], "thu-tuc.jsonl")
    (tmp_path / "hong.jsonl").write_text("{")
    upkeep = night.upkeep(drop_folder=str(tmp_path))

    assert await upkeep.take_in() == []
    with capture_logs() as logs:
        taken = await upkeep.take_in()

    assert [(one.name, bool(one.problem)) for one in taken] == [("hong.jsonl", True), ("thu-tuc.jsonl", False)]
    assert [(entry["file"], entry["well"]) for entry in logs] == [("hong.jsonl", False), ("thu-tuc.jsonl", True)]


async def test_a_drop_folder_that_is_not_there_is_a_warning(night: Night, tmp_path: Path) -> None:
    with capture_logs() as logs:
        assert await night.upkeep(drop_folder=str(tmp_path / "nowhere")).take_in() == []
    assert [entry["event"] for entry in logs] == ["drop folder not read"]
    assert await night.upkeep().take_in() == []
