"""What a campaign is, the states it may be in, and the only moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.campaigns.audience import Audience
from bot.storage.engine import StorageProblem
from handlers.messages import Link

LONGEST_TITLE = 200
MOST_LINKS = 5
LASTS_HOURS = 72
"""How long one occurrence may be sent where nothing else is said."""
EVERYWHERE = ""
"""The key of the text for channels without one of their own."""


class State(StrEnum):
    """How far a campaign is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


STATE_NAMES: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: "Bản nháp",
        State.IN_REVIEW: "Chờ duyệt",
        State.APPROVED: "Đã duyệt",
        State.SCHEDULED: "Đã hẹn giờ",
        State.RUNNING: "Đang gửi",
        State.PAUSED: "Tạm dừng",
        State.FINISHED: "Đã xong",
        State.CANCELLED: "Đã hủy",
    }
)


class Move(StrEnum):
    """What can be done to a campaign as a whole."""

    EDIT = "edit"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RESEND = "resend"
    FINISH = "finish"


MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.DRAFT, Move.EDIT): State.DRAFT,
        (State.DRAFT, Move.SUBMIT): State.IN_REVIEW,
        (State.DRAFT, Move.CANCEL): State.CANCELLED,
        (State.IN_REVIEW, Move.SEND_BACK): State.DRAFT,
        (State.IN_REVIEW, Move.APPROVE): State.APPROVED,
        (State.IN_REVIEW, Move.CANCEL): State.CANCELLED,
        (State.APPROVED, Move.SCHEDULE): State.SCHEDULED,
        (State.APPROVED, Move.SEND_BACK): State.DRAFT,
        (State.APPROVED, Move.CANCEL): State.CANCELLED,
        (State.SCHEDULED, Move.SCHEDULE): State.SCHEDULED,
        (State.SCHEDULED, Move.START): State.RUNNING,
        (State.SCHEDULED, Move.PAUSE): State.PAUSED,
        (State.SCHEDULED, Move.CANCEL): State.CANCELLED,
        (State.SCHEDULED, Move.FINISH): State.FINISHED,
        (State.RUNNING, Move.START): State.RUNNING,
        (State.RUNNING, Move.PAUSE): State.PAUSED,
        (State.RUNNING, Move.CANCEL): State.CANCELLED,
        (State.RUNNING, Move.RESEND): State.RUNNING,
        (State.RUNNING, Move.FINISH): State.FINISHED,
        (State.PAUSED, Move.RESUME): State.RUNNING,
        (State.PAUSED, Move.CANCEL): State.CANCELLED,
        (State.PAUSED, Move.FINISH): State.FINISHED,
        (State.FINISHED, Move.RESEND): State.RUNNING,
    }
)
"""Every legal move; whatever is not here is refused."""

ENDED = (State.FINISHED, State.CANCELLED)
AT_WORK = (State.SCHEDULED, State.RUNNING)


class CampaignProblem(StorageProblem):
    """What was asked for cannot be done; the message is Vietnamese and says what to mend."""


def after(state: State, move: Move) -> State:
    """The state after a move. Raises CampaignProblem for one that is not legal."""
    found = MOVES.get((state, move))
    if found is None:
        raise CampaignProblem(f"Chiến dịch đang ở trạng thái “{STATE_NAMES[state]}” nên không làm được việc này.")
    return found


def moves(state: State) -> tuple[Move, ...]:
    """What people may do to a campaign in this state, for the buttons of its page."""
    of_the_sender = (Move.START, Move.FINISH)
    return tuple(move for (found, move) in MOVES if found is state and move not in of_the_sender)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloPlan:
    """What may be done on the Zalo Official Account beside free text to those who wrote of late.

    template: id of an approved ZBS template, "" = none; template_data: its values; price: VND of one such message;
    budget: VND that all of them together never exceed; article: id of an article to broadcast, "" = none; target: to
    whom, in Zalo's own words (ages, gender, locations, cities, platform).
    """

    template: str = ""
    template_data: Mapping[str, str] = field(default_factory=dict)
    price: int = 0
    budget: int = 0
    article: str = ""
    target: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What people write of a campaign.

    texts: by channel name, EVERYWHERE for all others; links: shown under the text, behind our own addresses;
    procedures: codes that it names; file_id: of a stored picture or file; task_id: the task of the plan that it
    fulfils; starts_at: None = as soon as it is scheduled; recurrence: RFC 5545 ("FREQ=MONTHLY;BYMONTHDAY=5"), "" =
    once; expires_at: nothing is sent after; lasts_hours: how long one occurrence may be sent; emergency: also at night.
    """

    title: str
    texts: Mapping[str, str]
    audience: Audience = field(default_factory=Audience)
    links: tuple[Link, ...] = ()
    procedures: tuple[str, ...] = ()
    file_id: int | None = None
    task_id: int | None = None
    starts_at: datetime | None = None
    recurrence: str = ""
    expires_at: datetime | None = None
    lasts_hours: int = LASTS_HOURS
    emergency: bool = False
    zalo: ZaloPlan = field(default_factory=ZaloPlan)

    def text_for(self, channel: str) -> str:
        """The words for one channel."""
        return self.texts.get(channel) or self.texts.get(EVERYWHERE, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A campaign as it stands.

    author, approver: account names, approver "" = nobody yet; reason: why it stands so (sent back, paused by itself);
    next_at: when the next run is due, None = none; spent: VND on paid messages; changed_by: who moved it last,
    bot.storage.audit.SYSTEM for the sender itself.
    """

    id: int
    plan: Plan
    state: State
    author: str
    approver: str
    reason: str
    next_at: datetime | None
    spent: int
    created_at: datetime
    changed_at: datetime
    changed_by: str

    @property
    def moves(self) -> tuple[Move, ...]:
        """What people may do now."""
        return moves(self.state)
