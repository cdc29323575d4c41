"""What the forms about tasks of a plan say, and how their days are shown."""

from collections.abc import Sequence

from bot.campaigns.plans.closing import BAD_NUMBER
from bot.campaigns.plans.kept import Due, Evidence, TaskChange
from bot.campaigns.plans.tables import units_of
from bot.campaigns.plans.tasks import Audience, PlanProblem, Target
from bot.staff.forms import Form
from bot.staff.trail import day_of
from knowledge.text import clean, clean_block

PERIODS = (("1", "tháng"), ("3", "quý"), ("12", "năm"))
LONGEST_CONTENT = 20_000
MOST_LEAST = 1000
SHOWN_DAYS = 4
BAD_TARGET = "Chỉ tiêu phải là số từ 1 đến 1000, kèm tên sản phẩm."
NO_DAY = "Cần ngày thực hiện."


def task_of(form: Form) -> TaskChange:
    """The task that a form describes. Raises PlanProblem."""
    audience = form.text("doi_tuong")
    return TaskChange(
        content=clean_block(form.text("viec"))[:LONGEST_CONTENT],
        time_words=clean(form.text("thoi_gian"))[:500],
        lead=clean(form.text("chu_tri")),
        support=units_of(form.text("phoi_hop")[:2000]),
        product=clean(form.text("san_pham"))[:2000],
        audience=Audience(audience) if audience in list(Audience) else Audience.EVERYBODY,
        target=_target(form),
        note=clean_block(form.text("ghi_chu"))[:2000],
        sure=form.text("chac") == "1",
    )


def evidence_of(form: Form, *, unit: str) -> Evidence:
    """What a form says was done. unit: where it says none. Raises PlanProblem."""
    done_on, upload = day_of(form.text("ngay")), form.file("tep")
    if done_on is None:
        raise PlanProblem(NO_DAY)
    return Evidence(
        done_on=done_on,
        unit=(clean(form.text("don_vi")) or unit)[:300],
        channel=form.text("kenh")[:20],
        product=clean(form.text("san_pham"))[:2000],
        link=form.text("duong_dan")[:2000],
        file_name=clean(upload.name)[:200] if upload else "",
        file=upload.content if upload else b"",
        amount=_number(form, "so_luong") or 1,
        people=_number(form, "so_nguoi"),
        cost=_number(form, "kinh_phi"),
        due_id=form.number("han"),
    )


def days_text(dues: Sequence[Due]) -> str:
    """The days of a task: each of a few, else how many from when to when."""
    days = [due.due_on for due in dues]
    if len(days) <= SHOWN_DAYS:
        return ", ".join(f"{day:%d/%m/%Y}" for day in days)
    return f"{len(days)} lần, {days[0]:%d/%m/%Y} – {days[-1]:%d/%m/%Y}"


def _number(form: Form, name: str) -> int | None:
    """A number with or without dots; None for an empty field. Raises PlanProblem."""
    text = form.text(name).replace(".", "").replace(" ", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise PlanProblem(BAD_NUMBER)
    return int(text)


def _target(form: Form) -> Target | None:
    least, what = form.text("chi_tieu"), clean(form.text("chi_tieu_gi"))
    if not least and not what:
        return None
    months = next((int(value) for value, _ in PERIODS if value == form.text("chi_tieu_ky")), 1)
    number = form.number("chi_tieu")
    if number is None or not 1 <= number <= MOST_LEAST or not what:
        raise PlanProblem(BAD_TARGET)
    return Target(number, what[:60], months)
