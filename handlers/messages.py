"""The shared language of channels, handlers and dispatch: types and protocols only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from knowledge.entries import (
    Aspect,
    Faq,
    Found,
    LocalOverlay,
    Office,
    OfficeProfile,
    Procedure,
    Topic,
)
from knowledge.families import Families
from knowledge.shelves import Shelves


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who writes: the channel's name and the id under which that channel knows them."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """One message. received_at is aware; choice is the value of a pressed button, None for typed text."""

    id: str
    citizen: Citizen
    text: str
    received_at: datetime
    choice: str | None = None


class Outcome(StrEnum):
    """What became of a message; counted by reports. to_person: passed on to a person, the machine kept silent."""

    ANSWERED = "answered"
    CLARIFYING = "clarifying"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"
    FEEDBACK = "feedback"
    COMPLAINT = "complaint"
    VOTED = "voted"
    HANDED_OVER = "handed_over"
    TO_PERSON = "to_person"
    FAILED = "failed"


MOST_RECENT = 5
"""Subjects that a citizen may come back to."""
KINDS = {
    Outcome.ANSWERED: "answer",
    Outcome.CLARIFYING: "clarify",
    Outcome.REFUSED: "refuse",
    Outcome.NOT_FOUND: "refuse",
    Outcome.SMALLTALK: "smalltalk",
    Outcome.EMERGENCY: "emergency",
    Outcome.FEEDBACK: "feedback",
    Outcome.COMPLAINT: "complaint",
    Outcome.VOTED: "smalltalk",
    Outcome.HANDED_OVER: "smalltalk",
    Outcome.TO_PERSON: "smalltalk",
    Outcome.FAILED: "refuse",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. value is at most 64 bytes of ASCII, so that every platform can carry it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address worth opening, with the words to show for it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the answer, for channels that can send files or hand them out.

    code: of the procedure; url: under which it is published. Whether a copy is at hand, the channel knows.
    """

    label: str
    code: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said back.

    blocks: paragraphs of plain text, lines split by "\\n", list lines start with "• ";
    citation: one line with name, code, decision and data date; "" where nothing is cited;
    refs: entries answered or offered, best first (codes and "faq:ID"), at most 10;
    aspects: parts really answered; confidence: 0..1; topic: what the talk is now about, None = unchanged;
    store_text: False where not even the masked text of the message may be kept (complaints);
    attachments: files, which a channel that has no copy of them leaves out;
    errand: the value under which this list can be shown again on a page, "" for any other reply.
    """

    blocks: tuple[str, ...]
    outcome: Outcome
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    citation: str = ""
    refs: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    confidence: float = 1.0
    topic: Topic | None = None
    store_text: bool = True
    errand: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def silent(self) -> bool:
        """True when nothing is to be said."""
        return not self.blocks

    @property
    def kind(self) -> str:
        """The outcome in the words of the question files."""
        return KINDS[self.outcome]

    def as_text(self) -> str:
        """The whole reply as plain text: paragraphs, citation, links, numbered choices."""
        parts = [*self.blocks]
        if self.citation:
            parts.append(self.citation)
        parts += [f"{link.label}: {link.url}" for link in self.links]
        if self.choices:
            parts.append("\n".join(f"{n}. {choice.label}" for n, choice in enumerate(self.choices, start=1)))
        return "\n\n".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a conversation as it is shown again.

    said: the citizen's words, "" where they were not kept; reply: what the desk said, None for a citizen's line;
    number: grows from line to line within a conversation, 0 where the line was not kept.
    """

    at: datetime
    said: str = ""
    reply: Reply | None = None
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Asking:
    """The typed question (masked) that a vote or a choice belongs to. ref: what answered it, "" = asked back."""

    text: str
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What is remembered between two messages of one citizen.

    offered: the choices last shown; recent: the entries spoken of, the last one first;
    alternatives: the entries offered when we last asked back, as long as the talk is about one of them;
    answered: the id of the message last answered.
    """

    topic: Topic = field(default_factory=Topic)
    offered: tuple[Choice, ...] = ()
    updated_at: datetime | None = None
    asking: Asking | None = None
    recent: tuple[Topic, ...] = ()
    alternatives: tuple[Choice, ...] = ()
    answered: str = ""

    def after(self, reply: Reply, at: datetime) -> "Conversation":
        """The state once `reply` has been given."""
        return replace(
            self,
            topic=reply.topic or self.topic,
            offered=reply.choices,
            updated_at=at,
            recent=self._recent(reply.topic),
            alternatives=self._alternatives(reply),
        )

    def _recent(self, topic: Topic | None) -> tuple[Topic, ...]:
        if topic is None or not topic.ref:
            return self.recent
        spoken = [topic, *(Topic(ref=ref) for ref in topic.also)]
        others = (earlier for earlier in self.recent if earlier.ref not in {now.ref for now in spoken})
        return (*spoken, *others)[:MOST_RECENT]

    def _alternatives(self, reply: Reply) -> tuple[Choice, ...]:
        if reply.topic is None:
            return self.alternatives
        if reply.topic.offered:
            return reply.choices
        return self.alternatives if any(reply.topic.ref in c.value.split(":") for c in self.alternatives) else ()


class Knowledge(Protocol):
    """The published base as handlers see it: only what is in force on the day asked."""

    @property
    def profile(self) -> OfficeProfile: ...

    def find(self, text: str, topic: Topic | None = None) -> Found:
        """Entries that `text` may mean. Synchronous, a few milliseconds, never raises on any text."""

    def procedure(self, code: str) -> Procedure | None:
        """The procedure in force under this code, or under the code that replaced it."""

    def faq(self, id: str) -> Faq | None: ...  # noqa: A002 - a question's own name for itself

    def overlay(self, code: str) -> LocalOverlay | None: ...

    def offices(self) -> tuple[Office, ...]: ...

    def shelves(self) -> Shelves:
        """The procedures in force by sector and field."""

    def families(self) -> Families:
        """The procedures in force by what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether somebody of the office can be talked to now. hours: its hours in words; opens: when next, on the clock of
    Viet Nam, None = not known."""

    open: bool
    hours: str = ""
    opens: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A citizen's talk with the office's people, from the moment they wait. asked: they asked for a person, so that the
    machine is silent; taken: somebody is there; ahead: how many others wait before them; remind: it is time to tell
    them again that they wait."""

    asked: bool
    taken: bool = False
    ahead: int = 0
    remind: bool = False


