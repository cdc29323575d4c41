"""The shared language of channels, handlers and dispatch: types and protocols only."""

from collections.abc import Awaitable, Callable
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
    """What became of a message; counted by reports."""

    ANSWERED = "answered"
    CLARIFYING = "clarifying"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"
    FEEDBACK = "feedback"
    COMPLAINT = "complaint"
    FAILED = "failed"


KINDS = {
    Outcome.ANSWERED: "answer",
    Outcome.CLARIFYING: "clarify",
    Outcome.REFUSED: "refuse",
    Outcome.NOT_FOUND: "refuse",
    Outcome.SMALLTALK: "smalltalk",
    Outcome.EMERGENCY: "emergency",
    Outcome.FEEDBACK: "feedback",
    Outcome.COMPLAINT: "complaint",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said back.

    blocks: paragraphs of plain text, lines split by "\\n", list lines start with "• ";
    citation: one line with name, code, decision and data date; "" where nothing is cited;
    refs: entries answered or offered, best first (codes and "faq:ID"), at most 10;
    aspects: parts really answered; confidence: 0..1; topic: what the talk is now about, None = unchanged;
    store_text: False where not even the masked text of the message may be kept (complaints).
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

    said: the citizen's words, "" where they were not kept; reply: what the desk said, None for a citizen's line.
    """

    at: datetime
    said: str = ""
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What is remembered between two messages of one citizen: the topic and the choices last offered."""

    topic: Topic = field(default_factory=Topic)
    offered: tuple[Choice, ...] = ()
    updated_at: datetime | None = None

    def after(self, reply: Reply, at: datetime) -> "Conversation":
        """The state once `reply` has been given."""
        return replace(self, topic=reply.topic or self.topic, offered=reply.choices, updated_at=at)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a handler may use. today: the Vietnamese calendar day of the message."""

    knowledge: Knowledge
    conversation: Conversation
    today: date


Handler = Callable[[IncomingMessage, Desk], Awaitable[Reply | None]]
