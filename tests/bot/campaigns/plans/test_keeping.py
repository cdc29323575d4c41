"""Plans kept in both databases: drafts, corrections, evidence, the calendar, targets and letters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaigns.plans.calendar import PlanCalendar, by_unit, period_of
from bot.campaigns.plans.closing import StoredEvidence
from bot.campaigns.plans.exporting import HEADINGS, ics_of, rows_of
from bot.campaigns.plans.kept import Due, DueState, Evidence, KeptTask, TaskChange
from bot.campaigns.plans.reading import read_plan_text
from bot.campaigns.plans.reminding import Reminders, Rules, StoredUnits
from bot.campaigns.plans.storing import StoredPlans, as_change
from bot.campaigns.plans.tasks import Audience, Part, PlanProblem, Target
from bot.campaigns.plans.times import TimeKind
from bot.mail import Mail, Smtp
from bot.storage.audit import AuditFilter, Deed, StoredAudit
from bot.storage.engine import make_engine
from bot.storage.plan_tables import plan_due, plan_reminder, plan_task
from bot.storage.schema import upgrade
from knowledge.workdays import Workdays
from tests.bot.campaigns.plans.office import a_text
from tests.doubles.smtp import a_mail_server

BY = Deed(actor="an", action="", place="192.0.2.1")
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
"""Friday, 10 o'clock in Viet Nam."""
TODAY = date(2026, 11, 20)


@dataclass
class Desk:
    """The plans of one database."""

    engine: AsyncEngine
    plans: StoredPlans
    evidence: StoredEvidence
    number: int

    async def tasks(self) -> list[KeptTask]:
        """The tasks as they stand now."""
        found = await self.plans.get(self.number)
        assert found is not None
        return found[1]


@asynccontextmanager
async def a_desk(url: str, *, accepted: bool = True) -> AsyncIterator[Desk]:
    """A database that holds the tests' plan."""
    upgrade(url)
    engine = make_engine(url)
    plans = StoredPlans(engine)
    try:
        number = await plans.add(read_plan_text(a_text(), TODAY), source="ke-hoach.txt", by=BY, now=NOW)
        if accepted:
            await plans.accept(number, by=BY, now=NOW)
        yield Desk(engine, plans, StoredEvidence(engine), number)
    finally:
        await engine.dispose()


def change_of(task: KeptTask, **values: object) -> TaskChange:
    """A task as it is, but for these values."""
    return replace(as_change(task), **values)  # type: ignore[arg-type]


