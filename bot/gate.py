"""What stands before the answers: nobody may take the desk from the others, and staff can pause it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter

from bot.api.pacing import Moments
from bot.channels import Answer, Receive, TooMany
from bot.channels.welcome import emergency_line
from bot.events import Event
from handlers.messages import IncomingMessage, Outcome, Reply

MINUTE = 60.0
MOST_TOLD = 10_000
"""Citizens, and messages, that are remembered as told off."""
LOOK_SECONDS = 3.0
"""After which it is looked again whether the desk is paused: so long a switch takes to reach every replica."""
LONGEST_WORDS = 1_000
"""Characters of what a paused desk says; with the emergency numbers it fits one message of every platform."""
PAUSED = "Bàn hỏi đáp tự động đang tạm dừng. Anh/Chị vui lòng hỏi lại sau, hoặc liên hệ trực tiếp cơ quan."
TOO_FAST = (
    "Anh/Chị gửi nhiều tin quá nhanh nên máy tạm chưa đọc các tin tiếp theo. "
    "Xin đợi một phút rồi gửi lại điều cần hỏi trong một tin."
)
CROWDED = (
    "Hiện có rất nhiều người cùng hỏi nên máy chưa trả lời được. Xin Anh/Chị gửi lại sau ít phút, "
    "hoặc gọi 1800 1096 (miễn phí)."
)

Key = TypeVar("Key")
Value = TypeVar("Value")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages a minute that one replica takes in: of one citizen, and of all on one channel."""

    citizen: int = 30
    channel: int = 12_000


class Gate:
    """Counts messages, in this process. clock: seconds, never goes back.

    The first message beyond a limit is answered by one polite word, those after it by nothing, until a minute has
    passed in which none had to be turned away.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limiter = MovingWindowRateLimiter(Moments(clock))
        self._citizen = RateLimitItemPerMinute(limits.citizen)
        self._channel = RateLimitItemPerMinute(limits.channel)
        self._told: OrderedDict[str, float] = OrderedDict()
        self._words: OrderedDict[tuple[str, str], str] = OrderedDict()

    def admits(self, event: Event) -> bool:
        """Whether an event is to be taken in: within the limits, or the first beyond them."""
        citizen = f"{event.channel}:{event.conversation}"
        if not self._limiter.hit(self._citizen, citizen):
            words = TOO_FAST
        elif not self._limiter.hit(self._channel, event.channel):
            words = CROWDED
        else:
            return True
        before, now = self._told.pop(citizen, None), self._clock()
        _remember(self._told, citizen, now)
        if before is not None and now - before < MINUTE:
            return False
        log.warning("citizen told to wait", channel=event.channel, crowded=words == CROWDED)
        _remember(self._words, (event.channel, event.id), words)
        return True

    def openly(self, receive: Receive) -> Receive:
        """The same `receive` for a channel that tells of itself what was not taken in: raises TooMany."""

        async def guarded(event: Event) -> bool:
            if not self.admits(event):
                raise TooMany
            return await receive(event)

        return guarded

    def answer(self, answer: Answer) -> Answer:
        """The same answers, but the polite word to the first message beyond a limit."""

        async def guarded(message: IncomingMessage) -> Reply:
            words = self._words.get((message.citizen.channel, message.id))
            return _said(words, emergency_line()) if words else await answer(message)

        return guarded


class Switch(Protocol):
    """Where it is kept whether the desk is paused (bot.storage.service_state)."""

    async def message(self) -> str | None:
        """What a paused desk says; None while it answers. Raises ConnectionError."""


class Pause:
    """Says what staff have laid down instead of answering, for as long as they have paused the desk."""

    def __init__(self, switch: Switch, clock: Callable[[], float]) -> None:
        self._switch = switch
        self._clock = clock
        self._message: str | None = None
        self._looked: float | None = None

    def answer(self, answer: Answer) -> Answer:
        """The same answers while the desk is not paused."""

        async def guarded(message: IncomingMessage) -> Reply:
            words = await self._said()
            return _said(words, emergency_line()) if words else await answer(message)

        return guarded

    async def _said(self) -> str | None:
        now = self._clock()
        if self._looked is None or now - self._looked >= LOOK_SECONDS:
            self._looked = now  # before the look: those who ask meanwhile do not wait for it
            try:
                self._message = await self._switch.message()
            except ConnectionError:
                log.warning("not known whether the desk is paused")
        return self._message


def _remember(known: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    known[key] = value
    while len(known) > MOST_TOLD:
        known.popitem(last=False)


def _said(*blocks: str) -> Reply:
    return Reply(blocks=blocks, outcome=Outcome.REFUSED, confidence=0.0, store_text=False)
