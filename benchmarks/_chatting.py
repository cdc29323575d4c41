"""A platform full of citizens: the doubles send their questions to the service and see when the answers come."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.channels.telegram import PATH as TELEGRAM
from bot.channels.zalo_oa import PATH as ZALO
from tests.doubles.telegram import Shown, Telegram, a_telegram
from tests.doubles.zalo_oa import Delivered, ZaloOa, a_zalo_oa

QUESTIONS = (
    "làm khai sinh cho con cần giấy tờ gì",
    "lệ phí đăng ký tạm trú bao nhiêu",
    "doi bang lai xe mat may ngay",
    "xin xác nhận độc thân ở đâu",
    "nộp hồ sơ qua mạng thế nào",
    "thủ tục đăng ký kết hôn",
    "cấp lại căn cước hết bao nhiêu tiền",
    "làm hộ chiếu cho trẻ em",
    "cảm ơn",
)
FIRST_CITIZEN = 100_000
PATIENCE = 30.0
"""Seconds after which an answer counts as lost."""

REST_SECONDS = 1.0

Say = Callable[[str, int], Awaitable[None]]


@dataclass
class _Waiting:
    asked: float
    texts: set[str] = field(default_factory=set)
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Crowd:
    """Citizens who ask one thing at a time. say: delivers a text of a citizen to the service.

    spent: milliseconds from a question to the first message of its answer; lost: questions that nothing answered;
    repeated: messages that came twice for one question.
    """

    size: int = 3_000
    say: Say | None = None
    spent: list[float] = field(default_factory=list)
    lost: int = 0
    repeated: int = 0
    _waiting: dict[int, _Waiting] = field(default_factory=dict)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))
    _next: int = 0

    def told(self, citizen: int, text: str) -> None:
        """A message of the service has come to a citizen."""
        waiting = self._waiting.get(citizen)
        if waiting is None:
            self.repeated += 1  # an answer to nobody's question
            return
        self.repeated += text in waiting.texts
        waiting.texts.add(text)
        if not waiting.answered.is_set():
            self.spent.append((time.perf_counter() - waiting.asked) * 1000)
            waiting.answered.set()

    async def ask(self) -> None:
        """The next citizen asks, and waits for an answer."""
        assert self.say is not None
        citizen = FIRST_CITIZEN + self._next % self.size
        self._next += 1
        waiting = self._waiting[citizen] = _Waiting(time.perf_counter())
        try:
            async with asyncio.timeout(PATIENCE):
                await self.say(self._chance.choice(QUESTIONS), citizen)
                await waiting.answered.wait()
        except TimeoutError:
            self.lost += 1

    async def steadily(self, rate: float, seconds: float) -> float:
        """Questions begun `rate` times a second, whether or not others are answered; answers a second."""
        started, before = time.perf_counter(), len(self.spent)
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
                group.create_task(self.ask())
        return (len(self.spent) - before) / (time.perf_counter() - started)

    async def flat_out(self, number: int, at_once: int = 48) -> float:
        """So many questions, `at_once` of them open at any time; answers a second."""
        started, before, left = time.perf_counter(), len(self.spent), iter(range(number))

        async def keep_asking() -> None:
            for _ in left:
                await self.ask()

        await asyncio.gather(*(keep_asking() for _ in range(at_once)))
        return (len(self.spent) - before) / (time.perf_counter() - started)

    async def rest(self) -> None:
        """Lets the platforms' echoes of the last messages come to their end."""
        await asyncio.sleep(REST_SECONDS)

    def forget_times(self) -> list[float]:
        """The times so far, which are forgotten."""
        spent, self.spent = self.spent, []
        return spent


@asynccontextmanager
async def on_telegram(crowd: Crowd) -> AsyncIterator[Telegram]:
    """The citizens are on Telegram."""

    def shown(message: Shown) -> None:
        double.shown.clear()
        crowd.told(message.chat, message.text)

    async def say(text: str, citizen: int) -> None:
        await double.says(text, citizen)
        double.statuses.clear()
        double.asked.clear()

    double = Telegram(on_shown=shown)
    crowd.say = say
    async with a_telegram(double):
        yield double


@asynccontextmanager
async def on_zalo(crowd: Crowd, service: str) -> AsyncIterator[ZaloOa]:
    """The citizens are on Zalo and write to an Official Account without its usual 4,000 calls a minute."""

    def sent(message: Delivered) -> None:
        double.sent.clear()
        crowd.told(int(message.user_id), message.text)

    async def say(text: str, citizen: int) -> None:
        await double.says(text, str(citizen))
        double.statuses.clear()
        double.asked.clear()

    double = ZaloOa(webhook=service + ZALO, refresh_token="", per_minute=1_000_000, on_sent=sent)
    crowd.say = say
    async with a_zalo_oa(double):
        yield double


__all__ = ["TELEGRAM", "ZALO", "Crowd", "on_telegram", "on_zalo"]