class People(Protocol):
    """The office's people, to whom citizens can be handed over. Raises ConnectionError while that cannot be kept."""

    def presence(self, citizen: Citizen, at: datetime) -> Presence | None:
        """Whether they can be reached; None where their words would not reach this citizen at all."""

    async def talk(self, citizen: Citizen, at: datetime) -> Talk | None:
        """The talk under way; None where there is none, or where that is not known now."""

    async def ask(self, message: IncomingMessage) -> Talk:
        """Begins a talk, or goes on with the one there is."""

    async def pass_on(self, message: IncomingMessage, *, note: str = "", urgent: bool = False) -> bool:
        """Gives a message to them, once; note: instead of its words. False when the talk has just ended."""

    async def give_back(self, message: IncomingMessage) -> None:
        """Ends the talk because the citizen wants the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What somebody agreed to receive. quiet: hours of the Vietnamese day without messages; unit: of an official."""

    topics: tuple[str, ...]
    place: str = ""
    quiet: tuple[int, int] | None = None
    unit: str = ""


class Subscriptions(Protocol):
    """Who agreed to be written to, and about what. The methods that wait raise ConnectionError."""

    @property
    def topics(self) -> Mapping[str, str]:
        """What can be chosen: names by key, in the order shown."""

    def open_on(self, channel: str) -> bool:
        """Whether a channel can write to people first."""

    def wording(self, topics: Sequence[str], unit: str = "") -> str:
        """The words to agree to. topics: keys, or "field:" and a field's name."""

    async def of(self, citizen: Citizen) -> Subscription | None:
        """What they receive now; None for nothing."""

    async def agree(self, message: IncomingMessage, topics: Sequence[str], wording: str, unit: str = "") -> None:
        """Records a yes with what was said. topics: all wanted from now on; unit: makes an official of them."""

    async def stop(self, message: IncomingMessage) -> None:
        """Records a no: nothing is sent from this moment on."""

    async def settle(self, citizen: Citizen, province: str, commune: str) -> None: ...

    async def keep_quiet(self, citizen: Citizen, hours: tuple[int, int] | None) -> None: ...

    async def unit(self, code: str) -> str:
        """The unit that invites with this code, "" for no open invitation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a handler may use. today: the Vietnamese calendar day of the message; people: None = citizens are not
    handed over to anybody; subscriptions: None = nobody can subscribe."""

    knowledge: Knowledge
    conversation: Conversation
    today: date
    people: People | None = None
    subscriptions: Subscriptions | None = None


Handler = Callable[[IncomingMessage, Desk], Awaitable[Reply | None]]