async def test_a_plan_from_draft_to_evidence(database_url: str) -> None:
    async with a_desk(database_url, accepted=False) as desk:
        news, training, awaited, report = await desk.tasks()
        calendar = PlanCalendar(desk.engine)
        year = (date(2026, 1, 1), date(2026, 12, 31))

        assert [(one.tasks, one.unsure, one.accepted_at) for one in await desk.plans.all()] == [(4, 3, None)]

        # A draft stands nowhere in the calendar.
        assert (await desk.plans.drafts(), await calendar.between(*year), await calendar.units()) == (1, [], [])
        assert [len(task.dues) for task in (news, training, awaited, report)] == [12, 1, 0, 4]
        assert [one.part for one in report.doubts] == [Part.TIME, Part.AUDIENCE]

        # A corrected time is read anew, the plan's own words stay.
        await desk.plans.change(report, change_of(report, time_words="ngày 5 hằng tháng"), year=2026, by=BY, now=NOW)
        changed = await desk.plans.task(report.id)
        assert changed is not None
        assert (changed.said_time, changed.rule) == ("Quý, 6 tháng, 01 năm", "FREQ=MONTHLY;BYMONTHDAY=5;UNTIL=20261231")
        assert (len(changed.dues), [one.part for one in changed.doubts]) == (12, [Part.AUDIENCE])
        await desk.plans.change(changed, change_of(changed, time_words="khi nào xong"), year=2026, by=BY, now=NOW)
        lost = await desk.plans.task(report.id)
        assert lost is not None
        assert (lost.time_kind, lost.dues, lost.doubts[-1].part) == (TimeKind.EVENT, (), Part.TIME)
        await desk.plans.change(lost, change_of(lost, time_words="Quý IV", sure=True), year=2026, by=BY, now=NOW)
        report = await desk.plans.task(report.id) or report
        assert (report.doubts, [due.due_on for due in report.dues]) == ((), [date(2026, 12, 31)])

        # The event has come: a day is set.
        assert await desk.plans.add_due(awaited, date(2026, 11, 25), by=BY, now=NOW)
        awaited = await desk.plans.task(awaited.id) or awaited
        assert not await desk.plans.add_due(awaited, date(2026, 11, 25), by=BY, now=NOW)

        await desk.plans.accept(desk.number, by=BY, now=NOW)
        november = await calendar.between(date(2026, 11, 1), date(2026, 11, 30))
        assert [(line.key, line.due.state(TODAY)) for line in november] == [
            ("2", DueState.OVERDUE),
            ("3", DueState.PLANNED),
            ("1", DueState.PLANNED),
        ]

        # Off-line work counts like the rest, with its photo.
        assert await calendar.count_overdue(TODAY) == 11
        (target,) = await calendar.targets(TODAY)
        assert (target.counted, target.task_id) == (0, news.id)
        photo = Evidence(
            done_on=TODAY,
            unit="Phòng Nội vụ",
            product="Hội nghị tập huấn",
            file_name="ảnh hội nghị.jpg",
            file=b"\xff\xd8\xff\x00",
            people=120,
            cost=3500,
            due_id=training.dues[0].id,
        )
        made = await desk.evidence.add(training, photo, today=TODAY, by=BY, now=NOW)
        assert await desk.evidence.file(made) == ("ảnh hội nghị.jpg", b"\xff\xd8\xff\x00")
        with pytest.raises(PlanProblem, match="đã xong"):
            await desk.evidence.add(training, photo, today=TODAY, by=BY, now=NOW)
        assert [one[0].unit for one in (await desk.evidence.of_dues(*year)).values()] == ["Phòng Nội vụ"]
        training = await desk.plans.task(training.id) or training
        assert training.dues[0].state(TODAY) is DueState.DONE_LATE
        with pytest.raises(PlanProblem, match="không bỏ được"):
            await desk.plans.leave_out(training, by=BY, now=NOW)

        # A closed day stays whatever the time is changed to.
        await desk.plans.change(training, change_of(training, time_words="Quý IV"), year=2026, by=BY, now=NOW)
        training = await desk.plans.task(training.id) or training
        assert [(due.due_on, due.done_on) for due in training.dues] == [
            (date(2026, 11, 14), TODAY),
            (date(2026, 12, 31), None),
        ]

        # What is left out is listed as not used.
        await desk.plans.leave_out(awaited, by=BY, now=NOW)
        found = await desk.plans.get(desk.number)
        assert found is not None
        assert found[0].unused[-1].text == awaited.content
        added = change_of(awaited, content="Việc thêm", time_words="Trước ngày 01/12", target=Target(2, "buổi", 3))
        number = await desk.plans.add_task(desk.number, added, year=2026, by=BY, now=NOW)
        kept = await desk.plans.task(number)
        assert kept is not None
        assert ([due.due_on for due in kept.dues], kept.target) == ([date(2026, 11, 30)], Target(2, "buổi", 3))

        actions = [entry.action async for entry in StoredAudit(desk.engine).all(AuditFilter())]
        assert actions[0] == "plan.read"
        assert (actions.count("plan.task"), actions.count("plan.done")) == (4, 1)
        assert {"plan.accept", "plan.due_add", "plan.task_leave", "plan.task_add"} <= {*actions}

        await desk.plans.remove(desk.number, by=BY, now=NOW)
        async with desk.engine.connect() as connection:
            for table in (plan_task, plan_due):
                assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 0


