"""The five plans that departments really wrote, against what a person reads in them."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest

from bot.campaigns.plans.lines import lines_of_text
from bot.campaigns.plans.reading import read_plan_text, unaccounted
from bot.campaigns.plans.tasks import Audience, ReadPlan, ReadTask, Target
from bot.campaigns.plans.times import TimeKind
from tests.places import PLANS, needs_plans

pytestmark = needs_plans
TODAY = date(2026, 11, 21)
OFFICIALS, CITIZENS, ALL = Audience.OFFICIALS, Audience.CITIZENS, Audience.EVERYBODY
DATES, ALWAYS, REPEATED, EVENT, UNKNOWN = (
    TimeKind.DATES,
    TimeKind.ALWAYS,
    TimeKind.REPEATED,
    TimeKind.EVENT,
    TimeKind.UNKNOWN,
)


@dataclass(frozen=True)
class Expected:
    """One task as a person reads it. said: words that it holds; days: first and last, and how many."""

    key: str
    said: tuple[str, ...]
    kind: TimeKind
    days: tuple[date, ...] = ()
    count: int = 0
    lead: str = ""
    support: tuple[str, ...] = ()
    audience: Audience = ALL


def text_of(start: str) -> str:
    """The text of the plan whose file name starts so."""
    (path,) = PLANS.glob(f"{start}_*.txt")
    return path.read_text(encoding="utf-8")


def read(start: str) -> ReadPlan:
    """The plan as it is understood."""
    return read_plan_text(text_of(start), TODAY)


def compare(tasks: tuple[ReadTask, ...], expected: list[Expected]) -> None:
    """Holds each task against what is expected."""
    assert [task.key for task in tasks] == [one.key for one in expected]
    for task, one in zip(tasks, expected, strict=True):
        assert all(words in task.content for words in one.said), (task.key, task.content)
        assert (task.time.kind, task.lead, task.support) == (one.kind, one.lead, one.support), task.key
        assert task.audience is one.audience, task.key
        ends = (task.time.days[0], task.time.days[-1]) if len(task.time.days) > 1 else task.time.days
        assert ends == one.days, task.key
        assert len(task.time.days) == (one.count or len(one.days)), task.key


def year(number: int) -> tuple[date, date]:
    """The ends of January and December."""
    return date(number, 1, 31), date(number, 12, 31)


def test_a_table_broken_over_three_pages() -> None:
    plan = read("000")
    office, centre, rooms = "Văn phòng", "Trung tâm TT&UD KH&CN", "Các phòng, đơn vị"
    site = ("Trung tâm TT&UD KH&CN (website)",)
    both, group = ("Các phòng, đơn vị", *site), ("Tổ CNTT (website)",)
    always = partial(Expected, kind=ALWAYS, days=year(2023), count=12)

    assert plan.title.endswith("của Sở Khoa học và Công nghệ năm 2023")
    assert (plan.number, plan.issued_on, plan.place, plan.year) == ("/KH-SKHCN", None, "Bà Rịa - Vũng Tàu", 2023)
    assert plan.basis == ("Quyết định số 268/QĐ-UBND ngày 16/2/2023", "Kế hoạch số 64/KH-SKHCN ngày 30/12/2022")
    assert len(plan.doubts) == 2
    compare(
        plan.tasks,
        [
            # Cut in two by a page: "theo Nghị" and "quyết số 76".
            Expected("1", ("theo Nghị quyết số 76", "4655"), DATES, (date(2022, 6, 30),), 1, centre, (rooms,)),
            Expected("2", ("Kế hoạch cải cách hành chính năm 2023",), DATES, (date(2022, 3, 31),), 1, office, both),
            Expected("3", ("đô thị thông minh", "2207"), DATES, (date(2022, 6, 30),), 1, office, both),
            Expected("4", ("Cổng dịch vụ công",), DATES, (date(2022, 6, 30),), 1, rooms, group, CITIZENS),
            always("5", ("bưu điện công ích",), lead=rooms, support=group, audience=CITIZENS),
            always("6", ("quy phạm pháp luật",), lead=rooms, support=group),
            # The unit is cut as well: "Trung tâm TT&UD" and "KH&CN".
            always("7", ("Bộ ngành, Trung ương", "website"), lead=centre, support=(rooms,)),
            always("8", ("Bộ chỉ số",), lead=office, support=site),
            always("9", ("cập nhật, bổ sung",), lead=office, support=("Các phòng, đơn vị (website)",)),
            always("10", ("thư điện tử",), lead=centre, support=("Các phòng, đơn vị (website)",)),
            always("11", ("một cửa liên thông",), lead=office, support=site, audience=CITIZENS),
            # The only duty of part IV that sets a time.
            Expected(
                "IV.3",
                ("Sở Nội vụ",),
                REPEATED,
                (date(2023, 3, 31), date(2023, 12, 31)),
                4,
                "Văn phòng Sở",
                (),
                OFFICIALS,
            ),
        ],
    )
    assert [task.key for task in plan.tasks if "2022" in task.time.doubt] == ["1", "2", "3", "4"]
    assert plan.tasks[0].places == ("dòng 34", "dòng 37")
    assert plan.tasks[0].time.words == "Q.I - II/2022"


def test_a_plan_of_bullets_without_a_table() -> None:
    plan = read("001")
    officials = [f"1.a.{n}" for n in range(1, 6)] + ["1.b"] + [f"1.b.{n}" for n in range(1, 7)]
    citizens = [f"2.a.{n}" for n in range(1, 6)] + [f"2.b.{n}" for n in range(1, 5)]
    tasks = {task.key: task for task in plan.tasks}

    assert (plan.number, plan.year, len(plan.basis)) == ("/KH-SVHTTDL", 2023, 3)
    assert list(tasks) == [*officials, *citizens, "III.2"]
    assert {tasks[key].audience for key in officials} == {OFFICIALS}
    assert {tasks[key].audience for key in citizens} == {CITIZENS}
    assert tasks["1.b.3"].target == Target(4, "tin, bài", 1)
    assert (tasks["1.b.3"].time.kind, len(tasks["1.b.3"].time.days)) == (REPEATED, 12)
    assert tasks["2.b.2"].time.kind is ALWAYS
    assert "lồng ghép nội dung CCHC vào" in tasks["1.b"].content
    assert tasks["III.2"].lead == "Văn phòng Sở"
    assert (tasks["III.2"].time.kind, tasks["III.2"].time.days) == (UNKNOWN, ())
    assert all(task.unsure for task in plan.tasks)
    assert sum(task.target is not None for task in plan.tasks) == 1


def test_a_plan_of_numbered_contents_with_the_days_of_its_reports() -> None:
    plan = read("002")
    whole = partial(Expected, kind=DATES, days=(date(2020, 12, 31),))
    centre = "Trung tâm Thông tin và Ứng dụng KH&CN"

    assert (plan.number, plan.issued_on, plan.place) == ("118/KH-KHCN", date(2020, 2, 7), "Sơn La")
    assert (plan.year, plan.doubts, plan.basis) == (2020, (), ("Kế hoạch số 31/QĐ-UBND ngày 05/02/2020",))
    compare(
        plan.tasks,
        [
            whole("1", ("ý nghĩa và tầm quan trọng",)),
            whole("2", ("đề án trọng tâm của tinh",)),
            whole("3", ("thu hút đầu tư",), audience=CITIZENS),
            whole("4", ("phòng chống tham nhũng",), audience=CITIZENS),
            whole("5", ("quy phạm pháp luật",), audience=CITIZENS),
            whole("6", ("phản ánh, kiến nghị",), audience=CITIZENS),
            whole("7", ("Khen thưởng",), audience=CITIZENS),
            Expected("IV.3", ("đăng tải",), ALWAYS, year(2020), 12, centre, (), OFFICIALS),
            Expected(
                "IV.4",
                ("Các đơn vị trực thuộc",),
                DATES,
                (date(2020, 6, 4), date(2020, 12, 4)),
                2,
                "Các đơn vị trực thuộc Sở",
                (),
                OFFICIALS,
            ),
            Expected(
                "IV.4", ("UBND tỉnh",), DATES, (date(2020, 6, 9), date(2020, 12, 9)), 2, "Văn phòng Sở", (), OFFICIALS
            ),
        ],
    )
    assert plan.tasks[1].places == ("dòng 31", "dòng 33")


def test_a_table_in_an_appendix() -> None:
    plan = read("003")
    office, rooms, all_units = "Văn phòng Sở", "Các phòng thuộc Sở", "Các phòng thuộc Sở, các đơn vị trực thuộc Sở"
    always = partial(Expected, kind=ALWAYS, days=year(2021), count=12, lead=office, support=(all_units,))

    assert (plan.number, plan.issued_on, plan.year, len(plan.basis)) == ("", None, 2021, 2)
    compare(
        plan.tasks,
        [
            always("1", ("Par Index",)),
            always("2", ("bưu chính công ích",), audience=CITIZENS),
            always("3", ("chuyên trang",)),
            always("4", ("Website của Sở",)),
            Expected("5", ("cuộc thi",), EVENT, lead=rooms),
            Expected("6", ("bồi dưỡng về kỹ năng giao tiếp",), EVENT, lead=rooms, audience=OFFICIALS),
            Expected("7", ("họp giao ban quý",), ALWAYS, year(2021), 12, all_units),
            Expected("8", ("báo cáo",), REPEATED, (date(2021, 3, 31), date(2021, 12, 31)), 4, office, (all_units,)),
        ],
    )
    assert [task.product for task in plan.tasks][-1] == "Báo cáo"
    assert plan.tasks[4].time.words == "Khi có kế hoạch của UBND tỉnh"
    assert plan.tasks[7].time.rule.startswith("FREQ=MONTHLY;BYMONTH=3,6,9,12")


def test_a_plan_of_which_the_end_is_missing() -> None:
    plan = read("004")

    assert (plan.number, plan.issued_on, plan.year) == ("03/KH-SKHCN", date(2018, 1, 18), 2018)
    assert [task.key for task in plan.tasks] == ["1.1", "1.2", "1.3", "1.4"]
    assert all("hình thức" in " ".join(task.unsure) for task in plan.tasks)
    assert any("thiếu phần sau" in doubt for doubt in plan.doubts)
    assert {one.text for one in plan.unused if "dấu" in one.reason} == {"Số: 29", "ĐẾN Ngày: 18/01", "Chuyên:"}


@pytest.mark.parametrize("start", ["000", "001", "002", "003", "004"])
def test_each_line_is_a_task_a_heading_or_listed_as_not_used(start: str) -> None:
    text = text_of(start)
    lines, plan = lines_of_text(text), read_plan_text(text, TODAY)
    filled = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    in_tasks = {place for task in plan.tasks for place in task.places}
    in_headings = {line.place for line in plan.headings}
    not_used = [one.place for one in plan.unused]

    assert [line.place for line in lines] == [f"dòng {number}" for number in filled]
    assert unaccounted(lines, plan) == []
    assert len(not_used) == len(set(not_used))
    assert len(in_tasks | in_headings | set(not_used)) == len(in_tasks) + len(in_headings) + len(not_used)
    assert all(one.reason for one in plan.unused)


def test_decomposed_letters_read_the_same() -> None:
    decomposed = unicodedata.normalize("NFD", text_of("000"))

    assert decomposed != text_of("000")
    assert read_plan_text(decomposed, TODAY) == read("000")


def test_windows_line_ends_and_a_mark_at_the_start_read_the_same() -> None:
    assert read_plan_text("\ufeff" + text_of("003").replace("\n", "\r\n"), TODAY) == read("003")
