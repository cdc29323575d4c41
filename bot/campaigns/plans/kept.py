"""Plans, tasks, due days and evidence as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.campaigns.plans.tasks import Audience, Doubt, SourceLine, Target, Unused
from bot.campaigns.plans.times import TimeKind


class DueState(StrEnum):
    """How one due day stands."""

    PLANNED = "planned"
    DONE = "done"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"


STATE_NAMES = {
    DueState.PLANNED: "Chưa đến hạn",
    DueState.DONE: "Đã xong",
    DueState.DONE_LATE: "Xong muộn",
    DueState.OVERDUE: "Quá hạn",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A day on which a task is due. done_on: None while it is open."""

    id: int
    due_on: date
    done_on: date | None = None

    def state(self, today: date) -> DueState:
        """How it stands on this day; a task may still be done on its due day."""
        if self.done_on is not None:
            return DueState.DONE_LATE if self.done_on > self.due_on else DueState.DONE
        return DueState.OVERDUE if self.due_on < today else DueState.PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was done. channel: "" or how it was posted by hand; amount: how many it counts for; people: reached; cost:
    in thousand đồng; None = not recorded."""

    done_on: date
    unit: str = ""
    channel: str = ""
    product: str = ""
    link: str = ""
    file_name: str = ""
    amount: int = 1
    people: int | None = None
    cost: int | None = None
    id: int = 0
    due_id: int | None = None
    created_by: str = ""
    file: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTask:
    """One task. said_time: the plan's own words; time_words: what its days were read from; rule: an RRULE's value."""

    id: int
    plan_id: int
    key: str
    content: str
    said_time: str
    time_words: str
    time_kind: TimeKind
    rule: str
    first: date | None
    lead: str
    support: tuple[str, ...]
    product: str
    audience: Audience
    target: Target | None
    note: str
    places: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    dues: Sequence[Due] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChange:
    """A task as somebody has corrected it; time_words are read anew where they differ. sure: nothing is unsure now."""

    content: str
    time_words: str
    lead: str
    support: tuple[str, ...]
    product: str
    audience: Audience
    target: Target | None
    note: str
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """One plan. accepted_at: None while somebody looks it through; tasks, unsure: how many there are."""

    id: int
    title: str
    number: str
    issued_on: date | None
    place: str
    year: int
    basis: tuple[str, ...]
    headings: tuple[SourceLine, ...]
    unused: tuple[Unused, ...]
    doubts: tuple[str, ...]
    source: str
    created_at: datetime
    created_by: str
    accepted_at: datetime | None
    accepted_by: str
    tasks: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLine:
    """One due day of an accepted plan, with what is told of its task."""

    due: Due
    task_id: int
    key: str
    content: str
    lead: str
    support: tuple[str, ...]
    product: str
    audience: Audience
    plan_id: int
    plan: str
