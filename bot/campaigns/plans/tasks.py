"""What is read out of a plan: its heading, its tasks, and what became of every line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.campaigns.plans.times import PlannedTime
from knowledge.importing.reading import ImportProblem

LONGEST_LINE = 20_000
"""Characters of one line or cell that are looked at; nothing longer stands in a plan."""


class PlanProblem(ImportProblem):
    """A plan cannot be read or kept; the message is Vietnamese."""


class Audience(StrEnum):
    """For whom a task is."""

    OFFICIALS = "officials"
    CITIZENS = "citizens"
    EVERYBODY = "everybody"


AUDIENCE_NAMES = {
    Audience.OFFICIALS: "Cán bộ, công chức",
    Audience.CITIZENS: "Người dân, doanh nghiệp",
    Audience.EVERYBODY: "Tất cả",
}


class Part(StrEnum):
    """Which part of a task a doubt is about."""

    CONTENT = "content"
    TIME = "time"
    LEAD = "lead"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the plan as it came. place: where it stands, for people; cells: of a table's row, else empty; table:
    which table it stands in, "" where that cannot be told."""

    place: str
    text: str
    cells: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """ "At least 4 news items a month". months: length of the period; what: as the plan names it."""

    least: int
    what: str
    months: int = 1


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a person has to look at; reason is Vietnamese."""

    part: Part
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTask:
    """One task as it was understood. key: its number in the plan; places: of its lines; note: what has no part of its
    own, such as further columns."""

    key: str
    content: str
    time: PlannedTime
    lead: str = ""
    support: tuple[str, ...] = ()
    product: str = ""
    audience: Audience = Audience.EVERYBODY
    target: Target | None = None
    note: str = ""
    places: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def unsure(self) -> tuple[str, ...]:
        """Every reason to look at it again."""
        time = (self.time.doubt,) if self.time.doubt else ()
        return (*time, *(one.reason for one in self.doubts))


@dataclass(frozen=True, slots=True)
class Unused:
    """A line that is neither task nor heading, and why."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlan:
    """A plan as it was understood: every line of its text is a task's, a heading or unused.

    number: "118/KH-KHCN", "" = none; year: that its times are counted in; basis: the documents it rests on; headings:
    places and texts.
    """

    title: str = ""
    number: str = ""
    issued_on: date | None = None
    place: str = ""
    year: int
    basis: tuple[str, ...] = ()
    tasks: tuple[ReadTask, ...] = ()
    headings: tuple[SourceLine, ...] = ()
    unused: tuple[Unused, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Account:
    """What becomes of each line while a plan is read."""

    headings: list[SourceLine] = field(default_factory=list)
    unused: list[Unused] = field(default_factory=list)

    def heading(self, *lines: SourceLine) -> None:
        """These lines structure the plan."""
        self.headings += lines

    def drop(self, lines: Sequence[SourceLine], reason: str) -> None:
        """These lines are shown as not used."""
        self.unused += [Unused(line.place, line.text, reason) for line in lines]
