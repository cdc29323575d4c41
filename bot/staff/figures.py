"""What was asked and how it was answered: figures of a period, drawn and as tables to take away."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.staff.counting import LEAST, Figure
from bot.staff.figure_tables import all_figures
from bot.staff.page import ANY_ROLE, HOME, Page, Section
from bot.staff.room import Room
from bot.staff.sheets import sheet_file
from bot.staff.trail import day_of
from bot.staff.visit import Visit
from bot.storage.figures import Counts, StoredFigures
from handlers.messages import Outcome
from knowledge.entries import FAQ_PREFIX
from knowledge.store import calendar_day

ADDRESS = f"{HOME}/so-lieu"
DAYS = 30
MOST_DAYS = 366
WRONG = f"Kỳ phải có ngày đầu không sau ngày cuối, dài nhất {MOST_DAYS} ngày; đang xem {DAYS} ngày gần nhất."
OF_FAQS, GONE = "Câu hỏi thường gặp", "Không còn trong danh mục"
NAMES = "answered", "clarifying", "refused"


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    def before(self) -> "Period":
        """As many days just before."""
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole period in a few numbers; shares of 0..1 and times are None where too little was asked. times:
    milliseconds."""

    questions: int
    answered: float | None
    clarifying: float | None
    refused: float | None
    helpful: float | None
    votes: int
    median: float | None
    p95: float | None


def section(room: Room) -> Section:
    """The pages."""
    return Section(
        pages=(
            Page(address=ADDRESS, answer=partial(show, room), roles=ANY_ROLE, menu="Số liệu"),
            Page(address=ADDRESS + "/{table}.xlsx", answer=partial(export, room), roles=ANY_ROLE),
        )
    )


async def show(room: Room, visit: Visit) -> Response:
    """Every figure of the period."""
    period, problem = _period(visit)
    whole, figures = await _figures(room, period)
    return visit.page(
        "figures.html", problem=problem, period=period, figures=figures, summary=_summary(whole), least=LEAST
    )


async def export(room: Room, visit: Visit) -> Response:
    """One figure as a sheet, with the same numbers hidden as on the page."""
    period, _ = _period(visit)
    _, figures = await _figures(room, period)
    figure = next((one for one in figures if one.key == visit.part("table")), None)
    if figure is None:
        raise HTTPException(404)
    headings = (figure.heading, figure.unit, *(("Tỷ lệ (%)",) if _has_shares(figure) else ()), *figure.more)
    rows = [
        (
            row.label,
            row.shown if row.count is None else row.count,
            *((None if row.share is None else round(row.share * 100, 1),) if _has_shares(figure) else ()),
            *row.more,
        )
        for row in figure.rows
    ]
    name = f"{figure.key}-{period.since.isoformat()}-{period.until.isoformat()}"
    return await sheet_file("xlsx", name, figure.title, headings, rows)


def _has_shares(figure: Figure) -> bool:
    return any(row.share is not None for row in figure.rows)


def _period(visit: Visit) -> tuple[Period, str]:
    today = calendar_day(visit.now)
    usual = Period(today - timedelta(days=DAYS - 1), today)
    if not visit.query("tu") and not visit.query("den"):
        return usual, ""
    since, until = day_of(visit.query("tu")), day_of(visit.query("den"))
    if since is None or until is None or not since <= until or (until - since).days >= MOST_DAYS or since.year < 2000:
        return usual, WRONG
    return Period(since, until), ""


async def _figures(room: Room, period: Period) -> tuple[Counts, list[Figure]]:
    earlier = period.before()
    days = await StoredFigures(room.engine).days(earlier.since, period.until)
    whole, before = Counts(), Counts()
    for day, counts in days.items():
        (before if day <= earlier.until else whole).add(counts)
    by_day = {
        period.since + timedelta(days=n): days.get(period.since + timedelta(days=n), Counts())
        for n in range(period.days)
    }
    base = room.base()
    names = dict(zip(base.facts.ref, base.facts.title, strict=True))
    asked = {*whole.entries, *(key[2:] for key in whole.votes)}
    questions = ((ref, base.faq(ref.removeprefix(FAQ_PREFIX))) for ref in asked if ref.startswith(FAQ_PREFIX))
    names.update({ref: faq.question for ref, faq in questions if faq is not None})
    fields = _fields(whole.entries, dict(zip(base.facts.ref, base.facts.field, strict=True)))
    return whole, all_figures(by_day, whole, before, names, fields)


def _fields(entries: Counter[str], known: Mapping[str, str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for ref, count in entries.items():
        found[OF_FAQS if ref.startswith(FAQ_PREFIX) else known.get(ref, "") or GONE] += count
    return found


def _summary(whole: Counts) -> Summary:
    asked = whole.questions()
    total = sum(asked.values())
    enough = total >= LEAST
    votes = Counter(key[0] for key in whole.votes.elements())
    voted = votes["+"] + votes["-"]
    refused = asked[Outcome.REFUSED.value] + asked[Outcome.NOT_FOUND.value]
    return Summary(
        questions=total,
        answered=asked[Outcome.ANSWERED.value] / total if enough else None,
        clarifying=asked[Outcome.CLARIFYING.value] / total if enough else None,
        refused=refused / total if enough else None,
        helpful=votes["+"] / voted if voted >= LEAST else None,
        votes=voted,
        median=whole.quantile(0.5) if enough else None,
        p95=whole.quantile(0.95) if enough else None,
    )