async def test_what_was_done_for_a_task_without_a_day_stands_in_the_calendar(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        awaited = (await desk.tasks())[2]
        assert awaited.dues == ()
        done = Evidence(done_on=date(2026, 11, 19), product="3 buổi phát loa", amount=3)
        await desk.evidence.add(awaited, done, today=TODAY, by=BY, now=NOW)
        (line,) = await PlanCalendar(desk.engine).between(date(2026, 11, 19), date(2026, 11, 19))

        assert (line.task_id, line.due.state(TODAY)) == (awaited.id, DueState.DONE)


async def test_a_plan_that_is_taken_up_in_the_midst_of_its_year_need_not_be_overdue(sqlite_url: str) -> None:
    async with a_desk(sqlite_url, accepted=False) as desk:
        await desk.plans.accept(desk.number, by=BY, now=NOW, since=TODAY)
        calendar = PlanCalendar(desk.engine)

        assert await calendar.count_overdue(TODAY) == 0
        assert len(await calendar.between(date(2026, 1, 1), date(2026, 12, 31))) == 3


async def test_a_misprinted_year_is_mended_at_once(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        misprinted = a_text().replace("Trước ngày 15/11", "Q.III - IV/2025").replace("Hằng tháng", "Quý I/2025")
        number = await desk.plans.add(read_plan_text(misprinted, TODAY), source="", by=BY, now=NOW)

        assert await desk.plans.mend_years(number, by=BY, now=NOW) == 2
        found = await desk.plans.get(number)
        assert found is not None
        assert [[due.due_on for due in task.dues] for task in found[1][:2]] == [
            [date(2026, 3, 31)],
            [date(2026, 12, 31)],
        ]
        assert found[1][0].said_time == "Quý I/2025"
        assert not any("ghi nhầm" in one.reason for task in found[1] for one in task.doubts)
        assert await desk.plans.mend_years(number, by=BY, now=NOW) == 0


async def test_targets_count_what_was_registered_and_what_was_published(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        news = (await desk.tasks())[0]
        asked: list[tuple[date, date]] = []

        async def published(first: date, last: date) -> int:
            asked.append((first, last))
            return 2

        for day, amount in ((date(2026, 10, 31), 5), (date(2026, 11, 3), 1)):
            done = Evidence(done_on=day, link="https://so.example/tin-1", amount=amount)
            await desk.evidence.add(news, done, today=TODAY, by=BY, now=NOW)
        (alone,) = await PlanCalendar(desk.engine).targets(TODAY)
        (together,) = await PlanCalendar(desk.engine, published).targets(TODAY)
        (october,) = await PlanCalendar(desk.engine).targets(date(2026, 10, 1))

        assert (alone.counted, alone.met, together.counted, october.met) == (1, False, 3, True)
        assert asked == [(date(2026, 11, 1), date(2026, 11, 30))]
        assert await PlanCalendar(desk.engine).targets(date(2025, 11, 1)) == []


async def test_evidence_that_proves_nothing_is_refused(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        task = (await desk.tasks())[1]
        good = Evidence(done_on=TODAY, product="Hội nghị", due_id=task.dues[0].id)
        for wrong, why in (
            (replace(good, done_on=date(2026, 11, 21)), "chưa tới"),
            (replace(good, done_on=date(1926, 1, 1)), "không đúng"),
            (replace(good, product=""), "minh chứng"),
            (replace(good, link="javascript:alert(1)"), "https"),
            (replace(good, people=-1), "không đúng"),
            (replace(good, cost=3_000_000_000), "không đúng"),
            (replace(good, amount=0), "không đúng"),
            (replace(good, due_id=999), "không thuộc"),
        ):
            with pytest.raises(PlanProblem, match=why):
                await desk.evidence.add(task, wrong, today=TODAY, by=BY, now=NOW)
        assert await desk.evidence.of(task.id) == []
        with pytest.raises(PlanProblem, match="nội dung"):
            await desk.plans.change(task, change_of(task, content=""), year=2026, by=BY, now=NOW)


async def test_the_calendar_is_taken_away(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        tasks = await desk.tasks()
        done = Evidence(done_on=date(2026, 11, 10), product="Hội nghị", people=120, due_id=tasks[1].dues[0].id)
        await desk.evidence.add(tasks[1], done, today=TODAY, by=BY, now=NOW)
        year = (date(2026, 1, 1), date(2026, 12, 31))
        lines = await PlanCalendar(desk.engine).between(*year)
        rows = rows_of(lines, await desk.evidence.of_dues(*year), TODAY)
        calendar = icalendar.Calendar.from_ical(ics_of(lines, name="Kế hoạch 2026", now=NOW, today=TODAY))
        events = calendar.walk("VEVENT")

        assert len(lines) == len(rows) == len(events) == 17
        training = next(row for row in rows if row[1] == "2")
        assert dict(zip(HEADINGS, training, strict=True))["Số người tiếp cận"] == 120
        assert training[7:10] == ("Đã xong", date(2026, 11, 10), "Hội nghị")
        first = events[0]
        assert first.decoded("dtstart") == date(2026, 1, 31)
        assert first.decoded("dtend") == date(2026, 2, 1)
        assert str(first["summary"]).startswith("[Quá hạn] Đăng tin")
        assert len({str(event["uid"]) for event in events}) == 17
        counts = {one.unit: one.counts for one in by_unit(lines, TODAY)}
        assert counts["Phòng Nội vụ"][DueState.DONE] == 1
        assert counts["Văn phòng"][DueState.OVERDUE] == 13
        only = await PlanCalendar(desk.engine).between(*year, "Phòng Nội vụ")
        assert {line.lead for line in only} == {"Phòng Nội vụ"}


async def test_units_are_reminded_once_for_each_turn(database_url: str) -> None:
    async with a_desk(database_url) as desk, a_mail_server() as server:
        moment = NOW
        smtp = Smtp(host="127.0.0.1", port=server.port, security="none", sender="cchc@so.example")
        rules = Rules(every_days=7, from_hour=8, address="https://motcua.example", office="Sở Khoa học và Công nghệ")
        units = StoredUnits(desk.engine)

        def reminders() -> Reminders:
            return Reminders(desk.engine, smtp.send, lambda: moment, rules, Workdays().is_working)

        assert await reminders().run() == 0
        await units.put("Phòng Nội vụ", "noi-vu@so.example", by=BY, now=NOW)
        server.refuse = 550
        assert await reminders().run() == 0
        server.refuse = 0

        # Two replicas at the same moment send one letter; the same day nothing more, also when the clock is set back.
        assert (await reminders().run(), await reminders().run()) == (1, 0)
        moment = NOW - timedelta(hours=1)
        assert await reminders().run() == 0
        (text,) = server.texts()
        assert "Tập huấn cho công chức một cửa" in text
        assert "14/11/2026 (quá 6 ngày)" in text
        assert "https://motcua.example/can-bo/lich" in text
        assert "Văn phòng" not in text
        assert server.letters[0]["Subject"] == "[Nhắc việc] 1 việc quá hạn theo kế hoạch – Phòng Nội vụ"

        # Not at night, not on a Sunday; again after a week.
        for quiet in (datetime(2026, 11, 26, 0, tzinfo=UTC), datetime(2026, 11, 29, 3, tzinfo=UTC)):
            moment = quiet
            assert await reminders().run() == 0
        moment = datetime(2026, 11, 27, 3, tzinfo=UTC)
        assert await reminders().run() == 1

        task = next(one for one in await desk.tasks() if one.lead == "Phòng Nội vụ")
        done = Evidence(done_on=TODAY, product="Hội nghị", due_id=task.dues[0].id)
        await desk.evidence.add(task, done, today=date(2026, 11, 27), by=BY, now=moment)
        moment = datetime(2026, 12, 7, 3, tzinfo=UTC)
        assert await reminders().run() == 0
        assert len(server.letters) == 2
        async with desk.engine.connect() as connection:
            turns = (await connection.execute(select(plan_reminder.c.turn, plan_reminder.c.sent_at))).all()
        assert sorted(turn.turn for turn in turns) == [0, 1]
        assert all(turn.sent_at for turn in turns)

        with pytest.raises(PlanProblem, match="không đúng"):
            await units.put("Phòng Nội vụ", "noi-vu@so.example, x@so.example", by=BY, now=NOW)
        await units.put("Phòng Nội vụ", "", by=BY, now=NOW)
        assert await units.all() == {}


async def test_a_letter_names_the_first_thirty(sqlite_url: str) -> None:
    async with a_desk(sqlite_url) as desk:
        sent: list[Mail] = []

        async def keep(mail: Mail) -> None:
            sent.append(mail)

        first = (await desk.tasks())[0]
        await desk.plans.change(
            first, change_of(first, time_words="thứ Sáu hằng tuần", lead="Văn phòng"), year=2026, by=BY, now=NOW
        )
        await StoredUnits(desk.engine).put("Văn phòng", "vp@so.example", by=BY, now=NOW)
        await Reminders(desk.engine, keep, lambda: NOW, Rules(), lambda _: True).run()

        assert "30. " in sent[0].text
        assert "31. " not in sent[0].text
        assert "việc nữa" in sent[0].text


def test_days_at_their_edges() -> None:
    assert Due(1, TODAY).state(TODAY) is DueState.PLANNED
    assert Due(1, TODAY).state(date(2026, 11, 21)) is DueState.OVERDUE
    assert Due(1, TODAY, TODAY).state(date(2027, 1, 1)) is DueState.DONE
    assert period_of(date(2026, 5, 7), 3) == (date(2026, 4, 1), date(2026, 6, 30))
    assert period_of(date(2024, 2, 29), 1) == (date(2024, 2, 1), date(2024, 2, 29))
    assert period_of(date(2026, 5, 7), 12) == (date(2026, 1, 1), date(2026, 12, 31))
    assert Audience("citizens") is Audience.CITIZENS
